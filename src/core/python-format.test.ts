import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from './json.ts';
import { parseJson } from './parse-json.ts';
import { pythonFormat } from './python-format.ts';

const lines = readFileSync(new URL('../../test/golden/python-format.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => parseJson(line) as JsonObject);

describe('pythonFormat', () => {
  it('writes what Python writes, and refuses what Python refuses', () => {
    const wrong = lines
      .map((line) => ({ line, got: attempt(() => pythonFormat(line['value'] ?? null, line['spec'] as string)) }))
      .filter(({ line, got }) => got !== (line['text'] as string | undefined));
    expect(wrong).toEqual([]);
    expect(lines.length).toBe(500);
  });

  it('refuses fields that would fill the memory', () => expect(() => pythonFormat('x', '999999999')).toThrow('too wide'));
});

function attempt(run: () => string): string | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
