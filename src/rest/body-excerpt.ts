import type { Secrets } from '../core/secret.ts';

const LONGEST = 200;
/** What is read of a body, in bytes. */
const LOOKED_AT = 16 * 1024;
/** What may be shown of that, in characters: a secret at its end is known by what follows. */
const SHOWN = 4096;

/** The start of a body for an error: one line, printable, without secrets; the title or the text of an HTML page. Empty when nothing can be shown. */
export function bodyExcerpt(body: Uint8Array, secrets: Secrets): string {
  const text = secrets.redact(new TextDecoder().decode(body.subarray(0, LOOKED_AT))).slice(0, SHOWN);
  const line = (isPage(text) ? pageText(text) : text).replace(/[\p{C}\p{Z}\ufffd]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '')}…` : line;
}

function pageText(html: string): string {
  return /<title[^>]*>([^<]*)/i.exec(html)?.[1] ?? html.replace(/<(script|style)\b.*?<\/\1>|<[^>]*>/gis, ' ');
}

/** True for what starts as HTML does. */
export function isPage(text: string): boolean {
  return /^\s*<(!doctype html|html|head|body)\b/i.test(text);
}

/** True for what starts as HTML or XML does. */
export function isMarkup(text: string): boolean {
  return /^\s*<[!?a-z]/i.test(text);
}
