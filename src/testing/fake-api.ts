import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Fault, type FakeReply, sendReply } from './fake-reply.ts';
import { type FakeRequest, readFakeRequest, type UnroutedRequest } from './fake-request.ts';

/** One route of a fake API. The first that fits a request answers it. */
export interface FakeRoute {
  /** Any when left out. */
  readonly method?: string;
  /** `/v1/messages/:id`: a part with `:` matches one segment. */
  readonly path: string;
  readonly reply: FakeReply | ((request: FakeRequest) => FakeReply | Promise<FakeReply>);
  readonly faults?: readonly Fault[];
}

/** A running fake API. */
export interface FakeApi extends AsyncDisposable {
  /** Its origin, `http://127.0.0.1:…`. */
  readonly url: string;
  /** Every request so far, in order of arrival. */
  readonly requests: readonly FakeRequest[];
}

/** A real HTTP server on loopback that answers by routes and breaks as it is told. Unknown paths get 404. */
export async function startFakeApi(routes: readonly FakeRoute[], options: { readonly port?: number } = {}): Promise<FakeApi> {
  const compiled = routes.map(compile);
  const requests: FakeRequest[] = [];
  const server = createServer((message, response) => {
    answer().catch((error: unknown) => sendReply(response, { status: 500, json: { error: String(error) } }, undefined));
    async function answer(): Promise<void> {
      const request = await readFakeRequest(message);
      const found = route(compiled, request);
      requests.push(found.request);
      const fault = found.route?.faults?.find(({ nth }) => nth === undefined || nth.includes(found.request.nth));
      if (fault?.delayMs !== undefined) await delay(fault.delayMs);
      const { reply } = found.route ?? { reply: { status: 404, json: { error: `no route for ${request.path}` } } };
      const normal = fault?.reply ?? (typeof reply === 'function' ? await reply(found.request) : reply);
      sendReply(response, normal, fault?.breaks);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Compiled {
  readonly route: FakeRoute;
  readonly pattern: RegExp;
  hits: number;
}

function compile(route: FakeRoute): Compiled {
  const source = route.path
    .split('/')
    .map((part) => (part.startsWith(':') ? `(?<${part.slice(1)}>[^/]+)` : part.replace(/[.+*?^$()[\]{}|\\]/g, '\\$&')))
    .join('/');
  return { route, pattern: new RegExp(`^${source}$`), hits: 0 };
}

function route(routes: readonly Compiled[], request: UnroutedRequest): { readonly route?: FakeRoute; readonly request: FakeRequest } {
  for (const entry of routes) {
    const match = (entry.route.method ?? request.method) === request.method ? entry.pattern.exec(request.path) : null;
    if (!match) continue;
    entry.hits += 1;
    const params = Object.fromEntries(Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]));
    return { route: entry.route, request: { ...request, params, nth: entry.hits } };
  }
  return { request: { ...request, params: {}, nth: 1 } };
}
