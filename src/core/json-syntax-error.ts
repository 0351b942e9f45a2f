/**
 * The error of a text that is not JSON: where it stops being JSON and what stands there, never more
 * of the text than one character or a word of other notations, because a body may hold secrets.
 * Lines, columns and the offset are those of `text`; lines and columns start at 1.
 */
export function jsonSyntaxError(text: string, offset: number, expected: string): SyntaxError {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - (before.lastIndexOf('\n') + 1) + 1;
  return new SyntaxError(`expected ${expected} but found ${found(text, offset)} at line ${line}, column ${column} (offset ${offset})`);
}

function found(text: string, offset: number): string {
  if (offset >= text.length) return text.trim() === '' ? 'an empty text' : 'the end of the text';
  const word = /^(?:nan|infinity|none|null|nil|true|false|undefined)(?![A-Za-z0-9_])/i.exec(text.slice(offset, offset + 13));
  if (word) return word[0];
  const char = String.fromCodePoint(text.codePointAt(offset) as number);
  return /^[\p{C}\p{Z}]$/u.test(char) ? `U+${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}` : `"${char}"`;
}
