import type { Gap, GapCode } from '../core/gap.ts';
import type { StopReason } from '../core/paginator.ts';
import type { EndRecord } from './records.ts';
import type { WalkPages } from './walk-pages.ts';

/** Reasons that are gaps themselves. */
const OF_REASON: Partial<Record<StopReason, GapCode>> = {
  limit_reached: 'limit_reached',
  maximum_reached: 'maximum_reached',
  ignored: 'ignored',
};

/** Reasons for which a walk ends before the API's own end. */
const CUT_SHORT: ReadonlySet<StopReason> = new Set(['limit_reached', 'maximum_reached', 'ignored', 'row_order']);

/** What a walk that ends lacks, as its pages tell. */
export function gapsOf({ facts, ahead }: Pick<WalkPages<unknown>, 'facts' | 'ahead'>, reason: StopReason): Gap[] {
  const { total, rows, picks, shrunk, unfollowed, full, selector } = facts;
  const gaps = gapsOfReason(reason);
  if (!CUT_SHORT.has(reason)) {
    if (total !== undefined && total > rows && !picks) gaps.push({ code: 'total_not_reached', count: total - rows });
    if (reason === 'total_reached' && total !== undefined && total < rows && !picks)
      gaps.push({ code: 'total_exceeded', count: rows - total });
    if (unfollowed !== undefined) gaps.push({ code: 'next_not_followed', count: 1, detail: unfollowed });
    if (full) gaps.push({ code: 'page_full', count: 1 });
  }
  if (shrunk > 0) gaps.push({ code: 'total_shrank', count: shrunk });
  if (selector.missed > 0) gaps.push({ code: 'selector_missed', count: selector.missed });
  const beyond = ahead.size + facts.pastEnd;
  if (beyond > 0) gaps.push({ code: 'pages_past_end', count: beyond });
  return gaps;
}

/** The gaps of a walk that has ended. Version 1 has none in its records, but for the reason. */
export function gapsOfEnd({ gaps, reason }: EndRecord): readonly Gap[] {
  return gaps ?? gapsOfReason(reason);
}

function gapsOfReason(reason: StopReason): Gap[] {
  const code = OF_REASON[reason];
  return code ? [{ code, count: 1 }] : [];
}
