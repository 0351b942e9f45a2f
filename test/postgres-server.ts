import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { once } from 'node:events';

/** Folders with a folder a version: Debian's, and that of `npm run postgres`. */
const INSTALLED = ['/usr/lib/postgresql', join(import.meta.dirname, '../.cache/postgres')];
/** Postgres refuses to run as root. */
const NOBODY = 65534;

/** A Postgres server of the test's own. */
export interface PostgresServer extends AsyncDisposable {
  readonly port: number;
  readonly folder: string;
  /** The address of a database for its superuser. */
  address(database?: string): string;
  /** Starts it again. */
  start(): Promise<void>;
  /** Writes a file into its folder, which the server may read. */
  write(name: string, text: string): string;
  /** Stops at once: connections are broken off. */
  stop(): Promise<void>;
}

/** The folder with initdb and postgres: that of SYNCLINE_TEST_POSTGRES alone, or one on the PATH, or the newest installed. */
export const postgresPrograms: string | undefined = folders().find(hasPrograms);

/** What to do where there is no server. */
export const howToGetPostgres = 'get a server by npm run postgres, or name the bin folder of one in SYNCLINE_TEST_POSTGRES';

/** Why there are no tests with a server, for the name of a suite. */
export const withoutPostgres = postgresPrograms === undefined ? ` (skipped: ${howToGetPostgres})` : '';

/** Makes a database cluster and starts a server for it on a port of this machine. */
export async function startPostgres(...settings: readonly string[]): Promise<PostgresServer> {
  const found = postgresPrograms;
  if (found === undefined) throw new Error('no postgres on this machine');
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if ('uid' in user) chownSync(folder, NOBODY, NOBODY);
  const programs = 'uid' in user && isClosed(realpathSync(found)) ? copyOf(found, folder) : found;
  const env = { ...process.env, LC_ALL: 'C', HOME: folder };
  execFileSync(join(programs, 'initdb'), ['-D', join(folder, 'data'), '-U', 'admin', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...user,
    env,
    stdio: 'ignore',
  });
  const port = await freePort();
  let running: ChildProcess | undefined;
  const server: PostgresServer = {
    port,
    folder,
    address: (database = 'postgres') => `postgres://admin@127.0.0.1:${port}/${database}`,
    write(name, text) {
      const file = join(folder, name);
      writeFileSync(file, text, { mode: 0o600 });
      if ('uid' in user) chownSync(file, NOBODY, NOBODY);
      return file;
    },
    async start() {
      const all = ['fsync=off', `port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, ...settings];
      const args = ['-D', join(folder, 'data'), ...all.flatMap((setting) => ['-c', setting])];
      running = spawn(join(programs, 'postgres'), args, { ...user, env, stdio: ['ignore', 'ignore', 'pipe'] });
      await ready(running);
    },
    async stop() {
      const stopping = running;
      running = undefined;
      if (stopping === undefined || stopping.exitCode !== null) return;
      const exited = once(stopping, 'exit');
      // A fast shutdown.
      stopping.kill('SIGINT');
      await exited;
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

function folders(): string[] {
  const named = process.env['SYNCLINE_TEST_POSTGRES'];
  if (named !== undefined && named !== '') {
    if (!hasPrograms(named)) throw new Error(`SYNCLINE_TEST_POSTGRES is ${named}, where there is no initdb or no postgres`);
    return [named];
  }
  const versions = INSTALLED.flatMap((root) => (existsSync(root) ? readdirSync(root) : []).map((version) => ({ root, version })));
  return [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...versions.toSorted((a, b) => Number(b.version) - Number(a.version)).map(({ root, version }) => join(root, version, 'bin')),
  ];
}

function hasPrograms(folder: string): boolean {
  return existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'));
}

/** Whether a folder, or one above it, can be entered by its owner only. */
function isClosed(folder: string): boolean {
  const above = dirname(folder);
  return (statSync(folder).mode & 0o001) === 0 || (above !== folder && isClosed(above));
}

/** The programs with their libraries in a folder that the server may read. */
function copyOf(programs: string, folder: string): string {
  const installation = dirname(dirname(realpathSync(join(programs, 'postgres'))));
  cpSync(installation, join(folder, 'postgres'), { recursive: true, verbatimSymlinks: true });
  return join(folder, 'postgres', 'bin');
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.stderr?.on('data', (data: Buffer) => {
      log += data.toString();
      if (log.includes('ready to accept')) resolve();
    });
    child.on('exit', () => reject(new Error(`postgres ended: ${log}`)));
  });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
