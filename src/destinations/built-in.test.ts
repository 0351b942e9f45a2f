import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { newSchema } from '../core/schema-hash.ts';
import { destinationForms, openDestination } from './built-in.ts';

const folder = mkdtempSync(join(tmpdir(), 'built-in-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

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

  it.each(['postgres:', 'postgres', 'postgresql:', 'postgres://'])('reads %s, of which variables say the rest', async (spec) => {
    vi.stubEnv('PGHOST', 'db.example');
    vi.stubEnv('PGPORT', '6543');
    vi.stubEnv('PGUSER', 'me');
    vi.stubEnv('PGDATABASE', 'shop');
    expect(await openDestination(spec)).toMatchObject({ location: 'postgres://me@db.example:6543/shop' });
  });

  it.each([
    ['stdout:', 'stdout'],
    ['stdout', 'stdout'],
    ['stdout:messages', 'stdout'],
    ['console', 'console'],
    ['console:', 'console'],
  ])('reads %s, which is no place', async (spec, type) => {
    await using destination = await openDestination(spec);
    expect(destination).toMatchObject({ type, location: '', ownsStdout: true });
  });

  it('refuses a place for what has none', async () => {
    await expect(openDestination('console:x')).rejects.toMatchObject({ code: 'destination_place_unused', hint: 'Write console.' });
  });

  it.each(['duckdb:x.duckdb', 'duckdb::memory:', 'postgres://me@db.example/shop', 's3://bucket/prefix', 'file:out', 'stdout:', 'console'])(
    'reads how reports and page logs name %s',
    async (spec) => {
      const { type, location } = await openDestination(spec);
      expect(await openDestination(`${type}:${location}`)).toMatchObject({ type, location });
    },
  );

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
    ['postgress://user:geheim@host/db', 'There is no destination postgress:.', 'Did you mean postgres://USER@HOST/DATABASE?'],
    ['DuckDB:x', 'There is no destination DuckDB:.', 'Did you mean duckdb:FILE?'],
    ['oracle:geheim', 'There is no destination oracle:.', 'Write'],
    ['toString:x', 'There is no destination toString:.', 'Write'],
    ['out.duckdb', 'The destination out.duckdb has no scheme.', 'For a DuckDB database write duckdb:out.duckdb.'],
    ['./out', 'The destination ./out has no scheme.', 'For a DuckDB database write duckdb:./out, for a folder of files file:./out.'],
    ['/data/a:b', 'The destination /data/a:b has no scheme.', 'For a DuckDB database write duckdb:/data/a:b, for a'],
    ['C:\\data\\x', 'The destination C:\\data\\x has no scheme.', 'For a DuckDB database write duckdb:C:\\data\\x, for a folder'],
    ['D:x.DB', 'The destination D:x.DB has no scheme.', 'For a DuckDB database write duckdb:D:x.DB. Write'],
    ['stdot', 'The destination stdot has no scheme.', 'Did you mean stdout:?'],
    ['postgre', 'The destination postgre has no scheme.', 'Did you mean postgres://USER@HOST/DATABASE?'],
    ['', 'The destination has no scheme.', 'Write'],
  ])('refuses %j, says what may be meant and lists what there is', async (spec, message, advice) => {
    const error = await openDestination(spec).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ConfigError', code: 'unknown_destination', message });
    const { hint } = error as { hint: string };
    expect(hint.startsWith(advice)).toBe(true);
    for (const { form, what } of destinationForms) expect(hint).toMatch(new RegExp(`^  ${escape(form)} +${escape(what)}$`, 'm'));
    expect(String(error) + hint).not.toContain('geheim');
  });

  it.each([
    ['duckdb:', 'duckdb:FILE'],
    ['duckdb', 'duckdb:FILE'],
    ['file:', 'file:DIR'],
  ])('refuses %j, which names no place', async (spec, form) => {
    await expect(openDestination(spec)).rejects.toMatchObject({ code: 'destination_incomplete', hint: `Write it as ${form}.` });
  });
});

function escape(text: string): string {
  return text.replaceAll(/[.?:*+()[\]{}|/]/g, String.raw`\$&`);
}
