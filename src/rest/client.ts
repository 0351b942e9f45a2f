import { setMaxListeners } from 'node:events';
import { STATUS_CODES } from 'node:http';
import type { HttpRequest, HttpResponse } from '../core/http.ts';
import { bodyExcerpt } from './body-excerpt.ts';
import { openDispatcher } from './dispatcher.ts';
import { parseAddress } from './encode-request.ts';
import type { Client, ClientOptions, Exchange } from './exchange.ts';
import { createFollow, type Followed, placeOf } from './follow.ts';
import { createGovernor, type Turn } from './governor.ts';
import { NetworkFailure, networkError } from './network-failure.ts';
import { askedWait } from './rate-limit-headers.ts';
import { createRetryBudget, type RetryStep } from './retry.ts';
import { statusError } from './status-error.ts';

/** Opens a client. */
export function createClient(options: ClientOptions): Client {
  const { retry, secrets } = options;
  const { concurrency, timeouts, env } = options;
  const dispatcher = openDispatcher({ timeouts, connections: concurrency.limit, env });
  const governor = createGovernor({ ...options, maxWait: retry.maxWait });
  const follow = createFollow({ ...options, dispatcher, sendToken });

  /** The request of an auth goes to its own origin, without an auth. */
  async function sendToken(request: HttpRequest, { resource, page, emit, signal, turn }: Exchange): Promise<HttpResponse> {
    const { origin } = parseAddress(request.url);
    return (await exchange(request, { resource, page, emit, signal, turn, home: origin })) as HttpResponse;
  }

  async function exchange(request: HttpRequest, about: Exchange): Promise<HttpResponse | 'ignore'> {
    const { signal, auth, inspect } = about;
    // Requests side by side share one signal.
    if (signal) setMaxListeners(0, signal);
    const budget = createRetryBudget(retry, options);
    let renewed = false;
    for (let tries = 1; ; tries += 1) {
      signal?.throwIfAborted();
      const outcome = await attempt(request, about).catch(networkFailure);
      if (outcome instanceof NetworkFailure) {
        const step = outcome.retryable ? budget.failed() : undefined;
        if (!step || !('waitMs' in step)) throw networkError(outcome, placeOf(request, about, options), tries);
        await wait(step.waitMs, { about, tries, reason: outcome.message });
        continue;
      }
      about.emit?.({
        type: 'debug',
        message: `${outcome.place.request} answered ${outcome.response.status}, ${outcome.response.body.length} bytes`,
      });
      const response = inspect ? await inspect(outcome.response) : outcome.response;
      if (response === 'ignore' || response.status < 400) return response;
      if (response.status === 401 && !renewed && outcome.credentials !== 'withheld' && auth?.rejected?.(outcome.sent)) {
        renewed = true;
        continue;
      }
      const step = isRetried(response) ? budget.failed(response.headers) : undefined;
      if (!step || !('waitMs' in step)) throw badStatus({ ...outcome, response }, step, tries);
      // Without a header to say so, a 429 means the whole client too.
      if (response.status === 429) governor.pause(step.waitMs);
      await wait(step.waitMs, { about, tries, reason: `${response.status} ${STATUS_CODES[response.status] ?? ''}`.trim() });
    }
  }

  /** One try, when it is its turn. Waits between tries hold no place. */
  function attempt(request: HttpRequest, about: Exchange): Promise<Followed> {
    const run = (turn: Turn) => {
      about.emit?.({ type: 'request', resource: about.resource });
      return follow(request, { ...about, turn });
    };
    return about.turn ? run(about.turn) : governor.turn(about, run);
  }

  const isRetried = (response: HttpResponse) => retry.statuses.includes(response.status) || isUsedUpQuota(response);

  /** Some APIs say 403 for a used up quota: their headers tell it from a refusal. */
  const isUsedUpQuota = (response: HttpResponse) =>
    response.status === 403 && retry.statuses.includes(429) && (askedWait(response.headers, options.now()) ?? 0) > 0;

  function badStatus(outcome: Followed, step: RetryStep | undefined, tries: number): Error {
    const { response, place, host, credentials } = outcome;
    return statusError({
      status: response.status,
      place,
      host,
      credentials,
      tries,
      excerpt: bodyExcerpt(response.body, secrets),
      quota: response.status === 429 || isUsedUpQuota(response),
      askedSeconds: step && 'tooLong' in step ? step.tooLong / 1000 : undefined,
    });
  }

  async function wait(waitMs: number, { about, tries, reason }: { about: Exchange; tries: number; reason: string }): Promise<void> {
    about.emit?.({ type: 'retry', resource: about.resource, waitMs, reason, attempt: tries });
    try {
      await options.sleep(waitMs, about.signal);
    } finally {
      about.signal?.throwIfAborted();
    }
  }

  return {
    exchange,
    async [Symbol.asyncDispose]() {
      await dispatcher.destroy();
    },
  };
}

function networkFailure(error: unknown): NetworkFailure {
  if (error instanceof NetworkFailure) return error;
  throw error;
}
