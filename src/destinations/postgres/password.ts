import { readFile, stat } from 'node:fs/promises';
import { DestinationError } from '../../core/errors.ts';
import type { ConnectionSettings } from './connection-settings.ts';

const OTHERS = 0o077;

/** The password of a connection, when the server asks for one: from the address or environment, else from the password file. */
export async function passwordFor(settings: ConnectionSettings): Promise<string> {
  if (settings.password !== undefined) return settings.password;
  const { passwordFile: file, user, host, database } = settings;
  const mode = await stat(file).then(
    (found) => found.mode,
    () => undefined,
  );
  const isOpen = mode !== undefined && process.platform !== 'win32' && (mode & OTHERS) !== 0;
  const found = mode === undefined || isOpen ? undefined : passwordIn(await readFile(file, 'utf8'), settings);
  if (found !== undefined) return found;
  const why = isOpen ? ` ${file} is not used, because others may read it.` : '';
  throw new DestinationError('password_missing', `Postgres on ${host} asks for the password of ${user}, and none is given.${why}`, {
    hint: isOpen
      ? `Run chmod 600 ${file}.`
      : `Set PGPASSWORD, or add a line for ${host} and database ${database} to ${file}, which only you may read.`,
  });
}

/** The first line that fits: `host:port:database:user:password`, where `*` fits all and a backslash takes the next character as it is. */
function passwordIn(text: string, { host, port, database, user }: ConnectionSettings): string | undefined {
  const wanted = [host.startsWith('/') ? 'localhost' : host, String(port), database, user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const fields = [...line.matchAll(/(?:^|:)((?:\\.|[^:\\])*)/g)].map((match) => (match[1] as string).replace(/\\(.)/g, '$1'));
    const [password] = fields.slice(wanted.length);
    if (password !== undefined && wanted.every((value, i) => fields[i] === '*' || fields[i] === value)) return password;
  }
  return undefined;
}
