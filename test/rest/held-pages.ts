import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a page of a held API answers. */
export interface HeldPage {
  readonly status?: number;
  readonly json: unknown;
}

/** A paged API that holds every answer back until it is told which to give. */
export interface HeldPages extends AsyncDisposable {
  readonly url: string;
  /** Numbers of the pages that were asked for, in order of arrival. */
  readonly asked: readonly number[];
  /** Pages that are held, in order of arrival. */
  held(): readonly number[];
  release(page: number): void;
}

/** Starts it. `numberOf` reads the page's number out of a query. */
export async function holdPages(answer: (page: number) => HeldPage, numberOf: (query: URLSearchParams) => number): Promise<HeldPages> {
  const asked: number[] = [];
  const held = new Map<number, ServerResponse>();
  const server = createServer((request, response) => {
    const page = numberOf(new URL(request.url ?? '/', 'http://localhost').searchParams);
    asked.push(page);
    held.set(page, response);
    response.on('close', () => held.get(page) === response && held.delete(page));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/posts`,
    asked,
    held: () => [...held.keys()],
    release(page) {
      const response = held.get(page);
      held.delete(page);
      const { status = 200, json } = answer(page);
      response?.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
