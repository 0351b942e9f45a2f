/**
 * Bounds how far top-level resources get ahead of the first that has not ended: their records are read
 * after all of its own, and until then the reader has to remember where they are.
 */
export class HeadStart {
  readonly #most: number;
  /** Records of each resource, with all below it; `undefined` once it has ended. */
  readonly #records: (number | undefined)[];
  #first = 0;
  #waiting: (() => void)[] = [];

  constructor(resources: number, most: number) {
    this.#records = Array.from({ length: resources }, () => 0);
    this.#most = most;
  }

  /** Counts a record of a resource. */
  count(resource: number): void {
    const records = this.#records[resource];
    if (records !== undefined) this.#records[resource] = records + 1;
  }

  /** Resolves when the resource may bring more. */
  async room(resource: number): Promise<void> {
    while (resource !== this.#first && (this.#records[resource] ?? 0) >= this.#most) {
      await new Promise<void>((wake) => {
        this.#waiting.push(wake);
      });
    }
  }

  /** The resource brings nothing more, for whatever reason. */
  end(resource: number): void {
    this.#records[resource] = undefined;
    while (this.#first < this.#records.length && this.#records[this.#first] === undefined) this.#first += 1;
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
