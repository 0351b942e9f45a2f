import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import { type ConnectionParameters, type Environment, parametersOfEnvironment } from './connection-parameters.ts';
import { parametersOfService } from './service-file.ts';
import { checkSettledVariables } from './settled-parameters.ts';

/** How TLS is used, by libpq's names. */
export const TLS_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

/** One of libpq's `sslmode`s. */
export type TlsMode = (typeof TLS_MODES)[number];

/** Whether a login is tied to the certificate of the server, by libpq's names. */
export const CHANNEL_BINDINGS = ['disable', 'prefer', 'require'] as const;

/** One of libpq's `channel_binding`s. */
export type ChannelBinding = (typeof CHANNEL_BINDINGS)[number];

const TLS_VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/** A version of TLS, as libpq and Node name it. */
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** Files of TLS. Those that have a usual place may be missing there. */
export interface TlsSettings {
  readonly mode: TlsMode;
  /** `system` for the authorities that come with Node. */
  readonly rootCertificate: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly keyPassword: string | undefined;
  /** Certificates that are not good any more. */
  readonly revoked: string | undefined;
  readonly oldest: TlsVersion;
  readonly newest: TlsVersion;
}

/** All that is needed to connect. */
export interface ConnectionSettings {
  /** Name or address of the server, or the folder of its socket. */
  readonly host: string;
  /** Where the host is, when its name is not to be asked for. */
  readonly hostAddress: string | undefined;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  readonly passwordFile: string;
  readonly tls: TlsSettings;
  readonly channelBinding: ChannelBinding;
  /** TCP looks whether the server is there after so long a silence; 0 for as long as the system has it, `undefined` for never. */
  readonly keepAliveMs: number | undefined;
  readonly connectTimeoutMs: number;
  readonly applicationName: string;
  readonly options: string | undefined;
}

const DEFAULT_PORT = 5432;
const DEFAULT_CONNECT_TIMEOUT_S = 15;
const SOCKET_FOLDERS = ['/var/run/postgresql', '/tmp'];

/** What the connection string leaves open comes from the service that it names, the environment, then from where libpq looks. */
export function connectionSettings(given: ConnectionParameters, env: Environment): ConnectionSettings {
  checkSettledVariables(env);
  const variables = parametersOfEnvironment(env);
  const service = given.service ?? variables.service;
  const all = { ...variables, ...(service !== undefined && parametersOfService(service, env)), ...given };
  const port = numberOf('port', all.port, DEFAULT_PORT);
  const user = all.user ?? userInfo().username;
  const windows = process.platform === 'win32';
  const home = windows ? join(env['APPDATA'] ?? homedir(), 'postgresql') : homedir();
  const usual = (name: string): string | undefined => {
    const file = windows ? join(home, name) : join(home, '.postgresql', name);
    return existsSync(file) ? file : undefined;
  };
  return {
    host: all.host ?? all.hostaddr ?? localHost(port),
    hostAddress: all.hostaddr,
    port,
    database: all.dbname ?? user,
    user,
    password: all.password,
    passwordFile: all.passfile ?? join(home, windows ? 'pgpass.conf' : '.pgpass'),
    tls: {
      mode: oneOf('sslmode', all.sslmode, TLS_MODES, all.sslrootcert === 'system' ? 'verify-full' : 'prefer'),
      rootCertificate: all.sslrootcert ?? usual('root.crt'),
      certificate: all.sslcert ?? usual('postgresql.crt'),
      key: all.sslkey ?? usual('postgresql.key'),
      keyPassword: all.sslpassword,
      revoked: all.sslcrl ?? usual('root.crl'),
      oldest: oneOf('ssl_min_protocol_version', all.ssl_min_protocol_version, TLS_VERSIONS, 'TLSv1.2'),
      newest: oneOf('ssl_max_protocol_version', all.ssl_max_protocol_version, TLS_VERSIONS, 'TLSv1.3'),
    },
    channelBinding: oneOf('channel_binding', all.channel_binding, CHANNEL_BINDINGS, 'prefer'),
    keepAliveMs: numberOf('keepalives', all.keepalives, 1) === 0 ? undefined : numberOf('keepalives_idle', all.keepalives_idle, 0) * 1000,
    connectTimeoutMs: numberOf('connect_timeout', all.connect_timeout, DEFAULT_CONNECT_TIMEOUT_S) * 1000,
    applicationName: all.application_name ?? all.fallback_application_name ?? 'syncline',
    options: all.options,
  };
}

/** The address for people: no password, and nothing else that only the driver needs. */
export function locationOf({ user, host, port, database }: ConnectionSettings): string {
  const shownPort = port === DEFAULT_PORT ? '' : `:${port}`;
  const place = host.startsWith('/') ? encodeURIComponent(host) : host.includes(':') ? `[${host}]` : host;
  return `postgres://${encodeURIComponent(user)}@${place}${shownPort}/${encodeURIComponent(database)}`;
}

/** A server on this machine is asked through its socket, where there is one. */
function localHost(port: number): string {
  return SOCKET_FOLDERS.find((folder) => existsSync(join(folder, `.s.PGSQL.${port}`))) ?? 'localhost';
}

function oneOf<T extends string>(name: string, value: string | undefined, values: readonly T[], absent: T): T {
  if (value === undefined) return absent;
  const found = values.find((known) => known.toLowerCase() === value.toLowerCase());
  if (found !== undefined) return found;
  throw new ConfigError('postgres_parameter_invalid', `The ${name} ${value} of the Postgres database is not known.`, {
    hint: `Use one of ${values.join(', ')}.`,
  });
}

function numberOf(name: string, text: string | undefined, absent: number): number {
  if (text === undefined) return absent;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new ConfigError('postgres_parameter_invalid', `The ${name} ${text} of the Postgres database is not a whole number.`, {
    hint: `Give ${name} as a number, or leave it out.`,
  });
}
