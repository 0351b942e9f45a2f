import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStoredSchema } from './stored-schema.ts';
import { readStoredState, writeStoredState } from './stored-state.ts';
import { packText, readStored } from './stored-text.ts';

const path = resolve(import.meta.dirname, '../../../test/golden/old-schema.json');
const { old, migrated } = JSON.parse(readFileSync(path, 'utf8')) as { old: Record<string, unknown>; migrated: unknown };

describe('a stored schema', () => {
  it('of an older dlt is brought up to date as dlt does', () => {
    expect(readStoredSchema(JSON.stringify(old))).toEqual(migrated);
    expect(readStoredSchema(JSON.stringify(migrated))).toEqual(migrated);
  });

  it('keeps the order of columns, and numbers that JavaScript would round', () => {
    const table = '"t":{"name":"t","columns":{"b":{"name":"b"},"a":{"name":"a","x-big":12345678901234567890}}}';
    const schema = readStoredSchema(`{"name":"s","engine_version":11,"version":1,"tables":{${table}},"normalizers":{}}`);
    expect(Object.keys(schema.tables['t']?.columns ?? {})).toEqual(['b', 'a']);
    expect(schema.tables['t']?.columns['a']?.['x-big']).toBe(12_345_678_901_234_567_890n);
  });
});

describe('a stored state', () => {
  const state = {
    _state_version: 3,
    _state_engine_version: 4,
    pipeline_name: 'p',
    dataset_name: 'd',
    default_schema_name: 's',
    schema_names: ['s'],
    destination_type: 'dlt.destinations.duckdb',
    destination_name: null,
    sources: { s: { big: 2n ** 70n, text: 'ż\uF027' } },
  };

  it('comes back as it was, without what is local', () => {
    const stored = writeStoredState({ ...state, _local: { initial_cwd: '/secret' } });
    expect(stored).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(readStoredState(stored)).toEqual(state);
  });

  it('of an older dlt has its destination in one key', () => {
    const read = readStoredState('{"_state_engine_version":3,"destination":"dlt.destinations.duckdb","_local":{}}');
    expect(read).toEqual({ _state_engine_version: 4, destination_type: 'dlt.destinations.duckdb', destination_name: null });
  });
});

describe('a stored text', () => {
  it('is packed as Python packs it', () => {
    // base64.b64encode(zlib.compress(b'{"a": 1}', 9))
    expect(readStored('eNqrVkpUslIwrAUACeUCKQ==', 'text')).toEqual({ a: 1 });
    expect(readStored(packText('{"ż":[]}'), 'text')).toEqual({ ż: [] });
  });

  it.each(['', '[1]', 'null', '{"a"', 'eNqrVkpU', 'AAAA'])('that is no document is refused: %j', (text) => {
    expect(() => readStored(text, 'schema')).toThrow(/stored schema is neither JSON nor packed JSON/);
  });
});
