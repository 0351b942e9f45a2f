/** How much one load brings at most, roughly: a page is never split. */
export type LoadSize = { readonly rows: number } | { readonly bytes: number };

/** How a size is written. Without flags, so that JSON Schema can say the same. */
export const LOAD_SIZE = /^([1-9]\d{0,14})\s*([Rr][Oo][Ww][Ss]?|[KkMmGgTt]?[Ii]?[Bb])?$/;
const POWERS = ['', 'k', 'm', 'g', 't'];

/**
 * Reads `100000` and `100000 rows` as rows as the API sends them, `256MB` and `256MiB` as bytes of pages;
 * `undefined` for what is neither.
 */
export function parseLoadSize(text: string | number): LoadSize | undefined {
  const [, digits, unit = 'rows'] = LOAD_SIZE.exec(String(text).trim()) ?? [];
  if (digits === undefined) return undefined;
  const count = Number(digits);
  const lower = unit.toLowerCase();
  if (lower.startsWith('row')) return { rows: count };
  const base = lower.includes('i') ? 1024 : 1000;
  return { bytes: count * base ** POWERS.indexOf(lower.replace(/i?b$/, '')) };
}
