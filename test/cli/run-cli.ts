import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** The command line as it is built. */
export const CLI = resolve(import.meta.dirname, '../../dist/cli/main.js');

/** How a process of the command line ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty folder that the command line runs in. */
export interface CliFolder extends Disposable {
  readonly path: string;
  write(file: string, content: string | object): void;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Like `run`, with the process at hand. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): { readonly child: ChildProcess; readonly ended: Promise<Ended> };
  query(database: string, sql: string): Promise<unknown[][]>;
}

/** Makes the folder; disposing of it removes it. */
export function cliFolder(cli = CLI): CliFolder {
  const path = mkdtempSync(join(tmpdir(), 'syncline-cli-'));
  const start: CliFolder['start'] = (args, env = {}) => {
    const child = spawn(process.execPath, [cli, ...args], { cwd: path, env: { PATH: process.env['PATH'] ?? '', ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    return { child, ended: new Promise((done) => child.on('close', (code) => done({ code, stdout, stderr }))) };
  };
  return {
    path,
    write: (file, content) => writeFileSync(join(path, file), typeof content === 'string' ? content : JSON.stringify(content)),
    start,
    run: (args, env) => start(args, env).ended,
    async query(database, sql) {
      const instance = await DuckDBInstance.create(join(path, database), { access_mode: 'READ_ONLY' });
      try {
        const connection = await instance.connect();
        const rows = (await connection.runAndReadAll(sql)).getRowsJson();
        // One that is open keeps the file locked, whatever becomes of the instance.
        connection.closeSync();
        return rows;
      } finally {
        instance.closeSync();
      }
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
