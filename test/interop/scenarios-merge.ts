import { ofItems, type RowsByRun, type Scenario } from './scenario.ts';

const merge = (strategy: string): object => ({ primary_key: 'id', write_disposition: { disposition: 'merge', strategy } });

/** Rows with lists: some stay, some change, some come; lists grow, shrink and vanish. */
const CHANGING: RowsByRun = [
  [
    { id: 1, name: 'ann', tags: ['a', 'b'], parts: [{ sku: 's1', marks: [1, 2] }] },
    { id: 2, name: 'bob', tags: ['c'], parts: [] },
    { id: 3, name: 'cid', tags: [], parts: [{ sku: 's3', marks: [] }, { sku: 's4' }] },
  ],
  [
    { id: 2, name: 'bob 2', tags: ['c', 'd'], parts: [{ sku: 's5', marks: [5] }] },
    { id: 3, name: 'cid', tags: ['e'], parts: [{ sku: 's3', marks: [] }] },
    { id: 4, name: 'dan', tags: ['f', null], parts: [] },
  ],
  [
    { id: 1, name: 'ann 3', tags: [], parts: [{ sku: 's6', marks: [6, 7, 8] }] },
    { id: 5, name: 'eve', tags: ['g'], parts: [] },
  ],
];

/** What merges rows with those that are there. */
export const MERGE_SCENARIOS: readonly Scenario[] = [
  ofItems({ name: 'merge', merges: true, hints: { primary_key: 'id', write_disposition: 'merge' }, rows: CHANGING }),
  ofItems({
    name: 'merge-key',
    merges: true,
    hints: { primary_key: 'id', merge_key: 'day', write_disposition: 'merge' },
    rows: [
      [
        { id: 1, day: '2024-01-01', n: 1 },
        { id: 2, day: '2024-01-01', n: 2 },
        { id: 3, day: '2024-01-02', n: 3 },
      ],
      [
        { id: 4, day: '2024-01-01', n: 4 },
        { id: 3, day: '2024-01-03', n: 33 },
      ],
      [{ id: 5, day: '2024-01-03', n: 5 }],
    ],
  }),
  ofItems({ name: 'upsert', merges: true, hints: merge('upsert'), rows: CHANGING }),
  ofItems({ name: 'insert-only', merges: true, hints: merge('insert-only'), rows: CHANGING }),
  ofItems({
    name: 'scd2',
    merges: true,
    hints: { write_disposition: { disposition: 'merge', strategy: 'scd2' } },
    rows: [
      [
        { id: 1, name: 'ann', tags: ['a'] },
        { id: 2, name: 'bob', tags: [] },
        { id: 3, name: 'cid', size: { x: 1.5 } },
      ],
      [
        { id: 1, name: 'ann', tags: ['a', 'b'] },
        { id: 2, name: 'bob', tags: [] },
      ],
      [
        { id: 1, name: 'ann', tags: ['a'] },
        { id: 2, name: 'bob', tags: [] },
        { id: 4, name: 'dan', tags: ['z'] },
      ],
    ],
  }),
  ofItems({
    name: 'scd2-merge-key',
    merges: true,
    hints: {
      merge_key: 'id',
      write_disposition: {
        disposition: 'merge',
        strategy: 'scd2',
        validity_column_names: ['since', 'until'],
        active_record_timestamp: '9999-12-31T00:00:00+00:00',
      },
    },
    rows: [
      [
        { id: 1, name: 'ann' },
        { id: 2, name: 'bob' },
      ],
      [{ id: 1, name: 'ann 2' }],
      [{ id: 3, name: 'cid' }],
    ],
  }),
  ofItems({
    name: 'hard-delete',
    merges: true,
    hints: {
      primary_key: 'id',
      write_disposition: 'merge',
      columns: { deleted: { data_type: 'bool', hard_delete: true }, seq: { data_type: 'bigint', dedup_sort: 'desc' } },
    },
    rows: [
      [
        { id: 1, seq: 1, deleted: false, tags: ['a'] },
        { id: 2, seq: 2, tags: ['b'] },
        { id: 2, seq: 3, tags: ['b', 'c'] },
        { id: 3, seq: 4, deleted: true, tags: ['x'] },
      ],
      [
        { id: 1, seq: 5, deleted: true, tags: [] },
        { id: 3, seq: 6, deleted: false, tags: ['y'] },
      ],
      [
        { id: 1, seq: 9, deleted: false, tags: ['z'] },
        { id: 1, seq: 8, deleted: true, tags: [] },
        { id: 2, seq: 7, deleted: true, tags: [] },
      ],
    ],
  }),
];
