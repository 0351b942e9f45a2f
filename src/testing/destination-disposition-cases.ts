import type { ContractCase } from './contract-case.ts';
import { lacksStrategy } from './destination-lacks.ts';
import type { Item, Way } from './destination-model.ts';
import type { Shape } from './destination-model-rows.ts';
import { type Delivery, openModel } from './destination-model-scene.ts';
import type { DestinationSubject } from './destination-scene.ts';

/** Columns that may be keys, with the hints that make them so. */
type Keys = Readonly<
  Record<'id' | 'region' | 'day', { readonly primary_key?: boolean; readonly merge_key?: boolean; readonly nullable?: boolean }>
>;

const PRIMARY = { primary_key: true, nullable: false };
const MERGE = { merge_key: true };
const NO_KEY = { id: {}, region: {}, day: {} };
const ONE_KEY = { ...NO_KEY, id: PRIMARY };

const flat = (keys: Keys): Shape => ({
  columns: {
    id: { data_type: 'bigint', ...keys.id },
    region: { data_type: 'text', ...keys.region },
    day: { data_type: 'text', ...keys.day },
    v: { data_type: 'text' },
  },
});

/** Lists in lists in lists, and a list of texts. */
const deep = (keys: Keys): Shape => ({
  ...flat(keys),
  lists: {
    parts: {
      columns: { n: { data_type: 'bigint' } },
      lists: { bits: { columns: { n: { data_type: 'bigint' } }, lists: { dots: { columns: { value: { data_type: 'bigint' } } } } } },
    },
    tags: { columns: { value: { data_type: 'text' } } },
  },
});

/** A list of texts only. */
const tagged = (keys: Keys): Shape => ({ ...flat(keys), lists: { tags: { columns: { value: { data_type: 'text' } } } } });

/** Keys and data of an item; parts as the dots in the bits of each; tags. */
function item(key: string, v: string, parts: readonly (readonly (readonly number[])[])[] = [], tags = ''): Item {
  const [id, region, day] = key.split(' ').map((each) => (each === '-' ? null : each)) as [string | null, string | null, string | null];
  const lists = {
    parts: parts.map((bits, n) => ({ n, bits: bits.map((dots, m) => ({ n: m, dots: dots.map((value) => ({ value })) })) })),
    tags: Array.from(tags, (value) => ({ value })),
  };
  return { id: id === null ? null : Number(id), region, day, v, ...lists };
}

/** Loads in which lists shrink, grow, vanish and come back, rows come twice, and what is gone returns. */
const STORY: readonly (readonly Item[])[] = [
  [
    item('1 n mon', 'x', [[[1, 2], [3]], [[4]]], 'ab'),
    item('1 s tue', 'y', [[[5]]], 'c'),
    item('2 n mon', 'z', [[[6], []], []], 'd'),
    item('3 s wed', 'w', [], 'ef'),
    item('4 n tue', 'v'),
  ],
  [
    item('1 n mon', 'x2', [[[1]]], 'b'),
    item('2 n thu', 'z'),
    item('3 s mon', 'w', [[], [[7], [8, 9]]], 'efg'),
    item('5 s mon', 'first', [[[10]]], 'h'),
    item('5 s mon', 'second', [[[11], [12]], []], 'ij'),
  ],
  [item('3 s wed', 'w', [], 'ef'), item('1 n mon', 'x', [[[1, 2], [3]], [[4]]], 'ab'), item('5 n thu', 'third', [[[13]]])],
  [],
];

/** The same, with keys that are null. */
const NULLS: readonly (readonly Item[])[] = [
  [item('1 n mon', 'x', [[[1]]], 'a'), item('- n tue', 'y', [[[2]]], 'b'), item('- s -', 'z', [], 'c'), item('2 - -', 'w', [[]], 'd')],
  [
    item('- n tue', 'y2', [[[3]]], 'e'),
    item('1 n -', 'x2', [[[4], [5]]], 'f'),
    item('1 - -', 'x3', [[[6]]]),
    item('- s mon', 'z2'),
    item('2 - -', 'w', [], 'gh'),
  ],
];

interface Matrix {
  readonly way: Way;
  /** What the keys are, by what to call them. */
  readonly keys: Readonly<Record<string, Keys>>;
}

