import type { ContractCase } from './contract-case.ts';
import { lacksAny, lacksStrategy } from './destination-lacks.ts';
import type { Item, Way } from './destination-model.ts';
import type { Shape } from './destination-model-rows.ts';
import { type Delivery, openModel } from './destination-model-scene.ts';
import type { DestinationSubject } from './destination-scene.ts';

const SHAPE: Shape = {
  columns: { id: { data_type: 'bigint', primary_key: true, nullable: false }, v: { data_type: 'text' } },
  lists: { parts: { columns: { n: { data_type: 'bigint' } }, lists: { bits: { columns: { value: { data_type: 'bigint' } } } } } },
};

const item = (id: number, v: string, ...parts: readonly (readonly number[])[]): Item => ({
  id,
  v,
  parts: parts.map((bits, n) => ({ n, bits: bits.map((value) => ({ value })) })),
});

/** Loads of one way, of another, of that again, and of the first. */
const LOADS: readonly (readonly Item[])[] = [
  [item(1, 'a', [1, 2], [3]), item(2, 'b', [4]), item(3, 'c')],
  [item(1, 'a2', [5]), item(3, 'c', [6, 7], []), item(4, 'd', [8]), item(4, 'again', [13], [14])],
  [item(4, 'd2'), item(2, 'b', [4]), item(1, 'a2', [5], [9])],
  [item(1, 'a3', [10]), item(5, 'e', [11], [12])],
];

/** The first change is told by the last schema only, as a changed disposition alone is; the one back before the rows. */
const TOLD: readonly Delivery[] = ['in whole', 'growing', 'in whole', 'in whole'];

/** Each changes to those behind it, and back: what replaces has most to lose. */
const WAYS: readonly Way[] = ['replace', 'append', 'delete-insert', 'upsert', 'insert-only', 'cdc', 'scd2'];

/** Tables of the ways before this one change to it, and back. */
function changes(way: Way): ContractCase<DestinationSubject> {
  const others = WAYS.slice(0, WAYS.indexOf(way));
  const strategies = [way, ...others].filter((each) => !isPlain(each));
  return {
    name: `loads by ${way}: tables that had another way before, and have it again`,
    ...(strategies.length > 0 && { lacks: lacksAny(...strategies.map(lacksStrategy)) }),
    async run(subject) {
      const tables = others.map((other) => [`after_${other.replace('-', '_')}`, other] as const);
      await using model = await openModel(subject, Object.fromEntries(tables.map(([name, other]) => [name, { shape: SHAPE, way: other }])));
      for (const [index, items] of LOADS.entries()) {
        for (const [name, other] of tables) model.change(name, { way: index === 1 || index === 2 ? way : other });
        const all = Object.fromEntries(tables.map(([name]) => [name, items]));
        await model.load({ id: `l${index + 1}`, items: all, delivery: TOLD[index] ?? 'in whole' });
        if (index % 2 === 1) await model.check(`after load ${index + 1}`);
      }
    },
  };
}

function isPlain(way: Way): way is 'append' | 'replace' {
  return way === 'append' || way === 'replace';
}

/** Tables whose disposition or strategy changes from load to load. */
export const destinationChangeCases: readonly ContractCase<DestinationSubject>[] = WAYS.slice(1).map(changes);
