import type { ServerResponse } from 'node:http';

/** What a route of the fake API answers: `json`, or `body` as it is. */
export interface FakeReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, without a content type. */
  readonly body?: string | Uint8Array;
}

/** A scripted fault: it takes the place of an answer, or spoils it. */
export interface Fault {
  /** Which requests of the route it hits, counted from 1; all when left out. */
  readonly nth?: readonly number[];
  /** Milliseconds before anything is sent. */
  readonly delayMs?: number;
  /** Answers this instead. */
  readonly reply?: FakeReply;
  /**
   * `reset` closes the connection before the answer, `cut` in the middle of its body, `stall` stops
   * in the middle of the body and `silence` before the answer; both keep the connection open.
   */
  readonly breaks?: 'reset' | 'cut' | 'stall' | 'silence';
}

/** Sends a reply, spoilt as a fault says. */
export function sendReply(response: ServerResponse, reply: FakeReply, breaks: Fault['breaks']): void {
  if (breaks === 'silence') return;
  if (breaks === 'reset') {
    response.destroy();
    return;
  }
  const isJson = 'json' in reply;
  const body = Buffer.from(isJson ? JSON.stringify(reply.json) : (reply.body ?? ''));
  const headers = { ...(isJson ? { 'content-type': 'application/json' } : {}), 'content-length': String(body.length), ...reply.headers };
  response.writeHead(reply.status ?? 200, headers as Record<string, string | string[]>);
  if (breaks === undefined) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, body.length >> 1), () => {
    if (breaks === 'cut') response.destroy();
  });
}
