import { createHash } from 'node:crypto';

/** dlt's short digest of a text: shake128 of its UTF-8 bytes, base64 without padding. */
export function shake(text: string, bytes: number): string {
  return createHash('shake128', { outputLength: bytes }).update(text, 'utf8').digest('base64').replace(/=+$/, '');
}

/** dlt's version hash: sha3-256 over the UTF-8 bytes of all texts, base64. */
export function sha3(...texts: readonly string[]): string {
  const hash = createHash('sha3-256');
  for (const text of texts) hash.update(text, 'utf8');
  return hash.digest('base64');
}
