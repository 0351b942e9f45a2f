import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const CLI = resolve(import.meta.dirname, '../../dist/cli/main.js');

/** A point of a run, and what happens there: see preload/points.mjs. */
export interface Strike {
  readonly point: string;
  /** Counted from 1. */
  readonly nth: number;
  readonly when: 'before' | 'middle' | 'after';
  /** Where the middle is, from 0 to below 1. */
  readonly share: number;
}

/** What a preload is told, by its file name below preload/. */
export interface Preload {
  readonly name: string;
  readonly orders: object;
}

/** What to start. */
export interface CliStart {
  readonly folder: string;
  readonly args: readonly string[];
  readonly preload?: Preload | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** What runs the command, with its first arguments. */
  readonly shell?: readonly string[];
  readonly started?: (child: ChildProcess) => void;
}

/** How a process of the command line ended. */
export interface CliEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One that takes longer than this hangs. */
const LONGEST_MS = 60_000;

/** Runs the built command line in a process of its own. It is killed when it hangs. */
export function runCli({ folder, args, preload, env, shell = [], started }: CliStart): Promise<CliEnd> {
  const imported = preload ? ['--import', pathToFileURL(join(import.meta.dirname, 'preload', `${preload.name}.mjs`)).href] : [];
  const [command = process.execPath, ...rest] = [...shell, process.execPath, ...imported, CLI, ...args];
  const child = spawn(command, rest, {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...env, ...(preload && { FAULTS: JSON.stringify({ ...preload.orders, cli: CLI }) }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started?.(child);
  return new Promise((done, fail) => {
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    const timer = setTimeout(() => {
      stderr += `\n(hung: killed after ${LONGEST_MS / 1000} s)`;
      child.kill('SIGKILL');
    }, LONGEST_MS);
    child.on('error', fail);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      done({ code, signal, stdout, stderr });
    });
  });
}
