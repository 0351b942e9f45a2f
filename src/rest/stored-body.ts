import { type Json, JsonFloat } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import { printJson } from '../core/print-json.ts';
import { renderNested } from '../core/render-nested.ts';
import type { Secrets } from '../core/secret.ts';

/** What is kept of a response, and what it reads as. */
export interface StoredBody {
  readonly body: Uint8Array;
  readonly document: Json;
  readonly charset: string | undefined;
}

/**
 * What may be stored of a body: the body itself, or, where the API repeats a credential, the same JSON
 * with `***` in its place (invariant 7). The cursor of the next page is read from the body as it came.
 */
export function storedBody(received: StoredBody, text: string, secrets: Secrets): StoredBody {
  if (!secrets.isCredentialIn(text)) return received;
  const without = renderNested(received.document, {
    scalar(value) {
      if (typeof value === 'string') return JSON.stringify(secrets.redactData(value));
      // JSON has no word for what is too large for a double.
      if (value instanceof JsonFloat && !Number.isFinite(value.value)) return value.value > 0 ? '1e999' : '-1e999';
      return printJson(value);
    },
    key: (key) => JSON.stringify(secrets.redactData(key)),
    keysOf: Object.keys,
    comma: ',',
    colon: ':',
  });
  return { body: Buffer.from(without), document: parseJson(without), charset: undefined };
}
