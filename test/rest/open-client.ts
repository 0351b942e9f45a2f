import { setTimeout as delay } from 'node:timers/promises';
import { createSecrets } from '../../src/core/secret.ts';
import type { RunEvent } from '../../src/core/events.ts';
import type { HttpRequest } from '../../src/core/http.ts';
import { createClient } from '../../src/rest/client.ts';
import { concurrency, retryPolicy, timeouts } from '../../src/rest/config-client.ts';
import type { ClientOptions, Exchange } from '../../src/rest/exchange.ts';

/** A client whose waits are recorded in seconds instead of waited for: the clock goes on by them and by nothing else. */
export function openClient(options: Partial<ClientOptions> = {}) {
  const secrets = options.secrets ?? createSecrets();
  const waits: number[] = [];
  const events: RunEvent[] = [];
  let clock = options.now?.() ?? Date.now();
  const elapsed = () => clock;
  const client = createClient({
    secrets,
    retry: retryPolicy({ jitter: false }),
    timeouts: timeouts(undefined),
    concurrency: concurrency(undefined),
    rateLimits: undefined,
    maxBodyBytes: 1024 * 1024,
    allowedHosts: [],
    env: {},
    now: elapsed,
    elapsed,
    random: () => 0,
    async sleep(ms, signal) {
      const end = clock + ms;
      waits.push(ms / 1000);
      await delay(0, undefined, { signal });
      clock = Math.max(clock, end);
    },
    ...options,
  });
  return {
    secrets,
    waits,
    events,
    send: (request: Partial<HttpRequest> & { readonly url: string }, exchange: Partial<Exchange> = {}) =>
      client.exchange(
        { method: 'GET', headers: {}, params: {}, ...request },
        {
          resource: 'posts',
          page: 0,
          home: URL.canParse(request.url) ? new URL(request.url).origin : '',
          emit: (event) => events.push(event),
          ...exchange,
        },
      ),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}
