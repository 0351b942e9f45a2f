import type { Destination } from '../core/destination.ts';
import { ConfigError } from '../core/errors.ts';
import { type DestinationForm, unknownDestination } from './unknown-destination.ts';

/** A scheme, and how a destination is made from what follows it. */
interface Scheme {
  /** How it is written: the first is what those are told who left something out. */
  readonly forms: readonly [DestinationForm, ...DestinationForm[]];
  /** Whether something follows the scheme. */
  readonly place: 'needed' | 'optional' | 'none';
  readonly open: (rest: string) => Promise<Destination>;
}

const POSTGRES: Scheme = {
  forms: [{ form: 'postgres://USER@HOST/DATABASE', what: 'a Postgres database; PG… variables and ~/.pgpass fill in what is left out' }],
  // PG… variables may say all of it.
  place: 'optional',
  open: async (rest) => (await import('./postgres.ts')).postgres(rest === '' ? '//' : rest),
};

/** The destinations by scheme. Each is loaded when it is asked for. */
const SCHEMES: Readonly<Record<string, Scheme>> = {
  duckdb: {
    forms: [
      { form: 'duckdb:FILE', what: 'a DuckDB database' },
      { form: 'duckdb::memory:', what: 'a DuckDB database that is gone with the process' },
    ],
    place: 'needed',
    open: async (rest) => (await import('./duckdb.ts')).duckdb(filePath(rest)),
  },
  postgres: POSTGRES,
  postgresql: POSTGRES,
  file: {
    forms: [{ form: 'file:DIR', what: 'a folder of Parquet files; `?format=jsonl` or `?format=csv` for others' }],
    place: 'needed',
    open: openFiles,
  },
  s3: {
    forms: [{ form: 's3://BUCKET/PREFIX', what: 'such a folder in object storage; `?endpoint=…` for other servers than Amazon’s' }],
    place: 'needed',
    open: openBucket,
  },
  stdout: {
    forms: [
      { form: 'stdout:', what: 'JSON lines for pipes, {"table":…,"row":{…}} each; the report goes to stderr' },
      { form: 'stdout:TABLE', what: 'the rows of that table alone, bare' },
    ],
    place: 'optional',
    open: async (rest) => (await import('./stdout.ts')).stdout(rest === '' ? {} : { table: rest }),
  },
  console: {
    forms: [{ form: 'console', what: 'tables in the terminal, for a look with --limit; nothing is kept' }],
    place: 'none',
    open: async () => (await import('./console.ts')).consoleTables(),
  },
};

/** How each destination is written, with a line of what it is. */
export const destinationForms: readonly DestinationForm[] = [...new Set(Object.values(SCHEMES))].flatMap(({ forms }) => forms);

/** The destination that a text names by its scheme: one of {@link destinationForms}, or dlt's `duckdb:///FILE`. */
export async function openDestination(spec: string): Promise<Destination> {
  const colon = spec.indexOf(':');
  const name = colon < 0 ? spec : spec.slice(0, colon);
  const scheme = Object.hasOwn(SCHEMES, name) ? SCHEMES[name] : undefined;
  if (scheme === undefined) throw unknownDestination(spec, destinationForms);
  const given = colon < 0 ? '' : spec.slice(colon + 1);
  // Reports and page logs name the type before a location that has its scheme.
  const rest = given.startsWith(`${name}://`) ? given.slice(name.length + 1) : given;
  const [{ form }] = scheme.forms;
  if (rest === '' && scheme.place === 'needed') {
    throw new ConfigError('destination_incomplete', `The destination ${spec} names no place.`, { hint: `Write it as ${form}.` });
  }
  if (rest !== '' && scheme.place === 'none') {
    throw new ConfigError('destination_place_unused', `The destination ${name} takes nothing after its name.`, { hint: `Write ${form}.` });
  }
  return scheme.open(rest);
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

async function openBucket(rest: string): Promise<Destination> {
  const [{ s3 }, { parseBucketAddress }] = await Promise.all([import('./s3.ts'), import('./s3/parse-address.ts')]);
  const { bucket, options } = parseBucketAddress(rest);
  return s3(bucket, options);
}
