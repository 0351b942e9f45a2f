import { setMaxListeners } from 'node:events';
import type { WalkedPage } from '../core/source.ts';
import type { PageAsk, PageReader, ReadPage } from './page-reader.ts';
import type { WalkFront } from './walk-front.ts';

/** The requests of one walk that are under way, and the pages that came and were not taken yet. */
export class PagesUnderWay implements AsyncDisposable {
  readonly #reader: PageReader;
  readonly #front: WalkFront;
  readonly #signal: AbortSignal | undefined;
  readonly #requests = new Map<number, AbortController>();
  readonly #settling = new Set<Promise<void>>();
  #waiting: WalkedPage[] = [];
  #pastEnd = 0;
  #wake: () => void = () => {};

  constructor(reader: PageReader, front: WalkFront, signal: AbortSignal | undefined) {
    this.#reader = reader;
    this.#front = front;
    this.#signal = signal;
    // Walks side by side share one signal.
    if (signal) setMaxListeners(0, signal);
    signal?.addEventListener('abort', this.#abort);
  }

  /** Requests under way, and pages that wait to be taken. */
  get open(): number {
    return this.#requests.size + this.#waiting.length;
  }

  /** Asks for a page, without waiting for it. */
  start(ask: PageAsk): void {
    const controller = new AbortController();
    this.#requests.set(ask.index, controller);
    const settled = this.#reader
      .read(ask, controller.signal)
      .then(
        (read) => this.#came(read),
        (error: unknown) => this.#failed(ask.index, error),
      )
      .finally(() => {
        this.#settling.delete(settled);
        this.#wake();
      });
    this.#settling.add(settled);
  }

  /**
   * The next page, in the order of arrival; `undefined` when the walk is over, or when nothing is under
   * way. Rejects with what a page failed with, once all pages before it were taken.
   */
  async take(): Promise<WalkedPage | undefined> {
    for (;;) {
      this.#signal?.throwIfAborted();
      const page = this.#waiting.shift();
      if (page || this.#front.over) return page;
      this.#front.throwIfFailed();
      if (this.#requests.size === 0) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Ends what is under way: no request outlives its walk. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#abort();
    await Promise.all(this.#settling);
  }

  #came(read: ReadPage): void {
    const { index } = read.page;
    if (!this.#requests.delete(index)) return;
    const counts = this.#front.came(read);
    this.#dropPastEnd();
    if (counts) this.#waiting.push(this.#front.over && this.#pastEnd > 0 ? { ...read.page, pastEnd: this.#pastEnd } : read.page);
  }

  #failed(index: number, error: unknown): void {
    if (this.#requests.delete(index)) this.#front.failed(index, error);
  }

  /** Once a last page is known, what was asked for beyond it is of no use. */
  #dropPastEnd(): void {
    const { last } = this.#front;
    const waiting = this.#waiting.filter(({ index }) => index <= last);
    this.#pastEnd += this.#waiting.length - waiting.length;
    this.#waiting = waiting;
    for (const [index, controller] of this.#requests) {
      if (index <= last) continue;
      this.#requests.delete(index);
      this.#pastEnd += 1;
      controller.abort();
    }
  }

  readonly #abort = (): void => {
    for (const controller of this.#requests.values()) controller.abort(this.#signal?.reason);
    this.#requests.clear();
    this.#wake();
  };
}
