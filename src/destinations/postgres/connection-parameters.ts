import { ConfigError } from '../../core/errors.ts';
import { closest } from '../../core/suggest.ts';
import { checkSettled, isSettled } from './settled-parameters.ts';

/** Parameters of a connection by libpq's names, and the environment variable of each. */
const VARIABLES = {
  service: 'PGSERVICE',
  host: 'PGHOST',
  hostaddr: 'PGHOSTADDR',
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
  sslcrl: 'PGSSLCRL',
  ssl_min_protocol_version: 'PGSSLMINPROTOCOLVERSION',
  ssl_max_protocol_version: 'PGSSLMAXPROTOCOLVERSION',
  channel_binding: 'PGCHANNELBINDING',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  keepalives: undefined,
  keepalives_idle: undefined,
  application_name: 'PGAPPNAME',
  fallback_application_name: undefined,
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
  const parts: [string, string | undefined][] = [
    ['host', host.replace(/^\[|\]$/g, '')],
    ['port', port],
    ['dbname', dbname],
    ['user', colon < 0 ? login : login?.slice(0, colon)],
    ['password', colon < 0 ? undefined : login?.slice(colon + 1)],
  ];
  for (const pair of query ? query.split('&') : []) {
    const [name = '', value = ''] = pair.split('=', 2);
    parts.push([name, value]);
  }
  const given = parts.map(([name, value]): [string, string] => [name, decoded(value ?? '')]);
  return knownParameters(given, 'The address of the Postgres database');
}

/** Those of libpq's parameters that count. Refuses others; `place` is where they were given, for that. */
export function knownParameters(given: readonly (readonly [name: string, value: string])[], place: string): ConnectionParameters {
  const known: Partial<Record<ParameterName, string>> = {};
  for (const [name, value] of given) {
    if (isSettled(name)) checkSettled(name, value);
    else if (!isParameter(name)) throw unknownParameter(name, place);
    else if (value !== '') known[name] = value;
  }
  return known;
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

function unknownParameter(name: string, place: string): ConfigError {
  const near = closest(name, NAMES);
  return new ConfigError('postgres_parameter_unknown', `${place} has the parameter ${name}, which is not known.`, {
    hint: near === undefined ? `Use one of ${NAMES.join(', ')}.` : `Did you mean ${near}?`,
  });
}
