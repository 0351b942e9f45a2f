import type { Json, JsonObject } from '../../src/core/json.ts';
import { canonicalJson } from '../../src/core/print-json.ts';
import type { Schema, TableSchema } from '../../src/core/schema.ts';
import { schemaHash } from '../../src/core/schema-hash.ts';
import { readStored } from '../../src/destinations/sql/stored-text.ts';
import type { StoredRow, StoredTable } from './place.ts';
import { rowTexts } from './row-texts.ts';
import { schemaContent, stateContent } from './stored-documents.ts';

/** What a table holds: its columns as the destination has them, and its rows as texts. */
export interface TableView {
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: readonly string[];
}

/** What a dataset holds, without what is drawn or depends on the moment: equal datasets have equal views. */
export interface DatasetView {
  readonly tables: Readonly<Record<string, TableView>>;
  /** A line a load. */
  readonly loads: readonly string[];
  /** The newest stored schema, how many versions there are, and its hash, which also covers the order of columns, by name. */
  readonly schemas: Readonly<Record<string, { readonly content: Json; readonly versions: number; readonly hash: string }>>;
  /** The newest state, and how many there are that differ from the one before, by pipeline. */
  readonly states: Readonly<Record<string, { readonly content: Json; readonly rows: number }>>;
}

/** Describes the tables of a dataset. */
export function viewOf(stored: readonly StoredTable[]): DatasetView {
  const rowsOf = (name: string, order: string): StoredRow[] =>
    (stored.find((table) => table.name === name)?.rows ?? []).toSorted((a, b) => (String(a[order]) < String(b[order]) ? -1 : 1));
  const schemas = new Map<string, { content: JsonObject; versions: number; hash: string }>();
  const hashes = new Set<string>();
  for (const { schema_name, schema, version_hash } of rowsOf('_dlt_version', 'inserted_at')) {
    const name = String(schema_name);
    const content = schemaContent(readStored(String(schema), `schema ${name}`));
    const hash = schemaHash(content as unknown as Schema);
    const before = schemas.get(name);
    // A version that only notes what is not compared does not count; one that is stored twice does.
    const isSilent = before?.hash === hash && !hashes.has(String(version_hash));
    hashes.add(String(version_hash));
    schemas.set(name, { content, versions: (before?.versions ?? 0) + (isSilent ? 0 : 1), hash });
  }
  const states = new Map<string, { content: Json; rows: number }>();
  const ofState = new Set<string>();
  for (const { pipeline_name, state, _dlt_load_id } of rowsOf('_dlt_pipeline_state', '_dlt_load_id')) {
    const name = String(pipeline_name);
    const content = stateContent(readStored(String(state), `state ${name}`));
    const before = states.get(name);
    if (!before || canonicalJson(before.content) !== canonicalJson(content)) states.set(name, { content, rows: (before?.rows ?? 0) + 1 });
    if ((content['schema_names'] as readonly Json[]).length > 1) ofState.add(String(_dlt_load_id));
  }
  const known = [...schemas.values()].map(({ content }) => content['tables'] as unknown as Record<string, TableSchema>);
  // Of a pipeline with several schemas, dlt stores the state in a load of its own.
  const ofRows = new Set(
    stored.filter(({ name }) => !name.startsWith('_')).flatMap(({ rows }) => rows.map((row) => row['_dlt_load_id'] ?? '')),
  );
  const loads = rowsOf('_dlt_loads', 'load_id').filter(({ load_id }) => !ofState.has(String(load_id)) || ofRows.has(String(load_id)));
  const texts = rowTexts(stored, {
    schema: Object.assign({}, ...known) as Record<string, TableSchema>,
    loadIds: loads.map(({ load_id }) => String(load_id)),
  });
  const shared = stored.filter(({ name }) => !name.startsWith('_syncline_'));
  return {
    tables: Object.fromEntries(
      shared.map(({ name, columns }) => [
        name,
        {
          columns: Object.fromEntries(columns.map((column) => [column.name, column.type + (column.nullable ? '' : ' NOT NULL')])),
          rows: texts.get(name) ?? [],
        },
      ]),
    ),
    loads: loads.map(
      ({ schema_name, status, schema_version_hash }) =>
        `${schema_name}, status ${status}, ${hashes.has(String(schema_version_hash)) ? 'a stored' : 'no stored'} schema`,
    ),
    schemas: Object.fromEntries(schemas),
    states: Object.fromEntries(states),
  };
}

/** The newest schema of each name, as it is stored. */
export function schemaTexts(stored: readonly StoredTable[]): string[] {
  const rows = stored.find(({ name }) => name === '_dlt_version')?.rows ?? [];
  const sorted = rows.toSorted((a, b) => (String(a['inserted_at']) < String(b['inserted_at']) ? -1 : 1));
  return [...new Map(sorted.map(({ schema_name, schema }) => [schema_name, String(schema)])).values()];
}
