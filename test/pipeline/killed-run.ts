import { appendFileSync } from 'node:fs';
import { duckdb } from '../../src/destinations/duckdb.ts';
import { pipeline } from '../../src/pipeline/pipeline.ts';
import { threeLevels } from './three-levels.ts';

/** Runs the pipeline in a process of its own and kills that at the n-th event of a type. */
const [file = '', workDir = '', askedFile = '', type = '', at = '0'] = process.argv.slice(2);
let seen = 0;
await pipeline({ name: 'p', destination: duckdb(file), dataset: 'data', workDir }).run(
  threeLevels((page) => appendFileSync(askedFile, `${page}\n`)),
  {
    emit(event) {
      if (event.type !== type) return;
      if (seen === Number(at)) process.kill(process.pid, 'SIGKILL');
      seen += 1;
    },
  },
);
