import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type Json } from '@duckdb/node-api';
import { afterAll } from 'vitest';
import { duckdb } from '../../src/destinations/duckdb.ts';
import { type Pipeline, pipeline } from '../../src/pipeline/pipeline.ts';

const root = mkdtempSync(join(tmpdir(), 'syncline-pipeline-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

/** A folder with a database and a work directory. */
export interface WorkFolder {
  readonly file: string;
  readonly workDir: string;
  /** A pipeline as a new process would make it. */
  open(dataset?: string, workDir?: string): Pipeline;
  /** Reads the database as anybody would. */
  query(sql: string): Promise<Record<string, Json>[]>;
  /** What is left of runs. */
  logs(): string[];
}

/** A new workFolder. */
export function newWorkFolder(): WorkFolder {
  const dir = join(root, `w${(count += 1)}`);
  const file = join(`${dir}.duckdb`);
  const workDir = join(dir, 'work');
  return {
    file,
    workDir,
    open: (dataset = 'data', work = workDir) => pipeline({ name: 'p', destination: duckdb(file), dataset, workDir: work }),
    async query(sql) {
      const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
      try {
        const connection = await instance.connect();
        const reader = await connection.runAndReadAll(sql);
        const rows = reader.getRowObjectsJson();
        connection.closeSync();
        return rows;
      } finally {
        instance.closeSync();
      }
    },
    logs: () => readdirSync(join(workDir, 'p')).filter((name) => /^\d/.test(name)),
  };
}
