import { checkJsonPath } from './check-json-path.ts';
import { isPlainObject } from './config-json.ts';
import type { PaginatorConfig } from './config-plugins.ts';
import type { ConfigPath, Findings } from './findings.ts';
import type { Draft } from './merge-defaults.ts';
import type { ChosenPaginator } from './paginator-of.ts';

/** Finds paths of a paginator that cannot be read or can never match. */
export function checkPaginator(paginator: PaginatorConfig | null | undefined, at: ConfigPath, out: Findings): void {
  for (const [key, path] of pathOptions(paginator)) {
    if (!key.endsWith('_body_path')) checkJsonPath(path, [...at, key], out);
    else if (/^\$|[[\]]/.test(path)) {
      out.warn([...at, key], 'This is a path of keys with dots between them, not a JSONPath.', 'Write it like `paging.cursor`.');
    }
  }
}

/** Finds a paginator that writes into a JSON body where the request has none that it could write into. */
export function checkBodyPaging({ endpoint }: Draft, chosen: ChosenPaginator | undefined, out: Findings): void {
  for (const [key] of pathOptions(chosen?.config)) {
    if (chosen === undefined || !key.endsWith('_body_path')) continue;
    if (endpoint.data) {
      const message = `\`${key}\` writes into a JSON body, but the endpoint sends \`data\`: every request would ask for the same page.`;
      out.error([...chosen.at, key], message, 'Send `json` instead of `data`, or page with a query parameter.');
    } else if (Array.isArray(endpoint.json)) {
      out.error([...chosen.at, key], `\`${key}\` writes into an object, but \`json\` is a list.`, 'Page with a query parameter.');
    }
  }
}

/** The options of a paginator that are paths and not empty. */
function pathOptions(paginator: PaginatorConfig | null | undefined): (readonly [string, string])[] {
  if (!isPlainObject(paginator)) return [];
  return Object.entries(paginator).flatMap(([key, value]) =>
    key.endsWith('_path') && typeof value === 'string' && value !== '' ? [[key, value] as const] : [],
  );
}
