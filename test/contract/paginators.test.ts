import { assert, integer, nat, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paginatorContract, simulateWalk } from '../../src/testing/index.ts';
import { paginatorSubjects } from './paginator-subjects.ts';
import { runContract } from './run-contract.ts';

describe.each(Object.entries(paginatorSubjects))('paginator %s', (type, subject) => {
  runContract(paginatorContract, subject);

  it('is registered under its type', () => {
    expect(subject.plugin.type).toBe(type);
  });

  it('loses and repeats no row, whatever the size of data set and page, and wherever a walk goes on', () => {
    const sizes = record({ count: nat(60), pageSize: integer({ min: 1, max: 70 }), at: nat() });
    assert(
      property(sizes, ({ count, pageSize, at }) => {
        const { plugin, options, answer } = subject;
        const api = { rows: Array.from({ length: count }, (_, row) => ({ row })), pageSize };
        const paginator = plugin.create(plugin.options.parse(options(pageSize)));
        const pages = simulateWalk({ paginator, api, answer });
        expect(pages.flatMap((page) => page.rows)).toEqual(api.rows);
        const left = pages.slice(at % pages.length);
        const rest = simulateWalk({ paginator, api, answer, from: left[0]?.cursor ?? null });
        expect(rest).toEqual(left);
      }),
    );
  });
});
