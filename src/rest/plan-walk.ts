import { ResponseError } from '../core/errors.ts';
import { shake } from '../core/hash.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { compileJsonPath } from '../core/jsonpath.ts';
import { canonicalJson } from '../core/print-json.ts';
import type { Row, WalkPlan } from '../core/source.ts';
import type { ResourceState } from '../core/state.ts';
import { includedValues } from './include-from-parent.ts';
import { freezeBounds } from './incremental.ts';
import { storedCursor } from './incremental-state.ts';
import type { EndpointSetup, ParentLink } from './resolved-config.ts';

/** A longer key is replaced by its hash. */
const LONGEST_KEY = 200;

/** Freezes a walk of an endpoint: what it takes from the parent's row and where its incremental starts. */
export function planWalk(setup: EndpointSetup, { state, parentRow }: { state?: ResourceState | undefined; parentRow?: Row }): WalkPlan {
  const { name, parent, incremental } = setup;
  const bound = parent ? bindParent(name, parent, parentRow ?? null) : {};
  if (!incremental) return bound;
  const stored = storedCursor({ state, cursorPath: incremental.cursor_path, parentKey: bound.parentKey });
  return { ...bound, incremental: freezeBounds(incremental, stored) };
}

function bindParent(resource: string, parent: ParentLink, row: Row): WalkPlan {
  const values: JsonObject = {};
  for (const [expression, field] of Object.entries(parent.fields)) {
    const value = compileJsonPath(field).first(row);
    if (value === undefined) throw fieldMissing(resource, { parent: parent.resource, field, row });
    values[expression] = value;
  }
  const key = canonicalJson(values);
  return {
    values,
    parentKey: key.length > LONGEST_KEY ? shake(key, 15) : key,
    ...(parent.include.length > 0 ? { include: includedValues({ resource, parent: parent.resource, fields: parent.include }, row) } : {}),
  };
}

function fieldMissing(resource: string, { parent, field, row }: { parent: string; field: string; row: Json }): ResponseError {
  const keys = isJsonObject(row) ? Object.keys(row).map((key) => `\`${key}\``) : [];
  return new ResponseError(
    'parent_field_missing',
    `Resource "${resource}" needs the field \`${field}\` of "${parent}", which a row of "${parent}" does not have. It has ${keys.length > 0 ? keys.join(', ') : 'no fields'}.`,
    {
      hint: 'Correct the placeholder, or leave such rows out with a filter in processing_steps of the parent.',
      context: { resource, parent, field },
    },
  );
}
