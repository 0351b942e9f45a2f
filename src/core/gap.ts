/**
 * What a walk may lack, or what somebody should know of it. The first four make the walk partial: the
 * API has rows that were not received. The others are only named.
 */
export type GapCode =
  | 'limit_reached'
  | 'total_not_reached'
  | 'next_not_followed'
  | 'total_shrank'
  | 'maximum_reached'
  | 'ignored'
  | 'page_full'
  | 'selector_missed'
  | 'duplicates'
  | 'pages_past_end';

/** One finding of a walk. `count` is of rows, pages or walks, as the code says; `detail` names a place of the response. */
export interface Gap {
  readonly code: GapCode;
  readonly count?: number;
  readonly detail?: string;
}

const PARTIAL: ReadonlySet<GapCode> = new Set(['limit_reached', 'total_not_reached', 'next_not_followed', 'total_shrank']);

/** True for a gap that leaves a walk partial: what it brought must not delete what it lacks, and its cursor stays. */
export function isPartial(code: GapCode): boolean {
  return PARTIAL.has(code);
}
