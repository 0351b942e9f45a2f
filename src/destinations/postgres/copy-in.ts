import type { Connection, Submittable } from 'pg';

/** What of a connection's stream is needed. */
type Stream = Connection['stream'];

/** The message that ends the rows. */
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4]);

/**
 * One `COPY … FROM STDIN`, as a query of the driver. Chunks go to the socket as they are, so they must
 * be whole CopyData messages.
 */
export class CopyIn implements Submittable {
  readonly #sql: string;
  #stream: Stream | undefined;
  /** Resolves when the server is ready for rows. */
  readonly started: Promise<void>;
  readonly #ended: Promise<void>;
  #start: () => void = () => undefined;
  #end: () => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;
  #failure: Error | undefined;

  constructor(sql: string) {
    this.#sql = sql;
    this.#ended = new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
    this.started = Promise.race([
      this.#ended,
      new Promise<void>((resolve) => {
        this.#start = resolve;
      }),
    ]);
    // A failure is told by whichever is waited for; the other one must not count as unhandled.
    this.started.catch(() => undefined);
    this.#ended.catch(() => undefined);
  }

  /** Sends a chunk; resolves when the next one may come. */
  async send(chunk: Buffer): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const stream = this.#stream;
    if (stream === undefined || stream.write(chunk)) return;
    const drained = new Promise<void>((resolve) => {
      stream.once('drain', resolve);
    });
    await Promise.race([drained, this.#ended]);
  }

  /** Ends the rows; resolves when the server has taken them all. */
  finish(): Promise<void> {
    this.#stream?.write(COPY_DONE);
    return this.#ended;
  }

  /** Called by the driver when it is the query's turn. */
  submit(connection: Connection): void {
    this.#stream = connection.stream;
    connection.query(this.#sql);
  }

  /** Called by the driver: the server waits for rows. */
  handleCopyInResponse(): void {
    this.#start();
  }

  /** Called by the driver when the server refuses, or the connection breaks. */
  handleError(error: Error): void {
    this.#failure = error;
    this.#fail(error);
  }

  /** Called by the driver: the rows are in. The next query may come after `handleReadyForQuery`. */
  handleCommandComplete(): void {
    return undefined;
  }

  /** Called by the driver: the next query may come. */
  handleReadyForQuery(): void {
    this.#end();
  }
}
