import { ContractError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { ColumnSchema } from '../core/schema.ts';
import { coerce, type Coerced } from './coerce.ts';
import { bindSlots, type ColumnState } from './column-state.ts';
import { columnVerdict, variantVerdict, type Verdict } from './contract.ts';
import { type InferredType, pythonTypeName } from './infer.ts';
import { setValue } from './set-value.ts';
import type { TableState } from './table-state.ts';
import type { Tables } from './tables.ts';

/**
 * Sets values that need thought: of new columns, of another type than the column's, or under a
 * contract. This is where the schema evolves with the data.
 */
export class ValueWriter {
  /** A contract drops the row that is being set. */
  rowDropped = false;
  private readonly tables: Tables;

  constructor(tables: Tables) {
    this.tables = tables;
  }

  /** Sets a value that is not null in the current row of the table. */
  write(table: TableState, column: ColumnState, value: Json): void {
    if (column.filter !== undefined) {
      this.discard(column.filter);
      return;
    }
    if (column.schema?.data_type) {
      const physical = coerce(value, column.schema);
      if (physical === undefined) this.writeVariant(table, column, value);
      else this.set(table, column, physical);
      return;
    }
    const { rules } = this.tables;
    const preferred = rules.preferredType(column.name);
    const schema = this.completed(column, preferred === undefined ? rules.typeOf(value) : { data_type: preferred }, false);
    const physical = coerce(value, schema);
    if (physical === undefined) this.writeVariant(table, column, value);
    else this.addColumn(table, column, { schema, physical, verdict: this.verdict(table, column, false) });
  }

  /** Notes a null in the current row of the table. */
  writeNull(table: TableState, column: ColumnState): void {
    const { schema } = column;
    if (column.filter !== undefined) {
      this.discard(column.filter);
      return;
    }
    const required = schema?.data_type ? schema.nullable === false : schema === undefined && this.tables.rules.isRequired(column.name);
    if (required) throw nullRefused(table, column.name);
    column.nullSeen = true;
    bindSlots(column);
  }

  /** A column for what `column` cannot hold, named after the value's type; there are none for variants. */
  private writeVariant(table: TableState, column: ColumnState, value: Json): void {
    const variant = this.variantOf(table, column, pythonTypeName(value));
    const isNew = !variant.schema?.data_type;
    const schema = isNew ? this.completed(variant, this.tables.rules.typeOf(value), true) : (variant.schema as ColumnSchema);
    const physical = coerce(value, schema);
    if (physical === undefined) throw variantRefused(table, column, schema);
    if (isNew) this.addColumn(table, variant, { schema, physical, verdict: this.verdict(table, variant, true) });
    else this.set(table, variant, physical);
  }

  private variantOf(table: TableState, column: ColumnState, type: string): ColumnState {
    const { naming } = this.tables;
    // Datasets of old dlt versions have `complex` for `json`.
    const old = type === 'json' ? this.tables.column(table, naming.fragments([column.name, 'v_complex'])) : undefined;
    return old?.schema?.variant ? old : this.tables.column(table, naming.fragments([column.name, `v_${type}`]));
  }

  /** The column with a type: hints that it has already win over those that its name gives it. */
  private completed(column: ColumnState, type: InferredType, variant: boolean): ColumnSchema {
    return { ...this.tables.rules.newColumn(column.name, type, variant), ...column.schema };
  }

  private verdict(table: TableState, column: ColumnState, variant: boolean): Verdict {
    if (column.name.startsWith('_dlt')) return 'evolve';
    const contract = table.contract;
    if (contract === undefined) return 'evolve';
    const place = { schema: this.tables.schema.name, table: table.name, resource: table.resource };
    if (variant) return variantVerdict(contract, place, column.name);
    if (table.isNew || table.schema?.['x-normalizer']?.['evolve-columns-once']) return 'evolve';
    return columnVerdict(contract, place, column.name);
  }

  private addColumn(
    table: TableState,
    column: ColumnState,
    { schema, physical, verdict }: { readonly schema: ColumnSchema; readonly physical: Coerced; readonly verdict: Verdict },
  ): void {
    if (verdict !== 'evolve') {
      column.filter = verdict;
      bindSlots(column);
      this.discard(verdict);
      return;
    }
    this.tables.addColumn(table, column, schema);
    this.set(table, column, physical);
  }

  private set(table: TableState, column: ColumnState, physical: Coerced): void {
    if (physical === null) this.writeNull(table, column);
    else setValue(this.tables.builderOf(table, column), table.builder.rows, physical);
  }

  private discard(verdict: Exclude<Verdict, 'evolve'>): void {
    if (verdict === 'discard_row') this.rowDropped = true;
  }
}

/** The error for a row without a value where the schema wants one. */
export function nullRefused(table: TableState, column: string): ContractError {
  return new ContractError(
    'null_in_required_column',
    `Column "${column}" of table "${table.name}" may not be null, but a row of resource "${table.resource}" has no value for it.`,
    {
      hint: `Set \`nullable: true\` for the column, choose another key, or filter out the rows without "${column}".`,
      context: { table: table.name, column, resource: table.resource },
    },
  );
}

function variantRefused(table: TableState, column: ColumnState, variant: ColumnSchema): ContractError {
  return new ContractError(
    'variant_type_conflict',
    `Table "${table.name}" of resource "${table.resource}" has a value for column "${column.name}" that fits neither its type \`${column.schema?.data_type ?? ''}\` nor \`${variant.data_type ?? ''}\`, the type of its variant "${variant.name}".`,
    {
      hint: `Give column "${column.name}" the type \`text\` under \`columns\`, and load once with --full-refresh.`,
      context: { table: table.name, column: column.name, variant: variant.name, resource: table.resource },
    },
  );
}
