import type { Destination } from '../core/destination.ts';
import { ConfigError } from '../core/errors.ts';

/** Makes a destination from what follows the scheme. */
type Open = (rest: string) => Promise<Destination>;

const POSTGRES = {
  form: 'postgres://USER@HOST/DATABASE',
  open: async (rest: string) => (await import('./postgres.ts')).postgres(rest),
};

/** The destinations by scheme. Each is loaded when it is asked for. */
const DESTINATIONS: Readonly<Record<string, { readonly form: string; readonly open: Open }>> = {
  duckdb: {
    form: 'duckdb:FILE',
    open: async (rest) => (await import('./duckdb.ts')).duckdb(filePath(rest)),
  },
  file: { form: 'file:DIR', open: openFiles },
  postgres: POSTGRES,
  postgresql: POSTGRES,
};

/** The destination that a text names: `duckdb:FILE`, `duckdb::memory:`, dlt's `duckdb:///FILE`, `postgres://…`, or `file:DIR`. */
export async function openDestination(spec: string): Promise<Destination> {
  const colon = spec.indexOf(':');
  const scheme = colon < 0 ? '' : spec.slice(0, colon);
  const forms = [...new Set(Object.values(DESTINATIONS).map(({ form }) => form))];
  const found = Object.hasOwn(DESTINATIONS, scheme) ? DESTINATIONS[scheme] : undefined;
  if (found === undefined) {
    // A URL of a database may hold a password: only its scheme is shown.
    const what = colon < 0 ? 'The destination has no scheme' : `There is no destination ${scheme}:`;
    throw new ConfigError('unknown_destination', `${what}.`, { hint: `Write the destination as ${forms.join(' or ')}.` });
  }
  const rest = spec.slice(colon + 1);
  if (rest !== '') return found.open(rest);
  throw new ConfigError('destination_incomplete', `The destination ${spec} names no place.`, { hint: `Write it as ${found.form}.` });
}

/** dlt writes the path as that of a URL: three slashes before a relative one, four before an absolute. */
function filePath(rest: string): string {
  return rest.startsWith('///') ? rest.slice(3) : rest;
}

async function openFiles(rest: string): Promise<Destination> {
  const [{ filesystem }, { parseFileAddress }] = await Promise.all([import('./filesystem.ts'), import('./filesystem/parse-address.ts')]);
  const { folder, options } = parseFileAddress(rest);
  return filesystem(folder, options);
}
