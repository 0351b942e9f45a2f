import type { Emit } from '../core/events.ts';
import type { RateLimit } from './config-client.ts';
import { createHolds } from './governor-holds.ts';
import type { Slots } from './governor-slots.ts';
import { announcedLimits, askedWait, readQuotas } from './rate-limit-headers.ts';
import { createLateness } from './rate-limit-lateness.ts';
import { createRateLog } from './rate-limit-log.ts';

type Headers = Readonly<Record<string, string>>;

/** A request that is on the wire. */
export interface Sent {
  readonly resource: string;
  readonly emit: Emit | undefined;
  /** When it went. */
  readonly at: number;
  /** Its number in the order of sending. */
  readonly nth: number;
}

/** The start of an answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly now: number;
  /** Other requests that were sent and not answered. */
  readonly onTheWay: number;
  /** Number of the request that was sent last. */
  readonly newest: number;
}

/** When one more request may go, by the limits and by what the API says. Times are of the governor's clock. */
export interface Gate {
  /** `ahead` others are about to go; `Infinity` until one of those has gone. */
  opensAt(now: number, ahead: number): { readonly at: number; readonly because: string };
  sent(at: number): void;
  answered(sent: Sent, answer: Answer): void;
  /** Lets nothing pass before that time. */
  pause(until: number): void;
}

/** What a {@link Gate} keeps to. */
export interface GateOptions {
  /** `undefined`: those that the API announces. */
  readonly rateLimits: readonly RateLimit[] | undefined;
  /** Longest wait in seconds that the API gets. */
  readonly maxWait: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly slots: Slots;
}

/** A gate that nothing has passed. */
export function createGate({ rateLimits, maxWait, now: epoch, slots }: GateOptions): Gate {
  const rate = createRateLog(rateLimits ?? []);
  const lateness = createLateness();
  const holds = createHolds();
  const isKept = (waitMs: number) => waitMs > 0 && waitMs <= maxWait * 1000;

  function adopt(emit: Emit | undefined, headers: Headers): void {
    const limits = announcedLimits(headers);
    if (limits.length === 0 || JSON.stringify(limits) === JSON.stringify(rate.limits)) return;
    rate.adopt(limits);
    const list = limits.map(({ requests, per }) => `${requests} requests in ${per} s`).join(', ');
    emit?.({ type: 'debug', message: `The API announces its rate limit, which is kept to: ${list}` });
  }

  return {
    opensAt(now, ahead) {
      const held = holds.opensAt(now, ahead);
      const rated = rate.opensAt(ahead);
      return rated > held ? { at: rated, because: 'rate limit' } : { at: held, because: 'asked for by the API' };
    },
    sent(at) {
      rate.sent(at);
      holds.sent();
    },
    answered(sent, { status, headers, now, onTheWay, newest }) {
      const [shortest] = rate.limits.toSorted((a, b) => a.per - b.per);
      if (shortest) rate.late(sent.at, lateness.of(sent.resource, now - sent.at, shortest));
      if (!rateLimits) adopt(sent.emit, headers);
      const asked = status >= 400 ? askedWait(headers, epoch()) : undefined;
      if (status === 429 || (asked !== undefined && asked > 0)) {
        slots.refused(newest);
        if (asked !== undefined && isKept(asked)) holds.pause(now + asked);
        return;
      }
      slots.succeeded(sent.nth);
      const [tightest] = readQuotas(headers, epoch())
        .filter(({ resetMs }) => isKept(resetMs))
        .toSorted((a, b) => a.remaining - b.remaining || b.resetMs - a.resetMs);
      if (tightest) holds.quota(tightest, { nth: sent.nth, now, onTheWay });
    },
    pause: (until) => holds.pause(until),
  };
}
