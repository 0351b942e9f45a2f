import { type BinaryRows, binaryRows } from './binary-rows.ts';
import type { Session } from './session.ts';

/** Bytes that may wait for the server before whoever brings more has to wait too. */
const MOST_WAITING = 16 * 1024 * 1024;

/** Where rows go. */
export interface CopyTarget {
  /** `COPY … FROM STDIN`. */
  readonly sql: string;
  /** For errors. */
  readonly table: string;
}

/**
 * Encodes rows and copies them into tables one after another, while the next ones are made. What
 * fails is told by the next call.
 */
export class RowSender {
  readonly #session: Session;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Takes rows; they are encoded when it resolves, and on their way. */
  async send(target: CopyTarget, rows: BinaryRows): Promise<void> {
    this.#check();
    const chunks = [...binaryRows(rows)];
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    this.#waiting += bytes;
    const sending = this.#last.then(() => this.#copy(target, chunks, bytes));
    this.#last = sending;
    if (this.#waiting > MOST_WAITING) await sending;
    this.#check();
  }

  /** Resolves when the server has taken all rows. */
  async settled(): Promise<void> {
    await this.#last;
    this.#check();
  }

  async #copy({ sql, table }: CopyTarget, chunks: readonly Buffer[], bytes: number): Promise<void> {
    try {
      if (this.#failure === undefined) await this.#session.copy(sql, chunks, table);
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#waiting -= bytes;
    }
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
