import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { duckdb } from '../../src/destinations/duckdb.ts';
import { pipeline } from '../../src/pipeline/pipeline.ts';
import { restApi } from '../../src/rest/rest-api.ts';
import type { RestApiConfig } from '../../src/rest/rest-api-config.ts';
import { startFakeApi } from '../../src/testing/fake-api.ts';
import type { FakeReply } from '../../src/testing/fake-reply.ts';
import { tablesIn } from './leaks.ts';

const root = mkdtempSync(join(tmpdir(), 'syncline-bounds-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

/** Loads one answer of an API, and returns what is in the database then. */
async function load(
  reply: FakeReply,
  { client, ...endpoint }: { readonly client?: object } & Record<string, unknown> = {},
): Promise<string> {
  await using api = await startFakeApi([{ path: '/a', reply }]);
  const config = {
    client: { base_url: api.url, retry: { max_retries: 0 }, ...client },
    resources: [{ name: 'things', max_table_nesting: 2, endpoint: { path: 'a', paginator: 'single_page', ...endpoint } }],
  } as RestApiConfig;
  const file = join(root, `b${(count += 1)}.duckdb`);
  await using source = restApi(config, { env: {} });
  await using runner = pipeline({ name: 'p', destination: duckdb(file), dataset: 'd', workDir: join(root, `w${count}`) });
  await runner.run(source);
  return tablesIn(file);
}

const lists = (levels: number, core = '1') => `${'['.repeat(levels)}${core}${']'.repeat(levels)}`;
const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('nesting', () => {
  it.each([
    ['lists', lists(100_000)],
    ['objects', objects(100_000)],
    ['lists in a row', `[{"id":1,"x":${lists(100_000)}}]`],
    ['lists that do not end', '['.repeat(100_000)],
  ])('without bound is an error: %s', async (_, body) => {
    await expect(load({ body })).rejects.toMatchObject({ code: 'nested_too_deep', message: expect.stringContaining('10000 levels') });
  });

  it.each([
    ['lists', '$', `[{"id":1,"x":${lists(1000)}}]`],
    ['objects', '$', `[{"id":1,"x":${objects(1000)}}]`],
    ['lists, looked through for rows', '$..rows', `{"x":${lists(1000, '{"rows":[{"id":1}]}')}}`],
    ['lists at the bound', '$', `[{"id":1,"x":${lists(9998)}}]`],
    ['objects at the bound', '$', `[{"id":1,"x":${objects(9998)}}]`],
    ['rows at the bound', '$..rows', `{"x":${lists(9995, '{"rows":[{"id":1}]}')}}`],
  ])('of a thousand levels and more is loaded: %s', async (_, data_selector, body) => {
    expect(await load({ body }, { data_selector })).toContain('id=1');
  });
});

const MB = 1024 * 1024;
const page = (bytes: number) => JSON.stringify([{ id: 1, text: 'x'.repeat(bytes) }]);
const packed = (encoding: string, body: Uint8Array): FakeReply => ({ body, headers: { 'content-encoding': encoding } });

describe('size', () => {
  it.each([
    ['plain', { body: page(2 * MB) }],
    ['gzip', packed('gzip', gzipSync(page(2 * MB)))],
    ['deflate', packed('deflate', deflateSync(page(2 * MB)))],
    ['br', packed('br', brotliCompressSync(page(2 * MB)))],
    ['twice', packed('gzip, gzip', gzipSync(gzipSync(page(2 * MB))))],
  ])('over max_body_bytes is an error, and the rest is not unpacked: %s', async (_, reply) => {
    await expect(load(reply, { client: { max_body_bytes: MB } })).rejects.toMatchObject({ code: 'body_too_large' });
    expect(await load(reply, { client: { max_body_bytes: 3 * MB } })).toContain('id=1');
  });

  it.each([
    ['br', packed('br', brotliCompressSync(Buffer.alloc(64 * MB, 0x20)))],
    ['gzip in gzip', packed('gzip, gzip', gzipSync(gzipSync(Buffer.alloc(64 * MB, 0x20))))],
  ])('of a bomb is bounded by its ratio: %s', async (_, reply) => {
    await expect(load(reply)).rejects.toMatchObject({ code: 'decompression_bomb' });
  });

  it('of headers is bounded', async () => {
    const headers = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${i}`, 'x'.repeat(1000)]));
    await expect(load({ json: [], headers })).rejects.toMatchObject({
      code: 'headers_too_large',
      message: expect.stringContaining('/a (resource "things", page 1)'),
    });
  });

  it('of keys, texts and numbers is not', async () => {
    const row = `{"id":1,"${'k'.repeat(100_000)}":2,"text":"${'ab '.repeat(300_000)}","n":${'9'.repeat(5000)},"d":"2024-01-01T00:00:00.${'0'.repeat(200_000)}x"}`;
    expect(await load({ body: `[${row}]` })).toContain('ab ab ab');
  });
});

describe('names of prototypes', () => {
  it('are names of columns like others, and change no prototype', async () => {
    const body =
      '[{"id":1,"__proto__":{"polluted":"p1"},"constructor":{"prototype":{"polluted":"p2"}},"toString":"p3","hasOwnProperty":"p4"},{"id":2,"nested":[{"__proto__":"p5"}]}]';
    const tables = await load({ body });
    for (const value of ['p1', 'p2', 'p3', 'p4', 'p5']) expect(tables).toContain(value);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('are no headers of their own', async () => {
    expect(await load({ json: [{ id: 1 }], headers: { ['__proto__']: 'x', constructor: 'y' } })).toContain('id=1');
  });
});

describe('values of rows', () => {
  const withChild = (id: unknown, endpoint: object) =>
    ({
      parents: { path: '/parents', reply: { json: [{ id }] } },
      resources: [
        { name: 'parents', endpoint: { path: 'parents', paginator: 'single_page' } },
        { name: 'children', endpoint: { path: 'children/{resources.parents.id}', paginator: 'single_page', ...endpoint } },
      ],
    }) as const;

  async function ask(id: unknown, endpoint: object = {}) {
    const { parents, resources } = withChild(id, endpoint);
    await using api = await startFakeApi([parents, { path: '/children/:id', reply: { json: [] } }]);
    await using source = restApi({ client: { base_url: api.url }, resources }, { env: {} });
    await using runner = pipeline({ name: 'p', destination: duckdb(':memory:'), dataset: 'd', workDir: join(root, `v${(count += 1)}`) });
    const error = await runner.run(source).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return {
      error,
      asked: api.requests.slice(1).map(({ path, query, headers }) => ({ path, query: query.toString(), own: headers['x-own'] })),
    };
  }

  it.each(['a\r\nX-Evil: 1', 'a\nb', 'a\0b'])('that would end a header are refused: %j', async (id) => {
    const { error, asked } = await ask(id, { path: 'children/1', headers: { 'X-Own': '{resources.parents.id}' } });
    expect(error).toMatchObject({ code: 'invalid_header' });
    expect(asked).toEqual([]);
  });

  it.each(['..', '.'])('that would lead elsewhere are refused: %j', async (id) => {
    expect((await ask(id)).error).toMatchObject({ code: 'path_value_invalid' });
  });

  it.each([
    ['a/../../b', '/children/a%2F..%2F..%2Fb'],
    ['a?b=1#c', '/children/a%3Fb=1%23c'],
    ['a\r\nHost: b', '/children/a%0D%0AHost:%20b'],
    ['@evil.example', '/children/@evil.example'],
    ['%2e%2e', '/children/%252e%252e'],
  ])('stay one segment of a path: %j', async (id, path) => {
    expect((await ask(id)).asked).toEqual([{ path, query: '', own: undefined }]);
  });

  it.each([
    ['http://evil.example/x', 'host_not_allowed', []],
    ['//evil.example/x', 'not_found', ['/evil.example/x']],
    ['\\\\evil.example\\x', 'not_found', ['/%5C%5Cevil.example%5Cx']],
  ])('lead to no other host: %j', async (id, code, paths) => {
    const { error, asked } = await ask(id, { path: '{resources.parents.id}' });
    expect(error).toMatchObject({ code });
    expect(asked.map(({ path }) => path)).toEqual(paths);
  });
});

describe('names that become files', () => {
  it.each(['../up', 'a/b', 'a\\b', '..', '.', 'a\0b', 'C:x', ''])('lead out of no folder: %j', (name) => {
    expect(() => pipeline({ name, destination: duckdb(':memory:'), dataset: 'd' })).toThrow(
      expect.objectContaining({ code: 'pipeline_name' }),
    );
  });
});
