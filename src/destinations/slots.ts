/**
 * Things that go on while others begin, each in a slot of its own. What fails is told to whoever begins
 * the next one, or waits for all.
 */
export class Slots {
  readonly #most: number;
  readonly #running = new Map<number, Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  /** `most` go on at the same time. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Begins an action once a slot is free. It may still go on when the promise resolves. */
  async begin(action: (slot: number) => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#most) await Promise.race(this.#running.values());
    this.#check();
    let slot = 0;
    while (this.#running.has(slot)) slot += 1;
    const running = action(slot)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#running.delete(slot));
    this.#running.set(slot, running);
  }

  /** Resolves when nothing goes on any more and nothing has failed. */
  async settled(): Promise<void> {
    await this.ended();
    this.#check();
  }

  /** Resolves when nothing goes on any more, whatever became of it. */
  async ended(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
