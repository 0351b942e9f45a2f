import type { ColumnSchema } from '../../core/schema.ts';
import { quoteName as q } from '../sql/quote.ts';
import { STAGE_ROOT, STAGE_ROW } from '../sql/stage-row.ts';
import { columnType } from './column-type.ts';
import { definition } from './catalog.ts';
import type { Session } from './session.ts';

/** A temporary table that rows of a table wait in until the commit. */
export interface Stage {
  /** Its name as SQL takes it. */
  readonly target: string;
  /** Types by name. */
  readonly columns: Map<string, string>;
  /** Rows that it has. */
  rows: number;
}

/** Numbers the staged rows, and their root rows; no table has them. */
const NUMBERS: readonly ColumnSchema[] = [
  { name: STAGE_ROW, data_type: 'bigint' },
  { name: STAGE_ROOT, data_type: 'bigint' },
];

/** From this many rows on the planner should know what is in a table. */
const ANALYZED_ROWS = 1000;

/**
 * The temporary tables of a load, by the table whose rows they have. They are numbered: a name that a
 * user's condition means must not lead to one of them, and theirs would not fit into 63 bytes.
 */
export class Stages {
  readonly #session: Session;
  readonly #flush: () => Promise<void>;
  readonly #stages = new Map<string, Stage>();

  /** `flush` resolves when no rows are on their way: the session runs no statement before that. */
  constructor(session: Session, flush: () => Promise<void>) {
    this.#session = session;
    this.#flush = flush;
  }

  /** Where rows of the table wait; `undefined` when none do. */
  find(table: string): Stage | undefined {
    return this.#stages.get(table);
  }

  /** Makes sure that rows of a table may wait, with these columns. */
  async ensure(table: string, columns: readonly ColumnSchema[]): Promise<Stage> {
    const found = this.#stages.get(table);
    const stage = found ?? { target: q(`_syncline_stage_${this.#stages.size + 1}`), columns: new Map<string, string>(), rows: 0 };
    const missing = [...NUMBERS, ...columns].filter((column) => !stage.columns.has(column.name));
    if (missing.length === 0) return stage;
    const definitions = missing.map((column) => definition({ ...column, nullable: true }));
    const sql = found
      ? `ALTER TABLE ${stage.target} ${definitions.map((text) => `ADD COLUMN ${text}`).join(', ')}`
      : `CREATE TEMPORARY TABLE ${stage.target} (${definitions.join(', ')}) ON COMMIT DROP`;
    await this.#flush();
    await this.#session.run(sql, [], table);
    for (const column of missing) stage.columns.set(column.name, columnType(column));
    this.#stages.set(table, stage);
    return stage;
  }

  /** Tells the planner what is in the tables that are large: nothing else does, for temporary ones. A small sample is enough. */
  async analyze(): Promise<void> {
    const large = [...this.#stages.values()].filter(({ rows }) => rows >= ANALYZED_ROWS).map(({ target }) => target);
    if (large.length === 0) return;
    await this.#session.run('SET LOCAL default_statistics_target = 10');
    await this.#session.run(`ANALYZE ${large.join(', ')}`);
  }
}
