import type { PathNode } from './jsonpath-ast.ts';
import { JsonPathError } from './jsonpath-error.ts';
import type { Token } from './jsonpath-lexer.ts';
import { compilePythonRegex } from './python-regex.ts';

const SPLIT = /^split\((?:(?=(\s*))\1|\s*(?=\s(?!\s)))(['"]?)([^\n]+)\2\s*,\s*(-?\d+|\*)\s*,\s*(-?\d+)\s*\)/;
const SUB = /^sub\(\/(.*)\/,\s+(.*)\)/;
const REFERENCE = /\\(?:(\d{1,2})|g<(\w+)>|(.))/gs;
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' };
const NAMES = '`this`, `parent`, `len`, `keys`, `path`, `sorted`, `str()`, `split(…)` or `sub(…)`';

/** Reads what stands between backquotes: `` `len` ``, `` `split(-, 0, -1)` ``. */
export function parseFunction({ text, column }: Token): PathNode {
  switch (text) {
    case 'this':
    case 'parent':
    case 'len':
    case 'keys':
    case 'path':
      return { kind: text };
    case 'sorted':
      return { kind: 'sorted', by: [] };
    default:
      if (text.startsWith('str()')) return { kind: 'str' };
      if (text.startsWith('split(')) return parseSplit(text, column);
      if (text.startsWith('sub(')) return parseSub(text, column);
      throw new JsonPathError(`there is no function \`${text}\``, column, `use ${NAMES}`);
  }
}

function parseSplit(text: string, column: number): PathNode {
  const match = SPLIT.exec(text);
  if (!match) throw new JsonPathError(`\`${text}\` cannot be read`, column, 'write `split(separator, segment or *, most splits or -1)`');
  const segment = match[4] as string;
  return { kind: 'split', separator: match[3] as string, segment: segment === '*' ? segment : Number(segment), limit: Number(match[5]) };
}

function parseSub(text: string, column: number): PathNode {
  const match = SUB.exec(text);
  if (!match) throw new JsonPathError(`\`${text}\` cannot be read`, column, 'write `sub(/pattern/, replacement)`');
  const pattern = compilePythonRegex((match[1] as string).trim(), column, 'g');
  const template = (match[2] as string).trim();
  return { kind: 'sub', replace: (value) => value.replace(pattern, (...found) => fillTemplate(template, found)) };
}

/** Python's replacement texts: `\1` and `\g<name>` are groups, `\n` is a line end, the rest is itself. */
function fillTemplate(template: string, found: readonly unknown[]): string {
  const named = found.at(-1);
  const groups = (typeof named === 'object' && named !== null ? named : {}) as Readonly<Record<string, string | undefined>>;
  return template.replace(REFERENCE, (whole, index?: string, name?: string, char?: string) => {
    if (index !== undefined) return textOf(found[Number(index)]);
    if (name !== undefined) return /^\d+$/.test(name) ? textOf(found[Number(name)]) : (groups[name] ?? '');
    return CONTROLS[char as string] ?? (char === '\\' ? '\\' : whole);
  });
}

function textOf(group: unknown): string {
  return typeof group === 'string' ? group : '';
}
