import { ConfigError } from '../../core/errors.ts';

/** Parameters of a connection by libpq's names, and the environment variable of each. */
const VARIABLES = {
  host: 'PGHOST',
  port: 'PGPORT',
  dbname: 'PGDATABASE',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  passfile: 'PGPASSFILE',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslpassword: undefined,
  connect_timeout: 'PGCONNECT_TIMEOUT',
  application_name: 'PGAPPNAME',
  options: 'PGOPTIONS',
} as const;

/** A parameter that a connection string may have. */
export type ParameterName = keyof typeof VARIABLES;

/** What is known of a connection, as texts. */
export type ConnectionParameters = Readonly<Partial<Record<ParameterName, string>>>;

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

const NAMES = Object.keys(VARIABLES) as ParameterName[];
const ADDRESS = /^\/\/(?:(?<login>[^/?#]*)@)?(?<place>[^@/?#]*)(?:\/(?<dbname>[^?#]*))?(?:\?(?<query>[^#]*))?$/;
const PLACE = /^(?<host>\[[^\]]*\]|[^:,]*)(?::(?<port>\d*))?$/;

/**
 * The parameters in a connection string, without its scheme: `//user:password@host:5432/db?sslmode=require`.
 * Every part may be left out, and may be given after the question mark instead, as libpq has it.
 */
export function parseConnectionString(text: string): ConnectionParameters {
  const { login, place, dbname, query } = ADDRESS.exec(text)?.groups ?? {};
  const { host, port } = PLACE.exec(place ?? ':')?.groups ?? {};
  if (place === undefined || host === undefined) throw malformed();
  const colon = login?.indexOf(':') ?? -1;
  const parts: Partial<Record<ParameterName, string | undefined>> = {
    host: host.replace(/^\[|\]$/g, ''),
    port,
    dbname,
    user: colon < 0 ? login : login?.slice(0, colon),
    password: colon < 0 ? undefined : login?.slice(colon + 1),
  };
  for (const pair of query ? query.split('&') : []) {
    const [name = '', value = ''] = pair.split('=', 2);
    if (!isParameter(name)) throw unknownParameter(name);
    parts[name] = value;
  }
  const found = Object.entries(parts).filter((part): part is [string, string] => part[1] !== undefined && part[1] !== '');
  return Object.fromEntries(found.map(([name, value]) => [name, decoded(value)]));
}

/** The parameters that environment variables give. */
export function parametersOfEnvironment(env: Environment): ConnectionParameters {
  const found = NAMES.map((name) => [name, env[VARIABLES[name] ?? '']] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined && value !== ''));
}

function isParameter(name: string): name is ParameterName {
  return Object.hasOwn(VARIABLES, name);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw malformed();
  }
}

/** The address may hold a password: it is not shown. */
function malformed(): ConfigError {
  return new ConfigError('postgres_address_invalid', 'The address of the Postgres database cannot be read.', {
    hint: 'Write it as postgres://USER@HOST:PORT/DATABASE, with one host, and with %40, %2F and the like for special characters of user and password.',
  });
}

function unknownParameter(name: string): ConfigError {
  return new ConfigError(
    'postgres_parameter_unknown',
    `The address of the Postgres database has the parameter ${name}, which is not known.`,
    {
      hint: `Use one of ${NAMES.join(', ')}.`,
    },
  );
}
