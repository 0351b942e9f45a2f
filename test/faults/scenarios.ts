import type { Capabilities } from '../../src/core/destination.ts';
import { client, flat, type Item, item, items, paged, type Scenario } from './scenario.ts';
import { cut, incremental, parallel, parents, steps } from './walk-scenarios.ts';

const merged = (run: number): Item[] => (run === 0 ? items(35) : [...items(8, 3, 2), ...items(20, 30, 3), item(4, 9)]);

/** A configuration whose one resource has so many rows, with its write disposition and whatever else is said of it. */
function one(scenario: Pick<Scenario, 'name' | 'needs' | 'rows'>, hints: object, data: (run: number) => readonly unknown[]): Scenario {
  return flat({ runs: 2, ...scenario, resources: { items: { hints, data } } });
}

const replaced = { write_disposition: 'replace' };

/** Tables that are replaced with their nested ones: fewer rows, none below them, and none at all. */
const replaceNested = flat({
  name: 'replace-nested',
  runs: 2,
  rows: { large: 12, bare: 8, empty: 0, added: 24 },
  resources: {
    large: { hints: replaced, data: (run) => items(run === 0 ? 30 : 12, 1, run) },
    bare: { hints: replaced, data: (run) => items(8, 1, run).map(({ id, tags, parts }) => (run === 0 ? { id, tags, parts } : { id })) },
    empty: { hints: replaced, data: (run) => (run === 0 ? items(11) : []) },
    added: { hints: { write_disposition: 'append' }, data: (run) => items(12, 1, run) },
  },
});

/** The second run brings columns, another type and nested tables that the first one had not. */
const evolving = flat({
  name: 'evolving',
  runs: 2,
  rows: { items: 30 },
  resources: {
    items: {
      hints: { write_disposition: 'append' },
      data: (run) =>
        items(15, 1 + run * 15).map(({ id, tags, ...row }) =>
          run === 0 ? { id, mixed: id, late: null } : { id, mixed: id % 2 === 0 ? id : `text ${id}`, late: [{ at: id }], tags, ...row },
        ),
    },
  },
});

const IDS = ['first', 'first', 'second'];

/** A scheduler starts each run until it says that it is done, and one of them once more. */
const named = flat({
  name: 'run-id',
  runs: IDS.length,
  rows: { items: 35, settings: 6 },
  isRepeated: true,
  command: (run) => ['run', 'config.json', '--run-id', IDS[run] ?? ''],
  resources: {
    items: { hints: { write_disposition: 'append' }, data: (run) => items(run === 2 ? 15 : 20, 1, run) },
    settings: { hints: replaced, data: (run) => items(8 - run, 1, run) },
  },
});

/**
 * The log of a run into another dataset is loaded: under its own load id, and then once more as a load of its own.
 * Whoever starts it names each, and starts it until it says that it is done.
 */
const replay: Scenario = {
  name: 'replay',
  runs: 2,
  rows: { events: 56, settings: 15 },
  before: 'run config.json --keep-log --pipeline q --dataset other --destination duckdb:other.duckdb'.split(' '),
  isRepeated: true,
  command: (run) => ['replay', 'work/q/*.kept', '--config', 'config.json', '--run-id', `replay-${run}`],
  kept: /^other\.duckdb$|^work\/q(\/\d+\.\d+\.kept(\/\d+\.pages)?)?$/,
  config: (url) => ({
    client: client(url),
    resource_defaults: { endpoint: { data_selector: 'data', paginator: { type: 'page_number', base_page: 1, total_path: null } } },
    resources: [
      {
        name: 'events',
        write_disposition: 'append',
        endpoint: {
          path: 'events',
          params: { since: '{incremental.start_value}' },
          incremental: { cursor_path: 'updated_at', initial_value: '2024-01-01T00:00:00.000Z' },
        },
      },
      { name: 'settings', write_disposition: 'replace', endpoint: { path: 'settings' } },
    ],
  }),
  routes: () => [
    { path: '/events', reply: paged(() => items(28), { style: 'page_number', pageSize: 6 }) },
    { path: '/settings', reply: paged(() => items(15), { style: 'page_number', pageSize: 6 }) },
  ],
};

/** What runs are killed in, into a destination that can do so much. What could be merged is added where it cannot be. */
export function scenariosFor({ mergeStrategies }: Pick<Capabilities, 'mergeStrategies'>): readonly Scenario[] {
  const written = mergeStrategies.length > 0 ? 'merge' : 'append';
  const keyed = (strategy: string): object => ({ primary_key: 'id', write_disposition: { disposition: 'merge', strategy } });
  const all = [
    one({ name: 'append', rows: { items: 75 } }, { write_disposition: 'append' }, (run) => items(45 - run * 15, 1, run)),
    one({ name: 'replace', rows: { items: 25 } }, replaced, (run) => items(45 - run * 20, 1, run)),
    one({ name: 'merge', needs: 'delete-insert', rows: { items: 49 } }, { primary_key: 'id', write_disposition: 'merge' }, merged),
    one({ name: 'upsert', needs: 'upsert', rows: { items: 49 } }, keyed('upsert'), merged),
    // 1 to 35; then 11 rows of them are new versions, 14 are new, and what does not come again is retired.
    one({ name: 'scd2', needs: 'scd2', rows: { items: 64 } }, { write_disposition: { disposition: 'merge', strategy: 'scd2' } }, merged),
    replaceNested,
    evolving,
    incremental(written),
    parents('parents', written),
    parents('parents-8', written, { concurrency: 8 }),
    parallel('parallel'),
    parallel('parallel-8', { concurrency: 8 }),
    cut(written),
    steps(written),
    named,
    replay,
  ];
  return all.filter(({ needs }) => needs === undefined || mergeStrategies.includes(needs));
}

/** What runs are killed in, into a destination that merges in all ways. */
export const SCENARIOS: readonly Scenario[] = scenariosFor({ mergeStrategies: ['delete-insert', 'upsert', 'insert-only', 'scd2'] });
