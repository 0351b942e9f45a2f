/** What leaves a walk partial: the API has rows that were not received. */
export type PartialGapCode = 'limit_reached' | 'total_not_reached' | 'next_not_followed' | 'total_shrank';

/** What a walk may lack, or what somebody should know of it: what does not make it partial is only named. */
export type GapCode =
  | PartialGapCode
  | 'total_exceeded'
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

const PARTIAL: ReadonlySet<GapCode> = new Set<PartialGapCode>(['limit_reached', 'total_not_reached', 'next_not_followed', 'total_shrank']);

/** True for a gap that leaves a walk partial: what it brought must not delete what it lacks, and its cursor stays. */
export function isPartial(code: GapCode): code is PartialGapCode {
  return PARTIAL.has(code);
}

/** True when one of the gaps leaves a walk partial. */
export function hasPartial(gaps: readonly Gap[] | undefined): boolean {
  return gaps?.some(({ code }) => isPartial(code)) ?? false;
}

/** Gaps of resources, by name: those of all walks of one together, each code once. */
export type Gaps = ReadonlyMap<string, readonly Gap[]>;

/** Adds gaps of a walk to those of its resource. The first detail stays. */
export function addGaps(all: Map<string, readonly Gap[]>, resource: string, gaps: readonly Gap[]): void {
  for (const gap of gaps) {
    const known = all.get(resource) ?? [];
    const same = known.find(({ code }) => code === gap.code);
    const sum: Gap = { ...gap, ...same, count: (same?.count ?? 0) + (gap.count ?? 1) };
    all.set(resource, same ? known.with(known.indexOf(same), sum) : [...known, sum]);
  }
}
