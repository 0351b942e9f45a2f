import { ConfigError, ContractError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { keyHash } from './row-ids.ts';
import type { RowPlan } from './row-plan.ts';

/** The id of a row whose primary key was noted while it was laid out. Throws when a part of the key is missing. */
export function primaryKeyHash({ table, keys }: RowPlan, row: number): string {
  if (keys.length === 0) {
    throw new ConfigError(
      'merge_needs_primary_key',
      `Table "${table.name}" of resource "${table.resource}" is merged by primary key, but has none.`,
      { hint: 'Set `primary_key`, or use the merge strategy `delete-insert`.', context: { table: table.name, resource: table.resource } },
    );
  }
  const key: JsonObject = Object.create(null) as JsonObject;
  for (const column of keys) {
    if (column.notedIn !== row) {
      throw new ContractError(
        'primary_key_missing',
        `A row of resource "${table.resource}" lacks "${column.name}", a part of the primary key of table "${table.name}".`,
        {
          hint: 'Name the fields that every row has as `primary_key`, or filter out the rows without them.',
          context: { table: table.name, column: column.name, resource: table.resource },
        },
      );
    }
    key[column.name] = column.noted;
  }
  return keyHash(key);
}
