import { z } from 'zod';
import { list } from './config-json.ts';

const seconds = z.number().positive();

/** Retries of one client; the default is the project's guide. */
export const retrySchema = z.strictObject({
  statuses: list(z.int().min(100).max(599)).nullish().describe('Statuses that are tried again; 429, 500, 502, 503 and 504 when left out.'),
  max_retries: z.int().min(0).nullish().describe('Tries after the first; 3 when left out.'),
  backoff_factor: z.number().min(0).nullish().describe('Seconds of the first wait, doubled for each one after; 2 when left out.'),
  max_wait: seconds.nullish().describe('Longest wait in seconds; 300 when left out.'),
  jitter: z.boolean().nullish().describe('Spread waits at random so that clients do not come back together; true when left out.'),
});

/** Timeouts of one client, in seconds. */
export const timeoutSchema = z.strictObject({
  connect: seconds.nullish().describe('Until the connection stands; 10 when left out.'),
  headers: seconds.nullish().describe('Until the response starts; 60 when left out.'),
  body: seconds.nullish().describe('Longest silence while a body arrives; 60 when left out.'),
});

/** One limit of the rate, as `client.rate_limit` writes it. */
const rateLimit = z.strictObject({
  requests: z.int().min(1).describe('Requests that may be sent in any span of `per` seconds.'),
  per: seconds.describe('Length of the span in seconds.'),
});

/** Limits of the rate: one, or several that all hold. */
export const rateLimitSchema = z
  .union([rateLimit, list(rateLimit)], { error: 'Expected `requests` and `per`, or a list of such.' })
  .describe('How many requests may be sent in a span of time; what the API announces when left out, no limit for an empty list.');

/** Requests side by side. */
export const concurrencySchema = z
  .int()
  .min(1)
  .describe(
    'Requests that are under way at once; 4 when left out. Set, it also lets pages be asked for ahead of an end that is not known.',
  );

/** How many requests may be under way at once. */
export interface Concurrency {
  readonly limit: number;
  /** The configuration sets it: pages past the end may be asked for. */
  readonly explicit: boolean;
}

/** So many requests in any span of `per` seconds. */
export interface RateLimit {
  readonly requests: number;
  readonly per: number;
}

/** Retries as the client applies them. Waits are in seconds. */
export interface RetryPolicy {
  readonly statuses: readonly number[];
  readonly maxRetries: number;
  readonly backoffFactor: number;
  readonly maxWait: number;
  readonly jitter: boolean;
}

/** Timeouts as the client applies them, in seconds. */
export interface Timeouts {
  readonly connect: number;
  readonly headers: number;
  readonly body: number;
}

/** Largest body that is read when `client.max_body_bytes` says nothing: 256 MB. */
export const DEFAULT_MAX_BODY_BYTES = 256 * 1024 * 1024;

/** The policy of `client.retry`, completed with the defaults. */
export function retryPolicy(retry: z.input<typeof retrySchema> | null | undefined): RetryPolicy {
  return {
    statuses: retry?.statuses ?? [429, 500, 502, 503, 504],
    maxRetries: retry?.max_retries ?? 3,
    backoffFactor: retry?.backoff_factor ?? 2,
    maxWait: retry?.max_wait ?? 300,
    jitter: retry?.jitter ?? true,
  };
}

/** The timeouts of `client.timeout`, completed with the defaults. */
export function timeouts(timeout: z.input<typeof timeoutSchema> | null | undefined): Timeouts {
  return { connect: timeout?.connect ?? 10, headers: timeout?.headers ?? 60, body: timeout?.body ?? 60 };
}

/** What `client.concurrency` asks for. */
export function concurrency(limit: number | null | undefined): Concurrency {
  return { limit: limit ?? 4, explicit: typeof limit === 'number' };
}

/** The limits of `client.rate_limit`; `undefined` leaves them to the API. */
export function rateLimits(limits: z.input<typeof rateLimitSchema> | null | undefined): readonly RateLimit[] | undefined {
  return limits ? [limits].flat() : undefined;
}
