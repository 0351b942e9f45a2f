import type { StopReason } from './paginator.ts';

/** What happens during a run, in order. Emitted synchronously; a listener must not throw. */
export type RunEvent =
  | {
      readonly type: 'run_started';
      readonly pipeline: string;
      readonly dataset: string;
      readonly loadId: string;
      readonly resumed: boolean;
    }
  /** Another process has what the run needs: the message says who. */
  | { readonly type: 'waiting'; readonly message: string }
  | { readonly type: 'walk_started'; readonly resource: string }
  | { readonly type: 'request'; readonly resource: string }
  | { readonly type: 'page'; readonly resource: string; readonly rows: number; readonly bytes: number }
  | { readonly type: 'retry'; readonly resource: string; readonly waitMs: number; readonly reason: string; readonly attempt: number }
  /** Nothing is asked for a while: the limits, or the API, want it so. Named is the resource whose turn it is. */
  | { readonly type: 'pause'; readonly resource: string; readonly waitMs: number; readonly reason: string }
  | { readonly type: 'walk_ended'; readonly resource: string; readonly reason: StopReason }
  /** `isPart`: more of the run follows, see `RunOptions.commitEvery`. */
  | { readonly type: 'load_started'; readonly loadId: string; readonly isPart: boolean }
  | { readonly type: 'rows_loaded'; readonly table: string; readonly rows: number }
  | { readonly type: 'committed'; readonly loadId: string }
  /** The page log of the run that is over was kept, because that was asked for. */
  | { readonly type: 'log_kept'; readonly dir: string }
  | { readonly type: 'warning'; readonly code: string; readonly message: string; readonly resource?: string }
  | { readonly type: 'debug'; readonly message: string };

/** Receives the events of a run. */
export type Emit = (event: RunEvent) => void;
