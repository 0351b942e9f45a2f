import type { IncomingMessage } from 'node:http';

/** A request as a {@link startFakeApi} server got it. */
export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  /** Origin by which the server was asked. */
  readonly origin: string;
  readonly query: URLSearchParams;
  /** Values of `:name` parts of the route's path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body as text. */
  readonly body: string;
  /** The body as JSON says it; `undefined` when it is no JSON. */
  readonly json: unknown;
  /** The body as a form; empty when it is none. */
  readonly form: URLSearchParams;
  /** How many requests the route got, this one included. */
  readonly nth: number;
}

/** What a request is before a route is found for it. */
export type UnroutedRequest = Omit<FakeRequest, 'params' | 'nth'>;

/** Reads a request whole. */
export async function readFakeRequest(message: IncomingMessage): Promise<UnroutedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const origin = `http://${message.headers.host}`;
  const url = new URL(message.url ?? '/', origin);
  const isForm = message.headers['content-type']?.includes('x-www-form-urlencoded') ?? false;
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    origin,
    query: url.searchParams,
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
    ),
    body,
    json: jsonOf(body),
    form: new URLSearchParams(isForm ? body : ''),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
