import type { Resource, Row, RowReader, WalkProgress } from '../core/source.ts';
import { readLog } from '../page-log/read-log.ts';
import type { RunTally } from './run-tally.ts';

/** Which pages are read, and what is noted meanwhile. */
export interface LogRowsOptions {
  readonly dir: string;
  readonly walked: readonly Resource[];
  /** Walks that do not count. */
  readonly voided: ReadonlySet<number>;
  readonly tally: RunTally;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Gives `take` the rows of every page of a log, a page at a time (invariant 10). Resolves to how far the
 * incremental cursors of the walks have come, by resource.
 */
export async function readLogRows(
  { dir, walked, voided, tally, signal }: LogRowsOptions,
  take: (resource: Resource, rows: readonly Row[]) => Promise<void> | void,
): Promise<ReadonlyMap<string, readonly WalkProgress[]>> {
  const resources = new Map(walked.map((resource) => [resource.name, resource]));
  const progress = new Map(walked.map(({ name }) => [name, [] as WalkProgress[]]));
  const walks = new Map<number, { readonly resource: Resource; readonly reader: RowReader }>();
  for await (const { record, body } of readLog(dir)) {
    signal?.throwIfAborted();
    if (record.kind === 'walk' && !voided.has(record.walk)) {
      const resource = resources.get(record.resource);
      if (!resource) throw new Error(`The page log has a walk of ${record.resource}, which this run does not walk.`);
      walks.set(record.walk, { resource, reader: resource.reader(record.plan) });
    }
    const walk = 'walk' in record ? walks.get(record.walk) : undefined;
    if (!walk) continue;
    const { resource, reader } = walk;
    if (record.kind === 'page') {
      const rows = reader.read({ ...record, body });
      tally.page(resource.name, { ...record, rows: rows.length, bodyBytes: body.length });
      await take(resource, rows);
    } else if (record.kind === 'end') {
      tally.walkEnded(resource.name, record.reason);
      const moved = reader.progress();
      if (moved) progress.get(resource.name)?.push(moved);
      walks.delete(record.walk);
    }
  }
  return progress;
}
