import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { errorText } from '../../src/cli/error-text.ts';
import type { SynclineError } from '../../src/core/errors.ts';
import { createSecrets } from '../../src/core/secret.ts';
import { readRows } from '../../src/pipeline/read-rows.ts';
import { restApi } from '../../src/rest/rest-api.ts';
import type { RestApiConfig } from '../../src/rest/rest-api-config.ts';
import { startFakeApi } from '../../src/testing/fake-api.ts';
import type { FakeReply, Fault } from '../../src/testing/fake-reply.ts';

/** One broken response, or one that only looks so, and what comes of it. */
interface Broken {
  readonly about: string;
  readonly reply: Pick<FakeReply, 'status' | 'headers'> & {
    readonly body?: string;
    readonly latin1?: string;
    /** Sent as the first half of its gzip. */
    readonly gzipCut?: string;
    /** A text and how often it is sent. */
    readonly repeat?: readonly [string, number];
  };
  readonly breaks?: Fault['breaks'];
  readonly endpoint?: object;
  /** How many rows come, when it is no error. */
  readonly rows?: number;
  /** Kind and code of the error, and all that a user sees of it. */
  readonly error?: readonly string[];
}

const dir = join(import.meta.dirname, '../golden/responses');
const names = readdirSync(dir).map((file) => file.replace(/\.json$/, ''));

function bodyOf({ reply }: Broken): Uint8Array {
  if (reply.latin1 !== undefined) return Buffer.from(reply.latin1, 'latin1');
  if (reply.repeat) return Buffer.from(reply.repeat[0].repeat(reply.repeat[1]));
  if (reply.gzipCut === undefined) return Buffer.from(reply.body ?? '');
  const packed = gzipSync(reply.gzipCut);
  return packed.subarray(0, packed.length >> 1);
}

async function outcome(broken: Broken): Promise<{ readonly rows: number } | { readonly error: readonly string[] }> {
  const { status, headers } = broken.reply;
  const reply = { ...(status ? { status } : {}), ...(headers ? { headers } : {}), body: bodyOf(broken) };
  const faults = broken.breaks ? [{ breaks: broken.breaks }] : [];
  await using api = await startFakeApi([{ path: '/v1/messages', reply, faults }]);
  const config = {
    client: {
      base_url: `${api.url}/v1`,
      auth: { token: 'hush-hush-token' },
      retry: { max_retries: 1 },
      max_body_bytes: 200_000,
    },
    resources: [{ name: 'messages', endpoint: { path: 'messages', ...broken.endpoint } }],
  } as RestApiConfig;
  const secrets = createSecrets();
  await using source = restApi(config, { secrets, env: {}, sleep: async () => {} });
  let rows = 0;
  try {
    for await (const _ of readRows(source)) rows += 1;
    return { rows };
  } catch (error) {
    const text = errorText(error, { debug: false, redact: (line) => line });
    const lines = text.replaceAll(api.url, '{API}').replaceAll(api.url.slice('http://'.length), '{HOST}').split('\n');
    return { error: [`${(error as SynclineError).name} ${(error as SynclineError).code}`, ...lines] };
  }
}

describe('a broken response tells the user what happened, where, and what to do', () => {
  it('in thirty cases and more', () => {
    expect(names.length).toBeGreaterThanOrEqual(30);
  });

  it.each(names)('%s', async (name) => {
    const broken = JSON.parse(readFileSync(join(dir, `${name}.json`), 'utf8')) as Broken;
    const got = await outcome(broken);
    expect(got).toEqual('rows' in broken ? { rows: broken.rows } : { error: broken.error });
    expect(JSON.stringify(got)).not.toMatch(/hush-hush|\\n *at |undefined/);
  });
});
