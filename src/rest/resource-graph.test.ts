import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cyclesOf, parentsFirst } from './resource-graph.ts';

const edges = (text: string) => text.split(' ').map((edge) => ({ name: edge.split('<')[0] as string, parent: edge.split('<')[1] }));

describe('parentsFirst', () => {
  it.each([
    ['a b c', 'a b c'],
    ['c<p z p', 'p z c'],
    ['z c<p p', 'z p c'],
    ['g<c c<p p z', 'p z c g'],
    ['d<b c<a b<a a', 'a c b d'],
    ['x<y a', 'a'],
  ])('orders %s as dlt does', (resources, order) => expect(parentsFirst(edges(resources))).toEqual(order.split(' ')));

  it('lists every resource of a forest once, after its parent', () => {
    const forest = fc.array(fc.nat(), { minLength: 1, maxLength: 30 }).chain((seeds) => {
      const resources = seeds.map((seed, i) => ({ name: `r${i}`, parent: seed % (i + 1) === i ? undefined : `r${seed % (i + 1)}` }));
      return fc.shuffledSubarray(resources, { minLength: resources.length });
    });
    fc.assert(
      fc.property(forest, (resources) => {
        const order = parentsFirst(resources);
        expect(order.toSorted()).toEqual(resources.map(({ name }) => name).toSorted());
        const late = resources.filter(({ name, parent }) => parent !== undefined && order.indexOf(parent) > order.indexOf(name));
        expect(late).toEqual([]);
        expect(cyclesOf(resources)).toEqual([]);
      }),
    );
  });
});

describe('cyclesOf', () => {
  it.each([
    ['a<a', [['a', 'a']]],
    ['a<b b<a c<a', [['a', 'b', 'a']]],
    [
      'c<a a<b b<a d<e e<d',
      [
        ['a', 'b', 'a'],
        ['d', 'e', 'd'],
      ],
    ],
    ['a b<a c<b', []],
  ])('finds those of %s', (resources, cycles) => expect(cyclesOf(edges(resources))).toEqual(cycles));
});
