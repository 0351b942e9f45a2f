import { describe, expect, it } from 'vitest';
import type { Resource } from '../core/source.ts';
import { DuplicateKeys, keyColumns } from './duplicate-keys.ts';

const ids = (...values: readonly unknown[]) => values.map((id) => ({ id }) as { id: string });

describe('duplicate keys', () => {
  it('are those of earlier pages, not of the same one', () => {
    const keys = new DuplicateKeys(['id']);
    expect(keys.count(ids(1, 2, 2))).toBe(0);
    expect(keys.count(ids(2, 3, 2))).toBe(1);
    expect(keys.count(ids('2', null, undefined))).toBe(0);
    expect(keys.count([1, null, [], {}])).toBe(0);
  });

  it('are told apart by all columns, and not by how they are written one after the other', () => {
    const keys = new DuplicateKeys(['a', 'b']);
    expect(keys.count([{ a: 'x', b: 'yz' }])).toBe(0);
    expect(keys.count([{ a: 'xy', b: 'z' }])).toBe(0);
    expect(
      keys.count([
        { a: 1, b: 23 },
        { a: '1', b: '23' },
      ]),
    ).toBe(0);
    expect(keys.count([{ a: 12, b: 3 }])).toBe(0);
    expect(
      keys.count([
        { a: 'xy', b: 'z' },
        { a: 1, b: 23 },
      ]),
    ).toBe(2);
  });

  it('are remembered for a bounded number of rows', () => {
    const keys = new DuplicateKeys(['id']);
    for (let page = 0; page < 40; page += 1) keys.count(ids(...Array.from({ length: 1000 }, (_, row) => page * 1000 + row)));
    expect(keys.count(ids(39_999, 30_001))).toBe(2);
    expect(keys.count(ids(5))).toBe(0);
  });

  it('are looked for where the key is plain names', () => {
    const columns = (primary_key: Resource['hints']['primary_key']) =>
      keyColumns({ hints: { ...(primary_key && { primary_key }) } } as Resource);
    expect(columns('id')).toEqual(['id']);
    expect(columns(['a', 'b'])).toEqual(['a', 'b']);
    for (const none of [undefined, [], 'a.b', ['a', '$.b'], () => 'id']) expect(columns(none)).toBeUndefined();
  });
});
