import { DestinationError } from '../../core/errors.ts';

/** How Node says that a package, or the library in it for this system, is not there or cannot be loaded. */
const MISSING: ReadonlySet<string> = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED']);

/** Imports what needs DuckDB. Its library for each system is an optional package, which installations leave out. */
export async function importWithDuckDb<T>(importing: () => Promise<T>): Promise<T> {
  try {
    return await importing();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (!MISSING.has(code ?? '') && !message.includes('duckdb native binding')) throw cause;
    const system = `${process.platform}-${process.arch}`;
    throw new DestinationError('driver_missing', `The library of DuckDB for ${system} cannot be loaded: ${message.split('\n')[0]}`, {
      hint: 'Run npm install --include=optional @duckdb/node-api',
      cause,
    });
  }
}
