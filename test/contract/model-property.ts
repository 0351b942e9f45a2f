import * as fc from 'fast-check';
import type { Item, Way } from '../../src/testing/destination-model.ts';
import type { Shape } from '../../src/testing/destination-model-rows.ts';
import { type Delivery, openModel } from '../../src/testing/destination-model-scene.ts';
import type { DestinationSubject } from '../../src/testing/index.ts';

const PRIMARY = { primary_key: true, nullable: false } as const;
const MERGE = { merge_key: true } as const;

/** Which columns are keys, and which ways there are then. */
const KEYS = [
  { id: PRIMARY },
  { id: PRIMARY, region: PRIMARY },
  { id: PRIMARY, day: MERGE },
  { day: MERGE },
  { region: MERGE, day: MERGE },
  {},
] as const;
const BY_PRIMARY_KEY: readonly Way[] = ['upsert', 'insert-only', 'cdc'];
const ALWAYS: readonly Way[] = ['append', 'replace', 'delete-insert', 'scd2'];

interface Config {
  readonly keys: (typeof KEYS)[number];
  readonly isMarked: boolean;
  readonly sort: 'asc' | 'desc' | undefined;
}

const shapeOf = ({ keys, isMarked, sort }: Config): Shape => {
  const hints: Partial<Record<string, object>> = keys;
  return {
    columns: {
      id: { data_type: 'bigint', ...hints['id'] },
      region: { data_type: 'text', ...hints['region'] },
      day: { data_type: 'text', ...hints['day'] },
      v: { data_type: 'text' },
      seq: { data_type: 'bigint', ...(sort && { dedup_sort: sort }) },
      deleted: { data_type: 'bool', ...(isMarked && { hard_delete: true }) },
    },
    lists: {
      parts: { columns: { n: { data_type: 'bigint' } }, lists: { bits: { columns: { n: { data_type: 'bigint' } } } } },
      tags: { columns: { value: { data_type: 'text' } } },
    },
  };
};

const config: fc.Arbitrary<Config> = fc.record({
  keys: fc.constantFrom(...KEYS),
  isMarked: fc.boolean(),
  sort: fc.constantFrom('asc', 'desc', undefined),
});

const one = (most: number) => fc.integer({ min: 1, max: most });
const few = <T>(each: fc.Arbitrary<T>) => fc.array(each, { maxLength: 2 });

const item: fc.Arbitrary<Item> = fc.record({
  id: one(3),
  region: fc.constantFrom('n', 's'),
  day: fc.constantFrom('mon', 'tue', null),
  v: fc.constantFrom('a', 'b'),
  seq: fc.option(one(3)),
  deleted: fc.constantFrom(true, false, null, null),
  parts: few(fc.record({ n: one(3), bits: few(fc.record({ n: one(3) })) })),
  tags: few(fc.record({ value: fc.constantFrom('x', 'y') })),
});

const delivery = fc.constantFrom<Delivery>('in whole', 'one by one', 'growing');

/** Sequences of loads into one table: most of the way of the first one. */
const loads = (ways: readonly Way[]) =>
  fc
    .tuple(
      fc.constantFrom(...ways),
      fc.array(fc.record({ way: fc.option(fc.constantFrom(...ways), { freq: 3 }), delivery, items: fc.array(item, { maxLength: 5 }) }), {
        minLength: 2,
        maxLength: 4,
      }),
    )
    .map(([first, list]) => list.map(({ way, ...load }) => ({ ...load, way: way ?? first })));

/** Loads whatever comes, and holds after each what the model holds. */
export function modelProperty(subject: DestinationSubject) {
  const can = (way: Way) => way === 'append' || way === 'replace' || subject.capabilities.mergeStrategies.includes(way);
  const scene = config.chain((each) => {
    const ways = ['id' in each.keys ? [...ALWAYS, ...BY_PRIMARY_KEY] : ALWAYS].flat().filter(can);
    return fc.record({ config: fc.constant(each), loads: loads(ways) });
  });
  return fc.asyncProperty(scene, async (told) => {
    const [first] = told.loads;
    await using model = await openModel(subject, { items: { shape: shapeOf(told.config), way: first?.way ?? 'append' } });
    for (const [index, load] of told.loads.entries()) {
      model.change('items', { way: load.way });
      await model.load({ id: `l${index + 1}`, items: { items: load.items }, delivery: load.delivery });
      await model.check(`after load ${index + 1}`);
    }
  });
}
