import { DestinationError } from '../../core/errors.ts';

/** The steps of a load's transaction: after one that failed, and after the end, there is no other. */
export class LoadSteps {
  readonly #loadId: string;
  #isOpen = true;
  #failure: { readonly error: unknown } | undefined;

  constructor(loadId: string) {
    this.#loadId = loadId;
  }

  /** Does a step. Rejects with what an earlier one failed with: DuckDB would take the COMMIT of a failed transaction for a ROLLBACK. */
  async run(step: () => Promise<void>): Promise<void> {
    if (this.#failure) throw this.#failure.error;
    if (!this.#isOpen) {
      throw new DestinationError('load_ended', `Load ${this.#loadId} was committed or rolled back already.`, {
        hint: 'Begin a new load.',
      });
    }
    try {
      await step();
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  /** False once the load has ended. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Ends the load. False when it had ended. */
  end(): boolean {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    return wasOpen;
  }
}
