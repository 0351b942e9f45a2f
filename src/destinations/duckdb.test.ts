import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { columnsOf, queryDuckDb } from '../../test/duckdb-rows.ts';
import { casesFor } from '../testing/contract-case.ts';
import { destinationContract } from '../testing/destination-contract.ts';
import type { DestinationSubject, StoredTable } from '../testing/destination-scene.ts';
import { duckdb } from './duckdb.ts';
import { quoteName as q } from './sql/quote.ts';

const folder = mkdtempSync(join(tmpdir(), 'duckdb-contract-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

const subject: DestinationSubject = {
  capabilities: duckdb(':memory:').capabilities,
  create() {
    count += 1;
    const file = join(folder, `${count}.duckdb`);
    const destination = duckdb(file);
    return Promise.resolve({
      destination,
      read: (dataset, table) => read(file, dataset, table),
      [Symbol.asyncDispose]: async () => {
        await destination[Symbol.asyncDispose]();
        rmSync(file, { force: true });
      },
    });
  },
};

/** A table in the texts that the contract compares. */
async function read(file: string, dataset: string, table: string): Promise<StoredTable | undefined> {
  const columns = await columnsOf(file, dataset, table);
  if (columns.length === 0) return undefined;
  const cells = columns.map(({ name, type }) => `${asText(q(name), type)} AS ${q(name)}`);
  const rows = await queryDuckDb(file, `SELECT ${cells.join(', ')} FROM ${q(dataset)}.${q(table)}`);
  return {
    columns: Object.fromEntries(columns.map(({ name, nullable }) => [name, { nullable }])),
    rows: rows.map((row) =>
      Object.fromEntries(columns.map(({ name, type }) => [name, type === 'DOUBLE' ? number(row[name]) : (row[name] as string | null)])),
    ),
  };
}

function asText(column: string, type: string): string {
  if (type === 'TIMESTAMP WITH TIME ZONE') return `strftime(${column} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')`;
  if (type.startsWith('TIMESTAMP')) return `strftime(${column}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%f')`;
  if (type === 'TIME') return `strftime('1970-01-01'::DATE + ${column}, '%H:%M:%S.%f')`;
  if (type === 'BLOB') return `lower(hex(${column}))`;
  return type === 'DOUBLE' ? column : `${column}::VARCHAR`;
}

function number(value: unknown): string | null {
  return value === null ? null : String(Number(value));
}

describe('duckdb', () => {
  it.each(casesFor(destinationContract, subject))('$name', async ({ run }) => {
    expect(await run(subject)).toBeUndefined();
  });

  it('leaves no open file behind', async () => {
    expect(readdirSync(folder)).toEqual([]);
  });
});
