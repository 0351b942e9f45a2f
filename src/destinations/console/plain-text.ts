/** What moves a terminal's cursor, changes its colours, or the direction of its text; and what takes no place. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': String.raw`\n`, '\r': String.raw`\r`, '\t': String.raw`\t` };
/** Joins emoji to one, and letters of some scripts; the selectors of emoji are marks, not controls. */
const JOINERS: ReadonlySet<string> = new Set(['\u200c', '\u200d']);

/** A text of somebody else's, safe to be shown in a terminal: what is no visible character is written as in JSON, `\u001b`. */
export function plainText(text: string): string {
  return text.replace(UNSEEN, (char) => (JOINERS.has(char) ? char : (SHORT[char] ?? escaped(char))));
}

/** The same for a text of several lines, which it keeps. */
export function plainLines(text: string): string {
  return text.split('\n').map(plainText).join('\n');
}

function escaped(char: string): string {
  return Array.from({ length: char.length }, (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
}
