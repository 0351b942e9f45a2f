/** A template that cannot be read, or a value that it cannot take. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  /** Where in the template, from 1. */
  readonly column: number;
  /** What to write instead. */
  readonly hint: string | undefined;
  constructor(message: string, column: number, hint?: string) {
    super(message);
    this.column = column;
    this.hint = hint;
  }
}
