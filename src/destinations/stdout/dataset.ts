import type { Dataset, LoadInfo, LoadTransaction, Restored, RunRow } from '../../core/destination.ts';
import { OpenLoads } from '../open-loads.ts';
import { UnderWay } from '../under-way.ts';
import { StreamLoad, type StreamLoadOptions } from './load.ts';

/** What a dataset is made from. */
export interface StreamDatasetOptions extends Omit<StreamLoadOptions, 'loadId'> {
  /** Called when the dataset was closed. */
  readonly closed: () => void;
}

/** What nothing is read back from. */
export class StreamDataset implements Dataset {
  readonly #options: StreamDatasetOptions;
  readonly #underWay = new UnderWay();
  readonly #loads = new OpenLoads();

  constructor(options: StreamDatasetOptions) {
    this.#options = options;
  }

  restore(): Promise<Restored | undefined> {
    const { schema } = this.#options.run;
    return Promise.resolve(schema && { schema, state: undefined });
  }

  isCommitted(): Promise<boolean> {
    return Promise.resolve(false);
  }

  findRun(): Promise<RunRow | undefined> {
    return Promise.resolve(undefined);
  }

  recordRun(run: RunRow): Promise<void> {
    return this.#underWay.track(async () => this.#options.run.endLoad({ run }));
  }

  begin(load: LoadInfo): Promise<LoadTransaction> {
    return Promise.resolve(this.#loads.add(new StreamLoad({ ...this.#options, loadId: load.loadId })));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#underWay.settled();
    await this.#loads.rollback();
    this.#options.closed();
  }
}
