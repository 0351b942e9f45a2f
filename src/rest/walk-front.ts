import { ResponseError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Ahead } from '../core/paginator.ts';
import { canonicalJson } from '../core/print-json.ts';
import type { PageStep } from '../core/source.ts';
import { createLoopGuard, type LoopGuard } from './loop-guard.ts';
import type { Onward, PageAsk, ReadPage } from './page-reader.ts';
import { placeContext, where } from './place.ts';

/** How far beyond the first missing page others may be asked for, in windows: what came out of turn stays small. */
const WINDOWS_AHEAD = 8;

/** Where a walk starts, and how far it may reach ahead. */
export interface FrontOptions {
  readonly index: number;
  readonly cursor: Json | undefined;
  /** Pages further on that came already. */
  readonly have: ReadonlyMap<number, PageStep>;
  /** Opens a cursor of `have`. */
  readonly open: (sealed: Json) => Json;
  /** Requests that may be under way at once. */
  readonly window: number;
  /** Pages past an unknown end may be asked for. */
  readonly guesses: boolean;
}

/** What is known to follow a page: of one that came earlier it is the cursor only. */
type Known = Pick<Onward, 'cursor'> & Partial<Onward>;

/**
 * Which pages of one walk came, and which is to be asked for next. Pages come in any order; each is judged
 * by itself. The walk is over at the first page, in the order of the pages, that is the last by its own
 * word: what came from beyond it does not count. So the pages that count are those of a walk that
 * asks for one after the other.
 */
export class WalkFront {
  readonly #options: FrontOptions;
  readonly #guard: LoopGuard = createLoopGuard();
  /** Pages from the first missing one on: what follows them, `undefined` after a last one. */
  readonly #came = new Map<number, Known | undefined>();
  /** Cursors that pages beyond the first missing one were asked for with. */
  readonly #asked = new Map<number, Json>();
  #missing: number;
  #cursor: Json | undefined;
  #next: number;
  #last = Number.POSITIVE_INFINITY;
  #begun = false;
  #foreseen: Foreseen | undefined;
  #failure: { readonly index: number; readonly error: unknown } | undefined;

  constructor(options: FrontOptions) {
    this.#options = options;
    this.#missing = options.index;
    this.#next = options.index;
    this.#cursor = options.cursor;
    for (const [index, { next }] of options.have)
      if (index >= options.index) this.#note(index, next && { cursor: options.open(next.cursor) });
    this.#advance();
  }

  /** Index of the first page known to be a last one; pages beyond it do not count. */
  get last(): number {
    return this.#last;
  }

  /** True once all pages up to the last one came. */
  get over(): boolean {
    return this.#missing > this.#last;
  }

  /** Throws what a page failed with once all pages before it came: only then is the walk sure to need it. */
  throwIfFailed(): void {
    if (!this.over && this.#failure?.index === this.#missing) throw this.#failure.error;
  }

  /** The next page to ask for, if one may be: each is named once. */
  nextAsk(): PageAsk | undefined {
    while (this.#next < this.#missing || this.#came.has(this.#next)) this.#next += 1;
    const index = this.#next;
    if (index > this.#last || index >= (this.#failure?.index ?? Number.POSITIVE_INFINITY)) return undefined;
    if (index > this.#missing && !(this.#begun && index < this.#missing + WINDOWS_AHEAD * this.#options.window)) return undefined;
    const cursor = index === this.#missing ? this.#cursor : (this.#came.get(index - 1)?.cursor ?? this.#foreseen?.cursorOf(index));
    if (cursor === undefined && index > this.#missing) return undefined;
    this.#next += 1;
    if (cursor !== undefined) this.#asked.set(index, cursor);
    return { index, cursor };
  }

  /** Takes a page in. False: it does not count, or the walk fails at it. */
  came({ page: { index }, onward }: ReadPage): boolean {
    if (index > this.#last) return false;
    this.#begun = true;
    this.#note(index, onward);
    if (onward?.ahead && (onward.ahead.certain || this.#options.guesses) && index >= (this.#foreseen?.after ?? 0)) {
      this.#foreseen = new Foreseen(onward.ahead, index);
    }
    this.#advance();
    return this.#failure?.index !== index;
  }

  /** A page could not be had: nothing beyond it is asked for any more. */
  failed(index: number, error: unknown): void {
    if (index < (this.#failure?.index ?? Number.POSITIVE_INFINITY)) this.#failure = { index, error };
  }

  #note(index: number, known: Known | undefined): void {
    this.#came.set(index, known);
    if (!known) this.#last = Math.min(this.#last, index);
  }

  /** Passes the pages that came without a gap. */
  #advance(): void {
    for (; !this.over && this.#came.has(this.#missing) && this.#failure?.index !== this.#missing; this.#missing += 1) {
      const known = this.#came.get(this.#missing);
      if (known?.step) {
        try {
          this.#guard.pass(known.step);
          this.#agree(known as Onward);
        } catch (error) {
          this.failed(this.#missing, error);
          return;
        }
      }
      this.#came.delete(this.#missing);
      this.#asked.delete(this.#missing);
      this.#cursor = known?.cursor;
    }
  }

  /** A page that was asked for ahead has to be the one that the page before it names. */
  #agree({ cursor, step: { place } }: Onward): void {
    const asked = this.#asked.get(place.page + 1);
    if (asked === undefined || canonicalJson(asked) === canonicalJson(cursor)) return;
    throw new ResponseError('page_ahead_differs', `The page from ${where(place)} is followed by another page than was foreseen.`, {
      hint: 'Set concurrency of the client to 1, or correct ahead() of the paginator.',
      context: placeContext(place),
    });
  }
}

/** Names cursors that follow a page, in rising order. Asks the paginator for none before it is wanted: that may fail. */
class Foreseen {
  readonly after: number;
  readonly #ahead: Ahead;
  #cursors: Iterator<Json> | undefined;
  #at: number;
  #cursor: Json | undefined;

  constructor(ahead: Ahead, after: number) {
    this.after = after;
    this.#ahead = ahead;
    this.#at = after;
  }

  cursorOf(index: number): Json | undefined {
    this.#cursors ??= this.#ahead.cursors[Symbol.iterator]();
    for (; this.#at < index; this.#at += 1) {
      const { done, value } = this.#cursors.next();
      this.#cursor = done ? undefined : value;
      if (done) return undefined;
    }
    return this.#cursor;
  }
}
