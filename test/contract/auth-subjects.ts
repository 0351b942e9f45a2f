import { generateKeyPairSync } from 'node:crypto';
import { type AuthType, builtInAuths } from '../../src/auth/built-in.ts';
import type { HttpRequest } from '../../src/core/http.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { AuthSubject } from '../../src/testing/index.ts';

const headers = (request: HttpRequest, name: string) =>
  Object.entries(request.headers).flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : []));

function only(values: readonly (string | null)[]): string | undefined {
  return values.length === 1 ? (values[0] ?? undefined) : undefined;
}

/** What follows the scheme in the only Authorization header. */
function authorization(scheme: string): (request: HttpRequest) => string | undefined {
  const start = scheme === '' ? '' : `${scheme} `;
  return (request) => {
    const value = only(headers(request, 'authorization'));
    return value?.startsWith(start) ? value.slice(start.length) : undefined;
  };
}

const occupied = { headers: { 'X-Own': 'kept', authorization: 'Bearer old' } };
const lineBreak = 'secret-with-line-break\n';
const key = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const ellipticKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const client = { client_id: 'client-id', client_secret: 'client-secret' };

/** An API key in a header or cookie. */
function apiKeyVariant(options: JsonObject, variant: Pick<AuthSubject, 'proofIn' | 'occupied'>): AuthSubject {
  return { plugin: builtInAuths.api_key, options: { api_key: 'some-key', ...options }, refused: [], proof: 'some-key', ...variant };
}

/** Other places of an API key. */
export const apiKeyVariants: Readonly<Record<string, AuthSubject>> = {
  'api_key in the default header': apiKeyVariant({}, { proofIn: authorization(''), occupied }),
  'api_key in a header of its own': apiKeyVariant(
    { name: 'X-Key' },
    { proofIn: (request) => only(headers(request, 'x-key')), occupied: { headers: { 'X-Own': 'kept', 'x-key': 'old' } } },
  ),
  'api_key in a cookie': apiKeyVariant(
    { name: 'session', location: 'cookie' },
    {
      proofIn: (request) =>
        only((only(headers(request, 'cookie')) ?? '').split('; ').flatMap((pair) => pair.match(/(?<=^session=).*/) ?? [])),
      occupied: { headers: { 'X-Own': 'kept', cookie: 'a=1; session=old' } },
    },
  ),
  'api_key as param': apiKeyVariant(
    { name: 'k', location: 'param' },
    { proofIn: ({ params }) => params['k'] as string, occupied: { params: { own: 'kept', k: 'old' } } },
  ),
};

/** Contract data of every built-in auth: one without it does not compile. */
export const authSubjects: Readonly<Record<AuthType, AuthSubject>> = {
  bearer: {
    plugin: builtInAuths.bearer,
    options: { token: 'some-token' },
    refused: [
      { options: {}, at: 'token' },
      { options: { token: '' }, at: 'token' },
      { options: { token: lineBreak }, at: 'token' },
    ],
    proofIn: authorization('Bearer'),
    proof: 'some-token',
    occupied,
  },
  api_key: {
    plugin: builtInAuths.api_key,
    options: { name: 'api_key', api_key: 'some-key', location: 'query' },
    refused: [
      { options: {}, at: 'api_key' },
      { options: { api_key: 'some-key', location: 'body' }, at: 'location' },
      { options: { api_key: lineBreak }, at: 'api_key' },
      { options: { api_key: 'some; key', location: 'cookie' }, at: 'api_key' },
      { options: { api_key: 'some-key', name: 'not a header' }, at: 'name' },
    ],
    proofIn(request) {
      const inUrl = new URL(request.url).searchParams.getAll('api_key');
      const inParams = 'api_key' in request.params ? [request.params['api_key'] as string] : [];
      const [proof, ...more] = [...inUrl, ...inParams];
      return more.length === 0 ? proof : undefined;
    },
    proof: 'some-key',
    occupied: { url: 'https://api.example.com/v1/rows?own=kept&api%5Fkey=old', params: { api_key: 'old', own: 'kept' } },
  },
  http_basic: {
    plugin: builtInAuths.http_basic,
    options: { username: 'ü', password: 'p:w' },
    refused: [{ options: { username: 'user' }, at: 'password' }],
    proofIn: authorization('Basic'),
    proof: 'w7w6cDp3',
    occupied,
  },
  oauth2_client_credentials: {
    plugin: builtInAuths.oauth2_client_credentials,
    options: { access_token_url: 'https://login.example.com/token', ...client },
    refused: [
      { options: client, at: 'access_token_url' },
      { options: { access_token_url: '/token', ...client }, at: 'access_token_url' },
      { options: { access_token_url: 'https://login.example.com/token', client_id: 'client-id' }, at: 'client_secret' },
    ],
    proofIn: authorization('Bearer'),
    proof: undefined,
    occupied,
  },
  oauth2_jwt: {
    plugin: builtInAuths.oauth2_jwt,
    options: { client_id: 'client-id', private_key: key(), auth_endpoint: 'https://login.example.com/token' },
    refused: [
      { options: { client_id: 'client-id', auth_endpoint: 'https://login.example.com/token' }, at: 'private_key' },
      {
        options: { client_id: 'client-id', private_key: 'not-a-key', auth_endpoint: 'https://login.example.com/token' },
        at: 'private_key',
      },
      {
        options: { client_id: 'client-id', private_key: ellipticKey(), auth_endpoint: 'https://login.example.com/token' },
        at: 'private_key',
      },
    ],
    proofIn: authorization('Bearer'),
    proof: undefined,
    occupied,
  },
};
