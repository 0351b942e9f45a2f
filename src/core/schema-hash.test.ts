import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Schema } from './schema.ts';
import { bumpVersion, newSchema, schemaHash, stateHash } from './schema-hash.ts';
import type { PipelineState } from './state.ts';

const stored = () => JSON.parse(readFileSync(new URL('../../test/golden/stored_schema_example.json', import.meta.url), 'utf8')) as Schema;

describe('schemaHash', () => {
  it('is the hash that dlt stored', () => {
    expect(schemaHash(stored())).toBe('D5gyMB53CP5Dtqa49R9TXhfhxFUtTO156AznoDH6QIU=');
  });

  it('counts the order of columns and not that of tables', () => {
    const schema = stored();
    const { tables } = schema;
    expect(schemaHash({ ...schema, tables: Object.fromEntries(Object.entries(tables).toReversed()) })).toBe(schema.version_hash);
    const items = tables['items'] as Schema['tables'][string];
    const turned = { ...items, columns: Object.fromEntries(Object.entries(items.columns).toReversed()) };
    expect(schemaHash({ ...schema, tables: { ...tables, items: turned } })).not.toBe(schema.version_hash);
  });

  it('does not count the version', () => {
    expect(schemaHash({ ...stored(), version: 9, version_hash: 'x', previous_hashes: [], imported_version_hash: 'y' })).toBe(
      stored().version_hash,
    );
  });
});

describe('newSchema', () => {
  it('is the schema that dlt starts with', () => {
    const schema = newSchema('minimal');
    expect([schema.version, schema.version_hash]).toEqual([1, '8ch1Sz6/QD6aZWBvp4lC/Dolmu4n4pTM5cVPqoALHkk=']);
  });
});

describe('bumpVersion', () => {
  it('leaves an unchanged schema alone', () => {
    const schema = newSchema('s');
    bumpVersion(schema);
    expect(schema).toEqual(newSchema('s'));
  });

  it('counts changes and keeps the last ten hashes, newest first, each once', () => {
    const schema = newSchema('s');
    const hashes = [schema.version_hash];
    for (let i = 1; i <= 12; i += 1) {
      schema.description = `change ${i}`;
      bumpVersion(schema);
      hashes.unshift(schema.version_hash);
    }
    expect(schema.version).toBe(13);
    expect(schema.previous_hashes).toEqual(hashes.slice(1, 11));
    for (const change of ['change 11', 'change 13']) {
      schema.description = change;
      bumpVersion(schema);
    }
    expect(schema.previous_hashes).toEqual(hashes.slice(0, 10));
  });
});

describe('stateHash', () => {
  it('is the hash that dlt 1.31 gives', () => {
    const incremental = { ts: { initial_value: null, last_value: '2024-01-02', unique_hashes: [], start_value: null } };
    const state = { sources: { s: { resources: { r: { incremental } } } } } as unknown as PipelineState;
    const hash = 'aqdeZRcALj6XhUYiOJ3/KkjJdDhvF9N+f/mHu4Is84I=';
    expect(stateHash(state)).toBe(hash);
    const bookkeeping = { _state_version: 3, _state_engine_version: 4, _version_hash: 'x', _local: { first_run: false } };
    expect(stateHash({ ...state, ...bookkeeping })).toBe(hash);
  });
});
