import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { ConfigError } from '../../core/errors.ts';
import type { ConnectionSettings, TlsSettings } from './connection-settings.ts';

/** A way to connect: without TLS, or with these options. */
export type TlsAttempt = false | ConnectionOptions;

const OTHERS = 0o077;
const GROUP_OF_ROOT = 0o037;

/** The ways to connect, in the order in which libpq tries them. */
export async function tlsAttempts({ host, hostAddress, tls }: ConnectionSettings): Promise<readonly TlsAttempt[]> {
  // TLS has no use on a socket of this machine.
  if (tls.mode === 'disable' || (host.startsWith('/') && hostAddress === undefined)) return [false];
  const options = { ...(await tlsOptions(tls)), ...nameOf(host, hostAddress) };
  if (tls.mode === 'allow') return [false, options];
  return tls.mode === 'prefer' ? [options, false] : [options];
}

/** The name in the certificate is the host's, wherever that is. */
function nameOf(host: string, hostAddress: string | undefined): ConnectionOptions {
  if (hostAddress === undefined) return {};
  return isIP(host) === 0 ? { host, servername: host } : { host };
}

async function tlsOptions(tls: TlsSettings): Promise<ConnectionOptions> {
  const { mode, rootCertificate, certificate, key, revoked, oldest, newest } = tls;
  const own = {
    minVersion: oldest,
    maxVersion: newest,
    ...(certificate === undefined ? {} : { cert: await read('sslcert', certificate) }),
    ...(key === undefined ? {} : { key: await readKey(key) }),
    ...(tls.keyPassword === undefined ? {} : { passphrase: tls.keyPassword }),
  };
  if (rootCertificate === 'system') return { ...own, rejectUnauthorized: true };
  const isChecked = mode === 'verify-ca' || mode === 'verify-full' || (mode === 'require' && rootCertificate !== undefined);
  if (!isChecked) return { ...own, rejectUnauthorized: false };
  if (rootCertificate === undefined) {
    throw new ConfigError('tls_file_unusable', `sslmode=${mode} needs the certificate of the authority that the server's is signed by.`, {
      hint: 'Name it with sslrootcert, or write sslrootcert=system for the authorities that Node knows.',
    });
  }
  const ca = await read('sslrootcert', rootCertificate);
  const crl = revoked === undefined ? {} : { crl: await read('sslcrl', revoked) };
  return { ...own, ...crl, ca, rejectUnauthorized: true, ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }) };
}

/** As libpq has it: a private key is the user's, or root's and for a group to read. */
async function readKey(file: string): Promise<string> {
  const text = await read('sslkey', file);
  const { mode, uid } = await stat(file);
  if (process.platform === 'win32' || (mode & (uid === 0 ? GROUP_OF_ROOT : OTHERS)) === 0) return text;
  throw new ConfigError('tls_file_unusable', `The private key ${file} may be read by others.`, { hint: `Run chmod 600 ${file}.` });
}

async function read(parameter: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigError('tls_file_unusable', `The file ${file} of ${parameter} cannot be read.`, {
      hint: `Name a file that exists and that you may read with ${parameter}.`,
      cause,
    });
  }
}
