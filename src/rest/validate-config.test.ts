import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../core/errors.ts';
import { builtInPlugins } from './config-plugins.ts';
import { validateConfig } from './validate-config.ts';

interface Golden {
  readonly about: string;
  readonly config: unknown;
  readonly findings?: readonly Finding[];
  readonly warnings?: readonly Finding['path'][];
}

function golden(kind: 'good' | 'bad'): (readonly [string, Golden])[] {
  const folder = new URL(`../../test/golden/configs/${kind}/`, import.meta.url);
  return readdirSync(folder).map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Golden]);
}

const client = { base_url: 'https://api.example.com' };

describe('validateConfig', () => {
  it.each(golden('good'))('accepts %s', (_, { config, warnings = [] }) => {
    const before = structuredClone(config);
    const result = validateConfig(config);
    expect(result.findings).toEqual([]);
    expect(result.warnings.map(({ path }) => path)).toEqual(warnings);
    expect(result.config).toBe(config);
    expect(config).toEqual(before);
  });

  it.each(golden('bad'))('refuses %s', (_, { config, findings, warnings = [] }) => {
    const before = structuredClone(config);
    const result = validateConfig(config);
    expect(result.config).toBeUndefined();
    expect(result.findings).toEqual(findings);
    expect(result.warnings.map(({ path }) => path)).toEqual(warnings);
    expect(JSON.stringify(result)).not.toContain('s3cret');
    expect(config).toEqual(before);
  });

  it('has enough of both', () => {
    expect(golden('good').length).toBeGreaterThanOrEqual(30);
    expect(golden('bad').length).toBeGreaterThanOrEqual(60);
  });

  it('takes functions where dlt takes callables', () => {
    const dynamic = { table_name: () => 'a', write_disposition: () => 'append', columns: () => ({}), primary_key: () => 'id' };
    const endpoint = {
      response_actions: [() => 'ignore', { status_code: 404, action: [() => undefined] }, { action: () => undefined }],
      incremental: { cursor_path: 'a', convert: String, last_value_func: Math.max, primary_key: () => 'id' },
    };
    const steps = [{ filter: Boolean, map: Object, yield_map: () => [] }];
    const resources = [
      { name: 'a', endpoint, processing_steps: steps, ...dynamic },
      { name: 'b', rows: () => [[{ id: 1 }]], primary_key: 'id', selected: false },
      { name: 'c', endpoint: '{resources.b.id}/c' },
    ];
    expect(validateConfig({ client, resources }).findings).toEqual([]);
  });

  it('wants a function for the table when another hint is one', () => {
    const { findings } = validateConfig({ client, resources: [{ name: 'a', primary_key: () => 'id' }] });
    expect(findings).toEqual([expect.objectContaining({ path: ['resources', 0, 'primary_key'] })]);
  });

  it('takes instances of paginators and auths', () => {
    const paginator = { first: () => null, apply: (request: unknown) => request, next: () => ({ stop: 'single_page' }) };
    const auth = { apply: (request: unknown) => request };
    expect(validateConfig({ client: { ...client, paginator, auth }, resources: ['a'] }).findings).toEqual([]);
  });

  it('knows plug-ins that are passed in', () => {
    const { single_page: single } = builtInPlugins.paginators;
    if (single === undefined) throw new Error('no single_page');
    const plugins = { ...builtInPlugins, paginators: { ...builtInPlugins.paginators, once: { ...single, type: 'once' } } };
    const config = { client: { ...client, paginator: { type: 'once' } }, resources: ['a', { name: 'b', endpoint: { paginator: 'once' } }] };
    expect(validateConfig(config, plugins).findings).toEqual([]);
    expect(validateConfig(config).findings).toHaveLength(2);
  });

  it('does not take the consequences of a mistake for mistakes', () => {
    const endpoint = {
      path: 'a/{x}/{incremental.start_value}',
      params: { x: { type: 'resolve', resource: 'b' } },
      incremental: { cursor_path: 5 },
    };
    const resource = {
      name: 'a',
      include_from_parent: ['id'],
      endpoint,
      primary_key: 5,
      write_disposition: { disposition: 'merge', strategy: 'upsert' },
    };
    const { findings } = validateConfig({ client, resources: [resource, { name: 5 }, { name: 'c', endpoint: '{resources.d.id}' }] });
    expect(findings.map(({ path }) => path.join('.'))).toEqual([
      'resources.0.primary_key',
      'resources.0.endpoint.params.x.field',
      'resources.0.endpoint.incremental.cursor_path',
      'resources.1.name',
    ]);
  });

  it('goes on with the parameters that are sound', () => {
    const endpoint = { params: { bad: { type: 'resolve' }, q: '{x}' } };
    const { findings } = validateConfig({ client, resources: [{ name: 'a', endpoint }] });
    expect(findings.map(({ path }) => path.at(-1))).toEqual(['resource', 'field', 'q']);
  });

  it('wants no primary key of a resource that is not loaded', () => {
    const resource = { name: 'a', selected: false, write_disposition: { disposition: 'merge', strategy: 'upsert' } };
    expect(validateConfig({ client, resources: [resource] }).findings).toEqual([]);
  });
});
