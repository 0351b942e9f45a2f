import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import type { ConfigError } from '../../src/core/errors.ts';

const cwd = mkdtempSync(join(tmpdir(), 'syncline-configs-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function load(file: string, text: string, env: Readonly<Record<string, string>> = {}) {
  writeFileSync(join(cwd, file), text);
  return loadConfig(file, { cwd, env });
}

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const bomb = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(10)}]`).join('\n');

describe('a configuration that attacks', () => {
  it.each([
    ['deep.json', nested(100_000), 'config_too_deep'],
    [
      'deep-in-part.json',
      `{"client":{"base_url":"https://h"},"resources":[{"name":"a","endpoint":{"json":${nested(3000)}}}]}`,
      'config_too_deep',
    ],
    ['deep.yaml', nested(5000), 'config_syntax'],
    ['bomb.yaml', `a0: &a0 [x]\n${bomb}\n`, 'config_syntax'],
    ['around-itself.yaml', 'client: &c {base_url: "https://h", headers: {x: *c}}\nresources: [a]\n', 'config_too_deep'],
    ['code.yaml', 'client: !!js/function "x"\nresources: [a]\n', 'config_invalid'],
    ['prototype.json', '{"__proto__":{"client":{"base_url":"https://h"},"resources":["a"]}}', 'config_invalid'],
    [
      'prototype-in-part.json',
      '{"client":{"base_url":"https://h","__proto__":{"auth":{"token":"x"}}},"resources":["a"]}',
      'config_invalid',
    ],
    ['prototype.yaml', 'd: &d {__proto__: {auth: x}}\nclient: {<<: *d, base_url: "https://h"}\nresources: [a]\n', 'config_invalid'],
    ['header.json', '{"client":{"base_url":"https://h","headers":{"X-A":"a\\r\\nX-B: b"}},"resources":["a"]}', 'config_invalid'],
    [
      'method.json',
      '{"client":{"base_url":"https://h"},"resources":[{"name":"a","endpoint":{"method":"GET / HTTP/1.1\\r\\nX: y"}}]}',
      'config_invalid',
    ],
    [
      'cookie.json',
      '{"client":{"base_url":"https://h","auth":{"type":"api_key","location":"cookie","name":"k","api_key":"a; admin=1"}},"resources":["a"]}',
      'config_invalid',
    ],
  ])('%s is a mistake with a code', async (file, text, code) => {
    await expect(load(file, text)).rejects.toMatchObject({ name: 'ConfigError', code });
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('keeps names of prototypes where they are names of data', async () => {
    const { config } = await load(
      'names.yaml',
      'client: {base_url: "https://h"}\nresources: [{name: a, endpoint: {params: {__proto__: x, constructor: y}}}]\n',
    );
    expect(JSON.stringify(config)).toContain('"params":{"__proto__":"x","constructor":"y"}');
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});

describe('a secret of the environment', () => {
  it('is in no finding', async () => {
    const text = JSON.stringify({
      client: { base_url: '${A}', auth: { type: '${A}' }, headers: { a: '${A}\n' }, paginator: '${A}' },
      resources: [{ name: 'a', endpoint: { method: '${A}', path: '{${A}}', params: { x: { type: '${A}' } } }, write_disposition: '${A}' }],
    });
    const error = await load('findings.json', text, { A: 'hush-hush-1' }).then(
      () => undefined,
      (error: unknown) => error as ConfigError,
    );
    expect(error?.findings.length).toBeGreaterThan(3);
    expect(JSON.stringify(error?.findings)).not.toContain('hush');
  });

  it('is a credential by the name of its variable or by its looks', async () => {
    const env = { API_TOKEN: 'tok-1', SINCE: '2024-01-01', PLACE: 'AIzaSyD3k2jhXXYz9q', SORT_KEY: 'updated_at' };
    const text = '{"client":{"base_url":"https://h/${API_TOKEN}/${SINCE}/${PLACE}/${SORT_KEY}"},"resources":["a"]}';
    const { secrets, credentials } = await load('kinds.json', text, env);
    expect([secrets, credentials]).toEqual([Object.values(env), [env.API_TOKEN, env.PLACE]]);
  });
});
