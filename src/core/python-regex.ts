import { JsonPathError } from './jsonpath-error.ts';

const WORD = '\\p{L}\\p{N}_';
const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
/** Escapes that mean a set of characters, as what stands inside `[…]`. */
const SETS: Readonly<Record<string, string>> = { d: '\\p{Nd}', w: WORD, s: SPACE };
const CONTROLS: Readonly<Record<string, string>> = { n: '\\n', t: '\\t', r: '\\r', f: '\\f', v: '\\v', a: '\\x07' };
const ANCHORS: Readonly<Record<string, string>> = {
  A: '^',
  Z: '$',
  b: `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`,
  B: `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`,
};
const QUANTIFIER = /[*+?]|\{(?:\d+(?:,\d*)?|,\d+)\}/y;
const GROUP = /\((?:\?(?:[:=!]|<[=!]|P<(\w+)>|P=(\w+)\)|#[^)]*\)))?/y;
const CODE_POINT = /x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})/y;

/**
 * A JavaScript expression that finds what Python's `re` finds for `pattern`. Throws a JsonPathError
 * for what cannot be said in JavaScript: possessive quantifiers, atomic groups, conditions, verbose
 * mode and flags for a part of the pattern. `column` is where the pattern starts.
 */
export function compilePythonRegex(pattern: string, column: number, flags = ''): RegExp {
  const inline = /^\(\?([imsu]+)\)/.exec(pattern);
  const options = inline?.[1] ?? '';
  try {
    const source = new Translator(pattern.slice(inline?.[0].length ?? 0), options).translate();
    return new RegExp(source, `v${options.includes('i') ? 'i' : ''}${flags}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error);
    throw new JsonPathError(
      `the pattern ${JSON.stringify(pattern)} cannot be used: ${reason}`,
      column,
      'write a simpler regular expression',
    );
  }
}

class Translator {
  readonly #text: string;
  readonly #any: string;
  readonly #start: string;
  readonly #end: string;
  #at = 0;

  constructor(text: string, options: string) {
    this.#text = text;
    this.#any = options.includes('s') ? '[\\s\\S]' : '[^\\n]';
    this.#start = options.includes('m') ? '(?:^|(?<=\\n))' : '^';
    this.#end = options.includes('m') ? '(?=\\n|$)' : '(?=\\n?$)';
  }

  translate(): string {
    let out = '';
    while (this.#at < this.#text.length) out += this.#item() + this.#quantifier();
    return out;
  }

  #match(rule: RegExp): RegExpExecArray | undefined {
    rule.lastIndex = this.#at;
    const match = rule.exec(this.#text);
    if (match) this.#at = rule.lastIndex;
    return match ?? undefined;
  }

  #char(): string {
    const char = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    this.#at += char.length;
    return char;
  }

  #item(): string {
    if (this.#match(QUANTIFIER)) throw new Error('nothing to repeat');
    const group = this.#text[this.#at] === '(' ? this.#group() : undefined;
    if (group !== undefined) return group;
    const char = this.#char();
    switch (char) {
      case '.':
        return this.#any;
      case '^':
        return this.#start;
      case '$':
        return this.#end;
      case '|':
      case ')':
        return char;
      case '[':
        return this.#class();
      case '\\':
        return this.#escape();
      default:
        return literal(char);
    }
  }

  #group(): string {
    const match = this.#match(GROUP) as RegExpExecArray;
    if (match[1] !== undefined) return `(?<${match[1]}>`;
    if (match[2] !== undefined) return `\\k<${match[2]}>`;
    if (match[0].startsWith('(?#')) return '';
    if (this.#text[this.#at] === '?' && match[0] === '(') throw new Error('this kind of group is not supported');
    return match[0];
  }

  #quantifier(): string {
    const match = this.#match(QUANTIFIER);
    if (!match) return '';
    if (this.#text[this.#at] === '+') throw new Error('possessive quantifiers are not supported');
    const lazy = this.#text[this.#at] === '?';
    if (lazy) this.#at++;
    return match[0].replace('{,', '{0,') + (lazy ? '?' : '');
  }

  #escape(): string {
    const code = this.#codePoint();
    if (code !== undefined) return code;
    const char = this.#char();
    if (/[1-9]/.test(char)) return `(?:\\${char})`;
    const set = SETS[char.toLowerCase()];
    if (set !== undefined) return `[${char === char.toLowerCase() ? '' : '^'}${set}]`;
    return ANCHORS[char] ?? this.#plainEscape(char);
  }

  #plainEscape(char: string): string {
    if (char === '0') return '\\0';
    const control = CONTROLS[char];
    if (control !== undefined) return control;
    if (/[a-zA-Z]/.test(char)) throw new Error(`bad escape \\${char}`);
    return literal(char);
  }

  #codePoint(): string | undefined {
    const match = this.#match(CODE_POINT);
    return match && `\\u{${match[1] ?? match[2] ?? match[3]}}`;
  }

  #class(): string {
    let out = '[';
    if (this.#text[this.#at] === '^') out += this.#char();
    // A bracket right at the start is a character of the class.
    for (let first = true; first || this.#text[this.#at] !== ']'; first = false) {
      if (this.#at >= this.#text.length) throw new Error('unterminated character set');
      out += this.#classItem();
    }
    this.#at++;
    return `${out}]`;
  }

  #classItem(): string {
    const char = this.#char();
    if (char === '-') return this.#text[this.#at] === ']' || this.#text[this.#at - 2] === '[' ? '\\-' : '-';
    if (char !== '\\') return literal(char);
    const code = this.#codePoint();
    if (code !== undefined) return code;
    const escaped = this.#char();
    const set = SETS[escaped.toLowerCase()];
    if (set !== undefined) return escaped === escaped.toLowerCase() ? set : `[^${set}]`;
    return escaped === 'b' ? '\\b' : this.#plainEscape(escaped);
  }
}

/** Punctuation as a code point: it then means itself in and outside of a class. */
function literal(char: string): string {
  return /[!-/:-@[-`{-~]/.test(char) ? `\\u{${char.charCodeAt(0).toString(16)}}` : char;
}
