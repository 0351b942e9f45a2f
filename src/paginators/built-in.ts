import { ConfigError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Paginator } from '../core/paginator.ts';
import type { Plugin } from '../core/plugin.ts';
import { cursor } from './cursor.ts';
import { headerCursor } from './header-cursor.ts';
import { headerLink } from './header-link.ts';
import { jsonLink, jsonResponse } from './json-link.ts';
import { offset } from './offset.ts';
import { pageNumber } from './page-number.ts';
import { singlePage } from './single-page.ts';

/** The paginators that configuration can name; `auto` is none of them but chooses among them. */
export const builtInPaginators = {
  json_link: jsonLink,
  json_response: jsonResponse,
  header_link: headerLink,
  header_cursor: headerCursor,
  cursor,
  offset,
  page_number: pageNumber,
  single_page: singlePage,
} as const satisfies Readonly<Record<string, Plugin<unknown, Paginator>>>;

/** Name of a paginator that comes with syncline. */
export type PaginatorType = keyof typeof builtInPaginators;

/** Makes a paginator from its configuration: `type` and the options of that type, valid already. */
export function createPaginator(config: JsonObject): Paginator {
  const { type, ...options } = config;
  const plugins: Readonly<Record<string, Plugin<unknown, Paginator>>> = builtInPaginators;
  const name = typeof type === 'string' ? type : '';
  const plugin = Object.hasOwn(plugins, name) ? plugins[name] : undefined;
  if (plugin === undefined)
    throw new ConfigError('unknown_paginator', `There is no paginator of type \`${name}\`.`, {
      hint: `Use one of ${Object.keys(plugins).join(', ')}.`,
    });
  return plugin.create(plugin.options.parse(options));
}
