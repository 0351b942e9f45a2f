import type { Gaps } from '../core/gap.ts';
import type { ExtractOptions } from './extract-options.ts';
import { Extraction } from './extraction.ts';

export type { ExtractOptions } from './extract-options.ts';

/** What an extraction came to. */
export interface Extracted {
  /** What the walks lack, by resource. */
  readonly gaps: Gaps;
  /** It was told to ask for nothing new, and there is more to ask for. */
  readonly paused: boolean;
}

/**
 * Walks the resources and appends every page to the log as it comes: resources that do not depend on
 * each other, walks of different parent rows and pages of a walk side by side. When it rejects, or is
 * paused, the log has all pages that came, and a later call with the log's index goes on with what is
 * missing (invariant 3).
 */
export async function extract(options: ExtractOptions): Promise<Extracted> {
  const { log, index, more } = options;
  const extraction = new Extraction(options);
  const isWhole = await extraction.run();
  if (isWhole && !more && !index?.complete) await log.append({ kind: 'complete' });
  await log.flush();
  return { gaps: extraction.gaps, paused: !isWhole };
}
