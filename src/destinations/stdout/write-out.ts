import type { Writable } from 'node:stream';
import { DestinationError } from '../../core/errors.ts';

/** How streams say that nobody reads any more. */
const CLOSED: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']);

/** Resolves when the reader, or what buffers for it, has taken the bytes; rejects when there is none, and when the signal ends the waiting. */
export function writeOut(output: Writable, bytes: Uint8Array | string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    output.write(bytes, (error) => {
      signal?.removeEventListener('abort', abort);
      if (error) reject(explain(error));
      else resolve();
    });
  });
}

/** True for the error of an output that nobody reads any more. */
export function isOutputClosed(error: unknown): boolean {
  return error instanceof DestinationError && error.code === 'output_closed';
}

function explain(cause: NodeJS.ErrnoException): DestinationError {
  if (CLOSED.has(cause.code ?? '')) {
    return new DestinationError('output_closed', 'Whatever read the output has ended.', {
      hint: 'Run the same command again to see all of it: the pages that came are kept.',
      cause,
    });
  }
  return new DestinationError('output_failed', `The output cannot be written: ${cause.message}.`, {
    hint: 'Free some space or send the output elsewhere, then run again.',
    cause,
  });
}
