import { StateError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Secrets } from '../core/secret.ts';
import { mapStrings } from './map-strings.ts';

/** A cursor as it may be stored: next links echo credentials (invariant 7). */
export function sealCursor(cursor: Json, secrets: Secrets): Json {
  return mapStrings(cursor, (text) => secrets.seal(text));
}

/** The cursor that was sealed. */
export function openCursor(sealed: Json, secrets: Secrets, resource: string): Json {
  return mapStrings(sealed, (text) => {
    const opened = secrets.open(text);
    if (opened !== undefined) return opened;
    throw new StateError(
      'checkpoint_sealed',
      `The unfinished walk of resource "${resource}" goes on at an address with a credential that the configuration has no more.`,
      { hint: 'Run with the credentials that the run began with, or abandon the unfinished run.', context: { resource } },
    );
  });
}