const BY_PRIMARY_KEY = {
  'a primary key': ONE_KEY,
  'a primary key of two columns': { ...ONE_KEY, region: PRIMARY },
  'a primary key beside a merge key': { ...ONE_KEY, day: MERGE },
};

const MATRIX: readonly Matrix[] = [
  { way: 'append', keys: { 'lists and keys': ONE_KEY } },
  { way: 'replace', keys: { 'lists and keys': ONE_KEY } },
  {
    way: 'delete-insert',
    keys: {
      ...BY_PRIMARY_KEY,
      'a merge key': { ...NO_KEY, day: MERGE },
      'a merge key of two columns': { ...NO_KEY, region: MERGE, day: MERGE },
      'no key': NO_KEY,
    },
  },
  { way: 'upsert', keys: BY_PRIMARY_KEY },
  { way: 'insert-only', keys: BY_PRIMARY_KEY },
  { way: 'cdc', keys: BY_PRIMARY_KEY },
  {
    way: 'scd2',
    keys: {
      'no key': NO_KEY,
      'a merge key': { ...NO_KEY, day: MERGE },
      'a merge key of two columns': { ...NO_KEY, region: MERGE, day: MERGE },
    },
  },
];

const NULL_KEYS: readonly Matrix[] = [
  {
    way: 'delete-insert',
    keys: {
      'a primary key that is null': { ...NO_KEY, id: { primary_key: true } },
      'a primary key of which a part is null': { id: { primary_key: true }, region: { primary_key: true }, day: {} },
      'both keys, null': { ...NO_KEY, id: { primary_key: true }, day: MERGE },
    },
  },
  {
    way: 'scd2',
    keys: {
      'a merge key that is null': { ...NO_KEY, day: MERGE },
      'a merge key of which a part is null': { ...NO_KEY, region: MERGE, day: MERGE },
    },
  },
];

const lacksWay = (way: Way) => (way === 'append' || way === 'replace' ? {} : { lacks: lacksStrategy(way) });

/** What a story is told of: tables by the shape of their items. */
interface Telling {
  readonly way: Way;
  readonly story: typeof STORY;
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly delivery?: Delivery;
}

function tellStory(name: string, { way, story, shapes, delivery = 'in whole' }: Telling): ContractCase<DestinationSubject> {
  return {
    name,
    ...lacksWay(way),
    async run(subject) {
      const tables = Object.entries(shapes);
      await using model = await openModel(subject, Object.fromEntries(tables.map(([table, shape]) => [table, { shape, way }])));
      for (const [index, items] of story.entries()) {
        const shaped = tables.map(([table, shape]) => [table, items.map((each) => cut(each, shape))] as const);
        await model.load({ id: `l${index + 1}`, items: Object.fromEntries(shaped), delivery });
        // What the first load left shows after the second.
        if (index > 0) await model.check(`after load ${index + 1}`);
      }
    },
  };
}

/** An item without the lists that a shape does not have. */
function cut(item: Item, { columns, lists }: Shape): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => name in columns || name in (lists ?? {})));
}

/** Every way in which rows meet those that are there, with every kind of key. */
export const destinationDispositionCases: readonly ContractCase<DestinationSubject>[] = [
  ...MATRIX.flatMap(({ way, keys }) => {
    const [[first, own], ...others] = Object.entries(keys) as [[string, Keys], ...[string, Keys][]];
    const all = { way, story: STORY, shapes: { deep: deep(own) } };
    return [
      tellStory(`loads by ${way}: ${first}`, { ...all, shapes: { flat: flat(own), ...all.shapes } }),
      ...others.map(([key, each]) => tellStory(`loads by ${way}: ${key}`, { way, story: STORY, shapes: { tagged: tagged(each) } })),
      tellStory(`loads by ${way}: rows come one by one`, { ...all, delivery: 'one by one' }),
      tellStory(`loads by ${way}: rows come before all tables and columns are known`, { ...all, delivery: 'growing' }),
    ];
  }),
  ...NULL_KEYS.flatMap(({ way, keys }) =>
    Object.entries(keys).map(([key, each]) =>
      tellStory(`loads by ${way}: ${key}`, { way, story: NULLS, shapes: { tagged: tagged(each) } }),
    ),
  ),
];
