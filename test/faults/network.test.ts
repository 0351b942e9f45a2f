import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/testing/fake-reply.ts';
import { compareDumps } from './dataset-dump.ts';
import { faultyApi, undisturbedDump, wellPage } from './faulty-api.ts';

/** The last page is empty. */
const OFFSETS = ['0', '10', '20', '30', '40', '50'];

/** The dataset is as if nothing had happened. */
async function expectUndisturbed(api: Awaited<ReturnType<typeof faultyApi>>): Promise<void> {
  expect(compareDumps(await undisturbedDump(), await api.dump()).problems).toEqual([]);
  expect(api.logs()).toEqual([]);
}

describe('a network that fails for a moment costs nothing but tries', () => {
  it.each<[string, Fault]>([
    ['connections that are reset', { nth: [2, 3, 5], breaks: 'reset' }],
    ['bodies that are cut short', { nth: [1, 4, 6], breaks: 'cut' }],
    ['a body that stops arriving', { nth: [3], breaks: 'stall' }],
    ['a socket that is stuck', { nth: [3], breaks: 'silence' }],
    ['answers that are slow', { delayMs: 30 }],
    ['statuses 500 to 504', { nth: [2, 3, 6], reply: { status: 503, json: { error: 'later' } } }],
    ['a storm of 429 that says for how long', { nth: [2, 3, 4, 5, 6, 7], reply: { status: 429, headers: { 'retry-after': '0.01' } } }],
    ['a storm of 429 that says nothing', { nth: [2, 3, 5, 6], reply: { status: 429 } }],
    ['a storm of 429 that says now', { nth: [2, 3, 4, 5, 6, 7], reply: { status: 429, headers: { 'retry-after': '0' } } }],
  ])('%s', async (_, fault) => {
    await using api = await faultyApi({ route: { faults: [fault] } });
    const report = await api.run();
    const asked = api.asked();
    expect([...new Set(asked)].toSorted()).toEqual(OFFSETS);
    expect(report).toMatchObject({ complete: true, resumed: false, resources: [{ pages: 6, rows: 45, requests: asked.length }] });
    expect(report.resources[0]?.retries).toBe(asked.length - 6);
    await expectUndisturbed(api);
  });
});

describe('a network that fails for long ends the run, and the next one goes on', () => {
  const statusOf = (status: number) => ({ status, json: { error: 'no' } });
  it.each<[string, Fault, object, number]>([
    ['status 500', { reply: statusOf(500) }, { code: 'server_error', status: 500, retryable: true }, 4],
    ['resets', { breaks: 'reset' }, { code: 'network_error', retryable: true }, 4],
    ['bodies cut short', { breaks: 'cut' }, { code: 'network_error', retryable: true }, 4],
    ['429 that asks to wait for too long', { reply: { status: 429, headers: { 'retry-after': '86400' } } }, { status: 429 }, 1],
    ['429 that says now', { reply: { status: 429, headers: { 'retry-after': '0' } } }, { status: 429 }, 24],
    ['429 that says nothing', { reply: { status: 429 } }, { status: 429 }, 4],
  ])('%s', async (_, fault, error, tries) => {
    // Two pages come, then none.
    await using api = await faultyApi({ route: { faults: [{ ...fault, nth: Array.from({ length: 100 }, (_, i) => i + 3) }] } });
    await expect(api.run()).rejects.toMatchObject(error);
    expect(api.asked()).toEqual(['0', '10', ...Array.from({ length: tries }, () => '20')]);
    expect(api.logs()).toHaveLength(1);
    api.heal();
    expect(await api.run()).toMatchObject({ complete: true, resumed: true, resources: [{ pages: 6, rows: 45, requests: 4 }] });
    expect(api.asked()).toEqual(['20', '30', '40', '50']);
    await expectUndisturbed(api);
  });
});

describe('an OAuth token that expires in the middle of a walk', () => {
  const auth = (url: string) => ({
    type: 'oauth2_client_credentials',
    access_token_url: `${url}/token`,
    client_id: 'me',
    client_secret: 'hush',
  });

  it('is fetched anew, and no page is asked for twice but the refused one', async () => {
    let granted = 0;
    let uses = 0;
    const client: Record<string, unknown> = {};
    await using api = await faultyApi({
      client,
      route: {
        reply(request) {
          uses += 1;
          const isGood = request.headers['authorization'] === `Bearer token-${granted}` && (granted > 1 || uses <= 2);
          return isGood ? wellPage(request) : { status: 401, json: { error: 'expired' } };
        },
      },
      others: (own) => {
        Object.defineProperty(client, 'auth', { enumerable: true, get: () => auth(own().url) });
        return [{ path: '/token', reply: () => ({ json: { access_token: `token-${(granted += 1)}`, expires_in: 3600 } }) }];
      },
    });
    expect(await api.run()).toMatchObject({ complete: true });
    expect(api.asked()).toEqual(['0', '10', '20', '20', '30', '40', '50']);
    expect(granted).toBe(2);
    await expectUndisturbed(api);
  });
});
