import type { Emit } from '../core/events.ts';
import type { Concurrency } from './config-client.ts';
import { createAlarm } from './governor-alarm.ts';
import { createGate, type GateOptions, type Sent } from './governor-gate.ts';
import { createFairQueue } from './governor-queue.ts';
import { createSlots } from './governor-slots.ts';

/** What a {@link Governor} keeps to. */
export interface GovernorOptions extends Omit<GateOptions, 'slots'> {
  readonly concurrency: Concurrency;
  /** Milliseconds on a clock that nobody sets. */
  readonly elapsed: () => number;
  /** Resolves after that many milliseconds; rejects when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Who asks for a turn. */
export interface Asking {
  readonly resource: string;
  readonly emit?: Emit | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Told by whoever sends a request what becomes of it. */
export interface Watch {
  /** The request goes onto the wire, on a connection that stands. */
  sent(): void;
  /** The answer begins. */
  answered(status: number, headers: Readonly<Record<string, string>>): void;
}

/** A place among the requests that are under way. Its requests are sent one after the other. */
export interface Turn {
  /** Sends once the rate allows it. */
  send<T>(send: (watch: Watch) => Promise<T>): Promise<T>;
}

/** Decides when a request of a client may go: all of them pass through it. */
export interface Governor {
  /** Runs when a place is free and it is the turn of who asks. Rejects with the signal's reason. */
  turn<T>(asking: Asking, run: (turn: Turn) => Promise<T>): Promise<T>;
  /** Lets nothing go for so many milliseconds. */
  pause(ms: number): void;
}

interface Waiting {
  readonly asking: Asking;
  readonly go: () => void;
}

/** Where one waits. */
interface Line {
  readonly join: (waiting: Waiting) => void;
  readonly leave: (waiting: Waiting) => void;
}

/** Waits from this length on are told, because a user would wonder. */
const TOLD_MS = 2000;

/** Starts with nothing under way. */
export function createGovernor(options: GovernorOptions): Governor {
  const slots = createSlots(options.concurrency.limit);
  const gate = createGate({ ...options, slots });
  const alarm = createAlarm({ ...options, wake: serve });
  /** For a place. */
  const queue = createFairQueue<Waiting>();
  /** For the rate, with a place. They go first. */
  const placed: Waiting[] = [];
  let turns = 0;
  /** Turns that have not asked for the rate yet, because they prove who they are first. */
  let preparing = 0;
  /** Requests that may go and are not on the wire yet, because their connection is being made. */
  let leaving = 0;
  let onTheWay = 0;
  let sentCount = 0;
  let toldUntil = -Infinity;

  /** Lets go who may. Called after every change. */
  function serve(): void {
    for (;;) {
      const [first = turns < slots.limit ? queue.peek() : undefined] = placed;
      if (!first) return alarm.set(Infinity);
      const now = alarm.now();
      const opens = gate.opensAt(now, placed.length > 0 ? leaving : leaving + preparing);
      if (opens.at > now) {
        if (opens.at < Infinity) tell(first.asking, { ...opens, waitMs: opens.at - now });
        return alarm.set(opens.at);
      }
      if (placed.length > 0) {
        placed.shift();
        leaving += 1;
      } else {
        queue.shift();
        turns += 1;
        preparing += 1;
      }
      first.go();
    }
  }

  function tell({ resource, emit }: Asking, wait: { readonly at: number; readonly waitMs: number; readonly because: string }): void {
    if (wait.waitMs < TOLD_MS || wait.at <= toldUntil) return;
    toldUntil = wait.at;
    emit?.({ type: 'pause', resource, waitMs: wait.waitMs, reason: wait.because });
  }

  /** Resolves when `serve` lets it go. */
  async function wait(asking: Asking, line: Line): Promise<void> {
    const { signal } = asking;
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const abort = () => {
        line.leave(waiting);
        reject(signal?.reason as Error);
        serve();
      };
      const go = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const waiting = { asking, go };
      signal?.addEventListener('abort', abort, { once: true });
      line.join(waiting);
      serve();
    });
  }

  const rateLine: Line = {
    join: (waiting) => placed.push(waiting),
    leave: (waiting) => placed.splice(placed.indexOf(waiting), 1),
  };

  async function send<T>({ resource, emit }: Asking, request: (watch: Watch) => Promise<T>): Promise<T> {
    let sent: Sent | undefined;
    let isOnTheWay = false;
    const arrived = () => {
      if (isOnTheWay) onTheWay -= 1;
      isOnTheWay = false;
    };
    try {
      return await request({
        sent() {
          // Called again when the request had to change its connection: the API may have counted both.
          if (!sent) leaving -= 1;
          if (!isOnTheWay) onTheWay += 1;
          isOnTheWay = true;
          sentCount += 1;
          sent = { resource, emit, at: alarm.now(), nth: sentCount };
          gate.sent(sent.at);
          serve();
        },
        answered(status, headers) {
          arrived();
          if (sent) gate.answered(sent, { status, headers, now: alarm.now(), onTheWay, newest: sentCount });
          serve();
        },
      });
    } finally {
      if (!sent) leaving -= 1;
      arrived();
      serve();
    }
  }

  return {
    async turn(asking, run) {
      const { resource } = asking;
      await wait(asking, { join: (waiting) => queue.push(resource, waiting), leave: (waiting) => queue.remove(resource, waiting) });
      let isPreparing = true;
      const prepared = () => {
        if (isPreparing) preparing -= 1;
        isPreparing = false;
      };
      try {
        return await run({
          async send(request) {
            prepared();
            await wait(asking, rateLine);
            return send(asking, request);
          },
        });
      } finally {
        prepared();
        turns -= 1;
        serve();
      }
    },
    pause(ms) {
      const until = alarm.now() + ms;
      gate.pause(until);
      // Whoever was refused tells of the wait.
      toldUntil = Math.max(toldUntil, until);
    },
  };
}
