import type { DuckDBConnection } from '@duckdb/node-api';
import type { Schema } from '../../core/schema.ts';
import { quoteName as q } from '../sql/quote.ts';
import { chainNames, completeColumns } from '../sql/table-chain.ts';
import { plainText } from './plain-text.ts';
import { textTable } from './text-table.ts';

/** What is shown of a database. */
export interface ShownTables {
  readonly connection: DuckDBConnection;
  readonly dataset: string;
  readonly schema: Schema;
  /** The names of those that are shown. */
  readonly names: ReadonlySet<string>;
  /** The cells of a line. */
  readonly width: number;
}

const MOST_ROWS = 10;
/** More of a value never finds a place. */
const MOST_CHARACTERS = 500;
const INDENT = '  ';

/** Tables as text: nested ones below their parents, each with its first rows. */
export async function showTables(shown: ShownTables): Promise<string> {
  const { schema, names } = shown;
  const roots = Object.values(schema.tables).filter(({ parent }) => parent === undefined);
  const ordered = roots.flatMap(({ name }) => chainNames(schema.tables, name)).filter((name) => names.has(name));
  const texts: string[] = [];
  for (const name of ordered) texts.push(await showTable(name, shown));
  return texts.join('\n');
}

async function showTable(name: string, { connection, dataset, schema, width }: ShownTables): Promise<string> {
  const table = schema.tables[name];
  if (table === undefined) return '';
  // What dlt adds comes last: it is of less interest.
  const isOwn = (column: string): boolean => column.startsWith('_dlt_');
  const all = completeColumns(table).map(({ name: column, data_type: type }) => ({ name: column, type }));
  const columns = [...all.filter((column) => !isOwn(column.name)), ...all.filter((column) => isOwn(column.name))];
  const from = `FROM ${['memory', dataset, name].map(q).join('.')}`;
  const [[count = 0n] = []] = (await connection.runAndReadAll(`SELECT count(*) ${from}`)).getRows() as bigint[][];
  const cells = columns.map((column) => cellOf(q(column.name)));
  const rows = (await connection.runAndReadAll(`SELECT ${cells.join(', ')} ${from} LIMIT ${MOST_ROWS}`)).getRows() as (string | null)[][];
  const lines = textTable({ columns, rows }, width - INDENT.length).map((line) => INDENT + line);
  return [`${plainText(name)}: ${size(count)}`, ...lines, ''].join('\n');
}

/** A value as text. An empty one is told from null. */
function cellOf(column: string): string {
  return `CASE WHEN CAST(${column} AS VARCHAR) = '' THEN '""' ELSE left(CAST(${column} AS VARCHAR), ${MOST_CHARACTERS}) END`;
}

function size(count: bigint): string {
  const rows = count === 1n ? '1 row' : `${count.toLocaleString('en-US')} rows`;
  return count > MOST_ROWS ? `${rows}, the first ${MOST_ROWS}` : rows;
}
