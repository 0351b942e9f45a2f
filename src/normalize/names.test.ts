import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNaming } from './names.ts';

const naming = createNaming(63);
const codeUnit = fc.nat(0xffff).map((code) => String.fromCharCode(code));

describe('createNaming', () => {
  it('names 5,093 keys as dlt does', () => {
    const unlimited = createNaming(Number.POSITIVE_INFINITY);
    const vectors = readFileSync(new URL('../../test/golden/naming_snake_case.jsonl', import.meta.url), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as [string, string, string]);
    const named = vectors.map(([name, identifier]) => [
      name,
      identifier === 'ERR' ? identifier : unlimited.identifier(name),
      unlimited.path(name),
    ]);
    expect(named).toEqual(vectors);
  });

  it.each(['', ' ', '\t', '\u001c', '\u0085'])('refuses to name %j', (name) => {
    expect(() => naming.identifier(name)).toThrow('the name of a table or column is empty');
  });

  it.each([
    ['a'.repeat(64), `${'a'.repeat(29)}fv1mma${'a'.repeat(28)}`],
    ['a'.repeat(63), 'a'.repeat(63)],
    [
      'very_long_column_name_that_certainly_exceeds_sixty_three_characters_in_total',
      'very_long_column_name_that_cexkawkaty_three_characters_in_total',
    ],
    [
      'VeryLongColumnNameThatCertainlyExceedsSixtyThreeCharactersInTotalLength',
      'very_long_column_name_that_cea8jezge_characters_in_total_length',
    ],
  ])('shortens %s', (name, expected) => {
    expect([naming.identifier(name), naming.path(name)]).toEqual([expected, expected]);
  });

  it('counts characters, not UTF-16 units', () => {
    const digits = '𝟙'.repeat(62);
    expect(naming.identifier(digits)).toBe(`_${digits}`);
    expect(Array.from(naming.identifier(`${digits}𝟙`))).toHaveLength(63);
  });

  it('joins and shortens fragments', () => {
    expect(naming.fragments(['orders', 'items'])).toBe('orders__items');
    expect(naming.fragments(['orders', '', ' ', 'items'])).toBe('orders__items');
    expect(naming.fragments(['orders', 'line_items_with_very_long_names', 'discount_allocations', 'discount_application'])).toBe(
      'orders__line_items_with_very_bd4u7gations__discount_application',
    );
  });

  it('has a column for empty keys', () => {
    expect(['', ' \t', '\u001c', '\ufeff', '__', 'userId'].map((key) => naming.column(key))).toEqual([
      '_empty',
      '_empty',
      '_empty',
      'x',
      '',
      'user_id',
    ]);
  });

  it('keeps to the length and names a name the same again', () => {
    fc.assert(
      fc.property(fc.string({ unit: codeUnit, maxLength: 200 }), (key) => {
        const name = naming.column(key);
        expect(Array.from(name).length).toBeLessThanOrEqual(63);
        expect(naming.column(key)).toBe(name);
        expect(createNaming(63).column(key)).toBe(name);
      }),
    );
  });

  it('names a million underscores in no time', () => {
    expect(naming.identifier(`a${'_'.repeat(1_000_000)}b`)).toBe('a_b');
  });
});
