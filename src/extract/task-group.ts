/** Tasks that go on side by side and are all waited for, also when one of them fails. */
export class TaskGroup {
  readonly #failed: (error: unknown) => void;
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  /** `failed` is told of each failure at once. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  add(task: Promise<unknown>): void {
    const watched: Promise<void> = task
      .then(
        () => undefined,
        (error: unknown) => {
          this.#failure ??= { error };
          this.#failed(error);
        },
      )
      .finally(() => this.#running.delete(watched));
    this.#running.add(watched);
  }

  /** Resolves when no task is left; rejects with the first failure. */
  async end(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
    if (this.#failure) throw this.#failure.error;
  }
}
