import type { Auth, AuthContext } from '../core/auth.ts';
import type { HttpRequest } from '../core/http.ts';
import { isJsonObject } from '../core/json.ts';
import { requestToken } from './request-token.ts';
import { headerOf, withHeader } from './with-header.ts';

/** A token is not used in the last part of its life: the API's clock may be ahead, and requests take time. */
const MARGIN_SHARE = 0.1;
/** Longest margin, in milliseconds. */
const MARGIN_MS = 30_000;

/** How an OAuth scheme gets its tokens. */
export interface TokenAuthOptions {
  /** The request for a token; `now` is in milliseconds since the epoch. */
  readonly tokenRequest: (now: number) => HttpRequest;
  /** Life of a token, in seconds, when the answer does not say. */
  readonly defaultExpiration: number;
  /** A token that is there already: used until the API refuses it. */
  readonly initialToken?: string | undefined;
}

interface HeldToken {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly usableUntil: number;
}

/** Sends a bearer token, asks for one when there is none that can be used, and shares the asking among concurrent requests. */
export function tokenAuth(options: TokenAuthOptions): Auth {
  let held: HeldToken | undefined =
    options.initialToken === undefined ? undefined : { value: options.initialToken, usableUntil: Number.POSITIVE_INFINITY };
  let pending: { readonly token: Promise<string>; readonly signal: AbortSignal | undefined } | undefined;

  const renew = async (context: AuthContext): Promise<string> => {
    const asked = context.now();
    const request = options.tokenRequest(asked);
    // Whoever sees a signed assertion can ask for a token with it.
    const assertion = isJsonObject(request.data) ? request.data['assertion'] : undefined;
    if (typeof assertion === 'string') context.addSecret(assertion);
    const { token, expiresIn } = await requestToken(request, context);
    context.addSecret(token);
    const life = (expiresIn ?? options.defaultExpiration) * 1000;
    held = { value: token, usableUntil: asked + life - Math.min(MARGIN_MS, life * MARGIN_SHARE) };
    return token;
  };

  const ask = (context: AuthContext): NonNullable<typeof pending> => {
    const token = renew(context).finally(() => {
      pending = undefined;
    });
    return { token, signal: context.signal };
  };

  const current = async (context: AuthContext): Promise<string> => {
    for (;;) {
      if (held !== undefined && context.now() < held.usableUntil) return held.value;
      pending ??= ask(context);
      const { token, signal } = pending;
      try {
        return await token;
      } catch (error) {
        context.signal?.throwIfAborted();
        // That somebody else was stopped while they asked is no reason to go without a token.
        if (!signal?.aborted) throw error;
      }
    }
  };

  return {
    async apply(request, context) {
      return withHeader(request, 'Authorization', bearer(await current(context)));
    },
    rejected(refused) {
      // Of requests side by side, later ones may be refused when the token has been renewed already.
      if (held !== undefined && headerOf(refused, 'Authorization') === bearer(held.value)) held = undefined;
      return true;
    },
  };
}

function bearer(token: string): string {
  return `Bearer ${token}`;
}
