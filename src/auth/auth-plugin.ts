import type { Auth } from '../core/auth.ts';
import type { Plugin } from '../core/plugin.ts';

/** A way to prove who asks, as configuration names it. */
export interface AuthPlugin<Options> extends Plugin<Options, Auth> {
  /** Options that hold secrets: whoever reads the configuration has them redacted everywhere. */
  readonly credentials: readonly string[];
  /** Those of them that only say who asks. They are redacted too, but rows may hold them: a list of clients has the own one. */
  readonly identifiers?: readonly string[];
}
