import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryPostgres } from '../../../test/postgres-rows.ts';
import { type PostgresServer, postgresPrograms, startPostgres, withoutPostgres } from '../../../test/postgres-server.ts';
import { postgres } from '../postgres.ts';
import { loadDriver } from './driver.ts';

it('says how to install the driver', async () => {
  await expect(loadDriver(() => Promise.reject(new Error('not found')))).rejects.toMatchObject({
    code: 'driver_missing',
    hint: expect.stringContaining('npm install pg'),
  });
});

const hasOpenssl = (() => {
  try {
    return execFileSync('openssl', ['version']).length > 0;
  } catch {
    return false;
  }
})();

describe.skipIf(postgresPrograms === undefined)(`a connection to Postgres${withoutPostgres}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-client-'));
  const file = (name: string) => join(folder, name);
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    await queryPostgres(
      server.address(),
      `SET password_encryption = 'scram-sha-256'; CREATE ROLE locked LOGIN SUPERUSER PASSWORD 'ge:h\\eim'; CREATE ROLE secured LOGIN SUPERUSER; CREATE ROLE plain LOGIN SUPERUSER`,
    );
    if (hasOpenssl) {
      makeCertificates(folder);
      for (const name of ['server.crt', 'server.key']) server.write(`data/${name}`, readFileSync(file(name), 'utf8'));
      await queryPostgres(server.address(), 'ALTER SYSTEM SET ssl = on');
    }
    const rules = [
      'host all locked 127.0.0.1/32 scram-sha-256',
      'hostssl all secured 127.0.0.1/32 trust',
      'hostnossl all plain 127.0.0.1/32 trust',
    ];
    server.write(
      'data/pg_hba.conf',
      [...rules, 'host all admin 127.0.0.1/32 trust', 'local all locked md5', 'local all all trust'].join('\n'),
    );
    await server.stop();
    await server.start();
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  /** What comes of a connection: `connected`, or the code of an error. */
  async function outcome(user: string, query = '', env: Readonly<Record<string, string>> = {}): Promise<string> {
    const destination = postgres(`postgres://${user}@127.0.0.1:${server.port}/postgres${query}`, { env });
    const dataset = await destination.open('d');
    return dataset.isCommitted('x').then(
      () => 'connected',
      (error: { readonly code: string; readonly message: string }) => (expect(error.message).not.toContain('eim'), error.code),
    );
  }

  it('takes the password from the address or the environment', async () => {
    expect(await outcome('locked')).toBe('password_missing');
    expect(await outcome('locked:ge%3Ah%5Ceim')).toBe('connected');
    expect(await outcome('locked', '?password=ge%3Ah%5Ceim')).toBe('connected');
    expect(await outcome('locked', '', { PGPASSWORD: 'ge:h\\eim' })).toBe('connected');
    expect(await outcome('locked:wrong', '', { PGPASSWORD: 'ge:h\\eim' })).toBe('login_refused');
  });

  it('takes the password from a file that only its owner may read', async () => {
    const lines = [
      '# comment',
      'otherhost:*:*:locked:no',
      `127.0.0.1:${server.port}:*:other:no`,
      `*:*:postgres:locked:ge\\:h\\\\eim`,
      '*:*:*:*:later',
    ];
    writeFileSync(file('pgpass'), lines.join('\n'), { mode: 0o600 });
    expect(await outcome('locked', '', { PGPASSFILE: file('pgpass') })).toBe('connected');
    expect(await outcome('locked', `?passfile=${file('pgpass')}`)).toBe('connected');
    chmodSync(file('pgpass'), 0o640);
    expect(await outcome('locked', '', { PGPASSFILE: file('pgpass') })).toBe('password_missing');
    chmodSync(file('pgpass'), 0o600);
    writeFileSync(file('pgpass'), 'otherhost:*:*:locked:no\nbroken');
    expect(await outcome('locked', '', { PGPASSFILE: file('pgpass') })).toBe('password_missing');
  });

  it('goes through a socket of this machine', async () => {
    const destination = postgres(`postgres:///postgres?host=${server.folder}&port=${server.port}&user=admin&sslmode=verify-full`, {
      env: {},
    });
    await using dataset = await destination.open('d');
    expect(await dataset.isCommitted('x')).toBe(false);
  });

  describe.skipIf(!hasOpenssl)(`with TLS${hasOpenssl ? '' : ' (skipped: no openssl to make certificates)'}`, () => {
    it.each([
      ['secured', 'disable', 'login_refused'],
      ['secured', 'allow', 'connected'],
      ['secured', 'prefer', 'connected'],
      ['secured', 'require', 'connected'],
      ['plain', 'disable', 'connected'],
      ['plain', 'allow', 'connected'],
      ['plain', 'prefer', 'connected'],
      ['plain', 'require', 'login_refused'],
    ])('%s, sslmode %s: %s', async (user, mode, expected) => {
      expect(await outcome(user, `?sslmode=${mode}`)).toBe(expected);
    });

    it('checks the certificate of the server as it is told', async () => {
      const root = `&sslrootcert=${file('root.crt')}`;
      const other = `&sslrootcert=${file('other.crt')}`;
      expect(await outcome('secured', `?sslmode=verify-full${root}`)).toBe('connected');
      expect(await outcome('secured', `?sslmode=verify-ca${root}`)).toBe('connected');
      for (const mode of ['verify-ca', 'verify-full', 'require'])
        expect(await outcome('secured', `?sslmode=${mode}${other}`)).toBe('tls_failed');
      expect(await outcome('secured', '?sslrootcert=system')).toBe('tls_failed');
      expect(await outcome('secured', '?sslmode=verify-full')).toBe('tls_file_unusable');
      expect(await outcome('secured', '?sslmode=verify-full&sslrootcert=/no/file')).toBe('tls_file_unusable');
      const byName = postgres(`postgres://secured@localhost:${server.port}/postgres?sslmode=verify-full${root}`, { env: {} });
      const dataset = await byName.open('d');
      // The certificate is for the address only.
      await expect(dataset.isCommitted('x')).rejects.toMatchObject({ code: 'tls_failed' });
    });

    it('ties the login to the certificate of the server where it must', async () => {
      const secret = ':ge%3Ah%5Ceim';
      const must = '?channel_binding=require';
      expect(await outcome(`locked${secret}`, `${must}&sslmode=require`)).toBe('connected');
      expect(await outcome(`locked${secret}`, '', { PGCHANNELBINDING: 'require' })).toBe('connected');
      expect(await outcome(`locked${secret}`, '?channel_binding=disable&sslmode=require')).toBe('connected');
      expect(await outcome(`locked${secret}`, `${must}&sslmode=disable`)).toBe('channel_binding_missing');
      // The server asks for no password, so that nothing proves what it is.
      expect(await outcome('secured', `${must}&sslmode=require`)).toBe('channel_binding_missing');
      // Before the password is looked for.
      expect(await outcome('locked', `${must}&sslmode=disable`)).toBe('channel_binding_missing');
    });

    it('keeps to the versions of TLS, and to what is revoked', async () => {
      expect(await outcome('secured', '?sslmode=require&ssl_min_protocol_version=TLSv1.3')).toBe('connected');
      expect(await outcome('secured', '?sslmode=require&ssl_min_protocol_version=TLSv1&ssl_max_protocol_version=TLSv1')).toBe('tls_failed');
      const root = `&sslrootcert=${file('root.crt')}`;
      expect(await outcome('secured', `?sslmode=verify-ca${root}&sslcrl=/no/file`)).toBe('tls_file_unusable');
      expect(await outcome('secured', `?sslmode=verify-ca${root}&sslcrl=${file('none.crl')}`)).toBe('connected');
      expect(await outcome('secured', `?sslmode=verify-ca${root}&sslcrl=${file('revoked.crl')}`)).toBe('tls_failed');
    });

    it('looks for the host at its address, and for its name in the certificate', async () => {
      const root = `&sslrootcert=${file('root.crt')}`;
      const at = async (host: string, hostaddr: string) => {
        const query = `?hostaddr=${hostaddr}&sslmode=verify-full${root}`;
        const destination = postgres(`postgres://secured@${host}:${server.port}/postgres${query}`, { env: {} });
        expect(destination.location).toContain(host);
        return (await destination.open('d')).isCommitted('x').then(
          () => 'connected',
          (error: { readonly code: string }) => error.code,
        );
      };
      expect(await at('db.invalid', '127.0.0.1')).toBe('connected');
      expect(await at('other.invalid', '127.0.0.1')).toBe('tls_failed');
    });

    it('shows a certificate of its own, whose key only its owner may read', async () => {
      const own = `&sslcert=${file('server.crt')}&sslkey=${file('server.key')}`;
      expect(await outcome('secured', `?sslmode=require${own}`)).toBe('connected');
      chmodSync(file('server.key'), 0o644);
      expect(await outcome('secured', `?sslmode=require${own}`)).toBe('tls_file_unusable');
    });
  });
});

/** An authority, another one, and a certificate of the first for 127.0.0.1. */
function makeCertificates(folder: string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  for (const name of ['root', 'other'])
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.crt`,
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
    );
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=server');
  writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1,DNS:db.invalid');
  openssl(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'root.crt',
    '-CAkey',
    'root.key',
    '-CAcreateserial',
    '-out',
    'server.crt',
    '-days',
    '2',
    '-extfile',
    'names',
  );
  chmodSync(join(folder, 'server.key'), 0o600);
  writeFileSync(join(folder, 'index'), '');
  writeFileSync(join(folder, 'ca.cnf'), '[ca]\ndefault_ca=root\n[root]\ndatabase=index\ndefault_md=sha256\ndefault_crl_days=2\n');
  const authority = (...args: string[]) => openssl('ca', '-config', 'ca.cnf', '-keyfile', 'root.key', '-cert', 'root.crt', ...args);
  authority('-gencrl', '-out', 'none.crl');
  authority('-revoke', 'server.crt');
  authority('-gencrl', '-out', 'revoked.crl');
}
