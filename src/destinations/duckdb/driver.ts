import { DestinationError } from '../../core/errors.ts';

/**
 * Imports what needs DuckDB. Its library for each system is an optional package, which installations leave
 * out. It is looked for first: Node 20 ends the process when that fails below other imports.
 */
export async function importWithDuckDb<T>(importing: () => Promise<T>): Promise<T> {
  try {
    await import('@duckdb/node-api');
  } catch (cause) {
    const [what] = (cause as Error).message.split('\n');
    throw new DestinationError(
      'driver_missing',
      `The library of DuckDB for ${process.platform}-${process.arch} cannot be loaded: ${what}`,
      {
        hint: 'Run npm install --include=optional @duckdb/node-api',
        cause,
      },
    );
  }
  return importing();
}
