import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAuth } from '../../test/create-auth.ts';
import type { Auth, AuthContext } from '../core/auth.ts';
import { AuthError, HttpError } from '../core/errors.ts';
import type { HttpRequest, HttpResponse } from '../core/http.ts';
import type { JsonObject } from '../core/json.ts';

const request: HttpRequest = { method: 'GET', url: 'https://api.example.com/rows', headers: { authorization: 'mine' }, params: {} };
const credentials = { access_token_url: 'https://login.example.com/token?tenant=7', client_id: 'the-client', client_secret: 'the-secret' };
const clientCredentials = (options: JsonObject = {}) => createAuth({ type: 'oauth2_client_credentials', ...credentials, ...options });

/** A token endpoint that gives these answers, the last one for ever, and counts. */
function endpoint(...answers: readonly (JsonObject | string | Error)[]) {
  const asked: HttpRequest[] = [];
  const secrets: string[] = [];
  let now = 1_700_000_000_500;
  const context: AuthContext = {
    now: () => now,
    addSecret: (secret) => void secrets.push(secret),
    async send(token): Promise<HttpResponse> {
      asked.push(token);
      const answer = answers[Math.min(asked.length, answers.length) - 1] as JsonObject | string | Error;
      if (answer instanceof Error) throw answer;
      const body = new TextEncoder().encode(typeof answer === 'string' ? answer : JSON.stringify(answer));
      return { status: 200, headers: {}, body, url: token.url };
    },
  };
  const sent = async (auth: Auth) => (await auth.apply(request, context)).headers;
  return { asked, secrets, context, sent, pass: (seconds: number) => (now += seconds * 1000) };
}

describe('oauth2_client_credentials', () => {
  it("sends the client's credentials as a form and the token with the request", async () => {
    const desk = endpoint({ access_token: 't1' });
    expect(await desk.sent(clientCredentials())).toEqual({ Authorization: 'Bearer t1' });
    expect(desk.asked).toEqual([
      {
        method: 'POST',
        url: credentials.access_token_url,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        params: {},
        data: { client_id: 'the-client', client_secret: 'the-secret', grant_type: 'client_credentials' },
      },
    ]);
  });

  it('adds and replaces form fields', async () => {
    const desk = endpoint({ access_token: 't1' });
    const auth = clientCredentials({
      access_token_request_data: { grant_type: 'account_credentials', account_id: 7, client_assertion: 'signed' },
    });
    await desk.sent(auth);
    expect(desk.asked[0]?.data).toEqual({
      client_id: 'the-client',
      client_secret: 'the-secret',
      grant_type: 'account_credentials',
      account_id: 7,
      client_assertion: 'signed',
    });
    expect([auth.secrets, desk.secrets]).toEqual([['the-secret', 'signed'], ['t1']]);
  });

  it('uses a token that is there already until the API refuses it', async () => {
    const desk = endpoint({ access_token: 't1' });
    const auth = clientCredentials({ access_token: 'given' });
    desk.pass(100_000);
    expect(await desk.sent(auth)).toEqual({ Authorization: 'Bearer given' });
    expect(desk.asked).toHaveLength(0);
    auth.rejected?.(await auth.apply(request, desk.context));
    expect(await desk.sent(auth)).toEqual({ Authorization: 'Bearer t1' });
  });

  it.each<[string, JsonObject, JsonObject, number]>([
    ['expires_in', { expires_in: 1000 }, {}, 970],
    ['expires_in as text', { expires_in: '1000' }, {}, 970],
    ['a tenth of a short life as margin', { expires_in: 100 }, {}, 90],
    ['the default without expires_in', {}, { default_token_expiration: 600 }, 570],
    ['the default when expires_in is null', { expires_in: null }, { default_token_expiration: 600 }, 570],
    ['the default when expires_in is negative', { expires_in: -1 }, { default_token_expiration: 600 }, 570],
    ['the default when expires_in is no number', { expires_in: 'soon' }, { default_token_expiration: 600 }, 570],
    ['an hour when nothing is said', {}, {}, 3570],
  ])('keeps a token for %s', async (_, answer, options, seconds) => {
    const desk = endpoint({ access_token: 't1', ...answer });
    const auth = clientCredentials(options);
    await desk.sent(auth);
    desk.pass(seconds - 1);
    await desk.sent(auth);
    expect(desk.asked).toHaveLength(1);
    desk.pass(1);
    await desk.sent(auth);
    expect(desk.asked).toHaveLength(2);
  });

  it('asks for every request when tokens expire at once', async () => {
    const desk = endpoint({ access_token: 't1', expires_in: 0 });
    const auth = clientCredentials();
    await desk.sent(auth);
    await desk.sent(auth);
    expect(desk.asked).toHaveLength(2);
  });

  it('renews once when several requests are refused together', async () => {
    const desk = endpoint({ access_token: 't1' }, { access_token: 't2' });
    const auth = clientCredentials();
    const refused = await auth.apply(request, desk.context);
    auth.rejected?.(refused);
    const renewed = [desk.sent(auth)];
    auth.rejected?.(refused);
    renewed.push(desk.sent(auth));
    expect(await Promise.all(renewed)).toEqual([{ Authorization: 'Bearer t2' }, { Authorization: 'Bearer t2' }]);
    expect(desk.asked).toHaveLength(2);
  });

  it('tells all that wait when the token endpoint fails, and asks again for the next request', async () => {
    const down = new HttpError('server_error', 'down', { context: { status: 503 } });
    const desk = endpoint(down, { access_token: 't2' });
    const auth = clientCredentials();
    expect(await Promise.allSettled([desk.sent(auth), desk.sent(auth)])).toEqual([
      { status: 'rejected', reason: down },
      { status: 'rejected', reason: down },
    ]);
    expect(await desk.sent(auth)).toEqual({ Authorization: 'Bearer t2' });
  });

  it('asks again for those that wait when the one that asked for the token is stopped', async () => {
    const desk = endpoint({ access_token: 't1' });
    const auth = clientCredentials();
    const stop = new AbortController();
    const stopped = auth.apply(request, {
      ...desk.context,
      signal: stop.signal,
      send: (_, signal) => new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error))),
    });
    const waiting = desk.sent(auth);
    stop.abort(new Error('stopped'));
    await expect(stopped).rejects.toThrow('stopped');
    expect(await waiting).toEqual({ Authorization: 'Bearer t1' });
  });

  it.each<[string, JsonObject | string | Error, string]>([
    ['no token', { token: 't', scope: 'read' }, 'token_missing'],
    ['an empty token', { access_token: '' }, 'token_missing'],
    ['a null token', { access_token: null }, 'token_missing'],
    ['a list', '[]', 'token_answer_invalid'],
    ['HTML', '<html>', 'token_answer_invalid'],
    ['nothing', '', 'token_answer_invalid'],
    ['a refusal', new HttpError('client_error', 'POST answered 400: invalid_client', { context: { status: 400 } }), 'token_refused'],
    ['no access', new AuthError('unauthorized', 'POST answered 401', { context: { status: 401 } }), 'token_refused'],
  ])('is an AuthError when the token endpoint answers with %s', async (_, answer, code) => {
    const error: unknown = await endpoint(answer)
      .sent(clientCredentials())
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({ code, message: expect.stringContaining('https://login.example.com/token'), hint: expect.any(String) });
    expect((error as Error).message).not.toMatch(/tenant|the-secret/);
  });

  it('says what came instead of a token', async () => {
    await expect(endpoint({ error: 'x', scope: '' }).sent(clientCredentials())).rejects.toThrow('It sent error, scope.');
    await expect(endpoint({}).sent(clientCredentials())).rejects.toThrow('It sent an empty object.');
  });

  it('says what the refusal says', async () => {
    const refusal = new HttpError('client_error', 'POST answered 400: invalid_scope', { context: { status: 400 } });
    await expect(endpoint(refusal).sent(clientCredentials())).rejects.toThrow(/invalid_scope/);
  });

  it('takes a token that is a number as text', async () => {
    expect(await endpoint({ access_token: 12 }).sent(clientCredentials())).toEqual({ Authorization: 'Bearer 12' });
  });
});

