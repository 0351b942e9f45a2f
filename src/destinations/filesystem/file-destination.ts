import { availableParallelism } from 'node:os';
import type { Capabilities, Dataset, Destination } from '../../core/destination.ts';
import { importWithDuckDb } from '../duckdb/driver.ts';
import { type FileCompression, type FileFormat, fileKindOf } from './file-format.ts';
import type { FileStore } from './file-store.ts';
import { DEFAULT_LAYOUT, type LayoutOptions, parseLayout } from './layout.ts';

/** Settings of every destination for files. */
export interface FileOptions extends LayoutOptions {
  /** By default that of the files that a table has, and `parquet` for a new one. */
  readonly format?: FileFormat;
  /** `zstd` by default for Parquet, else `gzip`. Set with a format only. */
  readonly compression?: FileCompression;
  /** Where the files of a table are, with dlt's placeholders; by default `{table_name}/{load_id}.{file_id}.{ext}`. */
  readonly layout?: string;
  /** How many bytes of rows wait in memory before they become a file; by default 64 MiB. */
  readonly fileBytes?: number;
  /** The clock that stamps what is stored. */
  readonly now?: () => Date;
}

/** What one destination for files differs from another by. */
export interface FileDestinationPlace {
  readonly type: string;
  readonly location: string;
  /** The store of a dataset. */
  readonly openStore: (dataset: string) => Promise<FileStore>;
  /** Called when the destination was closed. */
  readonly closed?: () => Promise<void>;
}

/** Files with rows that are written at once: each takes memory, and rows do not come faster. */
const MOST_THREADS = 2;

const CAPABILITIES: Capabilities = {
  mergeStrategies: [],
  maxIdentifierLength: 65_536,
  transactional: true,
  addsColumns: true,
  concurrentLoads: true,
  keepsBatches: true,
};

/** Files as dlt's filesystem destination lays them out. The load file in `_dlt_loads` is written last, and makes a load visible. */
export function fileDestination({ type, location, openStore, closed }: FileDestinationPlace, options: FileOptions): Destination {
  const { format, compression, layout = DEFAULT_LAYOUT } = options;
  const settings = {
    kind: fileKindOf(format, compression),
    layout: parseLayout(layout, options),
    threads: Math.min(availableParallelism(), MOST_THREADS),
    mostBytes: options.fileBytes,
    now: options.now ?? (() => new Date()),
  };
  const open = new Set<Dataset>();
  return {
    type,
    dltType: 'dlt.destinations.filesystem',
    location,
    capabilities: CAPABILITIES,
    async open(dataset) {
      const [{ FileDataset }, store] = await Promise.all([importWithDuckDb(() => import('./dataset.ts')), openStore(dataset)]);
      const opened: Dataset = new FileDataset({ ...settings, store, closed: () => open.delete(opened) });
      open.add(opened);
      return opened;
    },
    async [Symbol.asyncDispose]() {
      for (const dataset of open) await dataset[Symbol.asyncDispose]();
      await closed?.();
    },
  };
}
