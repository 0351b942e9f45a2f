import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import { expandJson, expandText, parseTemplate, type Template, TemplateError } from './templates.ts';

const [first, ...lines] = readFileSync(new URL('../../test/golden/templates.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => parseJson(line) as JsonObject);
const values = (first as JsonObject)['values'] as JsonObject;
const fill = (text: string, more: JsonObject = {}) => expandText(parseTemplate(text), { ...values, ...more });

describe('parseTemplate', () => {
  it('splits texts as Python does', () => {
    const parses = lines.filter((line) => 'parse' in line);
    for (const { parse, error, parts } of parses) {
      const read = attempt(() => rejoin(parseTemplate(parse as string)));
      expect({ parse, read }).toEqual({ parse, read: error ? 'refused' : pythonParts(parts as Json[][]) });
    }
    expect(parses.length).toBeGreaterThan(40);
  });

  it.each([
    ['a{', 2, 'a `{` is not closed'],
    ['a}b', 2, 'there is a `}` without a `{`'],
    ['{x', 1, 'a `{` is not closed'],
    ['query { posts { id } }', 15, 'there is a `{` inside of a placeholder'],
    ['{x!q}', 4, 'there is no such conversion'],
    ['ab{x:>{w}', 3, 'a `{` is not closed'],
    ['{x:{w!z}}', 7, 'there is no such conversion'],
  ])('says where %s goes wrong', (text, column, message) => {
    expect(() => parseTemplate(text)).toThrow(expect.objectContaining({ name: 'TemplateError', column, message }));
  });
});

describe('expandText', () => {
  it('fills in what Python fills in', () => {
    const texts = lines.filter((line) => 'template' in line);
    for (const { template, text, error } of texts) {
      expect({ template, text: attempt(() => fill(template as string)) }).toEqual({ template, text: error ? 'refused' : text });
    }
    expect(texts.length).toBeGreaterThan(30);
  });

  it('tells which placeholder has no value', () => {
    expect(() => fill('a/{missing}')).toThrow(expect.objectContaining({ column: 3, message: '`missing` has no value' }));
    expect(() => fill('{n:5}')).toThrow('the value of `n` cannot be written: null takes no format');
    expect(() => fill('{constructor}')).toThrow(TemplateError);
  });

  it.each([
    ['posts/{v}', 'a/b', 'posts/a%2Fb'],
    ['posts/{v}', 'a b?c#d%e', 'posts/a%20b%3Fc%23d%25e'],
    ['posts/{v}', 'é', 'posts/%C3%A9'],
    ['posts/{v}', '2024-01-01T00:00:00+00:00', 'posts/2024-01-01T00:00:00+00:00'],
    ['posts/{v}', 'a%2Fb', 'posts/a%252Fb'],
    ['posts/{v}', 'x\ud800', 'posts/x%EF%BF%BD'],
    ['p(id={v})', "o'k", "p(id=o'k)"],
    ['posts?since={v}', '2024-01-01T00:00:00+00:00', 'posts?since=2024-01-01T00:00:00%2B00:00'],
    ['posts?q={v}', 'a&b=c/d', 'posts?q=a%26b%3Dc/d'],
    ['{v}/comments', 'https://api.example.com/a?b=c', 'https://api.example.com/a?b=c/comments'],
    ['{v}', '/v1/posts/1', '/v1/posts/1'],
    ['{v}', 'a/b', 'a%2Fb'],
    ['x{v}', '/a', 'x%2Fa'],
    ['posts/{v:>4}', 'a', 'posts/%20%20%20a'],
    ['{{v}}/{v}', 'a', '{v}/a'],
  ])('encodes the value of %s once', (text, v, path) => {
    expect(expandText(parseTemplate(text), { v }, { encode: 'path' })).toBe(path);
  });
});

describe('expandJson', () => {
  it('fills in what dlt fills in', () => {
    const cases = lines.filter((line) => 'value' in line);
    for (const { value, expanded, preserved } of cases) {
      const preserveTypes = preserved !== undefined;
      expect(expandJson(value as Json, values, { preserveTypes })).toEqual(preserveTypes ? preserved : expanded);
    }
    expect(cases.length).toBeGreaterThan(8);
  });

  it('takes no list for a key', () => {
    expect(() => expandJson({ '{l}': 1 }, values, { preserveTypes: true })).toThrow('`{l}` gives a list or an object for a key');
  });

  it('keeps hostile keys as data', () => {
    const expanded = expandJson(parseJson('{"__proto__": "{id}"}'), values, { preserveTypes: true });
    expect(Object.entries(expanded as JsonObject)).toEqual([['__proto__', 'a/b']]);
  });
});

function attempt<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    return error instanceof TemplateError ? 'refused' : String(error);
  }
}

/** Literals joined: Python parts them at doubled braces. */
function joinLiterals(parts: readonly (string | readonly (string | null)[])[]): unknown[] {
  const out: unknown[] = [];
  for (const part of parts) {
    if (typeof part === 'string' && typeof out.at(-1) === 'string') out.push(`${out.pop() as string}${part}`);
    else if (part !== '') out.push(part);
  }
  return out;
}

function pythonParts(parts: readonly Json[][]): unknown[] {
  return joinLiterals(
    parts.flatMap(([literal, field, spec, conversion]) => [
      literal as string,
      ...(field === null ? [] : [[field as string, spec as string, conversion as string | null]]),
    ]),
  );
}

function rejoin(template: Template): unknown[] {
  return joinLiterals(
    template.parts.map((part) => (typeof part === 'string' ? part : [part.field, part.spec?.text ?? '', part.conversion ?? null])),
  );
}
