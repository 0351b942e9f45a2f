import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { newSchema } from '../core/schema-hash.ts';
import { openDestination } from './built-in.ts';

const folder = mkdtempSync(join(tmpdir(), 'built-in-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('openDestination', () => {
  it.each([
    ['duckdb:out.duckdb', 'out.duckdb'],
    ['duckdb:/data/out.duckdb', '/data/out.duckdb'],
    ['duckdb:C:\\data\\out.duckdb', 'C:\\data\\out.duckdb'],
    ['duckdb::memory:', ':memory:'],
    ['duckdb:///out.duckdb', 'out.duckdb'],
    ['duckdb:////data/out.duckdb', '/data/out.duckdb'],
  ])('reads %s', async (spec, location) => {
    expect(await openDestination(spec)).toMatchObject({ type: 'duckdb', dltType: 'dlt.destinations.duckdb', location });
  });

  it.each([
    ['postgres://me@db.example/shop', 'postgres://me@db.example/shop'],
    ['postgresql://me:geheim@db.example:6543/shop?sslmode=require', 'postgres://me@db.example:6543/shop'],
  ])('reads %s and shows no password', async (spec, location) => {
    expect(await openDestination(spec)).toMatchObject({ type: 'postgres', dltType: 'dlt.destinations.postgres', location });
  });

  it('makes a destination that loads', async () => {
    const file = join(folder, 'x.duckdb');
    await using destination = await openDestination(`duckdb:${file}`);
    await using dataset = await destination.open('d');
    const schema = newSchema('s');
    const load = await dataset.begin({ loadId: '1', pipeline: 'p', startedAt: new Date(), schema, replaced: [] });
    await load.commit({ schema, state: undefined });
    expect(existsSync(file)).toBe(true);
  });

  it.each([
    ['postgrs://user:geheim@host/db', 'unknown_destination', 'There is no destination postgrs'],
    ['out.duckdb', 'unknown_destination', 'no scheme'],
    ['', 'unknown_destination', 'no scheme'],
    ['toString:x', 'unknown_destination', 'toString'],
    ['duckdb:', 'destination_incomplete', 'names no place'],
  ])('refuses %j and lists what there is', async (spec, code, part) => {
    const error = await openDestination(spec).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'ConfigError',
      code,
      hint: expect.stringContaining('duckdb:FILE'),
      message: expect.stringContaining(part),
    });
    expect(String(error)).not.toContain('geheim');
  });
});
