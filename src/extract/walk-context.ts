import type { Emit } from '../core/events.ts';
import type { Gap } from '../core/gap.ts';
import type { Resource, Row } from '../core/source.ts';
import type { ResourceState } from '../core/state.ts';
import type { WalkIndex } from '../page-log/index-log.ts';
import type { PageLog } from '../page-log/page-log.ts';
import type { ParentPosition } from '../page-log/records.ts';
import type { Leave } from './lanes.ts';

/** Where a walk starts, or goes on. */
export interface WalkStart {
  readonly resource: Resource;
  /** What the log has of it. */
  readonly known: WalkIndex | undefined;
  /** Number of the top-level resource that it is below of, or is. */
  readonly tree: number;
  readonly parent?: ParentPosition;
  readonly parentRow?: Row;
}

/** What all walks of an extraction share. */
export interface WalkContext {
  readonly log: PageLog;
  readonly resources: readonly Resource[];
  readonly state: Readonly<Record<string, ResourceState>>;
  readonly emit: Emit | undefined;
  readonly signal: AbortSignal;
  /** One thing after the other, depth first. */
  readonly sequential: boolean;
  /** True: nothing new is asked for. Stays true. */
  paused(): boolean;
  /** Stops all that goes on. */
  fail(error: unknown): void;
  /** A number that no walk has. */
  newWalk(): number;
  countPage(start: WalkStart): void;
  noteGaps(resource: Resource, gaps: readonly Gap[]): void;
  limitReached(resource: Resource): boolean;
  /** Resolves when the tree may bring more pages. */
  room(tree: number): Promise<void>;
  /** Resolves when a walk of the resource may begin; to `undefined` when nothing new is to begin. */
  enter(resource: Resource, tree: number): Promise<Leave | undefined>;
  /** Walks, and resolves to true when the walk and all below it have ended. */
  walk(start: WalkStart): Promise<boolean>;
}
