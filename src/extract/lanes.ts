/** How many may be in lanes at once. */
export interface LaneOptions {
  readonly width: number;
  /** Nobody enters who is so many entries behind the oldest that is still in. */
  readonly spread: number;
}

/** Gives a lane back. */
export type Leave = () => void;

/** Lets so many go on side by side, in the order in which they ask. */
export class Lanes {
  readonly #options: LaneOptions;
  /** Numbers of those in a lane, the oldest first. */
  readonly #inside = new Set<number>();
  readonly #waiting: ((leave: Leave) => void)[] = [];
  #entered = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** Resolves when there is a lane. */
  enter(): Promise<Leave> {
    return new Promise((enter) => {
      this.#waiting.push(enter);
      this.#admit();
    });
  }

  #admit(): void {
    while (this.#waiting.length > 0 && this.#isFree()) {
      const number = this.#entered;
      this.#entered += 1;
      this.#inside.add(number);
      this.#waiting.shift()?.(() => {
        this.#inside.delete(number);
        this.#admit();
      });
    }
  }

  #isFree(): boolean {
    const [oldest = this.#entered] = this.#inside;
    return this.#inside.size < this.#options.width && this.#entered - oldest < this.#options.spread;
  }
}
