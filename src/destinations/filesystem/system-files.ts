import { basename } from 'node:path';
import type { JsonObject } from '../../core/json.ts';
import { pathName } from './path-name.ts';

/** dlt's separator in the names of system files. */
const SEPARATOR = '__';

/** The parts of the name of a system file. Only the first may hold the separator. */
export type FileNameParts = readonly string[];

/** The name of a system file. */
export function systemFileName(parts: FileNameParts, extension = 'jsonl'): string {
  return `${parts.map((part) => pathName(part)).join(SEPARATOR)}.${extension}`;
}

/** The parts of the name of a system file, so many; `undefined` when it is none. The first is as it stands in the name. */
export function readFileName(path: string, count: number): FileNameParts | undefined {
  const stem = basename(path).replace(/\.jsonl(\.gz)?$/, '');
  const pieces = stem.split(SEPARATOR);
  if (stem === basename(path) || pieces.length < count) return undefined;
  const cut = pieces.length - count + 1;
  return [pieces.slice(0, cut).join(SEPARATOR), ...pieces.slice(cut)];
}

/** A text of a system file; empty where there is none. */
export function textAt(row: JsonObject, key: string): string {
  const value = row[key];
  return typeof value === 'string' ? value : '';
}

/** A hash as dlt writes it in names of files: base64 becomes hex. */
export function hexOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}

/** A time as dlt writes it: ISO 8601 with microseconds and offset. */
export function dltTime(time: Date | string): string {
  return new Date(time).toISOString().replace('Z', '000+00:00');
}
