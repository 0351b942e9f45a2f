import { isPlainObject } from './config-json.ts';
import type { PaginatorConfig } from './config-plugins.ts';
import type { ConfigPath } from './findings.ts';
import type { Draft } from './merge-defaults.ts';

/** A placeholder as OpenAPI allows it; others, with an index or a format, do not count. */
const PLACEHOLDER = /\{[a-zA-Z0-9.\-_]+\}/;

/** True when the last segment of a path holds a placeholder: dlt then expects one object, not a list. */
export function isSingleEntity(path: string): boolean {
  const last = path.split('/').findLast((segment) => segment !== '' && segment !== '.');
  return PLACEHOLDER.test(last ?? '');
}

/** The paginator that an endpoint gets, and where it was written. */
export interface ChosenPaginator {
  readonly config: PaginatorConfig;
  readonly at: ConfigPath;
}

/**
 * The paginator by dlt's precedence: the endpoint's, with those of the defaults merged in; one page
 * for a single entity; the client's. `undefined` when it is to be found out on the first page.
 */
export function paginatorOf(
  { endpoint, locate }: Draft,
  client: { readonly paginator?: PaginatorConfig | null | undefined },
): ChosenPaginator | undefined {
  const own = endpoint.paginator ?? undefined;
  if (own !== undefined && !isAuto(own)) return { config: own, at: locate('endpoint', 'paginator') };
  if (own === undefined && isSingleEntity(endpoint.path ?? '')) return { config: 'single_page', at: locate('endpoint', 'path') };
  const shared = client.paginator ?? undefined;
  return shared === undefined || isAuto(shared) ? undefined : { config: shared, at: ['client', 'paginator'] };
}

function isAuto(paginator: PaginatorConfig): boolean {
  return paginator === 'auto' || (isPlainObject(paginator) && paginator['type'] === 'auto');
}
