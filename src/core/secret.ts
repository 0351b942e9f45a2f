import { isDistinctive } from './is-distinctive.ts';
import { base64Pattern, type SecretPattern, secretPattern } from './secret-pattern.ts';

const MASK = '***';
/** Shorter values are not replaced in free text: they would match everywhere and tell nothing. */
const SHORTEST = 3;
/** From this length on, a secret is known in capitals too: a host name comes back in small letters. */
const ANY_CASE = 8;
/** A shorter text is in most bodies, so that looking for it saves nothing. */
const SHORTEST_NEEDLE = 4;

/** The secret values of one run, and how text is freed of them (invariant 7). */
export interface Secrets {
  /** Makes a value a secret: whatever is shown is freed of it. */
  add(value: string): void;
  /** Like `add`, for what proves who asks: what is stored of an API's responses is freed of it too, when no row can hold it by chance. */
  addCredential(value: string): void;
  /** Like `addCredential`, for what was obtained at run time: no later process knows it. */
  addToken(value: string): void;
  /** `text` with every known secret replaced by `***`, in whatever way it is written. */
  redact(text: string): string;
  /** True when a body's text repeats a credential. Made to be cheap where none is. */
  isCredentialIn(text: string): boolean;
  /** A text of a row with every credential replaced by `***`; other secrets stay, because rows may hold them by chance. */
  redactData(text: string): string;
  /** `text` with every known secret replaced by a mark that {@link Secrets.open} turns back: for cursors that are stored. */
  seal(text: string): string;
  /** The text that was sealed by secrets that were added in the same order; `undefined` when a mark is unknown. */
  open(text: string): string | undefined;
}

interface Known {
  readonly pattern: SecretPattern;
  readonly length: number;
  /** Finds it in whatever way it is written. */
  readonly loose: RegExp;
  /** Tells how it is written. Made when it is first needed. */
  exact: RegExp | undefined;
  inData: boolean;
  readonly isToken: boolean;
}

/**
 * A mark of {@link Secrets.seal}: the number of a secret and how each of its parts is written (nothing
 * where all is as it is), `-` for three asterisks that were there before, `?` for what cannot come back.
 */
const SEAL = /\*\*\*(?:s(\d+)\.([0-9a-z]*)|[-?])\*\*\*/g;
const ASTERISKS = '***-***';
const LOST = '***?***';

/** An empty collection of secrets. */
export function createSecrets(): Secrets {
  const known = new Map<string, Known>();
  let all: readonly Known[] = [];
  let longestFirst: readonly Known[] = [];
  let inData: readonly Known[] = [];

  function add(given: string, kind: 'shown' | 'credential' | 'token'): void {
    // HTTP does not send surrounding blanks, so nobody repeats them.
    const value = given.trim();
    if (value.length < SHORTEST) return;
    const isData = kind !== 'shown' && isDistinctive(value);
    const before = known.get(value);
    if (before && (before.inData || !isData)) return;
    for (const [key, pattern] of [
      [value, secretPattern(value)],
      [`base64 ${value}`, base64Pattern(value)],
    ] as const) {
      const entry = known.get(key) ?? knownSecret(pattern, value.length, kind === 'token');
      entry.inData ||= isData;
      known.set(key, entry);
    }
    all = [...known.values()];
    longestFirst = all.toSorted((a, b) => b.length - a.length);
    inData = longestFirst.filter((entry) => entry.inData);
  }

  return {
    add: (value) => add(value, 'shown'),
    addCredential: (value) => add(value, 'credential'),
    addToken: (value) => add(value, 'token'),
    redact: (text) => mask(text, longestFirst, MASK),
    isCredentialIn: (text) => inData.some((entry) => isIn(text, entry)),
    redactData: (text) => mask(text, inData, MASK),
    seal: (text) =>
      sealed(text, longestFirst, {
        mark: (entry, match) => (entry.isToken ? LOST : `***s${all.indexOf(entry)}.${howWritten(entry, match)}***`),
        // What is written in a way that cannot be told must not be stored either.
        rest: (other) => mask(other.replaceAll(MASK, ASTERISKS), longestFirst, LOST),
      }),
    open(text) {
      let complete = true;
      const opened = text.replaceAll(SEAL, (mark, index: string | undefined, how: string | undefined) => {
        if (mark === ASTERISKS) return MASK;
        const entry = index === undefined ? undefined : all[Number(index)];
        const written = entry && !entry.isToken ? asWritten(entry, how ?? '') : undefined;
        complete &&= written !== undefined;
        return written ?? mark;
      });
      return complete ? opened : undefined;
    },
  };
}

function knownSecret(pattern: SecretPattern, length: number, isToken: boolean): Known {
  const loose = new RegExp(pattern.source(false), length < ANY_CASE ? 'g' : 'gi');
  return { pattern, length, loose, exact: undefined, inData: false, isToken };
}

function mask(text: string, secrets: readonly Known[], by: string): string {
  return secrets.reduce((out, { loose }) => out.replace(loose, () => by), text);
}

function isIn(text: string, { pattern: { needle }, loose }: Known): boolean {
  return (needle.length < SHORTEST_NEEDLE || text.includes(needle)) && text.search(loose) !== -1;
}

interface Sealing {
  readonly mark: (entry: Known, match: RegExpExecArray) => string;
  /** What is to become of the text between the secrets. */
  readonly rest: (text: string) => string;
}

/** Longer secrets first, and what is between two finds of one is looked through for the others. */
function sealed(text: string, [entry, ...others]: readonly Known[], sealing: Sealing): string {
  if (entry === undefined) return sealing.rest(text);
  entry.exact ??= new RegExp(entry.pattern.source(true), 'g');
  let out = '';
  let from = 0;
  for (const match of text.matchAll(entry.exact)) {
    out += sealed(text.slice(from, match.index), others, sealing) + sealing.mark(entry, match);
    from = match.index + match[0].length;
  }
  return out + sealed(text.slice(from), others, sealing);
}

/** A digit for every part that has several spellings. */
function howWritten({ pattern }: Known, match: RegExpExecArray): string {
  const open = pattern.parts.filter((part) => part.length > 1);
  return open
    .map((part, i) => part.indexOf(match[i + 1] as string).toString(36))
    .join('')
    .replace(/^0+$/, '');
}

function asWritten({ pattern }: Known, how: string): string | undefined {
  let at = 0;
  let out = '';
  for (const part of pattern.parts) {
    const spelling = part.length === 1 ? 0 : Number.parseInt(how === '' ? '0' : (how[at++] ?? ''), 36);
    const text = part[spelling];
    if (text === undefined) return undefined;
    out += text;
  }
  return how === '' || at === how.length ? out : undefined;
}
