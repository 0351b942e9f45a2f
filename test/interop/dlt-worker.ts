import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DltPlace } from './place.ts';

/** The interpreter that python-env.sh makes. */
const PYTHON = join(import.meta.dirname, '.venv/bin/python');

/** What every command about a pipeline says. */
export interface DltPipeline {
  readonly pipeline: string;
  readonly place: DltPlace;
  readonly dataset: string;
  /** dlt's working directories. */
  readonly pipelines_dir: string;
}

/** A run of dlt's `rest_api` source. */
export interface DltRun extends DltPipeline {
  readonly source: string;
  readonly config: object;
}

/** What a command came to. */
export interface DltAnswer<T> {
  readonly result: T;
  /** Warnings and errors that dlt logged. */
  readonly complaints: readonly string[];
}

/** How dlt takes a stored schema. */
export interface SchemaCheck {
  readonly hash: string;
  /** Version and hash stay when dlt reads it. */
  readonly is_same: boolean;
}

/** A Python process that runs dlt, one command after the other. */
export interface DltWorker extends AsyncDisposable {
  run(run: DltRun): Promise<DltAnswer<{ readonly load_ids: readonly string[] }>>;
  /** What dlt's own readers see, from an empty working directory. */
  read(pipeline: DltPipeline): Promise<DltAnswer<object>>;
  checkSchema(schema: string): Promise<DltAnswer<SchemaCheck>>;
}

/** Why there is no worker; undefined when there can be one. */
export const withoutDlt: string | undefined = existsSync(PYTHON) ? undefined : 'run `bash test/interop/python-env.sh` first';

/** Starts the process in a folder that it may fill with what dlt keeps about itself. */
export function startDltWorker(folder: string): DltWorker {
  const child = spawn(PYTHON, [join(import.meta.dirname, 'worker.py')], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, DLT_DATA_DIR: folder, DLT_PROJECT_DIR: folder },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (data: Buffer) => (log = (log + data.toString()).slice(-4000)));
  const exited = once(child, 'exit');
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async <T>(command: string, about: object): Promise<DltAnswer<T>> => {
    child.stdin.write(`${JSON.stringify({ command, ...about })}\n`);
    const line = await answers.next();
    if (line.done) throw new Error(`the Python process ended: ${log}`);
    const { error, ...answer } = JSON.parse(line.value) as DltAnswer<T> & { readonly error?: string };
    if (error !== undefined) throw new Error(`dlt failed: ${error}`);
    return answer;
  };
  return {
    run: (run) => ask('run', run),
    read: (pipeline) => ask('read', pipeline),
    checkSchema: (schema) => ask('check_schema', { schema }),
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await exited;
    },
  };
}
