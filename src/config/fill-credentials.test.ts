import { expect, it } from 'vitest';
import { validateConfig } from '../rest/validate-config.ts';
import { fillCredentials } from './fill-credentials.ts';

const config = (auth: unknown) => ({ client: { base_url: 'https://api.example.com', auth }, resources: ['posts'] });

it.each([
  ['bearer', { CREDENTIALS__TOKEN: 'tok-1' }, { type: 'bearer', token: 'tok-1' }],
  [{}, { SOURCES__REST_API__CREDENTIALS__TOKEN: 'near', CREDENTIALS__TOKEN: 'far' }, { type: 'bearer', token: 'near' }],
  [
    { type: 'http_basic', username: 'me' },
    { SOURCES__REST_API__API__CREDENTIALS__PASSWORD: 'pass-1', CREDENTIALS__USERNAME: 'you' },
    { type: 'http_basic', username: 'me', password: 'pass-1' },
  ],
  ['api_key', { CREDENTIALS__API_KEY: 'key-1' }, { type: 'api_key', api_key: 'key-1' }],
])('completes %j from the environment', (auth, env, expected) => {
  const { value, secrets } = fillCredentials(config(auth), env, 'api');
  expect(value).toEqual(config(expected));
  expect(secrets).toHaveLength(1);
  expect(validateConfig(value).findings).toEqual([]);
});

it.each(['bearer', 'no_such_auth', null, { type: 'bearer', token: 'written' }])('leaves %j alone when there is nothing to add', (auth) => {
  expect(fillCredentials(config(auth), {}, 'api')).toEqual({ value: config(auth), secrets: [] });
});

it('completes the auths of endpoints and of the defaults', () => {
  const endpoint = { auth: 'bearer' };
  const { value } = fillCredentials(
    { resource_defaults: { endpoint }, resources: ['a', { name: 'b', endpoint }] },
    { CREDENTIALS__TOKEN: 'tok-1' },
    'api',
  );
  const filled = { auth: { type: 'bearer', token: 'tok-1' } };
  expect(value).toEqual({ resource_defaults: { endpoint: filled }, resources: ['a', { name: 'b', endpoint: filled }] });
});
