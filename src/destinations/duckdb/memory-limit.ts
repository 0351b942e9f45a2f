import { totalmem } from 'node:os';

const MB = 1024 * 1024;
/** Below this DuckDB is slow with the merges that were tried, above it not faster. */
const LEAST_MB = 64;
/** DuckDB's own limit when nothing is set. */
const SHARE_OF_MACHINE = 0.8;

/**
 * How much memory DuckDB needs to write tables with so many columns in all: a few blocks a column
 * and thread. It would take most of the machine's if it was let, and is not faster for it.
 * `undefined` where its own limit is lower.
 */
export function memoryLimit(columns: number, threads: number): string | undefined {
  const megabytes = threads * Math.max(LEAST_MB, columns);
  const machine = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return megabytes * MB < machine * SHARE_OF_MACHINE ? `${megabytes}MiB` : undefined;
}
