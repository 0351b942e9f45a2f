import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from './json.ts';
import { compileJsonPath, JsonPathError, pathOf, quoteKey } from './jsonpath.ts';
import { parseJson } from './parse-json.ts';

const lines = readFileSync(new URL('../../test/golden/jsonpath.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => parseJson(line) as JsonObject);
const documents = new Map(lines.filter((line) => 'document' in line).map((line) => [line['document'], line['value'] as Json]));

describe('compileJsonPath', () => {
  it('finds what jsonpath-ng finds', () => {
    const wrong: unknown[] = [];
    let compared = 0;
    for (const { path, on, values } of lines.filter((line) => 'values' in line)) {
      compared++;
      const found = attempt(() => compileJsonPath(path as string).find(documents.get(on as Json) as Json));
      const first = attempt(() => compileJsonPath(path as string).first(documents.get(on as Json) as Json));
      try {
        expect({ found, first }).toEqual({ found: values, first: (values as Json[])[0] });
      } catch {
        wrong.push({ path, on, values, found });
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(500);
  });

  it('refuses what jsonpath-ng refuses', () => {
    const accepted = lines
      .filter((line) => 'error' in line)
      .filter(({ path }) => attempt(() => compileJsonPath(path as string)) !== 'refused');
    expect(accepted.map(({ path }) => path)).toEqual([]);
  });

  it.each([
    ['`parent`', []],
    ['rows[?`parent`.x]', []],
    ['mixed.`sorted`', []],
    ['rows[/kind]', []],
    ['mixed[0].`sub(/a/, b)`', []],
  ])('finds nothing where jsonpath-ng crashes: %s', (path, found) => {
    expect(compileJsonPath(path).find({ mixed: [2, 'a'], rows: [{ kind: 1 }, { kind: 'a' }] })).toEqual(found);
  });

  it.each([
    ['id', 'id'],
    ["'odd key'", 'odd key'],
    ["['a']", 'a'],
    ['7', '7'],
    ['$.id', undefined],
    ['a.b', undefined],
    ['a,b', undefined],
    ['*', undefined],
    ["'*'", undefined],
  ])('knows the name of %s', (path, name) => expect(compileJsonPath(path).name).toBe(name));

  it('compiles a path once', () => expect(compileJsonPath('a.b')).toBe(compileJsonPath('a.b')));

  it('walks lists of any depth', () => {
    let deep: Json = 1;
    for (let i = 0; i < 50_000; i++) deep = [deep];
    expect(compileJsonPath('$..x').find(deep)).toEqual([]);
  });

  it('takes no key from a prototype', () => {
    expect(compileJsonPath('constructor').find({})).toEqual([]);
    expect(compileJsonPath('$..toString').find({ a: {} })).toEqual([]);
    expect(compileJsonPath('__proto__').find(parseJson('{"__proto__": 1}'))).toEqual([1]);
  });
});

describe('pathOf', () => {
  it.each([
    [[], '$'],
    [['data', 'items'], 'data.items'],
    [['odd key', 0, 'k.dot'], "'odd key'.[0].'k.dot'"],
    [['@odata.nextLink'], "'@odata.nextLink'"],
    [['where', '1', '', "it's"], String.raw`'where'.'1'.''.'it\'s'`],
  ])('of %j is %s', (keys, path) => expect(pathOf(keys)).toBe(path));

  it('leads to the value, whatever the keys are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('where', 'null', 'a b', "'", '\\', '__proto__', '*')), {
          minLength: 1,
        }),
        (keys) => {
          let root: Json = 'found';
          for (const key of keys.toReversed()) root = parseJson(`{${JSON.stringify(key)}: ${JSON.stringify(root)}}`);
          expect(compileJsonPath(pathOf(keys)).find(root)).toEqual(['found']);
          expect(compileJsonPath(`$.${pathOf(keys)}`).first(root)).toBe('found');
        },
      ),
    );
  });

  it('leaves plain words as they are', () =>
    expect(['many-results', '@type', 'a_1'].map(quoteKey)).toEqual(['many-results', '@type', 'a_1']));
});

function attempt<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    return error instanceof JsonPathError ? 'refused' : String(error);
  }
}
