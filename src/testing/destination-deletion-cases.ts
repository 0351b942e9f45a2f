import type { ContractCase } from './contract-case.ts';
import { lacksStrategy } from './destination-lacks.ts';
import type { Item } from './destination-model.ts';
import type { Shape } from './destination-model-rows.ts';
import { type ModelTable, openModel } from './destination-model-scene.ts';
import type { DestinationSubject } from './destination-scene.ts';

/** The strategies that heed marks and orders. */
const STRATEGIES = ['delete-insert', 'upsert', 'insert-only', 'cdc'] as const;
type Strategy = (typeof STRATEGIES)[number];

const NOON = 1_714_564_800_000_000n;

/** A mark of each type that `hard_delete` may have: what marks, and what does not beside null. */
const MARKS = {
  bool: { column: { data_type: 'bool', hard_delete: true }, marked: true, unmarked: false },
  timestamp: { column: { data_type: 'timestamp', hard_delete: true }, marked: NOON, unmarked: null },
  text: { column: { data_type: 'text', hard_delete: true }, marked: '', unmarked: null },
} as const;
type Mark = keyof typeof MARKS;

const PARTS = { parts: { columns: { n: { data_type: 'bigint' } } } } as const;

const shape = (columns: Shape['columns'], hasLists = true): Shape => ({
  columns: { id: { data_type: 'bigint', primary_key: true, nullable: false }, ...columns, v: { data_type: 'text' } },
  ...(hasLists && { lists: PARTS }),
});

const parts = (...numbers: readonly number[]) => numbers.map((n) => ({ n }));

/** Loads in which items are marked that are there, that are not, and that come twice. */
const marking = (mark: Mark): readonly (readonly Item[])[] => {
  const { marked, unmarked } = MARKS[mark];
  return [
    [
      { id: 1, v: 'a', parts: parts(1, 2) },
      { id: 2, v: 'b', deleted: unmarked, parts: parts(3) },
      { id: 3, v: 'c', parts: parts(4) },
      { id: 4, v: 'd', deleted: marked, parts: parts(5) },
    ],
    [
      { id: 1, v: 'gone', deleted: marked, parts: parts(1, 6) },
      { id: 2, v: 'b2', deleted: unmarked },
      { id: 3, v: 'kept', parts: parts(7) },
      { id: 3, v: 'second', deleted: marked, parts: parts(8) },
      { id: 5, v: 'never', deleted: marked, parts: parts(9) },
      { id: 6, v: 'first', deleted: marked, parts: parts(10) },
      { id: 6, v: 'second', parts: parts(11) },
    ],
    [
      { id: 1, v: 'back', parts: parts(12) },
      { id: 6, v: 'there', deleted: unmarked, parts: parts(13, 14) },
      { id: 2, v: 'gone', deleted: marked },
    ],
  ];
};

/** Loads in which keys come several times, with and without what they are sorted by, and marked. */
const SORTED: readonly (readonly Item[])[] = [
  [
    { id: 1, seq: 1, v: 'low', parts: parts(1) },
    { id: 1, seq: 3, v: 'high', parts: parts(2, 3) },
    { id: 1, seq: 2, v: 'middle' },
    { id: 2, seq: null, v: 'null', parts: parts(4) },
    { id: 2, seq: 5, v: 'five', parts: parts(5) },
    { id: 3, seq: 7, v: 'first', parts: parts(6) },
    { id: 3, seq: 7, v: 'second', parts: parts(7) },
    { id: 4, seq: null, v: 'first null' },
    { id: 4, seq: null, v: 'second null', parts: parts(8) },
  ],
  [
    { id: 1, seq: 1, v: 'low', deleted: true, parts: parts(9) },
    { id: 1, seq: 2, v: 'high', parts: parts(10) },
    { id: 2, seq: 1, v: 'low', parts: parts(11) },
    { id: 2, seq: 2, v: 'high', deleted: true },
    { id: 3, seq: null, v: 'null', deleted: true },
    { id: 3, seq: 0, v: 'zero', parts: parts(12) },
    { id: 5, seq: -1, v: 'low', deleted: true, parts: parts(13) },
    { id: 5, seq: 9, v: 'high', deleted: true, parts: parts(14) },
  ],
];

const without =
  (...names: readonly string[]) =>
  (item: Item): Item =>
    Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)));

function heedsMarks(way: Strategy): ContractCase<DestinationSubject> {
  const marks = Object.keys(MARKS) as Mark[];
  return {
    name: `loads by ${way}: hard_delete of every type, with lists and without`,
    lacks: lacksStrategy(way),
    async run(subject) {
      // All that lists add is the same for every type.
      const tables = marks.map((mark): [string, ModelTable] => [
        mark,
        { way, shape: shape({ deleted: MARKS[mark].column }, mark !== 'text') },
      ]);
      await using model = await openModel(subject, Object.fromEntries(tables));
      for (const index of marking('bool').keys()) {
        const loads = marks.map((mark): [string, readonly Item[]] => {
          const items = marking(mark)[index] ?? [];
          return [mark, mark === 'text' ? items.map(without('parts')) : items];
        });
        await model.load({ id: `l${index + 1}`, items: Object.fromEntries(loads) });
        await model.check(`after load ${index + 1}`);
      }
    },
  };
}

function heedsOrder(way: Strategy): ContractCase<DestinationSubject> {
  return {
    name: `loads by ${way}: dedup_sort in both directions, nulls last, marked or not`,
    lacks: lacksStrategy(way),
    async run(subject) {
      const tables = (['asc', 'desc'] as const).flatMap((order): [string, ModelTable][] => {
        const seq = { data_type: 'bigint', dedup_sort: order } as const;
        return [
          [order, { way, shape: shape({ seq }, false) }],
          [`${order}_marked`, { way, shape: shape({ seq, deleted: MARKS.bool.column }) }],
        ];
      });
      await using model = await openModel(subject, Object.fromEntries(tables));
      for (const [index, items] of SORTED.entries()) {
        const loads = tables.map(([name]) => [name, name.endsWith('marked') ? items : items.map(without('deleted', 'parts'))]);
        await model.load({ id: `l${index + 1}`, items: Object.fromEntries(loads) as Record<string, readonly Item[]> });
        await model.check(`after load ${index + 1}`);
      }
    },
  };
}

function keepsWhatIsDeduplicated(way: 'delete-insert'): ContractCase<DestinationSubject> {
  return {
    name: `loads by ${way}: rows that are said to be deduplicated`,
    lacks: lacksStrategy(way),
    async run(subject) {
      const table = { way, shape: shape({}), hints: { 'x-stage-data-deduplicated': true } };
      await using model = await openModel(subject, { items: table, again: { ...table, hints: {} } });
      for (const [index, items] of marking('bool').entries()) {
        const unmarked = items.map(without('deleted'));
        await model.load({ id: `l${index + 1}`, items: { items: unmarked, again: unmarked } });
        await model.check(`after load ${index + 1}`);
      }
    },
  };
}

/** Rows that are marked deleted, and rows of one key in one load. */
export const destinationDeletionCases: readonly ContractCase<DestinationSubject>[] = [
  ...STRATEGIES.flatMap((way) => [heedsMarks(way), heedsOrder(way)]),
  keepsWhatIsDeduplicated('delete-insert'),
];
