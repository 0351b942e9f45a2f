import type { Gap } from '../core/gap.ts';
import type { Json } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import type { StopReason } from '../core/paginator.ts';
import { printJson } from '../core/print-json.ts';
import type { WalkedPage, WalkPlan } from '../core/source.ts';
import type { ResourceState } from '../core/state.ts';

/** First record of a log: all that was fixed when the run began. */
export interface RunRecord {
  readonly kind: 'run';
  /** The id that the load is committed under, whatever happens in between (invariant 2). */
  readonly loadId: string;
  /** Names the run: as it was asked for, else the load id. */
  readonly runId?: string;
  readonly pipeline: string;
  readonly dataset: string;
  /** Type and location of the destination, without secrets. */
  readonly destination: string;
  readonly source: string;
  /** The source's: a log of another one is stale. */
  readonly fingerprint: string;
  /** The source's: pages of another one can still be loaded while this is the same. */
  readonly rowsFingerprint?: string;
  /** File that describes the source, for whoever loads the log again. */
  readonly origin?: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** 16 random bytes in base64 that row ids are made from, so that normalizing again makes the same ones. */
  readonly idSeed: string;
  /** Resources whose rows are loaded. */
  readonly resources: readonly string[];
  readonly fullRefresh: boolean;
  /** Pages a resource at most. */
  readonly limit?: number;
  /** State of the source's resources that walks are planned from: bounds are never computed anew. */
  readonly state: Readonly<Record<string, ResourceState>>;
}

/** The row that a walk of a dependent resource starts from. */
export interface ParentPosition {
  readonly walk: number;
  readonly page: number;
  /** Index among the rows that the parent's reader gives for the page. */
  readonly row: number;
}

/** A walk begins. */
export interface WalkRecord {
  readonly kind: 'walk';
  readonly walk: number;
  readonly resource: string;
  readonly plan: WalkPlan;
  readonly parent?: ParentPosition;
  /** Its rows start walks of other resources. */
  readonly branches?: boolean;
}

/** A page was received. Its body follows, and the checkpoint is in the same record (invariant 1). */
export interface PageRecord extends Omit<WalkedPage, 'body'> {
  readonly kind: 'page';
  readonly walk: number;
}

/** All walks that start from rows of the page have ended. */
export interface SettledRecord {
  readonly kind: 'settled';
  readonly walk: number;
  readonly page: number;
}

/** A walk and all walks below it have ended (invariant 5). */
export interface EndRecord {
  readonly kind: 'end';
  readonly walk: number;
  readonly reason: StopReason;
  /** How many pages, from the first, count. Absent in version 1: all of them. */
  readonly pages?: number;
  /** What the walk lacks. */
  readonly gaps?: readonly Gap[];
}

/** What the walk brought is of no use: as if it had not begun. */
export interface VoidRecord {
  readonly kind: 'void';
  readonly walk: number;
}

/** Nothing is left to ask the API for. */
export interface CompleteRecord {
  readonly kind: 'complete';
}

/** One entry of a page log. */
export type LogRecord = RunRecord | WalkRecord | PageRecord | SettledRecord | EndRecord | VoidRecord | CompleteRecord;

/** A record's metadata as it is stored: JSON with every digit of every number. */
export function encodeRecord(record: LogRecord): string {
  return printJson(record as unknown as Json);
}

/** Reads a record's metadata. */
export function decodeRecord(metadata: Buffer): LogRecord {
  return parseJson(metadata.toString('utf8')) as unknown as LogRecord;
}
