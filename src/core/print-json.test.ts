import { describe, expect, it } from 'vitest';
import { JsonFloat, type Json } from './json.ts';
import { canonicalJson, printJson } from './print-json.ts';

describe('printJson', () => {
  it('keeps digits, floats and the order of keys', () => {
    const value: Json = { b: [1, new JsonFloat(1), 12345678901234567890n, 0.5], a: { c: null, d: true }, e: [], f: {} };
    expect(printJson(value)).toBe('{"b":[1,1.0,12345678901234567890,0.5],"a":{"c":null,"d":true},"e":[],"f":{}}');
  });

  it('writes null for what JSON has no number for', () => {
    expect(printJson([new JsonFloat(Number.POSITIVE_INFINITY), new JsonFloat(Number.NEGATIVE_INFINITY), Number.NaN])).toBe(
      '[null,null,null]',
    );
  });

  it('escapes as little as JSON allows', () => {
    expect(printJson('a"\\\n\u001f\u2028é😀')).toBe('"a\\"\\\\\\n\\u001f\u2028é😀"');
  });

  it('leaves out keys without a value', () => {
    expect(printJson({ a: 1, b: undefined } as unknown as Json)).toBe('{"a":1}');
  });
});

describe('canonicalJson', () => {
  it('sorts keys by code point, at every depth', () => {
    const value: Json = { '\u{10000}': 1, '\uffff': 2, é: 3, z: { b: 1, a: [{ d: 1, c: 2 }] }, A: 5, '': 6, ab: 7, a: 8 };
    expect(canonicalJson(value)).toBe('{"":6,"A":5,"a":8,"ab":7,"z":{"a":[{"c":2,"d":1}],"b":1},"é":3,"\uffff":2,"\u{10000}":1}');
  });

  it('writes U+FFFD for half a surrogate pair', () => {
    expect(canonicalJson({ 'k\ud800': 'v\udc00😀' })).toBe('{"k\ufffd":"v\ufffd😀"}');
  });
});
