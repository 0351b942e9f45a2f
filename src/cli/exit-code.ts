import { AuthError, ConfigError, DestinationError, HttpError, SynclineError } from '../core/errors.ts';
import { isOutputClosed } from '../destinations/stdout/write-out.ts';

/** What the process tells its caller: who must act. */
export const EXIT = {
  ok: 0,
  /** The data or a response cannot be used, or something unexpected happened. */
  failed: 1,
  /** The configuration, an option or the credentials must be corrected. */
  config: 2,
  /** The API, the network or the destination failed, or another process is at it; a later run may succeed. */
  unavailable: 3,
  /** Loaded, but not everything that the API has. */
  incomplete: 4,
  /** Stopped by Ctrl-C or SIGTERM. */
  interrupted: 130,
  /** Whatever read the rows has closed the pipe: what shells report of programs that a closed pipe ends. */
  outputClosed: 141,
} as const;

/** The exit code of an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigError || error instanceof AuthError) return EXIT.config;
  if (isOutputClosed(error)) return EXIT.outputClosed;
  if (error instanceof HttpError || error instanceof DestinationError) return EXIT.unavailable;
  if (error instanceof SynclineError && error.retryable) return EXIT.unavailable;
  return EXIT.failed;
}
