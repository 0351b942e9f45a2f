import { z } from 'zod';
import { callable } from './config-callable.ts';
import type { RowFunction } from './config-callable.ts';
import { jsonValue, list } from './config-json.ts';
import type { JsonInput } from './config-json.ts';

const DATA_TYPES = ['text', 'double', 'bool', 'timestamp', 'bigint', 'binary', 'json', 'decimal', 'wei', 'date', 'time'] as const;
const WRITE_DISPOSITIONS = ['append', 'replace', 'merge', 'skip'] as const;
const MERGE_STRATEGIES = ['delete-insert', 'upsert', 'insert-only', 'scd2', 'cdc'] as const;

/** A hint that may be a function of the row. */
function dynamic<S extends z.ZodType>(schema: S, error: string) {
  return z.union([schema, callable<RowFunction<z.input<S>>>()], { error });
}

const names = z.union([z.string(), list(z.string())], { error: 'Expected a column name or a list of column names.' });
const instant = z.union([z.string(), z.number()], { error: 'Expected a date and time as text, or seconds since the epoch.' });

const writeDispositionOptions = z.strictObject({
  disposition: z.enum(WRITE_DISPOSITIONS),
  strategy: z.enum(MERGE_STRATEGIES).nullish(),
  deduplicated: z.boolean().nullish().describe('delete-insert: the rows have no duplicates, skip their removal.'),
  source_filter: z.string().optional().describe('SQL condition: only the loaded rows that fulfil it take part in the merge.'),
  destination_scope: z.string().optional().describe('SQL condition: only these rows of the destination may be deleted or retired.'),
  skip_unchanged_rows: z.boolean().optional().describe('upsert, cdc: leave rows alone that are the same.'),
  row_version_column_name: z.string().nullish().describe('Column that changes when a row changes.'),
  validity_column_names: list(z.string()).nullish().describe('scd2: names of the two columns of validity.'),
  active_record_timestamp: instant.nullish().describe('scd2: end of validity of active rows; null when left out.'),
  boundary_timestamp: instant.nullish().describe('scd2: the moment of change; the start of the load when left out.'),
});

const disposition = z.enum(WRITE_DISPOSITIONS, {
  error: ({ input }) => {
    if (!(MERGE_STRATEGIES as readonly unknown[]).includes(input)) return undefined;
    return `\`${String(input)}\` is a merge strategy, no disposition.\nWrite { "disposition": "merge", "strategy": "${String(input)}" }.`;
  },
});
const writeDisposition = z.union([disposition, writeDispositionOptions], {
  error: 'Expected a write disposition or an object with `disposition`.',
});

const knownHints = z.strictObject({
  name: z.string().nullish(),
  data_type: z.enum(DATA_TYPES).nullish(),
  nullable: z.boolean().nullish(),
  precision: z.int().nullish(),
  scale: z.int().nullish(),
  timezone: z.boolean().nullish(),
  description: z.string().nullish(),
  primary_key: z.boolean().nullish(),
  merge_key: z.boolean().nullish(),
  row_key: z.boolean().nullish(),
  parent_key: z.boolean().nullish(),
  root_key: z.boolean().nullish(),
  unique: z.boolean().nullish(),
  sort: z.boolean().nullish(),
  partition: z.boolean().nullish(),
  cluster: z.boolean().nullish(),
  variant: z.boolean().nullish(),
  hard_delete: z.boolean().nullish(),
  dedup_sort: z.enum(['asc', 'desc']).nullish(),
  incremental: z.boolean().nullish(),
});

/** A column as it is written; hints of one's own start with `x-`. */
type ColumnInput = z.input<typeof knownHints> & { readonly [key: `x-${string}`]: JsonInput | undefined };

const columnHint = knownHints
  .catchall(jsonValue)
  .check(({ value, issues }) => {
    const keys = Object.keys(value).filter((key) => !key.startsWith('x-') && !Object.hasOwn(knownHints.shape, key));
    if (keys.length > 0) issues.push({ code: 'unrecognized_keys', keys, input: value, inst: knownHints });
  })
  .meta({ additionalProperties: false, patternProperties: { '^x-': {} } }) as z.ZodType as z.ZodType<ColumnInput, ColumnInput>;

const columns = z.union([z.record(z.string(), columnHint), list(columnHint)], {
  error: 'Expected an object of columns by name or a list of columns.',
});

const contractMode = z.enum(['evolve', 'discard_value', 'freeze', 'discard_row']);
/** A schema contract: one mode, or one for each kind of change. */
export const schemaContract = z.union(
  [contractMode, z.strictObject({ tables: contractMode.nullish(), columns: contractMode.nullish(), data_type: contractMode.nullish() })],
  { error: 'Expected a contract mode or an object with `tables`, `columns` and `data_type`.' },
);

const references = list(
  z.strictObject({
    referenced_table: z.string(),
    columns: list(z.string()),
    referenced_columns: list(z.string()),
    label: z.string().nullish(),
    cardinality: z
      .enum(['zero_to_one', 'one_to_zero', 'zero_to_many', 'many_to_zero', 'one_to_many', 'many_to_one', 'one_to_one', 'many_to_many'])
      .nullish(),
    table: z.string().nullish(),
  }),
);

const tableFormat = z.enum(['iceberg', 'delta', 'hive', 'native']);
const fileFormat = z.enum(['preferred', 'jsonl', 'typed-jsonl', 'insert_values', 'parquet', 'csv', 'reference', 'model']);

const nestedHints = z.record(
  z.string(),
  z.strictObject({
    parent_table_name: z.string().nullish(),
    write_disposition: writeDisposition.nullish(),
    primary_key: names.nullish(),
    merge_key: names.nullish(),
    columns: columns.nullish(),
    schema_contract: schemaContract.nullish(),
    references: references.nullish(),
    table_format: tableFormat.nullish(),
    file_format: fileFormat.nullish(),
  }),
);

/** What a resource says of its tables. */
export const hintKeys = {
  table_name: dynamic(z.string(), 'Expected a table name or a function.').nullish().describe('Table that the rows go to.'),
  write_disposition: dynamic(writeDisposition, 'Expected a write disposition, an object with `disposition` or a function.')
    .nullish()
    .describe('How rows of a load meet the rows that are there.'),
  primary_key: dynamic(names, 'Expected a column name, a list of column names or a function.').nullish(),
  merge_key: dynamic(names, 'Expected a column name, a list of column names or a function.').nullish(),
  columns: dynamic(columns, 'Expected an object of columns by name, a list of columns or a function.').nullish(),
  schema_contract: dynamic(schemaContract, 'Expected a contract mode, an object of modes or a function.').nullish(),
  max_table_nesting: z.int().min(0).nullish().describe('How many levels of lists become tables of their own.'),
  nested_hints: dynamic(nestedHints, 'Expected an object of hints by nested field, or a function.').nullish(),
  references: dynamic(references, 'Expected a list of references or a function.').nullish(),
  table_format: dynamic(tableFormat, 'Expected a table format or a function.').nullish(),
  file_format: dynamic(fileFormat, 'Expected a file format or a function.').nullish(),
  selected: z.boolean().nullish().describe('False: extracted when another resource depends on it, but not loaded.'),
};
