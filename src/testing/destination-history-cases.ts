import type { ContractCase } from './contract-case.ts';
import { lacksStrategy } from './destination-lacks.ts';
import type { Item } from './destination-model.ts';
import type { Shape } from './destination-model-rows.ts';
import { type ModelTable, openModel } from './destination-model-scene.ts';
import type { DestinationSubject } from './destination-scene.ts';

const COLUMNS: Shape['columns'] = { id: { data_type: 'bigint' }, day: { data_type: 'text' }, v: { data_type: 'text' } };
const LISTS: Shape['lists'] = { parts: { columns: { n: { data_type: 'bigint' } } } };
const SHAPE: Shape = { columns: COLUMNS, lists: LISTS };

const item = (id: number, day: string, v: string, ...parts: readonly number[]): Item => ({ id, day, v, parts: parts.map((n) => ({ n })) });

/** What changes, goes, stays, comes twice, and comes back. */
const STORY: readonly (readonly Item[])[] = [
  [item(1, 'mon', 'a', 1, 2), item(2, 'mon', 'b', 3), item(3, 'tue', 'c'), item(4, 'wed', 'd', 4)],
  [item(1, 'mon', 'a', 1), item(2, 'mon', 'b', 3), item(5, 'tue', 'e', 5), item(5, 'tue', 'e', 5), item(3, 'tue', 'c2')],
  [item(1, 'mon', 'a', 1, 2), item(3, 'tue', 'c'), item(4, 'wed', 'd', 4)],
  [item(1, 'mon', 'a', 1), item(4, 'wed', 'd', 4), item(2, 'mon', 'b', 3)],
];

const NAMED: Shape['columns'] = {
  since: { data_type: 'timestamp', 'x-valid-from': true },
  until: { data_type: 'timestamp', 'x-valid-to': true, 'x-active-record-timestamp': null },
};

/** An active record has this in its `until`. */
const FOREVER: Shape['columns'] = {
  ...NAMED,
  until: { data_type: 'timestamp', 'x-valid-to': true, 'x-active-record-timestamp': '9999-12-31T00:00:00Z' },
};

const withMergeKey = (shape: Shape): Shape => ({ ...shape, columns: { ...shape.columns, day: { data_type: 'text', merge_key: true } } });
const scd2 = (shape: Shape, hints: ModelTable['hints'] = {}): ModelTable => ({ shape, way: 'scd2', hints });

/** Tables with their rows' history, by what is special about them. */
const TABLES: Readonly<Record<string, Readonly<Record<string, ModelTable>>>> = {
  'validity columns of other names': {
    items: scd2({ ...SHAPE, columns: { ...COLUMNS, ...NAMED } }),
    by_day: scd2(withMergeKey({ ...SHAPE, columns: { ...NAMED, ...COLUMNS } })),
  },
  'a timestamp for active records': {
    items: scd2({ ...SHAPE, columns: { ...FOREVER, ...COLUMNS } }),
    by_day: scd2(withMergeKey({ ...SHAPE, columns: { ...FOREVER, ...COLUMNS } })),
  },
  // Lists would be added with each load, as in dlt: a new row has new ids, also when its version is known.
  'a version that is a column': {
    items: scd2({ columns: { ...COLUMNS, v: { data_type: 'text', 'x-row-version': true } } }),
    by_day: scd2(withMergeKey({ columns: { ...COLUMNS, v: { data_type: 'text', 'x-row-version': true } } })),
  },
  'no lists': { items: scd2({ columns: COLUMNS }), by_day: scd2(withMergeKey({ columns: COLUMNS })) },
};

const withoutLists = ({ id, day, v }: Item): Item => ({ id, day, v });

const stories = Object.entries(TABLES).map(
  ([special, tables]): ContractCase<DestinationSubject> => ({
    name: `loads by scd2: ${special}`,
    lacks: lacksStrategy('scd2'),
    async run(subject) {
      await using model = await openModel(subject, tables);
      for (const [index, all] of STORY.entries()) {
        const items = Object.values(tables).some(({ shape }) => shape.lists === undefined) ? all.map(withoutLists) : all;
        await model.load({ id: `l${index + 1}`, items: { items, by_day: items } });
        if (index > 0) await model.check(`after load ${index + 1}`);
      }
    },
  }),
);

/** Tables that keep the history of their rows. */
export const destinationHistoryCases: readonly ContractCase<DestinationSubject>[] = [
  ...stories,
  {
    name: 'loads by scd2: a boundary for each load, in whatever time zone',
    lacks: lacksStrategy('scd2'),
    async run(subject) {
      await using model = await openModel(subject, { items: scd2(SHAPE) });
      const boundaries = ['2024-01-01T00:00:00Z', '2024-02-01T01:30:00+02:00', '2024-03-01T12:00:00.123-08:00', undefined];
      for (const [index, items] of STORY.entries()) {
        const boundary = boundaries[index];
        model.change('items', { hints: boundary === undefined ? {} : { 'x-boundary-timestamp': boundary } });
        await model.load({ id: `l${index + 1}`, items: { items } });
        if (index > 0) await model.check(`after load ${index + 1}`);
      }
    },
  },
  {
    name: 'loads by scd2: a column that comes later, and one whose values are null',
    lacks: lacksStrategy('scd2'),
    async run(subject) {
      await using model = await openModel(subject, { items: scd2(SHAPE) });
      const wider: Shape = { ...SHAPE, columns: { ...COLUMNS, more: { data_type: 'text' }, never: { data_type: 'bigint' } } };
      for (const [index, items] of STORY.entries()) {
        if (index > 0) model.change('items', { shape: wider });
        const told =
          index === 0 ? items : items.map((each) => (each['id'] === 2 ? { ...each, more: 'x', never: null } : { ...each, never: null }));
        await model.load({ id: `l${index + 1}`, items: { items: told }, delivery: index > 1 ? 'growing' : 'in whole' });
        if (index > 0) await model.check(`after load ${index + 1}`);
      }
    },
  },
];
