import { ConfigError, SynclineError } from '../core/errors.ts';
import type { HttpResponse } from '../core/http.ts';
import { bodyExcerpt } from './body-excerpt.ts';
import { charsetOf, decodeText } from './body-text.ts';
import type { HookResult, ResponseAction, ResponseHook } from './response-hook.ts';
import type { Secrets } from '../core/secret.ts';

/** Applies `response_actions` to a response: in order, all that match, each seeing what the one before left. */
export type Inspect = (response: HttpResponse) => Promise<HttpResponse | 'ignore'>;

/** Makes the {@link Inspect} of an endpoint; `undefined` when it has no actions. */
export function createInspect(actions: readonly ResponseAction[] | null | undefined, secrets: Secrets): Inspect | undefined {
  if (!actions || actions.length === 0) return undefined;
  return async (response) => {
    let current = response;
    for (const action of actions) {
      if (!matches(action, current)) continue;
      for (const hook of hooksOf(action)) {
        const result = await run(hook, current, secrets);
        if (result === 'ignore') return 'ignore';
        current = changed(current, result);
      }
    }
    return current;
  };
}

function matches(action: ResponseAction, response: HttpResponse): boolean {
  if (typeof action === 'function') return true;
  const { status_code: status, content } = action;
  const hasStatus = status !== undefined && status !== null;
  const hasContent = content !== undefined && content !== null;
  // As in dlt, a function without a condition sees all responses, but "ignore" without one none.
  if (!hasStatus && !hasContent) return action.action !== 'ignore';
  return (!hasStatus || Number(status) === response.status) && (!hasContent || lenientText(response).includes(content));
}

function hooksOf(action: ResponseAction): readonly ResponseHook[] {
  if (typeof action === 'function') return [action];
  if (action.action === 'ignore') return [() => 'ignore'];
  return typeof action.action === 'function' ? [action.action] : action.action;
}

async function run(hook: ResponseHook, response: HttpResponse, secrets: Secrets): Promise<HookResult> {
  const text = () => lenientText(response);
  try {
    return await hook({ ...response, text, json: () => JSON.parse(text()) as unknown });
  } catch (error) {
    if (error instanceof SynclineError) throw error;
    const why = bodyExcerpt(Buffer.from(error instanceof Error ? error.message : String(error)), secrets);
    throw new ConfigError('response_action_failed', `A function of response_actions failed on the response from ${response.url}: ${why}`, {
      hint: 'Correct the function, or return "ignore" from it where the response may be skipped.',
      context: { url: response.url },
    });
  }
}

function changed(response: HttpResponse, result: Exclude<HookResult, 'ignore'>): HttpResponse {
  if (typeof result !== 'object' || result === null) return response;
  const given = Object.entries(result.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  const text = result.json === undefined ? result.body : JSON.stringify(result.json);
  const isText = typeof text === 'string';
  return {
    status: result.status ?? response.status,
    // A text is UTF-8 from here on, whatever the API said.
    headers: { ...response.headers, ...Object.fromEntries(given), ...(isText ? { 'content-type': 'application/json' } : {}) },
    body: isText ? Buffer.from(text) : (text ?? response.body),
    url: response.url,
  };
}

/** What cannot be read is replaced: a condition must not fail on it. */
function lenientText({ headers, body }: HttpResponse): string {
  try {
    return decodeText({ body, charset: charsetOf(headers, body) });
  } catch {
    return new TextDecoder().decode(body);
  }
}
