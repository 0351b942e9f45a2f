import { STATUS_CODES } from 'node:http';
import { ResponseError } from '../core/errors.ts';
import type { HttpResponse } from '../core/http.ts';
import type { Json } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import { JsonTooDeep, MAX_JSON_DEPTH } from '../core/json-too-deep.ts';
import type { Secrets } from '../core/secret.ts';
import { bodyExcerpt, isMarkup, isPage } from './body-excerpt.ts';
import { charsetOf, decodeText } from './body-text.ts';
import { type Place, placeContext, where } from './place.ts';
import { type StoredBody, storedBody } from './stored-body.ts';

/** A body as JSON, and the character set that it came in. */
export interface DecodedBody {
  readonly document: Json;
  readonly charset: string | undefined;
  /** What may be stored of it. */
  readonly stored: StoredBody;
}

/** Reads the body of a response that is not an error. What is no JSON is a ResponseError that says what it is instead. */
export function decodeBody(response: HttpResponse, place: Place, secrets: Secrets): DecodedBody {
  const { body, headers, status } = response;
  const charset = charsetOf(headers, body);
  const answered = `${where(place)} answered ${`${status} ${STATUS_CODES[status] ?? ''}`.trim()}`;
  const context = { ...placeContext(place), status };
  if (body.length === 0) throw new ResponseError('empty_body', `${answered} with an empty body.`, { hint: emptyHint(status), context });
  let text: string;
  try {
    text = decodeText({ body, charset });
  } catch (error) {
    throw charsetError(error, { answered, context, charset });
  }
  try {
    const document = parseJson(text);
    return { document, charset, stored: storedBody({ document, charset, body }, text, secrets) };
  } catch (error) {
    if (error instanceof JsonTooDeep) throw nestedTooDeep(answered, context);
    const { what, hint, isCut } = describe(text, error, bodyExcerpt(body, secrets));
    if (isCut) throw new ResponseError('truncated_json', `${answered} with ${what}.`, { hint, context });
    throw new ResponseError('not_json', `${answered} with ${what}.`, { hint, context });
  }
}

function nestedTooDeep(answered: string, context: Readonly<Record<string, string | number>>): ResponseError {
  return new ResponseError('nested_too_deep', `${answered} with JSON that is nested deeper than ${MAX_JSON_DEPTH} levels.`, {
    hint: 'Report it to the makers of the API, or flatten it in a function of response_actions.',
    context,
  });
}

function emptyHint(status: number): string {
  return status === 200
    ? 'Check endpoint.path, method and parameters: the API sends nothing for them.'
    : `If that means "no rows", ignore it with response_actions [{"status_code": ${status}, "action": "ignore"}].`;
}

interface CharsetProblem {
  readonly answered: string;
  readonly context: Readonly<Record<string, string | number>>;
  readonly charset: string | undefined;
}

function charsetError(error: unknown, { answered, context, charset }: CharsetProblem): ResponseError {
  const hint =
    'Ask the API for UTF-8 with the header "Accept-Charset", or name the right charset in a function of response_actions that returns { headers: { "content-type": "application/json; charset=…" } }.';
  const what =
    error instanceof RangeError
      ? `the character set ${JSON.stringify(charset)}, which does not exist`
      : `bytes that are not text in ${charset ?? 'UTF-8'}`;
  return new ResponseError('wrong_charset', `${answered} with ${what}.`, { hint, context });
}

interface Found {
  readonly what: string;
  readonly hint: string;
  readonly isCut?: boolean;
}

/** Says what a text is that is no JSON. `excerpt` is what may be shown of it. */
function describe(text: string, error: unknown, excerpt: string): Found {
  const why = error instanceof Error ? error.message : String(error);
  if (text.trim() === '')
    return { what: 'a body of blanks', hint: 'Check endpoint.path, method and parameters: the API sends nothing for them.' };
  const quoted = excerpt === '' ? '' : ` ("${excerpt}")`;
  if (isPage(text)) {
    return {
      what: `an HTML page${quoted} instead of JSON`,
      hint: 'Check client.base_url and endpoint.path, and whether the API wants credentials.',
    };
  }
  if (isMarkup(text)) {
    return {
      what: `XML${quoted} instead of JSON`,
      hint: 'Ask for JSON, with the header "Accept: application/json" or a parameter of the API.',
    };
  }
  if (!/^\s*[[{"]/.test(text)) return { what: `text${quoted} instead of JSON`, hint: 'Check endpoint.path, and ask the API for JSON.' };
  if (isJsonLines(text)) return { what: 'JSON Lines instead of one JSON value', hint: 'Ask the API for a JSON list.' };
  if (/found the end of the text/.test(why)) {
    return { what: `JSON that is cut short: ${why}`, hint: 'Ask for smaller pages: the API did not finish this one.', isCut: true };
  }
  return {
    what: `a body that is not JSON: ${why}`,
    hint: 'Report it to the makers of the API, or repair it in a function of response_actions.',
  };
}

/** Two lines and more, of which the first is a value of its own. */
function isJsonLines(text: string): boolean {
  const end = text.trimStart().indexOf('\n');
  if (end === -1 || text.trim().indexOf('\n') === -1) return false;
  try {
    parseJson(text.trimStart().slice(0, end));
    return true;
  } catch {
    return false;
  }
}
