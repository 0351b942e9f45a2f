import type { HttpResponse } from '../core/http.ts';

/** A response as a function of `response_actions` sees it. */
export interface HookResponse extends HttpResponse {
  /** The body as text. */
  text(): string;
  /** The body as JavaScript reads JSON. */
  json(): unknown;
}

/**
 * What a function of `response_actions` may return: nothing to leave the response as it is, `ignore`
 * to end the walk, or the parts that change. `json` and a `body` of text replace the body.
 */
export type HookResult =
  | undefined
  | void
  | 'ignore'
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Uint8Array;
      readonly json?: unknown;
    };

/** A function of `response_actions`: it sees every response that its entry matches, those that are tried again too. */
export type ResponseHook = (response: HookResponse) => HookResult | Promise<HookResult>;

/** An entry of `response_actions`: a function, or an action with the responses that it is for. */
export type ResponseAction =
  | ResponseHook
  | {
      readonly status_code?: number | string | null | undefined;
      readonly content?: string | null | undefined;
      readonly action: 'ignore' | ResponseHook | readonly ResponseHook[];
    };
