import type { Writable } from 'node:stream';
import type { Destination } from '../core/destination.ts';
import { TouchedTables } from './console/touched-tables.ts';
import { duckdb } from './duckdb.ts';

/** Settings of the destination for terminals. */
export interface ConsoleOptions {
  /** Where the tables are shown; by default the stdout of the process. It is not ended. */
  readonly output?: Writable & { readonly columns?: number };
}

/** The cells of a line where no terminal tells, and those that are used however narrow it is. */
const WIDTH = 120;
const LEAST_WIDTH = 20;

/**
 * Tables in the terminal, for a look at an API: rows go to a DuckDB in memory, and each table of a
 * run is shown once that is committed. Nothing is kept for another process.
 */
export function consoleTables({ output = process.stdout }: ConsoleOptions = {}): Destination {
  const database = duckdb(':memory:');
  const touched = new TouchedTables();
  // Errors reach whoever waits for a write. Without a listener they would end the process as well.
  const ignore = (): void => undefined;
  output.on('error', ignore);
  return {
    type: 'console',
    dltType: database.dltType,
    location: '',
    capabilities: database.capabilities,
    ownsStdout: output === process.stdout,
    async open(dataset, options) {
      const opened = await database.open(dataset, options);
      return touched.watch(opened, async (schema, names) => {
        const [{ showTables }, { writeOut }] = await Promise.all([import('./console/show-tables.ts'), import('./stdout/write-out.ts')]);
        const connection = await database.connect();
        try {
          const text = await showTables({ connection, dataset, schema, names, width: Math.max(output.columns || WIDTH, LEAST_WIDTH) });
          await writeOut(output, text, options?.signal);
        } finally {
          connection.closeSync();
        }
      });
    },
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      output.off('error', ignore);
    },
  };
}
