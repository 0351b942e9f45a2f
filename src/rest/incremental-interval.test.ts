import { describe, expect, it } from 'vitest';
import { JsonFloat } from '../core/json.ts';
import { type Environment, joinScheduler } from './incremental-interval.ts';
import type { IncrementalOptions } from './incremental-options.ts';

const env = { DLT_INTERVAL_START: '2024-01-01T00:00:00Z', DLT_INTERVAL_END: '2024-01-02' };
const [start, end] = [1_704_067_200, 1_704_153_600];
const join = (options: Partial<IncrementalOptions>, environment: Environment = env) =>
  joinScheduler({ cursor_path: 'ts', initial_value: 0, ...options }, { env: environment, resource: 'r' });

describe('joinScheduler', () => {
  it('takes the interval when it is allowed', () => {
    expect(join({ allow_external_schedulers: true })).toMatchObject({ initial_value: start, end_value: end });
    expect(join({}, { ...env, DLT_ALLOW_EXTERNAL_SCHEDULERS: 'True' })).toMatchObject({ initial_value: start, end_value: end });
  });

  it.each<[Partial<IncrementalOptions>, Environment]>([
    [{}, env],
    [{ allow_external_schedulers: false }, { ...env, DLT_ALLOW_EXTERNAL_SCHEDULERS: 'true' }],
    [{}, { ...env, DLT_ALLOW_EXTERNAL_SCHEDULERS: 'no' }],
    [{}, { ...env, DLT_ALLOW_EXTERNAL_SCHEDULERS: '' }],
  ])('leaves the options alone otherwise (%#)', (options, environment) => {
    expect(join(options, environment)).toEqual({ cursor_path: 'ts', initial_value: 0, ...options });
  });

  it('stays within the configured bounds', () => {
    const options = { allow_external_schedulers: true, initial_value: start + 5, end_value: end - 5 };
    expect(join(options)).toMatchObject({ initial_value: start + 5, end_value: end - 5 });
    expect(join({ ...options, initial_value: 1, end_value: end + 5 })).toMatchObject({ initial_value: start, end_value: end });
  });

  it('counts whole seconds for integers, fractions for floats', () => {
    const environment = { ...env, DLT_INTERVAL_START: '2024-01-01T00:00:00.5Z' };
    const float = new JsonFloat(0) as unknown as number;
    expect(join({ allow_external_schedulers: true }, environment).initial_value).toBe(start);
    expect(join({ allow_external_schedulers: true, initial_value: float }, environment).initial_value).toBe(start + 0.5);
  });

  it.each<[Partial<IncrementalOptions>, Environment, string]>([
    [{}, {}, 'scheduler_interval_missing'],
    [{}, { DLT_INTERVAL_START: env.DLT_INTERVAL_START }, 'scheduler_interval_missing'],
    [{ initial_value: '2024-01-01' }, env, 'scheduler_cursor_unsupported'],
    [{ initial_value: null }, env, 'scheduler_cursor_unsupported'],
    [{}, { ...env, DLT_INTERVAL_END: 'soon' }, 'environment_invalid'],
  ])('refuses what it cannot use (%#)', (options, environment, code) => {
    expect(() => join({ allow_external_schedulers: true, ...options }, environment)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a switch that is neither true nor false', () => {
    expect(() => join({}, { DLT_ALLOW_EXTERNAL_SCHEDULERS: 'maybe' })).toThrow(expect.objectContaining({ code: 'environment_invalid' }));
  });
});
