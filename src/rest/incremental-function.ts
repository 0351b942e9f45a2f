import { ConfigError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { fromPlain, toPlain } from './plain-row.ts';

/** A function of an incremental's configuration: its key there, and the cursor path that tells which incremental it is. */
export interface ConfiguredFunction {
  readonly key: 'convert' | 'last_value_func' | 'primary_key';
  readonly cursorPath: string;
}

/**
 * Calls such a function with a value as JavaScript reads JSON, and takes what it gives back as JSON.
 * What it throws becomes a ConfigError that names it.
 */
export function callConfigured({ key, cursorPath }: ConfiguredFunction, value: Json, call: (plain: unknown) => unknown): Json {
  try {
    return fromPlain(call(toPlain(value)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError('incremental_function_failed', `The function \`${key}\` of the incremental on \`${cursorPath}\` failed: ${why}`, {
      hint: 'Correct the function.',
      context: { cursor_path: cursorPath },
      cause: error,
    });
  }
}
