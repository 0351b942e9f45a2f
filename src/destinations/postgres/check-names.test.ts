import { describe, expect, it } from 'vitest';
import { checkName, checkNames } from './check-names.ts';

const column = (name: string) => ({ name, data_type: 'text' }) as const;

describe('names in Postgres', () => {
  it.each(['', 'a', 'x'.repeat(63), 'ż'.repeat(31), '"; DROP'])('may be %s', (name) => {
    expect(() => checkName(name)).not.toThrow();
  });

  it.each(['x'.repeat(64), 'ż'.repeat(32), '٣'.repeat(63)])('are not cut: %s', (name) => {
    expect(() => checkName(name)).toThrow(expect.objectContaining({ code: 'name_too_long' }));
    expect(() => checkNames(name, [])).toThrow(expect.objectContaining({ code: 'name_too_long' }));
    expect(() => checkNames('t', [column('a'), column(name)])).toThrow(expect.objectContaining({ code: 'name_too_long' }));
  });

  it('are not those of columns that the server has', () => {
    expect(() => checkNames('boxes', [column('xmin')])).toThrow(expect.objectContaining({ code: 'column_reserved' }));
    expect(() => checkNames('xmin', [column('ymin')])).not.toThrow();
  });
});
