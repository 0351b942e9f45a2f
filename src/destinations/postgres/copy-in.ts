import type { Client, Submittable } from 'pg';

/** The message that ends the rows. */
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4]);
/** The message that gives up, with an empty reason. */
const COPY_FAIL = Buffer.from([0x66, 0, 0, 0, 5, 0]);

/** Bytes that may wait for the socket while more are made. */
const MOST_WAITING = 256 * 1024;

/**
 * One `COPY … FROM STDIN`, as a query of the driver. It goes to the socket at once, although the server
 * may still be busy with the one before; the driver hears of it when that has ended, just before the
 * server answers it. What comes after an error the server ignores. Chunks must be whole CopyData messages.
 */
export class CopyIn implements Submittable {
  /** Resolves when the server has taken all rows. */
  readonly done: Promise<void>;
  readonly #client: Client;
  #next: CopyIn | undefined;
  #isOver = false;
  #end: () => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;
  #failure: Error | undefined;

  /** `before` is the copy that was begun last, if nothing else came after it. */
  constructor(sql: string, { client, before }: { readonly client: Client; readonly before: CopyIn | undefined }) {
    this.#client = client;
    this.done = new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
    client.connection.query(sql);
    if (before === undefined || before.#isOver) client.query(this);
    else before.#next = this;
  }

  /** Sends a chunk; resolves when the next one may come. */
  async send(chunk: Buffer): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const { stream } = this.#client.connection;
    if (stream.write(chunk) || stream.writableLength < MOST_WAITING) return;
    const drained = new Promise<void>((resolve) => {
      stream.once('drain', resolve);
    });
    await Promise.race([drained, this.done]);
  }

  /** Ends the rows. */
  finish(): void {
    this.#client.connection.stream.write(COPY_DONE);
  }

  /** Gives up: the server undoes the statement and fails the transaction. */
  abort(): void {
    this.#client.connection.stream.write(COPY_FAIL);
  }

  /** Called by the driver when it is the query's turn: it is on its way already. */
  submit(): void {
    return undefined;
  }

  /** Called by the driver: the server waits for rows, which are on their way. */
  handleCopyInResponse(): void {
    return undefined;
  }

  /** Called by the driver when the server refuses, or the connection breaks. */
  handleError(error: Error): void {
    this.#isOver = true;
    this.#failure = error;
    this.#fail(error);
    this.#next?.handleError(error);
  }

  /** Called by the driver: the rows are in. The next query may come after `handleReadyForQuery`. */
  handleCommandComplete(): void {
    return undefined;
  }

  /** Called by the driver: the next query may come. */
  handleReadyForQuery(): void {
    this.#isOver = true;
    this.#end();
    if (this.#next !== undefined) this.#client.query(this.#next);
  }
}
