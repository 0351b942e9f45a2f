import { deflateSync, inflateSync } from 'node:zlib';
import { StateError } from '../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { parseJson } from '../../core/parse-json.ts';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Packs a JSON text as dlt does for a text column: zlib at level 9 in base64. */
export function packText(text: string): string {
  return deflateSync(text, { level: 9 }).toString('base64');
}

/** Reads a JSON document that dlt or syncline stored, packed or plain. `what` names it in an error. */
export function readStored(stored: string, what: string): JsonObject {
  let value;
  try {
    value = parseJson(BASE64.test(stored) ? inflateSync(Buffer.from(stored, 'base64')).toString('utf8') : stored);
  } catch (cause) {
    throw unreadable(what, cause);
  }
  if (isJsonObject(value)) return value;
  throw unreadable(what);
}

function unreadable(what: string, cause?: unknown): StateError {
  return new StateError('stored_document_unreadable', `The stored ${what} is neither JSON nor packed JSON.`, {
    hint: 'Delete the newest row that holds it, or load into a new dataset.',
    ...(cause === undefined ? {} : { cause }),
  });
}
