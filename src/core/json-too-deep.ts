/** Deepest nesting that is read: what walks the values later must have a bound to count on. */
export const MAX_JSON_DEPTH = 10_000;

/** A JSON text is nested deeper than {@link MAX_JSON_DEPTH}. */
export class JsonTooDeep extends SyntaxError {
  override readonly name = 'JsonTooDeep';
  constructor() {
    super(`lists and objects are nested deeper than ${MAX_JSON_DEPTH} levels`);
  }
}
