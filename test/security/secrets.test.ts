import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { isDistinctive } from '../../src/core/is-distinctive.ts';
import type { RunEvent } from '../../src/core/events.ts';
import { duckdb } from '../../src/destinations/duckdb.ts';
import { pipeline } from '../../src/pipeline/pipeline.ts';
import { restApi } from '../../src/rest/rest-api.ts';
import type { RestApiConfig } from '../../src/rest/rest-api-config.ts';
import { type EchoOptions, MISDEEDS, startEchoingApi } from './echoing-api.ts';
import { filesIn, leaksIn, tablesIn } from './leaks.ts';

const root = mkdtempSync(join(tmpdir(), 'syncline-secrets-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

const ANY = Array.from('%+/=&"\\ é漢😀$?#<>\'()[]{}|^,;:@!~`aZ09._-');
const HEADER = ANY.filter((char) => /^[ -~é]$/.test(char));
const COOKIE = HEADER.filter((char) => !/[",;\\ é]/.test(char));
/** Nothing of a short one may be a word of the output. */
const RARE = Array.from('漢😀é$%&"\\+/');
const RARE_IN_HEADERS = Array.from('é$%&"\\+/=?');

const value = (units: readonly string[], rare: readonly string[]) =>
  fc
    .oneof(
      { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom(...units), minLength: 8, maxLength: 200 }) },
      { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...rare), minLength: 3, maxLength: 7 }) },
    )
    .map((text) => text.trim())
    .filter((text) => text.length >= 3 && !/^[-.0-9]*$/.test(text) && (isDistinctive(text) || !/[a-zA-Z0-9]/.test(text)));

interface Place {
  readonly units: readonly string[];
  readonly rare: readonly string[];
  /** A configuration with secrets, and what they make. */
  readonly config: (
    url: string,
    secret: string,
    other: string,
  ) => { readonly client?: object; readonly endpoint?: object; readonly secrets: readonly string[] };
}

