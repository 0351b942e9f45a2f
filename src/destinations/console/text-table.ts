import { cutToWidth, displayWidth } from './display-width.ts';
import { plainText } from './plain-text.ts';

/** A column: its name, and its type when that is to be shown. */
export interface TextColumn {
  readonly name: string;
  readonly type?: string | undefined;
}

/** Rows of texts; null stays empty. */
export interface TextTable {
  readonly columns: readonly TextColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
}

const GAP = '  ';
/** How wide texts may be: the most that lets all columns fit, else the least. */
const MOST_WIDE = [60, 40, 30, 20];
const CUT_TYPES: ReadonlySet<string | undefined> = new Set(['text', 'json', 'binary', undefined]);
const NUMBER = /^[-+]?[\d.,]+(?:e[-+]?\d+)?$/i;
const NUMBER_TYPES: ReadonlySet<string> = new Set(['bigint', 'double', 'decimal', 'wei']);

/** A column as it is printed. */
interface Strip {
  readonly column: TextColumn;
  readonly width: number;
  readonly isNumber: boolean;
  readonly cells: readonly string[];
}

/**
 * Rows under the names and types of their columns, in lines that are no wider than `width`. Numbers
 * stand to the right, long values are cut; columns that find no place are named below.
 */
export function textTable({ columns, rows }: TextTable, width: number): string[] {
  const valuesOf = (i: number): (string | null)[] => rows.map((row) => row[i] ?? null);
  const strips = (most: number): Strip[] => columns.map((column, i) => strip(column, valuesOf(i), { most, width }));
  const all = [width, ...MOST_WIDE].map(strips).find((each) => totalWidth(each) <= width) ?? strips(MOST_WIDE.at(-1) ?? width);
  const shown = thatFit(all, width);
  const hidden = all.filter((each) => !shown.includes(each)).map(({ column }) => label(column));
  return [
    line(shown, ({ column }) => plainText(column.name)),
    ...(columns.some(({ type }) => type !== undefined) ? [line(shown, ({ column }) => column.type ?? '')] : []),
    shown.map((each) => '─'.repeat(each.width)).join(GAP),
    ...rows.map((_, row) => line(shown, ({ cells }) => cells[row] ?? '')),
    ...(hidden.length > 0 ? wrapped(hidden, width) : []),
  ];
}

function strip(column: TextColumn, values: readonly (string | null)[], { most, width }: { most: number; width: number }): Strip {
  const longest = CUT_TYPES.has(column.type) ? most : width;
  const cells = values.map((value) => cutToWidth(plainText(value ?? ''), longest));
  const heads = [plainText(column.name), column.type ?? ''].map(displayWidth);
  return {
    column,
    isNumber: isNumber(column, values),
    cells,
    width: Math.min(width, Math.max(...heads, ...cells.map(displayWidth))),
  };
}

function isNumber({ type }: TextColumn, values: readonly (string | null)[]): boolean {
  if (type !== undefined) return NUMBER_TYPES.has(type);
  return values.length > 0 && values.every((value) => value === null || NUMBER.test(value));
}

function totalWidth(strips: readonly Strip[]): number {
  return strips.reduce((sum, { width }) => sum + width + GAP.length, -GAP.length);
}

/** The first column, and all others that still find a place beside those before them. */
function thatFit(strips: readonly Strip[], width: number): Strip[] {
  const shown: Strip[] = [];
  for (const each of strips) if (shown.length === 0 || totalWidth([...shown, each]) <= width) shown.push(each);
  return shown;
}

function line(strips: readonly Strip[], textOf: (strip: Strip) => string): string {
  const padded = strips.map((each) => {
    const text = cutToWidth(textOf(each), each.width);
    const space = ' '.repeat(each.width - displayWidth(text));
    return each.isNumber ? space + text : text + space;
  });
  return padded.join(GAP).trimEnd();
}

function label({ name, type }: TextColumn): string {
  return type === undefined ? plainText(name) : `${plainText(name)} ${type}`;
}

/** Names in lines that break between them. */
function wrapped(names: readonly string[], width: number): string[] {
  const lines = ['and'];
  names.forEach((name, i) => {
    const item = i === names.length - 1 ? name : `${name},`;
    const longer = `${lines.at(-1)} ${item}`;
    if (displayWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(cutToWidth(`  ${item}`, width));
  });
  return lines;
}
