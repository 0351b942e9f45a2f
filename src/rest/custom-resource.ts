import { ConfigError, SynclineError } from '../core/errors.ts';
import { printJson } from '../core/print-json.ts';
import type { Secrets } from '../core/secret.ts';
import type { WalkedPage, WalkOptions } from '../core/source.ts';
import { bodyExcerpt } from './body-excerpt.ts';
import { fromPlain } from './plain-row.ts';
import type { RowLists } from './rest-api-config.ts';

/** Walks the lists that a function of the configuration gives, each as a page. A walk that goes on calls the function again and skips what it had. */
export async function* walkRows(
  rows: RowLists,
  { resource, secrets }: { readonly resource: string; readonly secrets: Secrets },
  { after, index: first = 0, paused, signal }: WalkOptions = {},
): AsyncGenerator<WalkedPage> {
  const done = typeof after?.cursor === 'number' ? after.cursor : 0;
  const page = (index: number, list: readonly unknown[]) => ({
    index,
    url: `rows of ${resource}`,
    body: Buffer.from(printJson(list.map((row) => fromPlain(row)))),
    selector: '$',
    rowCount: list.length,
  });
  if (paused?.()) return;
  try {
    let index = first;
    let seen = 0;
    let held: readonly unknown[] | undefined;
    for await (const item of rows()) {
      signal?.throwIfAborted();
      seen += 1;
      if (seen <= done) continue;
      // Held back by one: only then is it known which list is the last.
      if (held) yield { ...page(index++, held), next: { cursor: seen - 1 } };
      if (held && paused?.()) return;
      held = Array.isArray(item) ? item : [item];
    }
    yield { ...page(index, held ?? []), stop: 'next_missing' };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof SynclineError) throw error;
    const why = bodyExcerpt(Buffer.from(error instanceof Error ? error.message : String(error)), secrets);
    throw new ConfigError('rows_failed', `The function rows of resource "${resource}" failed: ${why}`, {
      hint: 'Correct the function.',
      context: { resource },
    });
  }
}
