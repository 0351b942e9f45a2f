import type { FieldUse } from './templates-fields.ts';

/** A field of the parent's row that a request needs. */
export interface ParentField {
  /** The placeholder as it is written: `resources.posts.id`, or the name of a parameter of type `resolve`. */
  readonly expression: string;
  readonly resource: string;
  /** JSONPath in the parent's row. */
  readonly field: string;
}

/** Reads `resources.<resource>.<field>`; `undefined` when a part is missing. The field may have dots, the resource not. */
export function parentField(expression: FieldUse['field']): ParentField | undefined {
  const [, resource, field] = /^\s*resources\.([^.]*)\.(.*?)\s*$/s.exec(expression) ?? [];
  return resource && field ? { expression, resource, field } : undefined;
}
