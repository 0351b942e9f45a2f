/** Where a finding is, as editors and terminals print it. Lines and columns start at 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with a configuration. */
export interface Finding {
  /** Keys and indexes from the top of the configuration: `['resources', 0, 'endpoint', 'path']`. */
  readonly path: readonly (string | number)[];
  /** What is wrong, one sentence without the value of a credential. */
  readonly message: string;
  /** What to do, one imperative sentence. */
  readonly hint?: string;
  /** Points at the key instead of its value (an unknown key). */
  readonly atKey?: boolean;
  readonly position?: SourcePosition;
}

/** Options of every SynclineError. */
export interface ErrorOptions {
  /** One imperative sentence: the remedy. */
  readonly hint?: string;
  /** Names only (resource, page, table, column, url), never data or secrets. */
  readonly context?: Readonly<Record<string, string | number>>;
  /** A new try may succeed without any change. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** Any error that syncline raises on purpose. `code` is stable and listed in docs/errors.md. */
export class SynclineError extends Error {
  override readonly name: string = 'SynclineError';
  readonly code: string;
  readonly hint: string | undefined;
  readonly context: Readonly<Record<string, string | number>>;
  readonly retryable: boolean;
  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.context = options.context ?? {};
    this.retryable = options.retryable ?? false;
  }
}

/** The configuration, an option or an argument is wrong: the user edits it. Exit code 2. */
export class ConfigError extends SynclineError {
  override readonly name = 'ConfigError';
  readonly findings: readonly Finding[];
  constructor(code: string, message: string, options: ErrorOptions & { readonly findings?: readonly Finding[] } = {}) {
    super(code, message, options);
    this.findings = options.findings ?? [];
  }
}

/** The API refuses the credentials. Exit code 2. */
export class AuthError extends SynclineError {
  override readonly name = 'AuthError';
}

/** The API or the network failed after all tries. Exit code 3. */
export class HttpError extends SynclineError {
  override readonly name = 'HttpError';
  /** The status that came, if any did. */
  readonly status: number | undefined;
  constructor(code: string, message: string, options: ErrorOptions & { readonly status?: number } = {}) {
    super(code, message, options);
    this.status = options.status;
  }
}

/** The API answered with something that cannot be used: not JSON, no total, a loop. Exit code 1. */
export class ResponseError extends SynclineError {
  override readonly name = 'ResponseError';
}

/** Rows break a schema contract or a hint. Exit code 1. */
export class ContractError extends SynclineError {
  override readonly name = 'ContractError';
}

/** The destination cannot take the load; the extracted pages stay. Exit code 3. */
export class DestinationError extends SynclineError {
  override readonly name = 'DestinationError';
}

/** A page log or stored state cannot be read or used. Exit code 1; 3 when a new try may succeed. */
export class StateError extends SynclineError {
  override readonly name = 'StateError';
}
