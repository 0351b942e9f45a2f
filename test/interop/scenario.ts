import type { FakeRoute } from '../../src/testing/fake-api.ts';
import { fakePages } from '../../src/testing/fake-pages.ts';

/** One load: which pipeline takes what from the API. */
export interface ScenarioLoad {
  readonly pipeline: string;
  readonly source: string;
  readonly config: object;
}

/** Runs that dlt and syncline make in turn, over an API that changes from run to run. */
export interface Scenario {
  readonly name: string;
  /** Needs a destination that merges. */
  readonly merges?: boolean;
  /** The loads of each run. */
  loads(url: string): readonly ScenarioLoad[];
  /** What the API answers during a run, counted from 0. */
  routes(run: () => number): readonly FakeRoute[];
}

/** Rows of a resource during each of the runs. */
export type RowsByRun = readonly [readonly unknown[], readonly unknown[], readonly unknown[]];

/** Pages of two rows, linked by `next`. */
export const PAGES = { data_selector: 'data', paginator: { type: 'json_link', next_url_path: 'next' } };

/** Answers with the rows of the run. */
export function pagesOf(path: string, rows: RowsByRun, run: () => number): FakeRoute {
  return { path, reply: (request) => fakePages({ rows: rows[run()] ?? [], style: 'json_link', pageSize: 2 })(request) };
}

/** A scenario of one resource, `items`. */
export function ofItems(options: {
  readonly name: string;
  readonly merges?: boolean;
  /** Hints of the resource. */
  readonly hints: object;
  readonly rows: RowsByRun;
}): Scenario {
  const { name, merges, hints, rows } = options;
  return {
    name,
    ...(merges === undefined ? {} : { merges }),
    loads: (url) => [
      {
        pipeline: 'shared',
        source: 'rest_api',
        config: { client: { base_url: url }, resources: [{ name: 'items', ...hints, endpoint: { path: 'items', ...PAGES } }] },
      },
    ],
    routes: (run) => [pagesOf('/items', rows, run)],
  };
}
