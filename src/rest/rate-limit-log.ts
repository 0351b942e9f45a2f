import type { RateLimit } from './config-client.ts';

/** Share of a span that is added to it, for the way to the API does not always take the same time. */
const MARGIN = 0.02;
const MAX_MARGIN_MS = 100;
/** Requests that are remembered even while no limit needs them, for one may be announced. */
const HISTORY = 1000;

/** When requests went out, and when one more may: a sliding log. Times are milliseconds of any one clock. */
export interface RateLog {
  readonly limits: readonly RateLimit[];
  /** Puts other limits in place of those that held so far. What was sent counts for them. */
  adopt(limits: readonly RateLimit[]): void;
  sent(at: number): void;
  /** A request reached the API later than it was sent, by so many milliseconds. */
  late(at: number, by: number): void;
  /** When one more may go, while `ahead` others are about to; `Infinity` until one of those has gone. */
  opensAt(ahead: number): number;
}

/** An empty log. */
export function createRateLog(initial: readonly RateLimit[]): RateLog {
  let limits = initial;
  /** Ascending. */
  const times: number[] = [];

  function insert(at: number): void {
    let place = times.length;
    while (place > 0 && (times[place - 1] as number) > at) place -= 1;
    times.splice(place, 0, at);
  }

  return {
    get limits() {
      return limits;
    },
    adopt(others) {
      limits = others;
    },
    sent(at) {
      insert(at);
      const needed = Math.max(HISTORY, ...limits.map(({ requests }) => requests));
      if (times.length > 2 * needed) times.splice(0, times.length - needed);
    },
    late(at, by) {
      const place = times.lastIndexOf(at);
      if (place === -1) return;
      times.splice(place, 1);
      insert(at + by);
    },
    opensAt(ahead) {
      return Math.max(...limits.map((limit) => windowOpensAt(limit, times, ahead)), -Infinity);
    },
  };
}

/** A window has room once the request that would be one too many with the newest ones has left it. */
function windowOpensAt({ requests, per }: RateLimit, times: readonly number[], ahead: number): number {
  const room = requests - ahead;
  if (room <= 0) return Infinity;
  const leaving = times[times.length - room];
  const span = per * 1000;
  return leaving === undefined ? -Infinity : leaving + span + Math.min(MARGIN * span, MAX_MARGIN_MS);
}
