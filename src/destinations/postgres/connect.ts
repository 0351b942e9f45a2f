import type { Client } from 'pg';
import { DestinationError } from '../../core/errors.ts';
import { type ConnectionSettings, locationOf } from './connection-settings.ts';
import { loadDriver } from './driver.ts';
import { explain } from './failure.ts';
import { passwordFor } from './password.ts';
import { type TlsAttempt, tlsAttempts } from './tls.ts';

/** The oldest server that is supported. */
const OLDEST_MAJOR = 12;

/** The server's answers to a login without TLS, or to one with it, after which libpq tries the other way. */
const NOT_THIS_WAY = '28000';

/** Connects and logs in. Fails with the error of a user. */
export async function connect(settings: ConnectionSettings): Promise<Client> {
  const attempts = await tlsAttempts(settings);
  let failure: unknown;
  for (const [index, tls] of attempts.entries()) {
    try {
      return await attempt(settings, tls);
    } catch (error) {
      // The first failure tells more when the last way fails too, unless it only was that there is no TLS.
      if (index === 0 || !isAboutTls(error)) failure = error;
      if (index + 1 < attempts.length && !triesTheOtherWay(error, tls)) break;
    }
  }
  throw explain(failure, { location: locationOf(settings) });
}

async function attempt(settings: ConnectionSettings, tls: TlsAttempt): Promise<Client> {
  const Client = await loadDriver();
  const { host, port, database, user, applicationName, options, connectTimeoutMs } = settings;
  const client = new Client({
    host,
    port,
    database,
    user,
    password: () => passwordFor(settings),
    ssl: tls,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: applicationName,
    ...(options === undefined ? {} : { options }),
    keepAlive: true,
  });
  let version = '';
  client.connection.on('parameterStatus', ({ parameterName, parameterValue }: { parameterName: string; parameterValue: string }) => {
    if (parameterName === 'server_version') version = parameterValue;
  });
  // What breaks while nothing runs is told by the next query; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    refuseOld(version, settings);
    return client;
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
}

function refuseOld(version: string, settings: ConnectionSettings): void {
  const major = Number.parseInt(version, 10);
  if (!(major < OLDEST_MAJOR)) return;
  throw new DestinationError(
    'server_too_old',
    `${locationOf(settings)} runs Postgres ${version}; syncline needs ${OLDEST_MAJOR} or newer.`,
    {
      hint: 'Upgrade the server, or load into another one.',
    },
  );
}

function triesTheOtherWay(error: unknown, tls: TlsAttempt): boolean {
  return codeOf(error) === NOT_THIS_WAY || (tls !== false && isAboutTls(error));
}

function isAboutTls(error: unknown): boolean {
  return explain(error, { location: '' }).code === 'tls_failed';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
