import type { Emit } from '../core/events.ts';
import type { Resource } from '../core/source.ts';
import type { ResourceState } from '../core/state.ts';
import type { LogIndex } from '../page-log/index-log.ts';
import type { PageLog } from '../page-log/page-log.ts';

/** What to extract, and where to go on. */
export interface ExtractOptions {
  /** Resources to walk: parents before their children, each with all its ancestors. */
  readonly resources: readonly Resource[];
  /** State that walks are planned from, by resource. The same whenever a run is resumed. */
  readonly state: Readonly<Record<string, ResourceState>>;
  readonly log: PageLog;
  /** What the log holds already: no page of it is asked for again. */
  readonly index?: LogIndex | undefined;
  /** Pages of each resource at most; its walks then end with `limit_reached`. Everything is then asked for in order. */
  readonly limit?: number | undefined;
  /** True: ask for nothing new. What is under way still comes to the log. */
  readonly paused?: (() => boolean) | undefined;
  /** True: more resources are extracted into the log after these, so that it is not complete with them. */
  readonly more?: boolean | undefined;
  readonly emit?: Emit | undefined;
  readonly signal?: AbortSignal | undefined;
}
