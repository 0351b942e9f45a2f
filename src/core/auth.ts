import type { HttpRequest, Send } from './http.ts';

/** What an auth may use while it prepares a request. */
export interface AuthContext {
  /** Sends a token request: the client's retries and limits, no auth. */
  readonly send: Send;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Makes a value obtained at run time (a token) a secret, so that it is redacted everywhere. Before it is sent. */
  readonly addSecret: (value: string) => void;
  readonly signal?: AbortSignal;
}

/** A way to prove who asks. One instance serves all requests of a client. */
export interface Auth {
  /** Adds the credentials. Called again for every try. */
  apply(request: HttpRequest, context: AuthContext): HttpRequest | Promise<HttpRequest>;
  /** Told of a 401 to a request that `apply` made. True when a new try may succeed, because its token is not sent again. */
  rejected?(refused: HttpRequest): boolean;
  /** Secrets that are made from the options at the start, such as an encoded password. Those that options hold are known already. */
  readonly secrets?: readonly string[];
  /** Query parameters that carry credentials: taken out of next links and logged addresses. */
  readonly queryNames?: readonly string[];
}
