import { ConfigError, ResponseError } from '../core/errors.ts';
import type { Secrets } from '../core/secret.ts';
import { type Place, placeContext } from './place.ts';

/** Runs what knows of a page but not of its place in the run; its errors get the place and lose secrets. */
export function located<T>(place: Place, secrets: Secrets, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ResponseError || error instanceof ConfigError)) throw error;
    const Kind = error instanceof ConfigError ? ConfigError : ResponseError;
    const { url: _, ...context } = error.context;
    throw new Kind(
      error.code,
      `${secrets.redact(error.message).replace(/\.$/, '')} (resource "${place.resource}", page ${place.page + 1}).`,
      {
        context: { ...context, ...placeContext(place) },
        ...(error.hint === undefined ? {} : { hint: error.hint }),
      },
    );
  }
}
