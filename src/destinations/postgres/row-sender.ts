import { type BinaryRows, binaryRows } from './binary-rows.ts';
import type { Session } from './session.ts';

/** Where rows go. */
export interface CopyTarget {
  /** `COPY … FROM STDIN`. */
  readonly sql: string;
  /** For errors. */
  readonly table: string;
}

/**
 * Encodes rows and copies them into tables, a chunk after another. The server is still busy with the
 * last ones when `send` resolves: what it refuses then is told by the next call.
 */
export class RowSender {
  readonly #session: Session;
  #last: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Takes rows: they are encoded when it resolves, and on their way. */
  async send({ sql, table }: CopyTarget, rows: BinaryRows): Promise<void> {
    this.#check();
    const { done } = await this.#session.copy(sql, binaryRows(rows), table);
    this.#last = done.catch((error: unknown) => {
      this.#failure ??= { error };
    });
  }

  /** Resolves when the server has taken all rows. */
  async settled(): Promise<void> {
    await this.#last;
    this.#check();
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
