/** A JSONPath that cannot be read. Callers turn it into a finding or a ConfigError. */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError';
  /** Where it goes wrong, from 1. */
  readonly column: number;
  /** What to write instead, when the mistake is a known one. */
  readonly hint: string | undefined;
  constructor(message: string, column: number, hint?: string) {
    super(message);
    this.column = column;
    this.hint = hint;
  }
}
