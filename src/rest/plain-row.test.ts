import { describe, expect, it } from 'vitest';
import { JsonFloat, type Json } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import { printJson } from '../core/print-json.ts';
import { fromPlain, toPlain } from './plain-row.ts';

describe('rows for functions', () => {
  it('are plain JavaScript, and come back as they were', () => {
    const row = parseJson('{"f":1.0,"i":1,"big":9007199254740993,"list":[2.0,2,{"deep":1e3}],"__proto__":{"a":1.0},"huge":1e400,"n":null}');
    const plain = toPlain(row) as Record<string, unknown>;
    expect(plain).toMatchObject({ f: 1, i: 1, big: 9007199254740993n, list: [2, 2, { deep: 1000 }] });
    expect(printJson(fromPlain(plain, row))).toBe(printJson(row));
  });

  it('keep floats apart where a field stays', () => {
    const sent: Json = { price: new JsonFloat(1), ratio: 0.5, count: 1 };
    expect(fromPlain({ price: 2, ratio: 1, count: 3, more: 4, far: 2 ** 60 }, sent)).toEqual({
      price: new JsonFloat(2),
      ratio: new JsonFloat(1),
      count: 3,
      more: 4,
      far: new JsonFloat(2 ** 60),
    });
  });

  it('become JSON', () => {
    const value = {
      date: new Date(0),
      none: undefined,
      nan: Number.NaN,
      small: 5n,
      big: 2n ** 64n,
      url: new URL('https://a.example/'),
      list: [undefined],
    };
    expect(fromPlain(value)).toEqual({
      date: '1970-01-01T00:00:00.000Z',
      nan: null,
      small: 5,
      big: 2n ** 64n,
      url: 'https://a.example/',
      list: [null],
    });
  });

  it.each([new Map(), new Set(), new Uint8Array(), () => 1, Symbol('a')])('refuse what JSON cannot hold: case %#', (value) => {
    expect(() => fromPlain({ value })).toThrow('is no JSON value');
  });
});
