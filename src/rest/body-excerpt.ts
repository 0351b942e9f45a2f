import type { Secrets } from '../core/secret.ts';

const LONGEST = 200;
/** Text beyond this is not looked at. */
const LOOKED_AT = 4096;

/** The start of a body for an error: one line, printable, without secrets; the title of an HTML page. Empty when nothing can be shown. */
export function bodyExcerpt(body: Uint8Array, secrets: Secrets): string {
  const text = secrets.redact(new TextDecoder().decode(body.subarray(0, LOOKED_AT)));
  const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1];
  const line = (isMarkup(text) && title !== undefined ? title : text).replace(/[\p{C}\p{Z}\ufffd]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '')}…` : line;
}

/** True for what starts as HTML or XML does. */
export function isMarkup(text: string): boolean {
  return /^\s*<[!?a-z]/i.test(text);
}
