/** What somebody is doing: closing waits for it. */
export class UnderWay {
  readonly #running = new Set<Promise<unknown>>();

  /** Does something that is waited for. */
  async track<T>(action: () => Promise<T>): Promise<T> {
    const running = action();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  get isIdle(): boolean {
    return this.#running.size === 0;
  }

  /** Resolves when nothing is under way any more, whatever became of it. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running);
  }
}
