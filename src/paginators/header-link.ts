import { z } from 'zod';
import type { Paginator } from '../core/paginator.ts';
import type { Plugin } from '../core/plugin.ts';
import { findLink } from './link-header.ts';
import { linkPaginator } from './link-paginator.ts';

const options = z
  .strictObject({
    links_next_key: z.string().min(1).default('next').describe('Relation (`rel`) of the link to the next page.'),
  })
  .describe('Follows the link to the next page in the `Link` response header.');

/** A next link in the `Link` header. */
export const headerLink = {
  type: 'header_link',
  options,
  create: (o) =>
    linkPaginator({
      place: `with rel \`${o.links_next_key}\` of the Link header`,
      read: (page) => findLink(page.headers['link'], o.links_next_key),
    }),
} as const satisfies Plugin<z.output<typeof options>, Paginator<string | null>>;
