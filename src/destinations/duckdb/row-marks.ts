import { quoteName as q, quoteText } from '../sql/quote.ts';
import { belongsTo, rowKeyOf, type ChainTable, type TableChain } from '../sql/table-chain.ts';
import type { Catalog } from './catalog.ts';
import type { Session } from './session.ts';

/**
 * Tells the rows that a load appends from those that were in their table before: DuckDB gives them
 * greater row ids. A column named `rowid` hides those, and a table that is made anew for its columns
 * loses them; then load ids tell.
 */
export class RowMarks {
  readonly #session: Session;
  readonly #catalog: Catalog;
  readonly #loadId: string;
  /** The greatest row id of each table when it was marked; -1 for an empty one. */
  readonly #last = new Map<string, bigint>();

  constructor(session: Session, catalog: Catalog, loadId: string) {
    this.#session = session;
    this.#catalog = catalog;
    this.#loadId = loadId;
  }

  /** Remembers which rows a table has. Called before the load appends to it. */
  async mark(name: string): Promise<void> {
    if (this.#last.has(name)) return;
    const stored = this.#catalog.find(name);
    const isEmpty = stored === undefined || stored.isNew;
    // Where row ids are hidden, any number says that there may be rows.
    const [row] =
      isEmpty || this.#isHidden(name) ? [] : await this.#session.rows(`SELECT max(rowid) FROM ${this.#catalog.qualified(name)}`);
    const last = row?.[0];
    this.#last.set(name, typeof last === 'bigint' ? last : isEmpty || row !== undefined ? -1n : 0n);
  }

  /** A condition for the rows of a marked table that were there before; `undefined` when there were none. */
  before(chain: TableChain, table: ChainTable): string | undefined {
    const last = this.#last.get(table.schema.name) ?? -1n;
    if (last < 0n) return undefined;
    return this.#isHidden(table.schema.name) ? `NOT (${this.#ofLoad(chain, table)})` : `rowid <= ${last}`;
  }

  /** A condition for the rows that the load appended to a marked table. */
  added(chain: TableChain, table: ChainTable): string {
    if (this.#isHidden(table.schema.name)) return this.#ofLoad(chain, table);
    return `rowid > ${this.#last.get(table.schema.name) ?? -1n}`;
  }

  #isHidden(name: string): boolean {
    const stored = this.#catalog.find(name);
    return stored !== undefined && (stored.isRemade || stored.columns.has('rowid'));
  }

  #ofLoad(chain: TableChain, table: ChainTable): string {
    const [root] = chain;
    const own = `${q('_dlt_load_id')} = ${quoteText(this.#loadId)}`;
    if (table === root) return own;
    return belongsTo(chain, table, { roots: `SELECT ${q(rowKeyOf(root.schema))} FROM ${root.target} WHERE ${own}`, side: 'target' });
  }
}
