import { z } from 'zod';
import { compileJsonPath } from '../core/jsonpath.ts';
import type { Paginator } from '../core/paginator.ts';
import type { Plugin } from '../core/plugin.ts';
import { jsonPathOption } from './json-path-option.ts';
import { linkPaginator } from './link-paginator.ts';

const options = z
  .strictObject({
    next_url_path: jsonPathOption.default('next').describe('JSONPath of the link to the next page.'),
  })
  .describe('Follows the link to the next page that the response body holds.');

/** A next link in the response body, absolute or relative. */
export const jsonLink = {
  type: 'json_link',
  options,
  create(o) {
    const path = compileJsonPath(o.next_url_path);
    return linkPaginator({
      place: `at \`${o.next_url_path}\``,
      read: (page) => (page.body === undefined ? undefined : path.first(page.body)),
    });
  },
} as const satisfies Plugin<z.output<typeof options>, Paginator<string | null>>;

/** The name that older dlt configurations have for `json_link`. */
export const jsonResponse = { ...jsonLink, type: 'json_response' } as const;
