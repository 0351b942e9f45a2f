import { randomUUID } from 'node:crypto';
import type { Dataset, LoadInfo, LoadTransaction, Restored, RunRow } from '../../core/destination.ts';
import { OpenLoads } from '../open-loads.ts';
import { UnderWay } from '../under-way.ts';
import type { FileStore } from './file-store.ts';
import { openDatasetFolder } from './init-file.ts';
import { FileLoad, type FileLoadOptions } from './load.ts';
import { committedLoads, restore } from './restore.ts';
import { findRun, runFile } from './run-files.ts';
import { clearStaging, openStaging } from './staging-folder.ts';

/** What a dataset is made from. */
export interface FileDatasetOptions extends Omit<FileLoadOptions, 'load' | 'version'> {
  /** Called when the dataset was closed. */
  readonly closed: () => void;
}

/** A folder, or what stands for one in a bucket, with a folder a table. */
export class FileDataset implements Dataset {
  readonly #options: FileDatasetOptions;
  readonly #underWay = new UnderWay();
  readonly #loads = new OpenLoads();

  constructor(options: FileDatasetOptions) {
    this.#options = options;
  }

  restore(pipeline: string, schema: string): Promise<Restored | undefined> {
    return this.#do((store) => restore(store, pipeline, schema));
  }

  isCommitted(loadId: string): Promise<boolean> {
    return this.#do(async (store) => {
      if (!(await committedLoads(store)).has(loadId)) return false;
      // Whoever committed it may have been killed before it deleted what the load replaces.
      await clearStaging(store, loadId);
      return true;
    });
  }

  findRun(pipeline: string, runId: string): Promise<RunRow | undefined> {
    return this.#do(async (store) => {
      const run = await findRun(store, { pipeline, runId }, await committedLoads(store));
      // Whoever asks for a run that is over does not ask for its load any more.
      if (typeof run?.loadId === 'string') await clearStaging(store, run.loadId);
      return run;
    });
  }

  recordRun(run: RunRow): Promise<void> {
    return this.#do(async (store) => {
      await openDatasetFolder(store);
      const { path, content } = runFile(run, undefined);
      const staging = await openStaging(store, `run-${randomUUID()}`);
      try {
        const staged = `${staging.path}/run`;
        await store.stage(staged, content);
        await store.place([[staged, path]]);
      } finally {
        await staging.remove();
      }
    });
  }

  begin(load: LoadInfo): Promise<LoadTransaction> {
    return this.#do(async (store) => {
      const version = await openDatasetFolder(store);
      return this.#loads.add(await FileLoad.begin({ ...this.#options, load, version }));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#underWay.settled();
    await this.#loads.rollback();
    this.#options.closed();
  }

  /** Closing waits for what is under way. */
  #do<T>(action: (store: FileStore) => Promise<T>): Promise<T> {
    const { store } = this.#options;
    return this.#underWay.track(() => store.guard(() => action(store)));
  }
}
