import { describe, expect, it } from 'vitest';
import { createSecrets } from '../core/secret.ts';
import { addConfigSecrets } from './config-secrets.ts';
import { resolveConfig } from './resolve-config.ts';

const RANDOM = 'AIzaSyD3k2jhXXYz9q';

/** What a value of a request becomes in output and in rows. */
function shown(value: string, config: (value: string) => { client?: object; endpoint?: object }): readonly [string, string] {
  const { client, endpoint } = config(value);
  const secrets = createSecrets();
  const resolved = resolveConfig({
    client: { base_url: 'https://api.example.com', ...client },
    resources: [{ name: 'a', endpoint: { path: 'a', ...endpoint } }],
  });
  addConfigSecrets(resolved, secrets);
  const plain = value.replaceAll('{{', '{').replaceAll('}}', '}');
  return [secrets.redact(plain), secrets.redactData(plain)];
}

describe('what is secret in a configuration', () => {
  it.each([
    ['an auth', 'tok-123456', (token: string) => ({ client: { auth: { token } } }), '***', '***'],
    [
      'a client id, which rows may hold',
      'client-id-1',
      (client_id: string) => ({
        client: { auth: { type: 'oauth2_client_credentials', access_token_url: 'https://h/t', client_id, client_secret: 'x' } },
      }),
      '***',
      'client-id-1',
    ],
    ['a header', 'tok-123456', (v: string) => ({ client: { headers: { 'X-Api-Key': v } } }), '***', '***'],
    ['a header with a scheme', 'tok-123456', (v: string) => ({ endpoint: { headers: { authorization: `Token ${v}` } } }), '***', '***'],
    [
      'a password in a header',
      'pass-w0rd',
      (v: string) => ({ client: { headers: { Authorization: `Basic ${btoa(`u:${v}`)}` } } }),
      '***',
      '***',
    ],
    ['a cookie', RANDOM, (v: string) => ({ client: { headers: { Cookie: `a=1; session=${v}` } } }), '***', '***'],
    ['a setting in a cookie', 'all-accepted', (v: string) => ({ client: { headers: { Cookie: `consent=${v}` } } }), '***', 'all-accepted'],
    ['another header', 'v1-beta-2', (v: string) => ({ client: { headers: { 'X-Version': v } } }), 'v1-beta-2', 'v1-beta-2'],
    ['a parameter', 'tok-123456', (v: string) => ({ endpoint: { params: { api_key: v } } }), '***', '***'],
    ['a parameter with braces', 'tok-{{1}}-56', (v: string) => ({ endpoint: { params: { api_key: v } } }), '***', '***'],
    ['a word under a name of many uses', 'updated_at', (v: string) => ({ endpoint: { params: { key: v } } }), '***', 'updated_at'],
    ['a key under such a name', RANDOM, (v: string) => ({ endpoint: { params: { key: v } } }), '***', '***'],
    ['a field of a body', 'tok-123456', (v: string) => ({ endpoint: { method: 'POST', json: { auth: [{ password: v }] } } }), '***', '***'],
    ['a field of a form', 'tok-123456', (v: string) => ({ endpoint: { method: 'POST', data: [['client_secret', v]] } }), '***', '***'],
    ['an absolute path', 'tok-123456', (v: string) => ({ endpoint: { path: `https://u:${v}@other.example.com/a` } }), '***', '***'],
  ] as const)('%s', (_, value, config, output, row) => {
    expect(shown(value, config)).toEqual([output, row]);
  });
});
