import { checkIncremental } from './check-incremental.ts';
import { checkJsonPath } from './check-json-path.ts';
import { checkBodyPaging, checkPaginator } from './check-paginator.ts';
import { checkRequest } from './check-request.ts';
import type { ParentUse } from './check-request.ts';
import type { Findings } from './findings.ts';
import { isAbsoluteUrl } from './is-absolute-url.ts';
import type { Draft } from './merge-defaults.ts';
import { paginatorOf } from './paginator-of.ts';
import type { SoundConfig } from './without-invalid.ts';

/** Finds what is wrong with an endpoint: what its keys say of each other. Returns the fields of parents that it needs. */
export function checkEndpoint(draft: Draft, client: NonNullable<SoundConfig['client']>, out: Findings): ParentUse[] {
  const { endpoint, locate } = draft;
  if (client.base_url === '' && endpoint.path !== undefined && endpoint.path !== null && !isAbsoluteUrl(endpoint.path)) {
    out.error(
      locate('endpoint', 'path'),
      'The path is relative and `client.base_url` is empty.',
      'Write an absolute address, or set `client.base_url`.',
    );
  }
  if (hasContent(endpoint.json) && hasContent(endpoint.data)) {
    out.error(locate('endpoint', 'data'), 'A request has one body, this one has `json` and `data`.', 'Remove one of the two.');
  }
  if (endpoint.data_selector) checkJsonPath(endpoint.data_selector, locate('endpoint', 'data_selector'), out);
  checkPaginator(endpoint.paginator, locate('endpoint', 'paginator'), out);
  checkBodyPaging(draft, paginatorOf(draft, client), out);
  checkActions(draft, out);
  checkIncremental(draft, out);
  return checkRequest(draft, out);
}

/** What Python takes for true: an empty body beside the other one is no contradiction. */
function hasContent(body: unknown): boolean {
  return typeof body === 'object' && body !== null ? Object.keys(body).length > 0 : Boolean(body);
}

function checkActions({ endpoint, locate }: Draft, out: Findings): void {
  for (const [i, action] of (endpoint.response_actions ?? []).entries()) {
    if (typeof action === 'function') continue;
    const { status_code: status, content, action: run } = action;
    const hasStatus = status !== undefined && status !== null;
    if (hasStatus && !(Number(status) >= 100 && Number(status) <= 599)) {
      out.error(locate('endpoint', 'response_actions', i, 'status_code'), 'This is no HTTP status.', 'Write a number from 100 to 599.');
    }
    if (run === 'ignore' && !hasStatus && (content === undefined || content === null)) {
      out.warn(
        locate('endpoint', 'response_actions', i),
        'An `ignore` without a condition never takes effect.',
        'Add `status_code` or `content`.',
      );
    }
  }
}
