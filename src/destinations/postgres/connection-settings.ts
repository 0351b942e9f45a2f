import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import { type ConnectionParameters, type Environment, parametersOfEnvironment } from './connection-parameters.ts';

/** How TLS is used, by libpq's names. */
export const TLS_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

/** One of libpq's `sslmode`s. */
export type TlsMode = (typeof TLS_MODES)[number];

/** Files of TLS. Those that have a usual place may be missing there. */
export interface TlsSettings {
  readonly mode: TlsMode;
  /** `system` for the authorities that come with Node. */
  readonly rootCertificate: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly keyPassword: string | undefined;
}

/** All that is needed to connect. */
export interface ConnectionSettings {
  /** Name or address of the server, or the folder of its socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  readonly passwordFile: string;
  readonly tls: TlsSettings;
  readonly connectTimeoutMs: number;
  readonly applicationName: string;
  readonly options: string | undefined;
}

const DEFAULT_PORT = 5432;
const DEFAULT_CONNECT_TIMEOUT_S = 15;
const SOCKET_FOLDERS = ['/var/run/postgresql', '/tmp'];

/** What the connection string leaves open comes from the environment, then from where libpq looks. */
export function connectionSettings(given: ConnectionParameters, env: Environment): ConnectionSettings {
  const all = { ...parametersOfEnvironment(env), ...given };
  const port = numberOf('port', all.port, DEFAULT_PORT);
  const user = all.user ?? userInfo().username;
  const windows = process.platform === 'win32';
  const home = windows ? join(env['APPDATA'] ?? homedir(), 'postgresql') : homedir();
  const usual = (name: string): string | undefined => {
    const file = windows ? join(home, name) : join(home, '.postgresql', name);
    return existsSync(file) ? file : undefined;
  };
  return {
    host: all.host ?? localHost(port),
    port,
    database: all.dbname ?? user,
    user,
    password: all.password,
    passwordFile: all.passfile ?? join(home, windows ? 'pgpass.conf' : '.pgpass'),
    tls: {
      mode: tlsMode(all.sslmode, all.sslrootcert),
      rootCertificate: all.sslrootcert ?? usual('root.crt'),
      certificate: all.sslcert ?? usual('postgresql.crt'),
      key: all.sslkey ?? usual('postgresql.key'),
      keyPassword: all.sslpassword,
    },
    connectTimeoutMs: numberOf('connect_timeout', all.connect_timeout, DEFAULT_CONNECT_TIMEOUT_S) * 1000,
    applicationName: all.application_name ?? 'syncline',
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

function tlsMode(mode: string | undefined, rootCertificate: string | undefined): TlsMode {
  if (mode === undefined) return rootCertificate === 'system' ? 'verify-full' : 'prefer';
  const found = TLS_MODES.find((known) => known === mode);
  if (found !== undefined) return found;
  throw new ConfigError('postgres_parameter_invalid', `The sslmode ${mode} of the Postgres database is not known.`, {
    hint: `Use one of ${TLS_MODES.join(', ')}.`,
  });
}

function numberOf(name: string, text: string | undefined, absent: number): number {
  if (text === undefined) return absent;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new ConfigError('postgres_parameter_invalid', `The ${name} ${text} of the Postgres database is not a whole number.`, {
    hint: `Give ${name} as a number, or leave it out.`,
  });
}
