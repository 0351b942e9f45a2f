/** What a typed string holds: dlt's types that JSON has no literal for. */
export type TypedKind = 'decimal' | 'datetime' | 'date' | 'uuid' | 'hexbytes' | 'base64' | 'wei' | 'time';

/** dlt marks a typed string with a private-use character: this one and those after it, by kind. */
const FIRST_MARK = 0xf026;
const KINDS: readonly TypedKind[] = ['decimal', 'datetime', 'date', 'uuid', 'hexbytes', 'base64', 'wei', 'time'];

/** Reads a typed string of a stored state (`\uf0272024-01-01T10:30:00+00:00`); `undefined` for plain text. */
export function readTyped(text: string): { readonly kind: TypedKind; readonly text: string } | undefined {
  const mark = text.charCodeAt(0);
  // Most texts have none, and are many.
  const kind = mark >= FIRST_MARK && text.length > 1 ? KINDS[mark - FIRST_MARK] : undefined;
  return kind && { kind, text: text.slice(1) };
}

/** Makes a typed string, as dlt stores it in a state. `text` is Python's notation of the value, ISO for dates. */
export function typed(kind: TypedKind, text: string): string {
  return String.fromCharCode(FIRST_MARK + KINDS.indexOf(kind)) + text;
}
