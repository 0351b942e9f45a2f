/** What Python's `bytes.fromhex` reads: pairs of digits, ASCII space between pairs. */
const HEX = /^[\t-\r ]*(?:[0-9a-fA-F]{2}[\t-\r ]*)*$/;
/** Python's strict base64: whole groups may have padding that they do not need. */
const BASE64 = /^(?:(?:[A-Za-z0-9+/]{4})+=*|(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=))?$/;

/** The bytes of `0x` and hex digits, else of strict base64; `undefined` for other text. */
export function bytesOfText(text: string): Uint8Array | undefined {
  if (text.startsWith('0x')) {
    const hex = text.slice(2);
    return HEX.test(hex) ? Buffer.from(hex.replace(/\s+/g, ''), 'hex') : undefined;
  }
  return BASE64.test(text) ? Buffer.from(text, 'base64') : undefined;
}

/** The bytes of an integer, lowest first and no more than it needs; `undefined` for a negative one. */
export function bytesOfInteger(value: number | bigint): Uint8Array | undefined {
  if (value < 0) return undefined;
  if (value === 0) return new Uint8Array();
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toReversed();
}
