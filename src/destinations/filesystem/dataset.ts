import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Dataset, LoadInfo, LoadTransaction, Restored, RunRow } from '../../core/destination.ts';
import { UnderWay } from '../under-way.ts';
import { moveDurably, writeDurably } from './durable-files.ts';
import { guardFiles } from './failure.ts';
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

/** A folder with a folder a table. */
export class FileDataset implements Dataset {
  readonly #options: FileDatasetOptions;
  readonly #underWay = new UnderWay();
  #load: FileLoad | undefined;

  constructor(options: FileDatasetOptions) {
    this.#options = options;
  }

  restore(pipeline: string, schema: string): Promise<Restored | undefined> {
    return this.#do((root) => restore(root, pipeline, schema));
  }

  isCommitted(loadId: string): Promise<boolean> {
    return this.#do(async (root) => {
      if (!(await committedLoads(root)).has(loadId)) return false;
      // Whoever committed it may have been killed before it deleted what the load replaces.
      await clearStaging(root, loadId);
      return true;
    });
  }

  findRun(pipeline: string, runId: string): Promise<RunRow | undefined> {
    return this.#do(async (root) => findRun(root, { pipeline, runId }, await committedLoads(root)));
  }

  recordRun(run: RunRow): Promise<void> {
    return this.#do(async (root) => {
      await openDatasetFolder(root);
      const { path, content } = runFile(run, undefined);
      const staging = await openStaging(root, `run-${randomUUID()}`);
      try {
        const draft = join(staging.path, 'run');
        await writeDurably(draft, content);
        await moveDurably([[draft, join(root, path)]]);
      } finally {
        await staging.remove();
      }
    });
  }

  begin(load: LoadInfo): Promise<LoadTransaction> {
    return this.#do(async (root) => {
      const version = await openDatasetFolder(root);
      this.#load = await FileLoad.begin({ ...this.#options, load, version });
      return this.#load;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#underWay.settled();
    await this.#load?.rollback();
    this.#load = undefined;
    this.#options.closed();
  }

  /** Closing waits for what is under way. */
  #do<T>(action: (root: string) => Promise<T>): Promise<T> {
    const { root } = this.#options;
    return this.#underWay.track(() => guardFiles(root, () => action(root)));
  }
}
