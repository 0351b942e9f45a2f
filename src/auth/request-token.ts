import type { AuthContext } from '../core/auth.ts';
import { AuthError, SynclineError } from '../core/errors.ts';
import type { HttpRequest, HttpResponse } from '../core/http.ts';
import { isJsonObject, type Json, JsonFloat, type JsonObject } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import { withoutUserinfo } from '../core/userinfo.ts';

/** Statuses by which a token endpoint says that it does not accept the credentials. */
const REFUSED = [400, 401, 403];

/** What a token endpoint grants. */
export interface GrantedToken {
  readonly token: string;
  /** Seconds; `undefined` when the answer does not say. */
  readonly expiresIn: number | undefined;
}

/** Asks a token endpoint. An answer that refuses or holds no token is an AuthError. */
export async function requestToken(request: HttpRequest, context: AuthContext): Promise<GrantedToken> {
  const answer = readAnswer(await send(request, context), request.url);
  const { access_token: token } = answer;
  if ((typeof token !== 'string' && typeof token !== 'number') || token === '')
    throw new AuthError(
      'token_missing',
      `The token endpoint ${address(request.url)} answered without an \`access_token\`. It sent ${keysOf(answer)}.`,
      {
        hint: 'Check the address of the token endpoint and the grant that it expects.',
      },
    );
  return { token: String(token), expiresIn: secondsOf(answer['expires_in']) };
}

async function send(request: HttpRequest, context: AuthContext): Promise<HttpResponse> {
  const response = await context.send(request, context.signal).catch((error: unknown) => {
    const status = error instanceof SynclineError ? error.context['status'] : undefined;
    if (typeof status === 'number' && REFUSED.includes(status)) throw refused(request.url, status, error);
    throw error;
  });
  if (REFUSED.includes(response.status)) throw refused(request.url, response.status);
  return response;
}

/** What was sent back says more than the status: `invalid_scope`, `invalid_client`. */
function refused(url: string, status: number, cause?: unknown): AuthError {
  const answer = cause instanceof Error ? cause.message : `status ${status}.`;
  return new AuthError('token_refused', `The token endpoint ${address(url)} refuses the credentials: ${answer}`, {
    hint: 'Check client id, secret or key, and what else the token endpoint asks for.',
    context: { url: address(url), status },
    cause,
  });
}

function readAnswer(response: HttpResponse, url: string): JsonObject {
  const answer = decode(response.body);
  if (isJsonObject(answer)) return answer;
  throw new AuthError(
    'token_answer_invalid',
    `The token endpoint ${address(url)} did not answer with a JSON object (status ${response.status}).`,
    {
      hint: 'Check the address of the token endpoint.',
    },
  );
}

function decode(body: Uint8Array): Json | undefined {
  try {
    return parseJson(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

function secondsOf(value: Json | undefined): number | undefined {
  const number = value instanceof JsonFloat ? value.value : typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
}

function keysOf(answer: JsonObject): string {
  const keys = Object.keys(answer).slice(0, 10);
  return keys.length === 0 ? 'an empty object' : keys.join(', ');
}

function address(url: string): string {
  return withoutUserinfo(url).replace(/[?#].*$/s, '');
}
