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

/** The login by which the server proves that it is the one of the TLS connection (RFC 5802 and 5929). */
const BINDING_LOGIN = 'SCRAM-SHA-256-PLUS';

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
  const { host, hostAddress, port, database, user, applicationName, options, connectTimeoutMs, keepAliveMs, channelBinding } = settings;
  let isBound = false;
  const client = new Client({
    host: hostAddress ?? host,
    port,
    database,
    user,
    password: () => {
      refuseUnbound(isBound, settings);
      return passwordFor(settings);
    },
    enableChannelBinding: tls !== false && channelBinding !== 'disable',
    ssl: tls,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: applicationName,
    ...(options === undefined ? {} : { options }),
    keepAlive: keepAliveMs !== undefined,
    ...(keepAliveMs === undefined ? {} : { keepAliveInitialDelayMillis: keepAliveMs }),
  });
  let version = '';
  client.connection.on('parameterStatus', ({ parameterName, parameterValue }: { parameterName: string; parameterValue: string }) => {
    if (parameterName === 'server_version') version = parameterValue;
  });
  client.connection.on('authenticationSASL', ({ mechanisms }: { mechanisms: readonly string[] }) => {
    isBound = tls !== false && mechanisms.includes(BINDING_LOGIN);
  });
  // What breaks while nothing runs is told by the next query; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    refuseUnbound(isBound, settings);
    refuseOld(version, settings);
    return client;
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
}

/** Before the password is given away: the server offers no login that is bound to its certificate, or asks for none. */
function refuseUnbound(isBound: boolean, settings: ConnectionSettings): void {
  if (isBound || settings.channelBinding !== 'require') return;
  throw new DestinationError(
    'channel_binding_missing',
    `channel_binding=require, but ${locationOf(settings)} does not offer a login with ${BINDING_LOGIN} over TLS.`,
    { hint: 'Let the server log in with scram-sha-256 over TLS, without a proxy that ends TLS; or set channel_binding to prefer.' },
  );
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
