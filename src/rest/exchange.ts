import type { Auth } from '../core/auth.ts';
import type { Emit } from '../core/events.ts';
import type { HttpRequest, HttpResponse } from '../core/http.ts';
import type { Secrets } from '../core/secret.ts';
import type { Concurrency, RateLimit, RetryPolicy, Timeouts } from './config-client.ts';
import type { Turn } from './governor.ts';

/** What the requests of one source share. */
export interface ClientOptions {
  readonly secrets: Secrets;
  readonly retry: RetryPolicy;
  readonly timeouts: Timeouts;
  readonly concurrency: Concurrency;
  /** `undefined`: what the API announces. */
  readonly rateLimits: readonly RateLimit[] | undefined;
  readonly maxBodyBytes: number;
  readonly allowedHosts: readonly string[];
  /** Where the proxy variables are. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds on a clock that nobody sets. */
  readonly elapsed: () => number;
  /** A number from 0 to below 1. */
  readonly random: () => number;
  /** Resolves after that many milliseconds; rejects when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** One request's part in a run. */
export interface Exchange {
  readonly resource: string;
  /** Position of the page in its walk, from 0. */
  readonly page: number;
  readonly auth?: Auth | undefined;
  /** Origin that the credentials were configured for. */
  readonly home: string;
  /** Origin that the configuration names by an absolute path: asked, without credentials. */
  readonly named?: string | undefined;
  readonly emit?: Emit | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Turn of the request that this one is made for: a token request takes no place of its own. */
  readonly turn?: Turn | undefined;
  /** Sees the response of every try before its status is judged. */
  readonly inspect?: ((response: HttpResponse) => Promise<HttpResponse | 'ignore'>) | undefined;
}

/** Sends the requests of one source: the only place where something is tried again. */
export interface Client extends AsyncDisposable {
  /** Rejects with a SynclineError, or with the signal's reason. */
  exchange(request: HttpRequest, exchange: Exchange): Promise<HttpResponse | 'ignore'>;
}
