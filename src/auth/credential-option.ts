import { z } from 'zod';

/** Characters that an HTTP header can carry. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** A secret as option of an auth. Editors are told that it is one. */
export const credentialOption = z.string().min(1, 'The credential is empty.').meta({ format: 'password', writeOnly: true });

/** A secret that is sent in a header: a line break at its end is the usual mistake. */
export const headerCredentialOption = credentialOption.refine(isHeaderValue, {
  message: 'The credential has a line break or another character that no HTTP header can carry: remove it.',
});

/** True when an HTTP header can carry the text. */
export function isHeaderValue(text: string): boolean {
  return HEADER_VALUE.test(text);
}
