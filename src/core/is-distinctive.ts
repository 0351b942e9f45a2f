const MADE_UP = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u];
const KINDS = [...MADE_UP, /[^\p{Ll}\p{Lu}\p{Nd}]/u];
/** Below this, a value may be part of anything. */
const SHORTEST = 8;
/** From this on, a value of one kind of characters is no word any more. */
const LONG = 16;

/**
 * True for a secret that no row holds by chance: only such ones are taken out of data. `password` or
 * `20240131` may be a word or a date of a row; `hunter-2-hunter` is neither.
 */
export function isDistinctive(secret: string): boolean {
  return secret.length >= LONG || (secret.length >= SHORTEST && KINDS.filter((kind) => kind.test(secret)).length >= 2);
}

/** True for what only a machine makes up: long, with small and capital letters and digits. */
export function looksRandom(value: string): boolean {
  return value.length >= LONG && MADE_UP.every((kind) => kind.test(value));
}
