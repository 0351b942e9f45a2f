import { JsonPathError } from './jsonpath-error.ts';
import { type Token, tokenize } from './jsonpath-lexer.ts';

/** Words that are keys only in quotes. */
export const RESERVED: ReadonlySet<string> = new Set(['where', 'wherenot']);

/** The tokens of one path while they are read. */
export class JsonPathTokens {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(path: string) {
    this.#tokens = tokenize(path);
  }

  get next(): Token {
    return this.#tokens[this.#at] as Token;
  }

  get afterNext(): Token | undefined {
    return this.#tokens[this.#at + 1];
  }

  take(): Token {
    const token = this.next;
    this.#at++;
    return token;
  }

  /** True when the next token is this sign. */
  at(sign: string): boolean {
    return this.next.kind === 'sign' && this.next.text === sign;
  }

  skip(sign: string): boolean {
    const found = this.at(sign);
    if (found) this.#at++;
    return found;
  }

  expect(sign: string): void {
    if (!this.skip(sign)) this.fail();
  }

  /** True when the next token names a key: a word that is not reserved, or a text in quotes. */
  atKey(): boolean {
    return this.next.kind === 'quoted' || (this.next.kind === 'name' && !RESERVED.has(this.next.text));
  }

  takeKey(): string {
    return this.atKey() ? this.take().text : this.fail();
  }

  fail(hint?: string): never {
    const { kind, text, column } = this.next;
    throw new JsonPathError(kind === 'end' ? 'the path ends too early' : `unexpected ${JSON.stringify(text)}`, column, hint);
  }
}
