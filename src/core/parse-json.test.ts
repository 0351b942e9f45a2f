import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonObject, JsonFloat, type Json } from './json.ts';
import { parseJson } from './parse-json.ts';
import { MAX_JSON_DEPTH } from './json-too-deep.ts';
import { parseJsonLossless } from './parse-json-lossless.ts';
import { printJson } from './print-json.ts';
import { needsLosslessReader } from './probe-json.ts';

/** What JSON.parse would have made of it. */
function rounded(value: Json): unknown {
  if (value instanceof JsonFloat) return value.value;
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(rounded);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, rounded(child)]));
}

const literal = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constantFrom('0', '1', '9007199254740992', '999999999999999'), fc.bigInt({ min: 1n, max: 10n ** 25n }).map(String)),
    fc.oneof(
      fc.constantFrom('', '.0', '.5', '.999999999999999999999', '.000000000000000000001'),
      fc.nat().map((n) => `.${n}`),
    ),
    fc.oneof(
      fc.constantFrom('', 'e0', 'E+5', 'e-7', 'e400', 'e-400'),
      fc.integer({ min: -30, max: 30 }).map((n) => `e${n}`),
    ),
  )
  .map((parts) => parts.join(''));
const key = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', '', '1'));
const text = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(
      literal,
      fc.string({ unit: 'binary' }).map((s) => JSON.stringify(s)),
      fc.constantFrom('null', 'true', 'false', '[]', '{ }'),
    ),
    fc.array(tie('value'), { maxLength: 4 }).map((list) => `[${list.join(' , ')}]`),
    fc
      .array(fc.tuple(key, tie('value')), { maxLength: 4 })
      .map((list) => `{${list.map(([k, v]) => `${JSON.stringify(k)}:\n${v}`).join(',')}}`),
  ),
})).value;

describe('parseJson', () => {
  it('keeps integers, floats and big integers apart', () => {
    expect(parseJson('[1, 1.0, 1.5, 1e3, -0, -0.0, 12345678901234567890, 9007199254740993, 1e400]')).toEqual([
      1,
      new JsonFloat(1),
      1.5,
      new JsonFloat(1000),
      0,
      new JsonFloat(-0),
      12345678901234567890n,
      9007199254740993n,
      new JsonFloat(Number.POSITIVE_INFINITY),
    ]);
    expect(Object.is(parseJson('-0'), 0)).toBe(true);
    expect(parseJson('[0.99999999999999999999, 123456789.0000000001]')).toEqual([new JsonFloat(1), new JsonFloat(123456789)]);
  });

  it('reads every text as JSON.parse does, but for the numbers', () => {
    fc.assert(
      fc.property(text, (json) => {
        // An integer of -0 is 0 for dlt.
        const integers = json.replace(/(^|[[,:\s])-0(?=$|[\],}\s])/g, '$10');
        fc.pre(!/"[^"]*-0/.test(json));
        expect(rounded(parseJson(json))).toEqual(JSON.parse(integers));
      }),
    );
  });

  it('reads the same with and without the short cut', () => {
    fc.assert(
      fc.property(text, (json) => {
        expect(parseJson(json)).toEqual(parseJsonLossless(json));
      }),
    );
  });

  it('takes the short cut only where JSON.parse loses nothing', () => {
    expect(['[1, "1.0", {"id": 123456789012345, "x": 0.5}]', '["\\"1.0", 2.25]'].map(needsLosslessReader)).toEqual([false, false]);
    expect(['1.0', '1e1', '[-0]', '{"a": 1234567890123456}', '"open'].map(needsLosslessReader)).toEqual([true, true, true, true, true]);
  });

  it('prints and reads back the same', () => {
    fc.assert(
      fc.property(text, (json) => {
        const value = parseJson(json.replaceAll('e400', 'e40'));
        expect(parseJson(printJson(value))).toEqual(value);
      }),
    );
  });

  it('takes the last of duplicate keys and keeps __proto__ as a key', () => {
    expect(parseJson('{"a": 1.0, "a": {"b": 2}}')).toEqual({ a: { b: 2 } });
    for (const json of ['{"__proto__": {"x": 1}}', '{"__proto__": {"x": 1.0}}']) {
      const value = parseJson(json) as { [key: string]: Json };
      expect(Object.keys(value)).toEqual(['__proto__']);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    }
  });

  it('skips a byte order mark', () => {
    expect(parseJson('\ufeff{"a": 1}')).toEqual({ a: 1 });
  });

  it.each([
    ['', 'expected a JSON value but found an empty text at line 1, column 1 (offset 0)'],
    ['<html>secret</html>', 'expected a JSON value but found "<" at line 1, column 1 (offset 0)'],
    ['{"a":\n  NaN}', 'expected a JSON value but found NaN at line 2, column 3 (offset 8)'],
    ['[1, Infinity]', 'expected a JSON value but found Infinity at line 1, column 5 (offset 4)'],
    ['[-Infinity]', 'expected a JSON value but found "-" at line 1, column 2 (offset 1)'],
    ['{"a": [1, 2', 'expected "," or "]" but found the end of the text at line 1, column 12 (offset 11)'],
    ['{"a": 1', 'expected "," or "}" but found the end of the text at line 1, column 8 (offset 7)'],
    ['{a: 1}', 'expected a key in double quotes but found "a" at line 1, column 2 (offset 1)'],
    ['{"a": 1,}', 'expected a key in double quotes but found "}" at line 1, column 9 (offset 8)'],
    ['{"a" 1}', 'expected ":" but found "1" at line 1, column 6 (offset 5)'],
    ['[1,]', 'expected a JSON value but found "]" at line 1, column 4 (offset 3)'],
    ['01', 'expected the end of the text but found "1" at line 1, column 2 (offset 1)'],
    ['"abc', 'expected the closing quote of a string but found the end of the text at line 1, column 5 (offset 4)'],
    ['"a\tb"', 'expected an escaped control character in a string but found U+0009 at line 1, column 3 (offset 2)'],
    ['"a\\x"', 'expected an escape sequence of JSON after "\\" but found "x" at line 1, column 4 (offset 3)'],
    ['{} {}', 'expected the end of the text but found "{" at line 1, column 4 (offset 3)'],
    ["{'a': 1}", `expected a key in double quotes but found "'" at line 1, column 2 (offset 1)`],
  ])('says what is wrong with %j', (json, message) => {
    expect(() => parseJson(json)).toThrow(new SyntaxError(message));
  });

  it('refuses what JSON.parse refuses', () => {
    const broken = fc.tuple(text, fc.nat(), fc.constantFrom('', '"', ',', '}', ']', '\\', '0', '.', 'e', '-')).map(([json, at, put]) => {
      const cut = at % (json.length + 1);
      return json.slice(0, cut) + put + json.slice(cut + 1);
    });
    fc.assert(
      fc.property(broken, (json) => {
        expect(isAccepted(parseJson, json)).toBe(isAccepted(JSON.parse, json));
      }),
    );
  });

  it('reads any depth up to its bound', () => {
    const nested = (depth: number, core: string) => '['.repeat(depth) + core + ']'.repeat(depth);
    for (const core of ['', '1.0']) {
      const json = nested(MAX_JSON_DEPTH, core);
      expect(printJson(parseJson(json))).toBe(json);
      expect(() => parseJson(nested(MAX_JSON_DEPTH + 1, core))).toThrow('nested deeper than 10000 levels');
    }
  });
});

function isAccepted(parse: (json: string) => unknown, json: string): boolean {
  try {
    parse(json);
    return true;
  } catch {
    return false;
  }
}
