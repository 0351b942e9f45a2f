import type { Gap } from '../core/gap.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import type { StopReason } from '../core/paginator.ts';
import { printJson } from '../core/print-json.ts';
import type { Bounds, PageStep, WalkedPage, WalkPlan } from '../core/source.ts';
import type { ResourceState } from '../core/state.ts';
import type { WalkFacts } from './walk-facts.ts';

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
  /** State of the source's resources that walks are planned from. */
  readonly state: Readonly<Record<string, ResourceState>>;
  /** Ranges that the configuration gave the resources' incrementals when the run began; absent in logs of before they were kept. */
  readonly bounds?: Readonly<Record<string, Bounds>>;
  /** What the run's earlier loads came to, where it is cut into several. */
  readonly tally?: JsonObject;
  /** Load id of the log that has the beginnings of the walks that go on in this one. */
  readonly continues?: string;
}

/** What came of the run in earlier logs, where it is cut into several loads. Follows the run's record. */
export interface CarriedRecord {
  readonly kind: 'carried';
  /** Numbers below it are taken. */
  readonly nextWalk: number;
  /** Pages, by resource, that are not in this log. */
  readonly pages: Readonly<Record<string, number>>;
  /** What walks that have ended lack, by resource. */
  readonly gaps: Readonly<Record<string, readonly Gap[]>>;
  /** Top-level resources whose walks have ended. */
  readonly ended: readonly string[];
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
  /** It goes on here. */
  readonly beginning?: WalkBeginning;
}

/** The beginning of a walk that earlier logs have, and whose rows were read from there. */
export interface WalkBeginning extends PageStep {
  /** How many pages, from the first. */
  readonly pages: number;
  readonly facts: WalkFacts;
  /** What a reader of the rows remembers after them. */
  readonly snapshot?: Json;
  /** Pages that follow once more, because walks below them have not ended. */
  readonly open: readonly number[];
}

/** A page was received. Its body follows, and the checkpoint is in the same record (invariant 1). */
export interface PageRecord extends Omit<WalkedPage, 'body'> {
  readonly kind: 'page';
  readonly walk: number;
  /** It is of the walk's beginning, and here for what is below it only, or as the last one. */
  readonly read?: {
    /** Walks below it that have ended, by {@link childKey}; absent when all have. */
    readonly ended?: readonly string[];
  };
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
export type LogRecord = RunRecord | CarriedRecord | WalkRecord | PageRecord | SettledRecord | EndRecord | VoidRecord | CompleteRecord;

/** Names the walk of a resource that starts from a row of a page. */
export function childKey(row: number, resource: string): string {
  return `${row} ${resource}`;
}

/** A record's metadata as it is stored: JSON with every digit of every number. */
export function encodeRecord(record: LogRecord): string {
  return printJson(record as unknown as Json);
}

/** Reads a record's metadata. */
export function decodeRecord(metadata: Buffer): LogRecord {
  return parseJson(metadata.toString('utf8')) as unknown as LogRecord;
}
