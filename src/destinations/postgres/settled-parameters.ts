import { ConfigError } from '../../core/errors.ts';
import { oneOf } from '../../core/suggest.ts';

/** A parameter that changes nothing: it says what is done anyway, or is refused. */
interface SettledParameter {
  /** Its environment variable. */
  readonly variable?: string;
  /** The values that may be given; all when left out. */
  readonly values?: readonly string[];
}

/**
 * libpq's other parameters (Postgres 17, "Parameter Key Words"). TCP's intervals and timeouts cannot be set from Node; libpq
 * ignores them too where it cannot. There are no logins by GSSAPI.
 */
const SETTLED: Readonly<Record<string, SettledParameter>> = {
  client_encoding: { variable: 'PGCLIENTENCODING', values: ['auto', 'utf8', 'utf-8', 'unicode'] },
  target_session_attrs: { variable: 'PGTARGETSESSIONATTRS', values: ['any', 'read-write', 'primary', 'prefer-standby'] },
  load_balance_hosts: { variable: 'PGLOADBALANCEHOSTS', values: ['disable', 'random'] },
  gssencmode: { variable: 'PGGSSENCMODE', values: ['disable', 'prefer'] },
  krbsrvname: { variable: 'PGKRBSRVNAME' },
  gsslib: { variable: 'PGGSSLIB' },
  gssdelegation: { variable: 'PGGSSDELEGATION' },
  sslnegotiation: { variable: 'PGSSLNEGOTIATION', values: ['postgres'] },
  sslcompression: { variable: 'PGSSLCOMPRESSION', values: ['0'] },
  sslsni: { variable: 'PGSSLSNI', values: ['1'] },
  sslcertmode: { variable: 'PGSSLCERTMODE', values: ['allow'] },
  sslcrldir: { variable: 'PGSSLCRLDIR', values: [] },
  requiressl: { variable: 'PGREQUIRESSL', values: ['0'] },
  requirepeer: { variable: 'PGREQUIREPEER', values: [] },
  require_auth: { variable: 'PGREQUIREAUTH', values: [] },
  replication: { values: ['false', 'off', 'no', '0'] },
  keepalives_interval: {},
  keepalives_count: {},
  tcp_user_timeout: {},
};

/** True for a parameter that libpq knows and that changes nothing here. */
export function isSettled(name: string): boolean {
  return Object.hasOwn(SETTLED, name);
}

/** Refuses a value of such a parameter that is not what is done. `as` is the name by which it was given. */
export function checkSettled(name: string, value: string, as = name): void {
  const values = SETTLED[name]?.values;
  if (values === undefined || value === '' || values.includes(value.toLowerCase())) return;
  throw new ConfigError('postgres_parameter_unsupported', `${as}=${value} is not supported for the Postgres database.`, {
    hint: values.length === 0 ? `Leave ${as} out.` : `Leave ${as} out, or set it to ${oneOf(values)}.`,
  });
}

/** Refuses environment variables that ask for what is not done. */
export function checkSettledVariables(env: Readonly<Record<string, string | undefined>>): void {
  for (const [name, { variable }] of Object.entries(SETTLED)) if (variable !== undefined) checkSettled(name, env[variable] ?? '', variable);
}
