/** A load that may end by itself. */
interface OpenLoad {
  readonly isOpen: boolean;
  rollback(): Promise<void>;
}

/** The loads that were begun in a dataset and have not ended: closing it undoes them. */
export class OpenLoads {
  readonly #loads = new Set<OpenLoad>();

  /** Notes a load that was begun, and forgets those that have ended. */
  add<T extends OpenLoad>(load: T): T {
    for (const each of this.#loads) if (!each.isOpen) this.#loads.delete(each);
    this.#loads.add(load);
    return load;
  }

  /** Undoes all that are still open. */
  async rollback(): Promise<void> {
    for (const load of this.#loads) await load.rollback();
    this.#loads.clear();
  }
}
