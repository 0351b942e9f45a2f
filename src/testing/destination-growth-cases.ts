import type { ContractCase } from './contract-case.ts';
import { lacksAny, lacksNewColumns, lacksStrategy } from './destination-lacks.ts';
import type { Item, Way } from './destination-model.ts';
import type { Shape } from './destination-model-rows.ts';
import { type Delivery, openModel } from './destination-model-scene.ts';
import type { DestinationSubject } from './destination-scene.ts';

const TEXT = { data_type: 'text' } as const;
const BIGINT = { data_type: 'bigint' } as const;
const VARIANT = { variant: true } as const;

/** A key may be null: a value of another type goes to its variant. */
const KEY = { id: { data_type: 'bigint', primary_key: true } } as const;

const FIRST: Shape = { columns: { ...KEY, v: TEXT }, lists: { parts: { columns: { n: BIGINT } } } };

/** Variants, a list in a list and one beside it, a column whose values are all null, and more columns than are altered one by one. */
const SECOND: Shape = {
  columns: {
    ...FIRST.columns,
    v__v_bigint: { ...BIGINT, ...VARIANT },
    id__v_text: { ...TEXT, ...VARIANT },
    never: TEXT,
    ...Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`c${i}`, BIGINT])),
  },
  lists: {
    parts: { columns: { n: BIGINT, n__v_text: { ...TEXT, ...VARIANT } }, lists: { bits: { columns: { value: BIGINT } } } },
    tags: { columns: { value: TEXT, value__v_bool: { data_type: 'bool', ...VARIANT } } },
  },
};

/** The same columns in another order. */
const THIRD: Shape = { ...SECOND, columns: Object.fromEntries(Object.entries(SECOND.columns).toReversed()) };

const LOADS: readonly { readonly shape: Shape; readonly items: readonly Item[] }[] = [
  {
    shape: FIRST,
    items: [
      { id: 1, v: 'a', parts: [{ n: 1 }, { n: 2 }] },
      { id: 2, v: 'b', parts: [{ n: 3 }] },
    ],
  },
  {
    shape: SECOND,
    items: [
      { id: 1, v__v_bigint: 7, never: null, parts: [{ n__v_text: 'x', bits: [{ value: 1 }] }, { n: 4 }] },
      { id__v_text: 'key', v: 'c', c0: 1, c119: 2, tags: [{ value: 't' }, { value__v_bool: true }] },
      { id: 3, c60: 5, parts: [{ bits: [] }, { bits: [{ value: 2 }, { value: 3 }] }] },
    ],
  },
  {
    shape: THIRD,
    items: [
      { c3: 4, id: 3, v: 'd', tags: [{ value: 'u' }] },
      { id__v_text: 'key', never: 'ever', parts: [{ n: 5, bits: [{ value: 6 }] }] },
    ],
  },
  { shape: FIRST, items: [{ id: 1, v: 'e', parts: [{ n: 9 }] }] },
];

/** The ways that differ in where rows wait, and how these are told of what is new. */
const TELLINGS: readonly (readonly [way: Way, told: string, delivery: Delivery])[] = [
  ['append', 'before their rows', 'in whole'],
  ['append', 'in the middle of a load', 'growing'],
  ['replace', 'before their rows', 'in whole'],
  ['delete-insert', 'before their rows', 'in whole'],
  ['delete-insert', 'in the middle of a load', 'growing'],
  ['scd2', 'before their rows', 'in whole'],
];

/** Tables that get columns, variants and nested tables, below rows that are there. */
export const destinationGrowthCases: readonly ContractCase<DestinationSubject>[] = TELLINGS.map(([way, told, delivery]) => ({
  name: `loads by ${way}: tables that grow ${told}`,
  lacks: way === 'append' || way === 'replace' ? lacksNewColumns : lacksAny(lacksStrategy(way), lacksNewColumns),
  async run(subject) {
    await using model = await openModel(subject, { items: { shape: FIRST, way } });
    for (const [index, { shape, items }] of LOADS.entries()) {
      model.change('items', { shape });
      await model.load({ id: `l${index + 1}`, items: { items }, delivery });
      if (index > 0) await model.check(`after load ${index + 1}`);
    }
  },
}));
