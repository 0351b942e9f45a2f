import type { ColumnBatch } from '../core/column-batch.ts';
import type { Capabilities } from '../core/destination.ts';
import type { ContractMode, Schema, SchemaChange, SchemaContract } from '../core/schema.ts';
import { bumpVersion } from '../core/schema-hash.ts';
import type { Row } from '../core/source.ts';
import { BatchCutter } from './batch-cutter.ts';
import { createColumnRules } from './column-rules.ts';
import { createFieldFilter } from './field-filters.ts';
import { HintApplier } from './hint-applier.ts';
import { createNaming } from './names.ts';
import { finishTables, type NormalizeReport } from './normalize-report.ts';
import { Planner } from './planner.ts';
import { settleNormalizerConfig } from './root-key.ts';
import { RandomIds } from './row-ids.ts';
import { RowWriter } from './row-writer.ts';
import { copySchema } from './copy-schema.ts';
import type { RowPlan } from './row-plan.ts';
import { type HintedResource, isDynamic } from './table-hints.ts';
import { Tables } from './tables.ts';

/** What a normalizer works by. */
export interface NormalizerOptions {
  /** Where it starts from; not changed. */
  readonly schema: Schema;
  readonly loadId: string;
  readonly capabilities: Pick<Capabilities, 'mergeStrategies' | 'maxIdentifierLength' | 'keepsBatches'>;
  /** 16 bytes that the ids of rows are made from: the same seed and rows give the same ids. */
  readonly seed: Uint8Array;
  readonly schemaContract?: ContractMode | SchemaContract | undefined;
  readonly maxTableNesting?: number | undefined;
  readonly rootKey?: boolean | undefined;
  /** Rows that make a batch; 8192 if left out. */
  readonly batchRows?: number;
  /** Let columns that may not be null be null in some rows, for destinations that do not care. */
  readonly allowsNullsAnywhere?: boolean;
}

/** Batches that are ready, and what the destination has to add before it takes them. */
export interface Drained {
  readonly changes: readonly SchemaChange[];
  /** Good until the next `addRows` or `drain`. */
  readonly batches: readonly ColumnBatch[];
}

/** What a run's rows came to. */
export interface NormalizeResult extends NormalizeReport {
  /** The schema that goes with the rows, its version raised if it changed. */
  readonly schema: Schema;
}

/** Turns rows of resources into column batches while the schema evolves. Rows and batches alternate, so that memory stays flat. */
export interface Normalizer {
  /**
   * Adds rows, in order. False when a contract lets none of them have its table. Throws a ContractError when
   * they break a contract; nothing can be added after that.
   */
  addRows(resource: HintedResource, rows: readonly Row[]): boolean;
  /** Settles the table of a resource that may have no rows: it is made when its columns are known. */
  addResource(resource: HintedResource): void;
  /** Takes the batches that are large enough, or all that there is (`force`). */
  drain(force?: boolean): Drained;
  /** Settles the schema, after the last `drain(true)`. */
  finish(): NormalizeResult;
}

const BATCH_ROWS = 8192;

/** A normalizer for one load. */
export function createNormalizer(options: NormalizerOptions): Normalizer {
  const { capabilities } = options;
  const schema = copySchema(options.schema);
  if (options.schemaContract === undefined) delete schema.settings.schema_contract;
  else schema.settings.schema_contract = options.schemaContract;
  settleNormalizerConfig(schema, options, capabilities);
  const naming = createNaming(capabilities.maxIdentifierLength);
  const tables = new Tables({
    schema,
    naming,
    rules: createColumnRules(schema.settings),
    isExcluded: createFieldFilter(schema),
    capabilities,
  });
  const planner = new Planner({ tables, capabilities });
  const writer = new RowWriter({ tables, planner, ids: new RandomIds(options.seed), loadId: options.loadId });
  const hints = new HintApplier({ tables, planner, naming, capabilities });
  const cutter = new BatchCutter(tables, {
    batchRows: options.batchRows ?? BATCH_ROWS,
    keepsBatches: capabilities.keepsBatches ?? false,
    allowsNulls: options.allowsNullsAnywhere ?? false,
  });
  return {
    addRows(resource, rows) {
      const varies = isDynamic(resource.hints);
      let plan: RowPlan | undefined;
      let isTaken = false;
      for (const row of rows) {
        if (plan === undefined || varies) {
          const name = hints.tableFor(resource, row);
          if (name === undefined && !varies) return false;
          plan = name === undefined ? undefined : planner.root(name);
        }
        if (plan === undefined) continue;
        isTaken = true;
        writer.add(plan, row);
        cutter.cutLarge();
      }
      writer.release();
      return isTaken;
    },
    addResource(resource) {
      const name = hints.tableWithoutRows(resource);
      if (name !== undefined) writer.addOwnColumns(planner.root(name));
    },
    drain: (force = false) => cutter.drain(force),
    finish() {
      const report = finishTables(tables);
      bumpVersion(schema);
      return { schema, ...report };
    },
  };
}
