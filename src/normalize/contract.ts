import { ContractError } from '../core/errors.ts';
import type { ColumnSchema, ContractMode, Schema, SchemaContract, TableSchema } from '../core/schema.ts';

/** A contract with every entity settled. */
export type Contract = Readonly<Required<SchemaContract>>;

/** What becomes of a table, column or value that the schema does not have. */
export type Verdict = Exclude<ContractMode, 'freeze'>;

const EVOLVE: Contract = { tables: 'evolve', columns: 'evolve', data_type: 'evolve' };
const TYPE_KEYS = ['data_type', 'nullable', 'precision', 'scale', 'timezone'] as const;

/** Names that an error about a contract gives. */
export interface ContractPlace {
  readonly schema: string;
  readonly table: string;
  readonly resource: string;
}

/**
 * The contract of a table: its own, else its nearest ancestor's, else the source's. `table` stands
 * in for a table that is not in the schema yet, or is about to change. dlt's own tables evolve.
 */
export function resolveContract(schema: Schema, name: string, table: TableSchema | undefined = schema.tables[name]): Contract {
  if (name.startsWith('_dlt')) return EVOLVE;
  let at = table;
  while (at !== undefined && at.schema_contract === undefined && at.parent) at = schema.tables[at.parent];
  const contract = at?.schema_contract ?? schema.settings.schema_contract;
  return typeof contract === 'string' ? { tables: contract, columns: contract, data_type: contract } : { ...EVOLVE, ...contract };
}

/** True when the destination could not make a table of it yet: no column has a type. */
export function isNewTable(table: TableSchema | undefined): boolean {
  return table === undefined || !Object.values(table.columns).some((column) => column.data_type);
}

/** Whether a table that is new may come. Throws when tables are frozen. */
export function tableVerdict(contract: Contract, place: ContractPlace): Verdict {
  if (contract.tables !== 'freeze') return contract.tables;
  throw violation(place, { entity: 'tables', mode: contract.tables, what: `table "${place.table}" is new` });
}

/** Whether a column that is new may come. Throws when columns are frozen. */
export function columnVerdict(contract: Contract, place: ContractPlace, column: string): Verdict {
  if (contract.columns !== 'freeze' || column.startsWith('_dlt'))
    return column.startsWith('_dlt') ? 'evolve' : (contract.columns as Verdict);
  throw violation(place, {
    entity: 'columns',
    mode: contract.columns,
    column,
    what: `column "${column}" of table "${place.table}" is new`,
  });
}

/** Whether values may get a variant column because they do not fit their own. Throws when data types are frozen. */
export function variantVerdict(contract: Contract, place: ContractPlace, column: string): Verdict {
  if (contract.data_type !== 'freeze') return contract.data_type;
  const what = `values of table "${place.table}" do not fit their column's type and would need the new column "${column}"`;
  throw violation(place, { entity: 'data_type', mode: contract.data_type, column, what });
}

/**
 * Applies the contract to what hints say of a table. Returns what may be merged into the schema, or
 * `undefined` when the table may not come at all. Throws when something frozen would change.
 */
export function applyContract(schema: Schema, hinted: TableSchema, resource: string): TableSchema | undefined {
  const contract = resolveContract(schema, hinted.name, hinted);
  const place = { schema: schema.name, table: hinted.name, resource };
  const existing = schema.tables[hinted.name];
  const isNew = isNewTable(existing);
  if (isNew && tableVerdict(contract, place) !== 'evolve') return undefined;
  const columnsEvolve = isNew || existing?.['x-normalizer']?.['evolve-columns-once'] === true;
  const kept: Record<string, ColumnSchema> = {};
  for (const column of Object.values(hinted.columns)) {
    const known = existing?.columns[column.name];
    let verdict: Verdict = 'evolve';
    if (!known?.data_type) verdict = columnsEvolve ? 'evolve' : columnVerdict(contract, place, column.name);
    else if (!column.name.startsWith('_dlt') && contract.data_type !== 'evolve' && changesType(known, column)) {
      verdict = typeVerdict(contract, place, column.name);
    }
    if (verdict === 'evolve') kept[column.name] = column;
  }
  const onceMore =
    isNew && contract.columns !== 'evolve' ? { 'x-normalizer': { ...hinted['x-normalizer'], 'evolve-columns-once': true } } : {};
  return { ...hinted, ...onceMore, columns: kept };
}

function typeVerdict(contract: Contract, place: ContractPlace, column: string): Verdict {
  if (contract.data_type !== 'freeze') return contract.data_type;
  const what = `hints change the type of column "${column}" of table "${place.table}"`;
  throw violation(place, { entity: 'data_type', mode: contract.data_type, column, what });
}

function changesType(known: ColumnSchema, hinted: ColumnSchema): boolean {
  return TYPE_KEYS.some((key) => key in hinted && hinted[key] !== known[key]);
}

interface Violation {
  readonly entity: keyof SchemaContract;
  readonly mode: ContractMode;
  readonly column?: string;
  readonly what: string;
}

function violation(place: ContractPlace, { entity, mode, column, what }: Violation): ContractError {
  return new ContractError(
    'contract_violated',
    `The schema contract of resource "${place.resource}" is violated: ${what}, but \`${entity}\` is \`${mode}\` (schema "${place.schema}").`,
    {
      hint: `Let \`schema_contract.${entity}\` be \`evolve\` or \`discard_row\`, or change what the resource yields.`,
      context: { ...place, ...(column === undefined ? {} : { column }), entity, mode },
    },
  );
}
