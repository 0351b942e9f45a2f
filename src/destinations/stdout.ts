import type { Writable } from 'node:stream';
import type { Capabilities, Dataset, Destination } from '../core/destination.ts';
import { importWithDuckDb } from './duckdb/driver.ts';
import { StreamedRun } from './stdout/streamed-run.ts';

/** Settings of the destination for pipes. */
export interface StdoutOptions {
  /** Print the rows of this table only, without their table's name. */
  readonly table?: string;
  /** Where the lines go; by default the stdout of the process. It is not ended. */
  readonly output?: Writable & { readonly isTTY?: boolean };
}

const CAPABILITIES: Capabilities = {
  mergeStrategies: [],
  maxIdentifierLength: 65_536,
  transactional: false,
  addsColumns: true,
  concurrentLoads: false,
  isStream: true,
};

/**
 * Rows as lines of JSON, `{"table":"messages","row":{…}}`, printed while the pages of a run are loaded.
 * Nothing is kept: every run starts from the beginning, and one that was broken off prints all again.
 */
export function stdout({ table, output = process.stdout }: StdoutOptions = {}): Destination {
  const run = new StreamedRun(table);
  const open = new Set<Dataset>();
  // Errors reach whoever waits for a write. Without a listener they would end the process as well.
  const ignore = (): void => undefined;
  output.on('error', ignore);
  return {
    type: 'stdout',
    dltType: 'dlt.destinations.filesystem',
    // Without the table: a run that was stopped is finished by whoever asks for another one.
    location: '',
    capabilities: CAPABILITIES,
    ownsStdout: output === process.stdout,
    async open(_dataset, { signal } = {}) {
      const { StreamDataset } = await importWithDuckDb(() => import('./stdout/dataset.ts'));
      const opened: Dataset = new StreamDataset({ run, output, signal, closed: () => open.delete(opened) });
      open.add(opened);
      return opened;
    },
    async [Symbol.asyncDispose]() {
      for (const dataset of open) await dataset[Symbol.asyncDispose]();
      output.off('error', ignore);
    },
  };
}
