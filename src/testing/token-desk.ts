import type { AuthContext } from '../core/auth.ts';
import type { HttpRequest } from '../core/http.ts';
import type { JsonObject } from '../core/json.ts';
import { printJson } from '../core/print-json.ts';

/** A token endpoint without a network, with a clock that stands until it is moved. */
export interface TokenDesk {
  readonly context: AuthContext;
  /** Requests for tokens so far. */
  readonly requests: readonly HttpRequest[];
  /** What became a secret. */
  readonly secrets: ReadonlySet<string>;
  /** The token that was granted last. */
  last(): string | undefined;
  /** Lets time pass. */
  pass(seconds: number): void;
}

/** Opens a token endpoint. `answer` makes the answer with a token; a token that is good for 100 s when it is left out. */
export function tokenDesk(answer = (token: string): JsonObject => ({ access_token: token, expires_in: 100 })): TokenDesk {
  const requests: HttpRequest[] = [];
  const secrets = new Set<string>();
  let now = Date.UTC(2024, 0, 1);
  const last = () => (requests.length === 0 ? undefined : `granted-token-${requests.length}`);
  return {
    requests,
    secrets,
    last,
    pass(seconds) {
      now += seconds * 1000;
    },
    context: {
      now: () => now,
      addSecret: (value) => void secrets.add(value),
      async send(request) {
        requests.push(request);
        const body = new TextEncoder().encode(printJson(answer(last() as string)));
        return { status: 200, headers: { 'content-type': 'application/json' }, body, url: request.url };
      },
    },
  };
}
