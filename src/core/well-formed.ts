const SURROGATE = /[\ud800-\udfff]/;
const LONE_SURROGATE = /\p{Cs}/gu;

/** A text with U+FFFD for each half of a surrogate pair that stands alone: what encoding it as UTF-8 makes of it. */
export function wellFormed(text: string): string {
  return SURROGATE.test(text) ? text.replace(LONE_SURROGATE, '\ufffd') : text;
}