/** Granted one after the other: the second after a refusal, or to the second run. */
const TOKENS = ['granted-%/+-1é', 'granted-%/+-2é', 'granted-%/+-3é'];
const base64 = (text: string) => Buffer.from(text).toString('base64');
const template = (text: string) => text.replaceAll('{', '{{').replaceAll('}', '}}');
const PLACES: Readonly<Record<string, Place>> = {
  bearer: { units: HEADER, rare: RARE_IN_HEADERS, config: (_, token) => ({ client: { auth: { token } }, secrets: [token] }) },
  'api_key in a header': {
    units: HEADER,
    rare: RARE_IN_HEADERS,
    config: (_, api_key) => ({ client: { auth: { type: 'api_key', name: 'X-Own', api_key } }, secrets: [api_key] }),
  },
  'api_key in the query': {
    units: ANY,
    rare: RARE,
    config: (_, api_key) => ({ client: { auth: { type: 'api_key', name: 'own key', location: 'query', api_key } }, secrets: [api_key] }),
  },
  'api_key in a cookie': {
    units: COOKIE,
    rare: Array.from('$%&+/='),
    config: (_, api_key) => ({ client: { auth: { type: 'api_key', name: 'sid', location: 'cookie', api_key } }, secrets: [api_key] }),
  },
  http_basic: {
    units: ANY,
    rare: RARE,
    config: (_, password) => ({
      client: { auth: { type: 'http_basic', username: 'me', password } },
      secrets: [password, base64(`me:${password}`)],
    }),
  },
  'a user without password': {
    units: ANY,
    rare: RARE,
    config: (_, username) => ({
      endpoint: { auth: { type: 'http_basic', username, password: '' } },
      secrets: [username, base64(`${username}:`)],
    }),
  },
  oauth2: {
    units: HEADER,
    rare: RARE_IN_HEADERS,
    config: (url, client_secret, client_id) => ({
      client: { auth: { type: 'oauth2_client_credentials', access_token_url: `${url}/token`, client_id, client_secret } },
      secrets: [client_secret, client_id, ...TOKENS],
    }),
  },
  'a header': { units: HEADER, rare: RARE_IN_HEADERS, config: (_, key) => ({ client: { headers: { 'X-Api-Key': key } }, secrets: [key] }) },
  'a header with a scheme': {
    units: HEADER,
    rare: RARE_IN_HEADERS,
    config: (_, key) => ({ endpoint: { headers: { Authorization: `Token ${template(key)}` } }, secrets: [key] }),
  },
  'a parameter': { units: ANY, rare: RARE, config: (_, key) => ({ endpoint: { params: { api_key: template(key) } }, secrets: [key] }) },
  'a field of the body': {
    units: ANY,
    rare: RARE,
    config: (_, key) => ({ endpoint: { method: 'POST', json: { auth: { password: template(key) } } }, secrets: [key] }),
  },
  base_url: {
    units: ANY,
    rare: RARE,
    config: (url, key) => ({
      client: { base_url: `${url.replace('//', `//me:${encodeURIComponent(key)}@`)}/v1` },
      secrets: [key, base64(`me:${key}`)],
    }),
  },
};

interface Scenario {
  readonly place: string;
  readonly secret: string;
  readonly other: string;
  readonly misdeed: EchoOptions['misdeed'];
  readonly paging: EchoOptions['paging'];
  readonly times: number;
}

const scenario: fc.Arbitrary<Scenario> = fc.constantFrom(...Object.keys(PLACES)).chain((place) => {
  const { units, rare } = PLACES[place] as Place;
  return fc.record({
    place: fc.constant(place),
    secret: value(units, rare),
    other: value(HEADER, RARE_IN_HEADERS),
    misdeed: fc.constantFrom(...MISDEEDS),
    paging: fc.constantFrom('body', 'header', 'cursor'),
    times: fc.constantFrom(2, 9),
  });
});

/** Runs twice: what the first run leaves is what the second goes on with. */
async function play({ place, secret, other, misdeed, paging, times }: Scenario): Promise<string[]> {
  let secrets: readonly string[] = [];
  await using api = await startEchoingApi({
    known: () => secrets.filter((one) => !TOKENS.includes(one)),
    // A client id may be in rows, and so may what could be a word.
    inRows: () => secrets.filter((one) => one !== other && !TOKENS.includes(one) && isDistinctive(one)),
    misdeed,
    times,
    paging,
    tokens: TOKENS,
    tokensInRows: true,
  });
  const configured = (PLACES[place] as Place).config(api.url, secret, other);
  ({ secrets } = configured);
  const paginator = {
    body: { type: 'json_link', next_url_path: 'next' },
    header: { type: 'header_link' },
    cursor: { type: 'cursor', cursor_path: 'cursor', cursor_param: 'cursor' },
  }[paging];
  const config = {
    client: { base_url: `${api.url}/v1`, retry: { max_retries: 1, backoff_factor: 0 }, ...configured.client },
    resources: [{ name: 'things', endpoint: { path: 'rows', data_selector: 'rows', paginator, ...configured.endpoint } }],
  } as RestApiConfig;
  const folder = join(root, `s${(count += 1)}`);
  const file = `${folder}.duckdb`;
  const places: Record<string, string | Buffer> = {};
  for (const run of ['first', 'second']) {
    const events: RunEvent[] = [];
    await using source = restApi(config, { env: {} });
    await using runner = pipeline({ name: 'p', destination: duckdb(file), dataset: 'd', workDir: folder });
    try {
      places[`${run} report`] = JSON.stringify(await runner.run(source, { emit: (event) => events.push(event), keepLog: true }));
    } catch (error) {
      places[`${run} error`] = `${inspect(error, { depth: 20, showHidden: true })} ${JSON.stringify(error)}`;
    }
    places[`${run} events`] = JSON.stringify(events);
  }
  Object.assign(places, filesIn(folder), { tables: await tablesIn(file) });
  return leaksIn(places, secrets);
}

describe('no secret leaves its place', () => {
  it('whatever it is, wherever it stands and whatever the API does', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (played) => {
        expect(await play(played)).toEqual([]);
      }),
      { numRuns: Number(process.env['SECRET_RUNS'] ?? 25) },
    );
  });
});
