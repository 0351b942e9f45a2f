import type { Writable } from 'node:stream';
import type { ColumnBatch } from '../../core/column-batch.ts';
import type { FinalLoad, LoadTransaction } from '../../core/destination.ts';
import { LoadSteps } from '../sql/load-steps.ts';
import { plainLines } from '../console/plain-text.ts';
import { JsonLines } from './json-lines.ts';
import type { StreamedRun } from './streamed-run.ts';
import { writeOut } from './write-out.ts';

/** What a load is begun with. */
export interface StreamLoadOptions {
  readonly loadId: string;
  readonly run: StreamedRun;
  readonly output: Writable & { readonly isTTY?: boolean };
  /** Ends the waiting for a reader. */
  readonly signal?: AbortSignal | undefined;
}

/** A load whose rows are printed as they come. What was printed cannot be undone. */
export class StreamLoad implements LoadTransaction {
  readonly #options: StreamLoadOptions;
  readonly #steps: LoadSteps;
  readonly #lines = new JsonLines();

  constructor(options: StreamLoadOptions) {
    this.#options = options;
    this.#steps = new LoadSteps(options.loadId);
  }

  /** Rows tell what columns they have. */
  migrate(): Promise<void> {
    return this.#steps.run(() => Promise.resolve());
  }

  write(batch: ColumnBatch): Promise<void> {
    const { run, output, signal } = this.#options;
    return this.#steps.run(async () => {
      if (!run.takes(batch.table)) return;
      // JSON lets pass what some terminals obey, such as the controls above U+007F.
      const lines = await this.#lines.of(batch, run.isBare);
      await writeOut(output, output.isTTY ? plainLines(Buffer.from(lines).toString('utf8')) : lines, signal);
    });
  }

  commit(final: FinalLoad): Promise<void> {
    return this.#steps.run(async () => {
      this.#options.run.endLoad(final);
      this.#steps.end();
      await this.#lines.close();
    });
  }

  /** False once it was committed or rolled back. */
  get isOpen(): boolean {
    return this.#steps.isOpen;
  }

  async rollback(): Promise<void> {
    if (!this.#steps.end()) return;
    this.#options.run.forget();
    await this.#lines.close();
  }
}
