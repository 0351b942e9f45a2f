import { isAbsoluteUrl } from './is-absolute-url.ts';
import type { Template } from './templates-parse.ts';

/** The address of a path: absolute as it is, relative after the base with one slash between them. A query of the base stays one. */
export function requestAddress(base: string, path: string): string {
  if (isAbsoluteUrl(path) || base === '') return path;
  if (path === '') return base;
  const [address = '', ...query] = base.split('?');
  const joined = `${address.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
  if (query.length === 0) return joined;
  return `${joined}${joined.includes('?') ? '&' : '?'}${query.join('?')}`;
}

/** The origin that a path names by itself, whatever its placeholders stand for. */
export function namedOrigin({ parts }: Template): string | undefined {
  const [first] = parts;
  if (typeof first !== 'string') return undefined;
  const start = /^https?:\/\/[^/?#]+(?=[/?#])/i.exec(parts.length === 1 ? `${first}/` : first)?.[0];
  return start !== undefined && URL.canParse(start) ? new URL(start).origin : undefined;
}
