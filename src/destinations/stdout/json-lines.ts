import { DuckDBBlobValue } from '@duckdb/node-api';
import type { ColumnBatch } from '../../core/column-batch.ts';
import { Catalog } from '../duckdb/catalog.ts';
import { IN_MEMORY, leaseInstance, type InstanceLease } from '../duckdb/instance.ts';
import { Session } from '../duckdb/session.ts';
import { TableWriter, type WriterTarget } from '../duckdb/table-writer.ts';
import { jsonRow } from '../filesystem/copy-statement.ts';
import { quoteText } from '../sql/quote.ts';

/** Where the rows are while they become text. */
const PLACE = { catalog: 'memory', schema: 'main' };
const ROWS = 'rows';

/** Turns batches into the lines that files hold: a DuckDB in memory has the rows of one batch at a time. */
export class JsonLines {
  #opening: Promise<{ readonly lease: InstanceLease; readonly session: Session }> | undefined;

  /** The rows in UTF-8, a line each; `isBare` without the name of the table. */
  async of(batch: ColumnBatch, isBare: boolean): Promise<Uint8Array> {
    const { session } = await (this.#opening ??= open());
    const columns = batch.columns.map(({ schema }) => ({ ...schema, nullable: true }));
    const catalog = new Catalog(session, PLACE);
    await catalog.ensure(ROWS, columns);
    const table = catalog.qualified(ROWS);
    try {
      await session.guard(() => append(batch, { connection: session.connection, ...PLACE, table: ROWS, columns }), batch.table);
      const row = isBare
        ? jsonRow(columns)
        : `${quoteText(`{"table":${JSON.stringify(batch.table)},"row":`)} || ${jsonRow(columns)} || '}'`;
      const [[lines] = []] = await session.rows(`SELECT encode(string_agg(${row}, chr(10)) || chr(10)) FROM ${table}`);
      return lines instanceof DuckDBBlobValue ? lines.bytes : new Uint8Array();
    } finally {
      await session.run(`DROP TABLE ${table}`);
    }
  }

  /** Closes the database, after what is under way. */
  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    if (opening === undefined) return;
    const { lease, session } = await opening;
    await session.close();
    lease.release();
  }
}

/** With one thread, rows stay in their order. */
async function open(): Promise<{ readonly lease: InstanceLease; readonly session: Session }> {
  const lease = await leaseInstance(IN_MEMORY, { threads: '1' });
  return { lease, session: await Session.open(lease.instance, IN_MEMORY) };
}

async function append(batch: ColumnBatch, target: WriterTarget): Promise<void> {
  const writer = await TableWriter.open(target);
  try {
    await writer.write(batch);
  } catch (error) {
    writer.discard();
    throw error;
  }
  writer.close();
}
