import { describe, expect, it } from 'vitest';
import { JsonFloat, type Json } from '../core/json.ts';
import { createSecrets } from '../core/secret.ts';
import type { ProcessingStep } from './rest-api-config.ts';
import { createSteps } from './processing-steps.ts';

const rows = (): Json[] => [{ id: 1, f: new JsonFloat(1) }, { id: 2 }, { id: 3 }];
const run = (...steps: ProcessingStep[]) => createSteps(steps, { resource: 'posts', secrets: createSecrets() })?.(rows());

describe('createSteps', () => {
  it('is nothing without steps', () => {
    expect([run(), run({})]).toEqual([undefined, undefined]);
  });

  it('runs entries in order, and within one filter, map, yield_map', () => {
    const twice = {
      *yield_map(row: { id?: unknown }) {
        yield row;
        yield { ...row, copy: true };
      },
      map: (row: { id?: unknown }) => ({ ...row, id: Number(row.id) * 10 }),
      filter: (row: { id?: unknown }) => row.id !== 2,
    };
    expect(run(twice, { filter: (row) => row['id'] === 30 })).toEqual([{ id: 30 }, { id: 30, copy: true }]);
  });

  it('gives functions plain numbers and keeps floats floats', () => {
    expect(run({ filter: (row) => row['f'] === 1, map: (row) => ({ ...row, g: 1 }) })).toEqual([{ id: 1, f: new JsonFloat(1), g: 1 }]);
  });

  it.each<[string, ProcessingStep, string]>([
    ['throws', { map: () => JSON.parse('{') as never }, 'failed on a row: '],
    ['returns nothing', { map: () => undefined }, 'it returned no row'],
    ['is async', { filter: (async () => true) as never }, 'it is async'],
    ['returns no JSON', { map: () => ({ a: new Map() }) }, 'a Map is no JSON value'],
  ])('says so when a function %s', (_, step, message) => {
    expect(() => run(step)).toThrow(expect.objectContaining({ code: 'processing_step_failed', message: expect.stringContaining(message) }));
  });
});
