import type { Capabilities } from '../core/destination.ts';
import { ConfigError } from '../core/errors.ts';
import type { MergeStrategy, Schema, TableSchema } from '../core/schema.ts';

/** The merge strategy that a load of the table will use; `undefined` when it does not merge. */
export function resolveMergeStrategy(
  schema: Schema,
  table: TableSchema,
  capabilities: Pick<Capabilities, 'mergeStrategies'>,
): MergeStrategy | undefined {
  if (table.write_disposition !== 'merge' || capabilities.mergeStrategies.length === 0) return undefined;
  const asked = inheritedStrategy(schema, table);
  if (asked === undefined) return capabilities.mergeStrategies[0];
  if (capabilities.mergeStrategies.includes(asked)) return asked;
  throw new ConfigError(
    'merge_strategy_unsupported',
    `Table "${table.name}" asks for the merge strategy \`${asked}\`, which the destination does not have.`,
    {
      hint: `Use one of ${capabilities.mergeStrategies.map((strategy) => `\`${strategy}\``).join(', ')}.`,
      context: { table: table.name, strategy: asked },
    },
  );
}

function inheritedStrategy(schema: Schema, table: TableSchema): MergeStrategy | undefined {
  let at: TableSchema | undefined = table;
  while (at !== undefined) {
    if (at['x-merge-strategy']) return at['x-merge-strategy'];
    at = at.parent ? schema.tables[at.parent] : undefined;
  }
  return undefined;
}
