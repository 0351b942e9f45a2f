import { createSecrets } from '../../src/core/secret.ts';
import type { RunEvent } from '../../src/core/events.ts';
import type { HttpRequest } from '../../src/core/http.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { WalkedPage, WalkOptions } from '../../src/core/source.ts';
import { createPaginator } from '../../src/paginators/built-in.ts';
import { createClient } from '../../src/rest/client.ts';
import type { Client } from '../../src/rest/exchange.ts';
import { concurrency, retryPolicy, timeouts } from '../../src/rest/config-client.ts';
import { documentOf } from '../../src/rest/decoded-page.ts';
import { selectRows } from '../../src/rest/data-selector.ts';
import { compileJsonPath } from '../../src/core/jsonpath.ts';
import { createDetectionReport } from '../../src/rest/report-detection.ts';
import { walk } from '../../src/rest/walk.ts';
import type { WalkSetup } from '../../src/rest/walk-setup.ts';

type Options = Partial<Omit<WalkSetup, 'paginator'>> & { readonly paginator?: JsonObject; readonly request?: Partial<HttpRequest> };

/** A walk that starts at an address, and what it reads and says. */
export function openWalk(url: string, { paginator, request, ...setup }: Options = {}) {
  const secrets = setup.secrets ?? createSecrets();
  const client = createClient({
    secrets,
    retry: retryPolicy({ max_retries: 0 }),
    timeouts: timeouts(undefined),
    concurrency: setup.concurrency ?? concurrency(undefined),
    rateLimits: undefined,
    maxBodyBytes: 1024 * 1024,
    allowedHosts: [],
    env: {},
    now: Date.now,
    elapsed: () => performance.now(),
    random: () => 0,
    sleep: async () => {},
  });
  let underWay = 0;
  const counted: Client = {
    async exchange(...args) {
      underWay += 1;
      return client.exchange(...args).finally(() => (underWay -= 1));
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
  const events: RunEvent[] = [];
  const report = createDetectionReport();
  return {
    events,
    /** Requests that have no answer yet. */
    underWay: () => underWay,
    walk(options: WalkOptions = {}) {
      return walk(
        {
          resource: 'posts',
          client: counted,
          secrets,
          exchange: { home: new URL(url).origin },
          paginator: paginator && createPaginator(paginator),
          selector: undefined,
          selectorRequired: undefined,
          concurrency: { limit: 4, explicit: false },
          report,
          ...setup,
        },
        { method: 'GET', url, headers: {}, params: {}, ...request },
        { emit: (event) => events.push(event), ...options },
      );
    },
    async pages(options: WalkOptions = {}): Promise<WalkedPage[]> {
      const pages: WalkedPage[] = [];
      for await (const page of this.walk(options)) pages.push(page);
      return pages;
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** What {@link openWalk} opens. */
export type OpenWalk = ReturnType<typeof openWalk>;

/** The rows of walked pages, in order. */
export function rowsOf(pages: readonly WalkedPage[]): unknown[] {
  return pages.flatMap((page) => selectRows(documentOf(page), compileJsonPath(page.selector)).rows);
}
