/** The bytes of a body and the character set to read them in; UTF-8 when it is left out. */
export interface EncodedText {
  readonly body: Uint8Array;
  readonly charset?: string | undefined;
}

/**
 * The character set of a body, `undefined` for UTF-8. A byte order mark tells it, or else zero bytes
 * where JSON in UTF-16 has them, or else the content type.
 */
export function charsetOf(headers: Readonly<Record<string, string>>, body: Uint8Array): string | undefined {
  const [a, b] = body;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0xef && b === 0xbb && body[2] === 0xbf) return undefined;
  const named = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(headers['content-type'] ?? '')?.[1]?.toLowerCase();
  // ASCII is UTF-8 too, and who names it often sends that.
  if (named !== undefined)
    return /^(?:utf-?8|(?:us-)?ascii)$/.test(named) ? undefined : named === 'utf-16' ? (a === 0 ? 'utf-16be' : 'utf-16le') : named;
  if (a === 0 && b !== 0 && body.length > 1) return 'utf-16be';
  return b === 0 ? 'utf-16le' : undefined;
}

/**
 * A body as text, without its byte order mark. Throws a RangeError for a character set that does not
 * exist and a TypeError for bytes that are not text of it.
 */
export function decodeText({ body, charset }: EncodedText): string {
  return new TextDecoder(charset ?? 'utf-8', { fatal: true }).decode(body);
}
