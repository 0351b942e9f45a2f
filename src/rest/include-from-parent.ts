import { ResponseError } from '../core/errors.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { Row } from '../core/source.ts';

/** What rows get from the parent's row. */
export interface Inclusion {
  readonly resource: string;
  readonly parent: string;
  /** Keys of the parent's row. */
  readonly fields: readonly string[];
}

/** The `_<parent>_<field>` values of a walk. Keys are plain: dlt looks for no path here. */
export function includedValues({ resource, parent, fields }: Inclusion, parentRow: Row): JsonObject {
  const row = isJsonObject(parentRow) ? parentRow : {};
  const values: JsonObject = {};
  for (const field of fields) {
    const value = Object.hasOwn(row, field) ? row[field] : undefined;
    if (value === undefined) {
      const keys = Object.keys(row).map((key) => `\`${key}\``);
      throw new ResponseError(
        'parent_field_missing',
        `Resource "${resource}" includes the field \`${field}\` of "${parent}", which a row of "${parent}" does not have. It has ${keys.length > 0 ? keys.join(', ') : 'no fields'}.`,
        { hint: 'Correct include_from_parent: it takes keys of the row, no paths.', context: { resource, parent, field } },
      );
    }
    values[`_${parent}_${field}`] = value;
  }
  return values;
}

/** Gives every row the values, in place; they win over what is there. */
export function includeInRows(rows: readonly Row[], values: JsonObject, resource: string): void {
  for (const row of rows) {
    if (!isJsonObject(row)) {
      throw new ResponseError('include_needs_objects', `Resource "${resource}" has include_from_parent, but its rows are not objects.`, {
        hint: 'Point data_selector at objects, or take include_from_parent away.',
        context: { resource },
      });
    }
    Object.assign(row, values);
  }
}
