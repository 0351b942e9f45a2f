import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import { type ConnectionParameters, type Environment, knownParameters } from './connection-parameters.ts';

/**
 * The parameters of a service, from `PGSERVICEFILE` or `~/.pg_service.conf`, or else from `pg_service.conf` in
 * `PGSYSCONFDIR`: sections `[name]` with lines `parameter=value` (libpq, "The Connection Service File").
 */
export function parametersOfService(service: string, env: Environment): ConnectionParameters {
  const windows = process.platform === 'win32';
  const own = windows ? join(env['APPDATA'] ?? homedir(), 'postgresql', '.pg_service.conf') : join(homedir(), '.pg_service.conf');
  const files = [env['PGSERVICEFILE'] || own, ...(env['PGSYSCONFDIR'] ? [join(env['PGSYSCONFDIR'], 'pg_service.conf')] : [])];
  for (const file of files) {
    const found = sectionOf(file, service);
    if (found !== undefined) return knownParameters(found, `Service ${service} in ${file}`);
  }
  throw new ConfigError('postgres_service_unknown', `There is no Postgres service ${service} in ${files.join(' or ')}.`, {
    hint: `Add a section [${service}] there, or name the file with PGSERVICEFILE.`,
  });
}

/** The lines of a section; `undefined` when the file has none of that name, or is not there. */
function sectionOf(file: string, service: string): [string, string][] | undefined {
  const lines = linesOf(file).map((line) => line.trim());
  const start = lines.indexOf(`[${service}]`);
  if (start < 0) return undefined;
  const found: [string, string][] = [];
  for (const line of lines.slice(start + 1)) {
    if (line.startsWith('[')) break;
    if (line === '' || line.startsWith('#')) continue;
    const at = line.indexOf('=');
    const name = at < 0 ? line : line.slice(0, at);
    if (at < 0 || name === 'service') throw unusable(file, service, `${name} cannot be there`);
    found.push([name, line.slice(at + 1)]);
  }
  return found;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new ConfigError('postgres_service_unusable', `The file of Postgres services ${file} cannot be read.`, {
      hint: 'Let the user that runs syncline read it.',
      cause: error,
    });
  }
}

/** Only the parameter is named: its value may be a password. */
function unusable(file: string, service: string, why: string): ConfigError {
  return new ConfigError('postgres_service_unusable', `Service ${service} in ${file} cannot be used: ${why}.`, {
    hint: 'Write lines of the form parameter=value.',
  });
}
