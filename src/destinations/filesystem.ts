import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import type { Capabilities, Dataset, Destination } from '../core/destination.ts';
import { type FileCompression, type FileFormat, fileKind } from './filesystem/file-format.ts';
import { DEFAULT_LAYOUT, parseLayout } from './filesystem/layout.ts';
import { pathName } from './filesystem/path-name.ts';

/** Settings of the destination for files. */
export interface FilesystemOptions {
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

const MOST_THREADS = 4;

const CAPABILITIES: Capabilities = {
  mergeStrategies: [],
  maxIdentifierLength: 65_536,
  transactional: true,
  addsColumns: true,
};

/**
 * Files in a folder, as dlt's filesystem destination lays them out: a folder a dataset, in it one a
 * table. The load file in `_dlt_loads` is written last, and makes a load visible.
 */
export function filesystem(folder: string, options: FilesystemOptions = {}): Destination {
  const { format, compression, layout = DEFAULT_LAYOUT } = options;
  const shared = {
    kind: format === undefined && compression === undefined ? undefined : fileKind(format ?? 'parquet', compression),
    layout: parseLayout(layout),
    threads: Math.min(availableParallelism(), MOST_THREADS),
    mostBytes: options.fileBytes,
    now: options.now ?? (() => new Date()),
  };
  const open = new Set<Dataset>();
  return {
    type: 'file',
    dltType: 'dlt.destinations.filesystem',
    location: folder,
    capabilities: CAPABILITIES,
    async open(dataset) {
      const [{ FileDataset }, { localStore }] = await Promise.all([
        import('./filesystem/dataset.ts'),
        import('./filesystem/local-store.ts'),
      ]);
      const store = localStore(join(resolve(folder), pathName(dataset)));
      const opened: Dataset = new FileDataset({ ...shared, store, closed: () => open.delete(opened) });
      open.add(opened);
      return opened;
    },
    async [Symbol.asyncDispose]() {
      for (const dataset of open) await dataset[Symbol.asyncDispose]();
    },
  };
}
