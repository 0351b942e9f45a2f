import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { JsonPathError } from './jsonpath-error.ts';
import { compilePythonRegex } from './python-regex.ts';

interface Golden {
  readonly texts?: readonly string[];
  readonly pattern: string;
  readonly error?: boolean;
  readonly found?: readonly string[];
  readonly marked?: readonly string[];
}

const lines = readFileSync(new URL('../../test/golden/python-regex.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Golden);
const texts = lines[0]?.texts as readonly string[];
const cases = lines.slice(1);

describe('compilePythonRegex', () => {
  it('finds and replaces what Python does', () => {
    for (const { pattern, found, marked } of cases.filter(({ error }) => !error)) {
      const once = compilePythonRegex(pattern, 1);
      const all = compilePythonRegex(pattern, 1, 'g');
      expect({ pattern, found: texts.filter((text) => once.test(text)) }).toEqual({ pattern, found });
      expect({ pattern, marked: texts.map((text) => text.replace(all, (match) => `<${match}>`)) }).toEqual({ pattern, marked });
    }
    expect(cases.length).toBeGreaterThan(80);
  });

  it('refuses what Python refuses', () => {
    const accepted = cases.filter(({ pattern, error }) => error && compiles(pattern));
    expect(accepted).toEqual([]);
  });

  it.each(['a++', '(?>a)', '(?i:a)', '(a)(?(1)b|c)', '(?x) a'])('refuses %s, which JavaScript cannot say', (pattern) => {
    expect(() => compilePythonRegex(pattern, 4)).toThrow(
      expect.objectContaining({ column: 4, hint: 'write a simpler regular expression' }),
    );
  });
});

function compiles(pattern: string): boolean {
  try {
    compilePythonRegex(pattern, 1);
    return true;
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    return false;
  }
}
