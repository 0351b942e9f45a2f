import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { formsOf } from './echoing-api.ts';

/** Forms of secrets that are in a place where none may be: `place: secret as form`. */
export function leaksIn(places: Readonly<Record<string, string | Buffer>>, secrets: readonly string[]): string[] {
  const found: string[] = [];
  for (const secret of secrets) {
    for (const form of formsOf(secret)) {
      const bytes = Buffer.from(form);
      for (const [place, content] of Object.entries(places))
        if (Buffer.from(content).includes(bytes)) found.push(`${place}: ${secret} as ${form}`);
    }
  }
  return found;
}

/** Every file of a folder, by path. */
export function filesIn(folder: string): Record<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name))]));
}

/** Every value of every table of a database as text, with states unpacked; empty where no run came so far. */
export async function tablesIn(file: string): Promise<string> {
  if (!existsSync(file)) return '';
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
  try {
    const connection = await instance.connect();
    const tables = (await connection.runAndReadAll('SELECT database_name, schema_name, table_name FROM duckdb_tables()')).getRowsJson();
    const out: string[] = [];
    for (const name of tables) {
      const path = name.map((part) => `"${textOf(part).replaceAll('"', '""')}"`).join('.');
      const rows = (await connection.runAndReadAll(`SELECT * FROM ${path}`)).getRowObjectsJson();
      out.push(
        path,
        ...rows.map((row) =>
          Object.entries(row)
            .map(([column, value]) => `${column}=${textOf(value)}=${unpacked(value)}`)
            .join(';'),
        ),
      );
    }
    connection.closeSync();
    return out.join('\n');
  } finally {
    instance.closeSync();
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function unpacked(value: unknown): string {
  if (typeof value !== 'string' || !value.startsWith('eJ')) return '';
  try {
    return inflateSync(Buffer.from(value, 'base64')).toString();
  } catch (error) {
    return String(error);
  }
}
