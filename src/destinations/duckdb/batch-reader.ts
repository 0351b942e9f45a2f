import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { DuckDBTableFunction, type DuckDBDataChunk, type DuckDBType } from '@duckdb/node-api';
import type { ColumnBatch } from '../../core/column-batch.ts';
import type { ColumnSchema } from '../../core/schema.ts';
import { CHUNK_ROWS, ChunkFiller } from './chunk-filler.ts';
import { columnType } from './column-type.ts';
import type { Session } from './session.ts';

/** Rows that a statement reads. */
export interface ReadBatches {
  /** For errors. */
  readonly table: string;
  /** The columns that the statement sees; those that a batch lacks are null. */
  readonly columns: readonly ColumnSchema[];
  readonly batches: Iterable<ColumnBatch>;
}

/** What is read while a statement runs. */
interface Scan {
  readonly columns: readonly ColumnSchema[];
  readonly types: readonly DuckDBType[];
  /** Fills the next chunk; one without rows is the end. */
  readonly next: (chunk: DuckDBDataChunk) => void;
}

/**
 * Lets statements of a session read column batches, one statement at a time: `rows` is a table function
 * of DuckDB that takes them as they are, where an appender would store them in a table first. DuckDB asks
 * for each chunk from a thread of its own and waits for the event loop.
 */
export class BatchReader {
  readonly #session: Session;
  /** The rows as SQL names them. */
  readonly #rows: string;
  #scan: Scan | undefined;
  #failure: unknown;

  /** `name` must be the function's only one in the database. */
  constructor(session: Session, name: string) {
    this.#session = session;
    this.#rows = `${name}()`;
    session.connection.registerTableFunction(
      DuckDBTableFunction.create({
        name,
        bindFunction: (info) => {
          this.#scan?.columns.forEach((column, index) => info.addResultColumn(column.name, this.#scan?.types[index] as DuckDBType));
        },
        initFunction: () => undefined,
        mainFunction: (info, chunk) => {
          try {
            this.#scan?.next(chunk);
          } catch (error) {
            this.#failure = error;
            info.setError('A row does not fit.');
          }
        },
      }),
    );
  }

  /** Runs the statement that `statement` makes when it is given the rows as SQL names them. */
  async run({ table, columns, batches }: ReadBatches, statement: (rows: string) => string): Promise<void> {
    const session = this.#session;
    const types = await typesOf(session, columns);
    const filler = new ChunkFiller(table, columns);
    this.#failure = undefined;
    this.#scan = { columns, types, next: chunksOf(batches, filler) };
    process.on('exit', endAtOnce);
    process.on('uncaughtExceptionMonitor', tell);
    try {
      await session.run(statement(this.#rows), [], table);
    } catch (error) {
      throw this.#failure ?? error;
    } finally {
      process.off('exit', endAtOnce);
      process.off('uncaughtExceptionMonitor', tell);
      this.#scan = undefined;
      filler.release();
    }
  }
}

async function typesOf(session: Session, columns: readonly ColumnSchema[]): Promise<readonly DuckDBType[]> {
  const nulls = columns.map((column) => `CAST(NULL AS ${columnType(column)})`);
  return session.guard(async () => (await session.connection.run(`SELECT ${nulls.join(', ')}`)).columnTypes());
}

/** Fills one chunk after another with the rows of the batches. DuckDB is done with a chunk when it asks for the next. */
function chunksOf(batches: Iterable<ColumnBatch>, filler: ChunkFiller): (chunk: DuckDBDataChunk) => void {
  const iterator = batches[Symbol.iterator]();
  let left = 0;
  let start = 0;
  return (chunk) => {
    while (left === 0) {
      const { done, value } = iterator.next();
      if (done) {
        chunk.rowCount = 0;
        return;
      }
      filler.hold(value);
      left = value.rowCount;
      start = 0;
    }
    const count = Math.min(left, CHUNK_ROWS);
    filler.fill(chunk, { start, count });
    start += count;
    left -= count;
  };
}

/**
 * A process that exits waits for statements that run, and those for rows, which nobody gives any more:
 * it would never end. A load that ends like this is as if it had not been.
 */
function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** Node itself would tell of what nobody caught only after that. */
function tell(error: unknown): void {
  writeSync(2, `${inspect(error)}\n`);
}
