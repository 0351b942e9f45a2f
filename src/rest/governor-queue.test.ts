import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFairQueue } from './governor-queue.ts';

interface Item {
  readonly kind: string;
  readonly nth: number;
  /** Kinds that went before this item since it was the first of its kind. */
  readonly passedBy: string[];
}

type Step = { readonly push: string } | { readonly remove: number } | { readonly shift: true };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ push: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ remove: fc.nat(40) }),
    fc.record({ shift: fc.constant(true as const) }),
  ),
  { maxLength: 80 },
);

/** Runs a script on a queue; each shift gives what came and all that waited, in the order in which it came. */
function shifts(script: readonly Step[]): { readonly item: Item | undefined; readonly waiting: readonly Item[] }[] {
  const queue = createFairQueue<Item>();
  let waiting: Item[] = [];
  return script.flatMap((step, nth) => {
    if ('push' in step) {
      const item = { kind: step.push, nth, passedBy: [] };
      waiting = [...waiting, item];
      queue.push(step.push, item);
      return [];
    }
    const before = waiting;
    const gone = 'remove' in step ? waiting.find((one) => one.nth === step.remove) : queue.shift();
    waiting = waiting.filter((one) => one !== gone);
    if ('remove' in step) {
      if (gone) queue.remove(gone.kind, gone);
      return [];
    }
    return [{ item: gone, waiting: before }];
  });
}

const firstOf = (items: readonly Item[], kind: string) => items.find((item) => item.kind === kind);

describe('createFairQueue', () => {
  it('gives whoever waits, those of a kind in their order', () => {
    fc.assert(
      fc.property(steps, (script) => {
        for (const { item, waiting } of shifts(script)) expect(item).toBe(item ? firstOf(waiting, item.kind) : waiting[0]);
      }),
    );
  });

  it('lets no kind go twice while another waits', () => {
    fc.assert(
      fc.property(steps, (script) => {
        for (const { item, waiting } of shifts(script)) {
          const others = ['a', 'b', 'c'].filter((kind) => kind !== item?.kind).flatMap((kind) => firstOf(waiting, kind) ?? []);
          for (const other of item ? others : []) {
            expect(other.passedBy).not.toContain(item?.kind);
            other.passedBy.push(item?.kind ?? '');
          }
        }
      }),
    );
  });
});
