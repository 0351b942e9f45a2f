import type { Emit } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import { printJson } from '../core/print-json.ts';

/** Where a page may have lost a credential that the API repeats. */
export interface Repeat {
  readonly resource: string;
  readonly emit: Emit | undefined;
  /** Rows as they came, and as they are stored. */
  readonly rows: readonly [came: readonly Json[], stored: readonly Json[]];
}

const told = new WeakSet<object>();

/** Says that rows are not as the API sent them; once for an owner, not once a page. Next links are of no interest. */
export function reportRepeat(owner: object, { resource, emit, rows: [came, stored] }: Repeat): void {
  if (told.has(owner) || came.every((row, i) => printJson(row) === printJson(stored[i] ?? null))) return;
  told.add(owner);
  const message = `${resource}: the API repeats a credential in its rows; there is *** in its place.`;
  emit?.({ type: 'warning', code: 'credential_in_rows', resource, message });
}
