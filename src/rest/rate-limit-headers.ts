import type { RateLimit } from './config-client.ts';

type Headers = Readonly<Record<string, string>>;

/** What the API says is left until its count starts again. */
export interface Quota {
  readonly remaining: number;
  /** Milliseconds until then. */
  readonly resetMs: number;
}

/** `RateLimit-Remaining` of the drafts and its older spellings. */
const PREFIXES = ['ratelimit-', 'x-ratelimit-', 'x-rate-limit-'];
/** `X-RateLimit-Limit-Minute` and the like, in seconds. */
const UNITS = { second: 1, minute: 60, hour: 3600, day: 86_400 };
const NUMBER = /^\s*\d+(\.\d+)?\s*$/;

/** Milliseconds until the API wants to be asked again; 0 or less is now, `undefined` when it does not say. */
export function askedWait(headers: Headers, now: number): number | undefined {
  const after = headers['retry-after'];
  const wait = after === undefined ? undefined : readWait(after, now);
  if (wait !== undefined) return wait;
  const usedUp = readQuotas(headers, now).filter(({ remaining }) => remaining < 1);
  return usedUp.length > 0 ? Math.max(...usedUp.map(({ resetMs }) => resetMs)) : undefined;
}

/** What a response says is left: in `RateLimit-Remaining` and `-Reset`, or in `RateLimit` as the newer drafts have it. */
export function readQuotas(headers: Headers, now: number): Quota[] {
  const quotas = readItems(headers['ratelimit']).map(({ params }) => quotaOf(params['r'], params['t'], now));
  // Draft 7: `limit=100, remaining=50, reset=30`.
  const fields = Object.fromEntries(readItems(headers['ratelimit']).map(({ item }) => item.split('=', 2).map((part) => part.trim())));
  quotas.push(quotaOf(fields['remaining'], fields['reset'], now));
  quotas.push(quotaOf(first(headers, 'remaining'), first(headers, 'reset') ?? first(headers, 'reset-after'), now));
  return quotas.filter((quota) => quota !== undefined);
}

/** The limits that a response announces: `RateLimit-Policy: "default";q=100;w=60`, `100;w=60`, or a header for each unit of time. */
export function announcedLimits(headers: Headers): RateLimit[] {
  const policies = [...readItems(headers['ratelimit-policy']), ...readItems(first(headers, 'limit'))].flatMap(({ item, params }) => {
    const countsRequests = (params['qu'] ?? 'requests') === 'requests';
    return countsRequests ? limitOf(params['q'] ?? item, params['w']) : [];
  });
  const units = Object.entries(UNITS).flatMap(([unit, per]) => limitOf(first(headers, `limit-${unit}`), String(per)));
  return [...policies, ...units];
}

function first(headers: Headers, name: string): string | undefined {
  return PREFIXES.map((prefix) => headers[prefix + name]).find((value) => value !== undefined);
}

function quotaOf(remaining: string | undefined, reset: string | undefined, now: number): Quota | undefined {
  if (remaining === undefined || !NUMBER.test(remaining) || reset === undefined) return undefined;
  const resetMs = readReset(reset, now);
  return resetMs === undefined ? undefined : { remaining: Math.floor(Number(remaining)), resetMs };
}

function limitOf(requests: string | undefined, per: string | undefined): RateLimit[] {
  const limit = { requests: Number(requests), per: Number(per) };
  return Number.isInteger(limit.requests) && limit.requests > 0 && limit.per > 0 ? [limit] : [];
}

interface Item {
  /** Without quotes. */
  readonly item: string;
  readonly params: Readonly<Record<string, string>>;
}

/** A list of RFC 9651 as far as rate limits need it: items with parameters. */
function readItems(text: string | undefined): Item[] {
  return (text?.match(/(?:"[^"]*"|[^",])+/g) ?? []).map((member) => {
    const [item = '', ...params] = (member.match(/(?:"[^"]*"|[^";])+/g) ?? []).map((part) => part.trim());
    return { item: unquoted(item), params: Object.fromEntries(params.map((param) => param.split('=', 2).map(unquoted))) };
  });
}

function unquoted(text: string): string {
  return text.trim().replaceAll('"', '');
}

function readWait(text: string, now: number): number | undefined {
  if (NUMBER.test(text)) return Number(text) * 1000;
  const date = readDate(text);
  return date === undefined ? undefined : date - now;
}

/** APIs give seconds from now, or the epoch in seconds or milliseconds; their size tells. */
function readReset(text: string, now: number): number | undefined {
  if (!NUMBER.test(text)) return readWait(text, now);
  const value = Number(text);
  if (value > 1e11) return value - now;
  return value > 1e8 ? value * 1000 - now : value * 1000;
}

/** HTTP's three forms of a date, and ISO's. `Date.parse` alone would take `1.5` for a day in January. */
function readDate(text: string): number | undefined {
  if (!/^\s*(?:[A-Z][a-z]{2,8},? |\d{4}-\d\d-\d\dT)/.test(text)) return undefined;
  const zoned = /(?:GMT|UTC|Z|[+-]\d\d:?\d\d)\s*$/.test(text) ? text : `${text} GMT`;
  const date = Date.parse(zoned);
  return Number.isNaN(date) ? undefined : date;
}