describe('oauth2_jwt', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const jwt = (options: JsonObject = {}) =>
    createAuth({ type: 'oauth2_jwt', client_id: 'me', private_key: pem, auth_endpoint: 'https://login.example.com/token', ...options });
  const decode = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString()) as JsonObject;

  async function assertionOf(options: JsonObject = {}) {
    const desk = endpoint({ access_token: 't1' });
    expect(await desk.sent(jwt(options))).toEqual({ Authorization: 'Bearer t1' });
    const data = desk.asked[0]?.data as JsonObject;
    expect(data['grant_type']).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const [header, claims, signature] = (data['assertion'] as string).split('.');
    const signed = verify(
      'RSA-SHA256',
      Buffer.from(`${header}.${claims}`),
      createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
      Buffer.from(signature ?? '', 'base64url'),
    );
    return { signed, header: decode(header), claims: decode(claims), token: desk.asked[0] };
  }

  it('signs what it claims', async () => {
    const { signed, header, claims } = await assertionOf();
    expect(signed).toBe(true);
    expect(header).toEqual({ typ: 'JWT', alg: 'RS256' });
    expect(claims).toEqual({ iss: 'me', sub: 'me', aud: 'https://login.example.com/token', iat: 1_700_000_000, exp: 1_700_003_600 });
  });

  it('claims scopes, and sends headers', async () => {
    expect((await assertionOf({ scopes: ['read', 'write'] })).claims['scope']).toBe('read write');
    expect((await assertionOf({ scopes: 'read' })).claims['scope']).toBe('read');
    expect((await assertionOf({ scopes: null })).claims).not.toHaveProperty('scope');
    expect((await assertionOf({ headers: { 'X-Tenant': '7' } })).token?.headers).toMatchObject({ 'X-Tenant': '7' });
  });

  it('reads keys with written line breaks, and encrypted ones', async () => {
    const encrypted = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'pass' }).toString();
    expect((await assertionOf({ private_key: pem.replaceAll('\n', '\\n') })).signed).toBe(true);
    expect((await assertionOf({ private_key: encrypted, private_key_passphrase: 'pass' })).signed).toBe(true);
  });
});
