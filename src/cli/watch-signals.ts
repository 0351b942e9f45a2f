/** Ctrl-C and SIGTERM as an AbortSignal. */
export interface Signals {
  readonly signal: AbortSignal;
  /** Stops listening. */
  close(): void;
}

/** The first signal aborts; the second ends the process at once (what was written stays usable). */
export function watchSignals(): Signals {
  const controller = new AbortController();
  const listener = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Error('interrupted'));
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return {
    signal: controller.signal,
    close() {
      process.off('SIGINT', listener);
      process.off('SIGTERM', listener);
    },
  };
}
