import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { postgres } from '../postgres.ts';
import { parseConnectionString } from './connection-parameters.ts';
import { connectionSettings } from './connection-settings.ts';

describe('a connection string', () => {
  it.each([
    ['//', {}],
    ['///', {}],
    ['//host', { host: 'host' }],
    ['//host:6543/db', { host: 'host', port: '6543', dbname: 'db' }],
    ['//me@/db', { user: 'me', dbname: 'db' }],
    ['//me:p%40ss%2Fw:rd@[::1]:1/my%20db', { user: 'me', password: 'p@ss/w:rd', host: '::1', port: '1', dbname: 'my db' }],
    ['//me:p@ss@host/db', { user: 'me', password: 'p@ss', host: 'host', dbname: 'db' }],
    ['//%2Fvar%2Frun/db', { host: '/var/run', dbname: 'db' }],
    ['///?host=/run&user=me&sslmode=disable', { host: '/run', user: 'me', sslmode: 'disable' }],
    ['//a/b?host=c&options=-c%20work_mem%3D1MB', { host: 'c', dbname: 'b', options: '-c work_mem=1MB' }],
    ['//a?sslmode=require&channel_binding=require&gssencmode=disable', { host: 'a', sslmode: 'require', channel_binding: 'require' }],
    ['//a?target_session_attrs=read-write&client_encoding=UTF8&keepalives_interval=5', { host: 'a' }],
  ])('%s is read', (text, expected) => {
    expect(parseConnectionString(text)).toEqual(expected);
  });

  it.each([
    ['host/db', 'postgres_address_invalid'],
    ['//one:1,two:2/db?password=geheim', 'postgres_address_invalid'],
    ['//me:geheim%@host/db', 'postgres_address_invalid'],
    ['//host/db#geheim', 'postgres_address_invalid'],
    ['//host/db?pasword=geheim', 'postgres_parameter_unknown'],
    ['//host/db?constructor=1', 'postgres_parameter_unknown'],
    ['//host/db?target_session_attrs=standby', 'postgres_parameter_unsupported'],
    ['//host/db?require_auth=scram-sha-256', 'postgres_parameter_unsupported'],
  ])('%s is refused, and no secret shown', (text, code) => {
    const parse = () => parseConnectionString(text);
    expect(parse).toThrow(expect.objectContaining({ name: 'ConfigError', code, hint: expect.stringMatching(/[.?]$/) }));
    expect(parse).not.toThrow(/geheim/);
  });

  it('leaves to the environment what it does not say', () => {
    const env = {
      PGHOST: 'h',
      PGPORT: '1',
      PGUSER: 'u',
      PGDATABASE: 'd',
      PGPASSWORD: 'p',
      PGSSLMODE: 'require',
      PGAPPNAME: 'a',
      PGCONNECT_TIMEOUT: '3',
    };
    expect(connectionSettings({}, env)).toMatchObject({
      host: 'h',
      port: 1,
      user: 'u',
      database: 'd',
      password: 'p',
      applicationName: 'a',
      connectTimeoutMs: 3000,
      tls: { mode: 'require' },
    });
    expect(connectionSettings({ host: 'x', user: 'y', port: '2' }, env)).toMatchObject({ host: 'x', user: 'y', port: 2, database: 'd' });
    expect(connectionSettings({ user: 'y' }, {})).toMatchObject({
      port: 5432,
      database: 'y',
      applicationName: 'syncline',
      tls: { mode: 'prefer' },
    });
    expect(connectionSettings({ sslrootcert: 'system' }, {}).tls.mode).toBe('verify-full');
  });

  it('leaves to a service of a file what it does not say, and that to the environment', () => {
    const folder = mkdtempSync(join(tmpdir(), 'postgres-services-'));
    const own = join(folder, 'own');
    writeFileSync(own, '# mine\n[first]\nhost=h1\n\n[mine]\nhost=h\nport=1\n user=u \npassword=a=b\ngssencmode=disable\n[last]\nhost=h2\n');
    writeFileSync(join(folder, 'pg_service.conf'), '[shared]\nhost=s\n[nested]\nservice=mine\n[wrong]\nhosst=h\n');
    const env = { PGSERVICEFILE: own, PGSYSCONFDIR: folder, PGHOST: 'e', PGDATABASE: 'd' };
    expect(connectionSettings({ user: 'me' }, { ...env, PGSERVICE: 'mine' })).toMatchObject({
      host: 'h',
      port: 1,
      user: 'me',
      password: 'a=b',
      database: 'd',
    });
    expect(connectionSettings({ service: 'shared' }, { ...env, PGSERVICE: 'mine' }).host).toBe('s');
    const refused = (service: string) => {
      try {
        connectionSettings({ service }, env);
      } catch (error) {
        return error;
      }
      return undefined;
    };
    expect(refused('none')).toMatchObject({ code: 'postgres_service_unknown', message: expect.stringContaining(own) });
    expect(refused('nested')).toMatchObject({ code: 'postgres_service_unusable' });
    expect(refused('wrong')).toMatchObject({ code: 'postgres_parameter_unknown', hint: 'Did you mean host?' });
    rmSync(folder, { recursive: true });
  });

  it('takes from the environment what is done anyway, refuses what is not, and leaves the rest alone', () => {
    const fine = { PGGSSENCMODE: 'prefer', PGTARGETSESSIONATTRS: 'any', PGDATESTYLE: 'ISO', PGTZ: 'UTC', PGREQUIREAUTH: '' };
    expect(connectionSettings({ host: 'h' }, fine).host).toBe('h');
    expect(() => connectionSettings({}, { PGREQUIREAUTH: 'gss' })).toThrow(
      expect.objectContaining({ code: 'postgres_parameter_unsupported', message: expect.stringContaining('PGREQUIREAUTH') }),
    );
  });

  it('tells how TCP and TLS are used', () => {
    expect(connectionSettings({}, {})).toMatchObject({ keepAliveMs: 0, channelBinding: 'prefer', tls: { oldest: 'TLSv1.2' } });
    const given = { keepalives_idle: '30', channel_binding: 'disable', ssl_min_protocol_version: 'tlsv1.3' };
    expect(connectionSettings(given, {})).toMatchObject({ keepAliveMs: 30_000, channelBinding: 'disable', tls: { oldest: 'TLSv1.3' } });
    expect(connectionSettings({ keepalives: '0', keepalives_idle: '30' }, {}).keepAliveMs).toBeUndefined();
    expect(connectionSettings({ hostaddr: '127.0.0.1' }, {})).toMatchObject({ host: '127.0.0.1', hostAddress: '127.0.0.1' });
  });

  it.each([{ port: 'x' }, { sslmode: 'on' }, { connect_timeout: '-1' }, { channel_binding: 'yes' }])('refuses %j', (parameters) => {
    expect(() => connectionSettings(parameters, {})).toThrow(expect.objectContaining({ code: 'postgres_parameter_invalid' }));
  });

  it('leads to a location that people can read', () => {
    expect(postgres('postgresql://a%40b:geheim@[::1]:1/x y?sslmode=disable').location).toBe('postgres://a%40b@[::1]:1/x%20y');
    expect(postgres('postgres:///db?host=/run&user=me').location).toBe('postgres://me@%2Frun/db');
  });
});
