import { setTimeout as delay } from 'node:timers/promises';
import { createSecrets } from '../../src/core/secret.ts';
import type { RunEvent } from '../../src/core/events.ts';
import type { HttpRequest } from '../../src/core/http.ts';
import { createClient } from '../../src/rest/client.ts';
import { retryPolicy, timeouts } from '../../src/rest/config-client.ts';
import type { ClientOptions, Exchange } from '../../src/rest/exchange.ts';

/** A client whose waits are recorded in seconds instead of waited for. */
export function openClient(options: Partial<ClientOptions> = {}) {
  const secrets = options.secrets ?? createSecrets();
  const waits: number[] = [];
  const events: RunEvent[] = [];
  const client = createClient({
    secrets,
    retry: retryPolicy({ jitter: false }),
    timeouts: timeouts(undefined),
    maxBodyBytes: 1024 * 1024,
    allowedHosts: [],
    env: {},
    now: Date.now,
    random: () => 0,
    async sleep(ms, signal) {
      waits.push(ms / 1000);
      await delay(0, undefined, { signal });
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
