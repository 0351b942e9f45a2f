import type { Capabilities } from '../core/destination.ts';
import type { Row } from '../core/source.ts';
import { applyHints } from './apply-hints.ts';
import { isNewTable } from './contract.ts';
import type { Naming } from './names.ts';
import type { Planner } from './planner.ts';
import { type HintedResource, hintedTables, isDynamic, tableNameOf } from './table-hints.ts';
import type { Tables } from './tables.ts';

/** What hints are applied with. */
export interface HintApplierOptions {
  readonly tables: Tables;
  readonly planner: Planner;
  readonly naming: Naming;
  readonly capabilities: Pick<Capabilities, 'mergeStrategies'>;
}

/** Brings the hints of resources into the schema before the rows that they are for. */
export class HintApplier {
  private readonly options: HintApplierOptions;
  /** Static hints: the table of each resource, `undefined` when a contract refuses it. */
  private readonly settled = new Map<string, string | undefined>();
  /** Dynamic hints: what was said of each table last. */
  private readonly said = new Map<string, string>();

  constructor(options: HintApplierOptions) {
    this.options = options;
  }

  /** The table that a row goes to; `undefined` when a contract keeps it out. Without dynamic hints it is the same for all rows. */
  tableFor(resource: HintedResource, row: Row): string | undefined {
    if (isDynamic(resource.hints)) return this.dynamicTable(resource, row);
    if (!this.settled.has(resource.name)) this.settled.set(resource.name, this.apply(resource, row));
    return this.settled.get(resource.name);
  }

  /**
   * The table to make for a resource, whether or not rows come: it is not there yet, and its hints
   * or an earlier run name the type of some column. `undefined` when there is nothing to make.
   */
  tableWithoutRows(resource: HintedResource): string | undefined {
    const { tables, naming } = this.options;
    if (isDynamic(resource.hints)) return undefined;
    if (!this.settled.has(resource.name)) {
      const [root] = hintedTables(resource, naming, null);
      const known = tables.schema.tables[root.name];
      if (isNewTable(root) && isNewTable(known)) return undefined;
      this.settled.set(resource.name, this.apply(resource, null));
    }
    const table = this.settled.get(resource.name);
    return table === undefined || isNewTable(tables.schema.tables[table]) ? undefined : table;
  }

  private dynamicTable(resource: HintedResource, row: Row): string | undefined {
    const { naming, tables } = this.options;
    const { table_name: _name, ...others } = resource.hints;
    const name = tableNameOf(resource, naming, row);
    const said = isDynamic(others) ? JSON.stringify(hintedTables(resource, naming, row)) : resource.name;
    if (this.said.get(name) !== said) {
      this.said.set(name, said);
      this.apply(resource, row);
    }
    return tables.table(name).refused ? undefined : name;
  }

  private apply(resource: HintedResource, row: Row): string | undefined {
    const { tables, planner, naming, capabilities } = this.options;
    const applied = applyHints(tables.schema, resource, { naming, capabilities, row });
    for (const { name, typed } of applied.tables) {
      const state = tables.table(name);
      state.resource = resource.name;
      state.newColumns.push(...typed);
    }
    tables.refresh();
    planner.reset();
    if (!applied.isRefused) return applied.root;
    tables.table(applied.root).refused = true;
    return undefined;
  }
}
