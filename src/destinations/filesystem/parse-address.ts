import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../../core/errors.ts';
import { FILE_OPTIONS, readFileOptions, splitAddress } from './address-options.ts';

/** A folder and what is said of the files in it. */
export interface FileAddress {
  readonly folder: string;
  readonly options: ReturnType<typeof readFileOptions>;
}

/** Reads what follows `file:`: a path or that of a URL, and options like those of a query. */
export function parseFileAddress(rest: string): FileAddress {
  const { place, query } = splitAddress(rest);
  const unknown = [...query.keys()].find((name) => !FILE_OPTIONS.some((known) => known === name));
  if (unknown !== undefined) {
    throw new ConfigError('destination_option_unknown', `Files have no option ${unknown}.`, { hint: `Use ${FILE_OPTIONS.join(', ')}.` });
  }
  const folder = place.startsWith('//') ? urlPath(place) : fromHome(place);
  if (folder === '') throw incomplete();
  return { folder, options: readFileOptions(query) };
}

/** A shell leaves the tilde of `file:~/x` as it is; DuckDB reads that of `duckdb:~/x` too. */
function fromHome(place: string): string {
  return place === '~' || place.startsWith('~/') ? homedir() + place.slice(1) : place;
}

function urlPath(place: string): string {
  try {
    return fileURLToPath(`file:${place}`);
  } catch (cause) {
    throw new ConfigError('destination_incomplete', `file:${place} is not the address of a folder on this machine.`, {
      hint: 'Write it as file:DIR, or as file:///DIR.',
      cause,
    });
  }
}

function incomplete(): ConfigError {
  return new ConfigError('destination_incomplete', 'The destination file: names no folder.', { hint: 'Write it as file:DIR.' });
}
