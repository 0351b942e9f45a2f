import { ConfigError, SynclineError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Secrets } from '../core/secret.ts';
import type { Row } from '../core/source.ts';
import { bodyExcerpt } from './body-excerpt.ts';
import { fromPlain, toPlain } from './plain-row.ts';
import type { ProcessingStep } from './rest-api-config.ts';

/** Takes the rows of a page through the steps of a resource. */
export type RunSteps = (rows: readonly Row[]) => Row[];

/** One row on its way: what functions see, and what it was as the API sent it. */
interface RowOnTheWay {
  readonly value: unknown;
  readonly sent: Row;
}

type Step = (row: RowOnTheWay) => readonly RowOnTheWay[];

/** Makes the {@link RunSteps} of a resource; `undefined` when it has no steps. Within one entry `filter` comes first, then `map`, then `yield_map`, as in dlt. */
export function createSteps(
  entries: readonly ProcessingStep[] | null | undefined,
  { resource, secrets }: { readonly resource: string; readonly secrets: Secrets },
): RunSteps | undefined {
  const steps = (entries ?? []).flatMap(({ filter, map, yield_map: yieldMap }): Step[] => [
    ...(filter ? [(row: RowOnTheWay) => (settled(filter(row.value as JsonObject)) ? [row] : [])] : []),
    ...(map ? [(row: RowOnTheWay) => [{ value: present(map(row.value as JsonObject)), sent: row.sent }]] : []),
    ...(yieldMap
      ? [
          (row: RowOnTheWay) =>
            Array.from(settled(yieldMap(row.value as JsonObject)), (value) => ({ value: present(value), sent: row.sent })),
        ]
      : []),
  ]);
  if (steps.length === 0) return undefined;
  return (rows) => {
    try {
      let current: readonly RowOnTheWay[] = rows.map((row) => ({ value: toPlain(row), sent: row }));
      for (const step of steps) current = current.flatMap(step);
      return current.map(({ value, sent }) => fromPlain(value, sent));
    } catch (error) {
      if (error instanceof SynclineError) throw error;
      const why = bodyExcerpt(Buffer.from(error instanceof Error ? error.message : String(error)), secrets);
      throw new ConfigError('processing_step_failed', `A function in processing_steps of resource "${resource}" failed on a row: ${why}`, {
        hint: 'Correct the function.',
        context: { resource },
      });
    }
  };
}

function settled<T>(result: T): T {
  if (result instanceof Promise) {
    // Nobody waits for it: its rejection must not end the process.
    result.catch(() => undefined);
    throw new TypeError('it is async, which rows cannot wait for');
  }
  return result;
}

function present(result: unknown): unknown {
  if (settled(result) === undefined || result === null) throw new TypeError('it returned no row; leave rows out with filter');
  return result;
}
