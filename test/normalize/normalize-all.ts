import { batchRows, type BatchValue } from '../../src/columns/batch-rows.ts';
import type { ColumnBatch } from '../../src/core/column-batch.ts';
import type { Capabilities } from '../../src/core/destination.ts';
import type { Json } from '../../src/core/json.ts';
import type { Schema, SchemaChange } from '../../src/core/schema.ts';
import { newSchema } from '../../src/core/schema-hash.ts';
import { createNormalizer, type NormalizeResult, type NormalizerOptions } from '../../src/normalize/normalizer.ts';
import type { HintedResource } from '../../src/normalize/table-hints.ts';

/** Every merge strategy, dlt's default first. */
export const ALL_STRATEGIES: Capabilities['mergeStrategies'] = ['delete-insert', 'upsert', 'insert-only', 'scd2', 'cdc'];

/** A row as a batch has it, nulls left out. */
export type StoredRow = Record<string, BatchValue>;

/** What came out of a normalizer. */
export interface Normalized extends NormalizeResult {
  /** Rows by table, in order. */
  readonly tables: Readonly<Record<string, StoredRow[]>>;
  readonly changes: readonly SchemaChange[];
}

/** A page of rows of a resource. */
export interface Page {
  readonly resource: HintedResource;
  readonly rows: readonly Json[];
}

/** A resource without hints. */
export const messages: HintedResource = { name: 'messages', hints: {} };

/** Options that most tests are content with. */
export function defaults(options: Partial<NormalizerOptions> = {}): NormalizerOptions {
  return {
    schema: newSchema('s'),
    loadId: 'LOAD',
    capabilities: { mergeStrategies: ALL_STRATEGIES, maxIdentifierLength: 1000 },
    seed: new Uint8Array(16),
    ...options,
  };
}

/**
 * Runs pages through a normalizer, draining after each. Checks what a destination relies on: a table
 * or column is announced before a batch has it, and once.
 */
export function normalizePages(pages: readonly Page[], options: Partial<NormalizerOptions> = {}): Normalized {
  const normalizer = createNormalizer(defaults(options));
  const known = announced(options.schema ?? newSchema('s'));
  const tables = Object.create(null) as Record<string, StoredRow[]>;
  const changes: SchemaChange[] = [];
  const drain = (force: boolean) => {
    const drained = normalizer.drain(force);
    for (const change of drained.changes) announce(known, change);
    changes.push(...drained.changes);
    for (const batch of drained.batches) {
      expectAnnounced(known, batch);
      (tables[batch.table] ??= []).push(...batchRows(batch));
    }
  };
  for (const { resource, rows } of pages) {
    normalizer.addRows(resource, rows);
    drain(false);
  }
  for (const { resource } of pages) normalizer.addResource(resource);
  drain(true);
  return { ...normalizer.finish(), tables, changes };
}

/** Runs rows of one resource through a normalizer. */
export function normalizeRows(
  rows: readonly Json[],
  options: Partial<NormalizerOptions> & { readonly resource?: HintedResource } = {},
): Normalized {
  const { resource = messages, ...rest } = options;
  return normalizePages([{ resource, rows }], rest);
}

type Known = Map<string, Set<string>>;

function announced(schema: Schema): Known {
  const created = Object.values(schema.tables).filter((table) => table['x-normalizer']?.['seen-data']);
  return new Map(created.map((table) => [table.name, new Set(Object.values(table.columns).flatMap((c) => (c.data_type ? [c.name] : [])))]));
}

function announce(known: Known, { kind, table, columns }: SchemaChange): void {
  if ((kind === 'create_table') === known.has(table.name))
    throw new Error(`${kind} of ${table.name}, which is ${known.has(table.name) ? '' : 'not '}there`);
  const names = known.get(table.name) ?? new Set();
  known.set(table.name, names);
  for (const column of columns) {
    if (names.has(column.name) || !column.data_type) throw new Error(`${table.name}.${column.name} is announced twice or without a type`);
    names.add(column.name);
  }
}

function expectAnnounced(known: Known, batch: ColumnBatch): void {
  for (const { schema } of batch.columns) {
    if (!known.get(batch.table)?.has(schema.name)) throw new Error(`${batch.table}.${schema.name} was not announced`);
  }
}
