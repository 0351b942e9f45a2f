import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const src = resolve(import.meta.dirname, '../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((f) => f.endsWith('.ts'))
  .map((f) => f.replaceAll('\\', '/'))
  .toSorted();
const production = files.filter((f) => !f.endsWith('.test.ts'));
const text = new Map(files.map((f) => [f, readFileSync(join(src, f), 'utf8')]));

/** Floors of docs/architecture.md: a folder imports its own files and floors below. */
const FLOORS: Record<string, number> = {
  core: 0,
  paginators: 1,
  auth: 1,
  'page-log': 1,
  columns: 1,
  destinations: 1,
  rest: 2,
  extract: 2,
  normalize: 2,
  load: 2,
  testing: 2,
  config: 3,
  importers: 3,
  pipeline: 3,
  cli: 4,
  'ui-server': 4,
  worker: 4,
};
const BANNED = /^(utils?|helpers?|common|misc|base|manager|types)(\.|-|$)/;

const roomOf = (file: string) => (file.includes('/') ? (file.split('/')[0] as string) : '');

/** Relative imports of a file, type imports and dynamic ones included, as paths below src. */
function importsOf(file: string): string[] {
  const found = [...(text.get(file) as string).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((m) => m[1] as string);
  return found.map((spec) => relative(src, resolve(src, dirname(file), spec)).replaceAll('\\', '/'));
}

describe('architecture', () => {
  it('knows the floor of every folder', () => {
    const unknown = [...new Set(production.map(roomOf))].filter((room) => room !== '' && !(room in FLOORS));
    expect(unknown).toEqual([]);
  });

  it('imports only own files and floors below', () => {
    const wrong: string[] = [];
    for (const file of production) {
      const room = roomOf(file);
      if (room === '') continue;
      for (const target of importsOf(file)) {
        const other = roomOf(target);
        if (other === room) continue;
        if (other === '' || (FLOORS[other] as number) >= (FLOORS[room] as number)) wrong.push(`${file} imports ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has no import cycles', () => {
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (file: string, trail: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
        return;
      }
      state.set(file, 'open');
      for (const target of importsOf(file)) if (text.has(target)) visit(target, [...trail, file]);
      state.set(file, 'done');
    };
    for (const file of production) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('keeps files under 300 lines', () => {
    const long = files.filter((f) => (text.get(f) as string).split('\n').length > 301);
    expect(long).toEqual([]);
  });

  it('names files after what they hold', () => {
    expect(files.filter((f) => BANNED.test(f.split('/').at(-1) as string))).toEqual([]);
    expect(files.filter((f) => !/^[a-z0-9-]+(\.test)?\.ts$/.test(f.split('/').at(-1) as string))).toEqual([]);
  });

  it('names implementations only in registries', () => {
    const wrong: string[] = [];
    for (const room of ['paginators', 'auth']) {
      const own = production.filter((f) => roomOf(f) === room);
      for (const file of production.filter((f) => roomOf(f) !== room && f !== 'index.ts')) {
        for (const target of importsOf(file)) {
          if (own.includes(target) && !/\/(built-in|detect)\.ts$/.test(target)) wrong.push(`${file} imports ${target}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has named exports only', () => {
    expect(production.filter((f) => /^export default/m.test(text.get(f) as string))).toEqual([]);
  });

  it('documents every export', () => {
    const bare: string[] = [];
    for (const file of production) {
      const lines = (text.get(file) as string).split('\n');
      lines.forEach((line, i) => {
        const m = /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|class|interface|type) (\w+)/.exec(line);
        if (m && !/\*\/\s*$/.test(lines[i - 1] ?? '') && !overload(lines, i, m[1] as string)) bare.push(`${file}: ${m[1]}`);
      });
    }
    expect(bare).toEqual([]);
  });

  it('documents every error code', () => {
    const docs = readFileSync(resolve(src, '../docs/errors.md'), 'utf8');
    const codes = production.flatMap((f) =>
      [
        ...(text.get(f) as string).matchAll(
          /new (?:Syncline|Config|Auth|Http|Response|Contract|Destination|State)Error\(\s*'([a-z0-9_]+)'/g,
        ),
      ].map((m) => m[1] as string),
    );
    expect([...new Set(codes)].filter((c) => !docs.includes(`\`${c}\``)).toSorted()).toEqual([]);
  });
});

/** A later overload of a documented function. */
function overload(lines: readonly string[], at: number, name: string): boolean {
  return new RegExp(`^export (?:async )?function ${name}\\b.*;$`).test(lines[at - 1] ?? '');
}
