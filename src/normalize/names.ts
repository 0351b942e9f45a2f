import { ConfigError } from '../core/errors.ts';
import { shake } from '../core/hash.ts';
import { isPythonSpace, pythonStrip } from '../core/python-space.ts';

/** Joins the parts of a table's or column's path: `orders__items`. */
const PATH_SEPARATOR = '__';

/** The name of a column whose key is empty or all space. */
export const EMPTY_KEY = '_empty';

/** Turns the names of an API into those of tables and columns, as dlt's `snake_case` convention does. */
export interface Naming {
  /** One name: `userId` becomes `user_id`, and `a__b` becomes `a_b`. Throws a ConfigError when nothing is there. */
  identifier(name: string): string;
  /** A name whose `__` stay: `fooBar__bazQux` becomes `foo_bar__baz_qux`. Empty when no part has a letter. */
  path(name: string): string;
  /** {@link path} for the key of a list, which names a table. */
  tablePath(name: string): string;
  /** The column of an object's key: its {@link path}, {@link EMPTY_KEY} when the key is empty or all space. */
  column(key: string): string;
  /** Joins names that are normalized already: `['orders', 'items']` becomes `orders__items`. */
  fragments(parts: readonly string[]): string;
}

/** Hostile APIs have a new key in every row, or huge ones: what is remembered has a bound. */
const MAX_REMEMBERED = 20_000;
const MAX_REMEMBERED_LENGTH = 500;

/** Names of at most `maxLength` characters; longer ones get a tag of their hash in the middle. Remembers what it made. */
export function createNaming(maxLength: number): Naming {
  const makeIdentifier = remember((name) => shorten(snakeCase(name), pythonStrip(name), maxLength));
  const makePath = remember((name) => shorten(split(name).map(makeIdentifier).filter(hasLetter).join(PATH_SEPARATOR), name, maxLength));
  return {
    identifier: makeIdentifier,
    path: makePath,
    tablePath: makePath,
    column: remember((key) => (hasLetter(key) ? makePath(key) : EMPTY_KEY)),
    fragments(parts) {
      const joined = parts.every(hasLetter) ? parts.join(PATH_SEPARATOR) : parts.filter(hasLetter).join(PATH_SEPARATOR);
      return shorten(joined, joined, maxLength);
    },
  };
}

function remember(make: (name: string) => string): (name: string) => string {
  const made = new Map<string, string>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    if (made.size >= MAX_REMEMBERED) made.clear();
    const result = make(name);
    if (name.length <= MAX_REMEMBERED_LENGTH) made.set(name, result);
    return result;
  };
}

/** Characters that have a letter for themselves. */
const LETTERS: Readonly<Record<string, string>> = { '+': 'x', '-': '_', '*': 'x', '@': 'a', '|': 'l' };

/** dlt's rules, in its order. `\p{Nd}` is Python's `\d`: the digits of all scripts. */
function snakeCase(name: string): string {
  const stripped = pythonStrip(name);
  if (stripped === '') {
    throw new ConfigError('name_empty', 'the name of a table or column is empty', {
      hint: 'Give it a name with at least one letter or digit.',
    });
  }
  const words = stripped
    .replace(/[+\-*@|]/g, (char) => LETTERS[char] as string)
    .replace(/[^a-zA-Z\p{Nd}_]+/gu, '_')
    .replace(/([^_])([A-Z][a-z]+)/gu, '$1_$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
  const started = /^\p{Nd}/u.test(words) ? `_${words}` : words;
  let end = started.length;
  while (started[end - 1] === '_') end -= 1;
  return (started.slice(0, end) + 'x'.repeat(started.length - end)).replace(/__+/g, '_');
}

function split(path: string): string[] {
  return path.includes(PATH_SEPARATOR) ? path.split(PATH_SEPARATOR).filter(hasLetter) : [path].filter(hasLetter);
}

/** True for what Python's `strip()` leaves something of. */
function hasLetter(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (!isPythonSpace(text.charCodeAt(i))) return true;
  return false;
}

/** Cuts the middle of a long name out and puts a tag of the original there, so that long names stay apart. */
function shorten(name: string, original: string, maxLength: number): string {
  if (name.length <= maxLength) return name;
  const chars = Array.from(name);
  if (chars.length <= maxLength) return name;
  const tag = shake(original, 4).replaceAll('/', 'a').replaceAll('+', 'b').toLowerCase();
  const kept = maxLength - tag.length;
  const tail = Math.floor(kept / 2);
  return chars.slice(0, kept - tail).join('') + tag + chars.slice(chars.length - tail).join('');
}
