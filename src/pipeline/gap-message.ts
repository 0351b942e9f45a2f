import type { Gap, GapCode } from '../core/gap.ts';

/** What a gap of a resource means and what to do about it, in a sentence or two. */
export function gapMessage(resource: string, { code, count = 1, detail }: Gap, limit: number | undefined): string {
  return `${resource}: ${MESSAGES[code]({ count, detail: detail ?? 'a next page', limit })}`;
}

interface Facts {
  readonly count: number;
  readonly detail: string;
  readonly limit: number | undefined;
}

const MESSAGES: Record<GapCode, (facts: Facts) => string> = {
  limit_reached: ({ limit }) => `not all pages were asked for, because of the limit of ${limit} pages.`,
  total_not_reached: ({ count }) =>
    `the API tells of ${many(count, 'row')} more than came. See that the paginator, its page size and \`data_selector\` fit the API, and run again.`,
  total_exceeded: ({ count }) =>
    `${many(count, 'row')} more came than the API's total tells, which ended the paging. See that \`total_path\` leads to a count of rows.`,
  next_not_followed: ({ detail }) =>
    `the API announced a next page (${detail}) that is not followed. Configure a paginator that reads it, or \`single_page\` with a smaller answer.`,
  total_shrank: ({ count }) =>
    `the API's total fell by ${count} while its pages were read, so rows may have been passed over. Run again, or sort by what does not change.`,
  maximum_reached: ({ count }) => `${many(count, 'walk')} ended at the configured maximum. Raise it where there is more to load.`,
  ignored: ({ count }) => `${many(count, 'response was', 'responses were')} ignored, as \`response_actions\` says.`,
  page_full: ({ count }) =>
    `${many(count, 'answer has', 'answers have')} as many rows as may be on a page, and nothing pages. Configure a paginator where there is more.`,
  selector_missed: ({ count }) =>
    `the data selector matched nothing on ${many(count, 'page')}. Correct \`data_selector\`, or set \`data_selector_required: false\` where such pages are empty.`,
  duplicates: ({ count }) =>
    `${many(count, 'row')} came again on a later page, by primary key. Sort by what does not change while pages are read, or load with \`merge\`.`,
  pages_past_end: ({ count }) =>
    `${many(count, 'page was', 'pages were')} asked for past the end, because the API does not say where it is. Lower \`concurrency\` where requests cost.`,
};

function many(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}
