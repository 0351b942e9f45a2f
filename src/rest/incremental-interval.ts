import { ConfigError } from '../core/errors.ts';
import { parseIsoDatetime } from '../core/iso-datetime.ts';
import { epochMicros } from '../core/iso-value.ts';
import { type Json, JsonFloat } from '../core/json.ts';
import type { JsonInput } from './config-json.ts';
import { endValue, type IncrementalOptions, initialValue } from './incremental-options.ts';
import { cursorOrder } from './incremental-order.ts';

/** The environment that a scheduler sets. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The options with the interval of an external scheduler as their range, when they allow one: from
 * `DLT_INTERVAL_START` to `DLT_INTERVAL_END`, within the configured bounds. The run then keeps no
 * state. Throws a ConfigError when there is no interval, or the cursor does not count seconds.
 */
export function joinScheduler(
  options: IncrementalOptions,
  { env, resource }: { readonly env: Environment; readonly resource: string },
): IncrementalOptions {
  const interval = schedulerInterval(options, env);
  if (!interval) return options;
  const { start, end } = interval;
  const context = { resource };
  if (start === undefined || end === undefined) {
    throw new ConfigError('scheduler_interval_missing', `Resource "${resource}" takes its interval from a scheduler, but there is none`, {
      hint: 'Set DLT_INTERVAL_START and DLT_INTERVAL_END, or set `allow_external_schedulers` to false.',
      context,
    });
  }
  const initial = initialValue(options);
  if (typeof initial !== 'number' && typeof initial !== 'bigint' && !(initial instanceof JsonFloat)) {
    const message = `Resource "${resource}" cannot take its interval from a scheduler: \`initial_value\` is no number of seconds since 1970`;
    throw new ConfigError('scheduler_cursor_unsupported', message, {
      hint: 'Give `initial_value` as a number, or set `allow_external_schedulers` to false.',
      context,
    });
  }
  const whole = typeof initial === 'bigint' || (typeof initial === 'number' && Number.isInteger(initial));
  const bound = (seconds: number): Json => (whole ? Math.floor(seconds) : seconds);
  const order = cursorOrder(options);
  const [from, to] = [bound(start), bound(end)];
  const configuredEnd = endValue(options);
  const endIsNearer = configuredEnd !== null && order.equals(order.pick(configuredEnd, to), to);
  return {
    ...options,
    initial_value: (order.equals(order.pick(initial, from), initial) ? initial : from) as JsonInput,
    end_value: (endIsNearer ? configuredEnd : to) as JsonInput,
  };
}

/** What a scheduler says of the interval, in seconds since 1970; `undefined` for an incremental that takes none from it. */
export function schedulerInterval(
  options: IncrementalOptions,
  env: Environment,
): { readonly start: number | undefined; readonly end: number | undefined } | undefined {
  if (!(options.allow_external_schedulers ?? allowedBy(env))) return undefined;
  return {
    start: secondsOf(env['DLT_INTERVAL_START'], 'DLT_INTERVAL_START'),
    end: secondsOf(env['DLT_INTERVAL_END'], 'DLT_INTERVAL_END'),
  };
}

const TRUE = new Set(['yes', 'true', 't', 'y', '1']);
const FALSE = new Set(['no', 'false', 'f', 'n', '0']);

function allowedBy(env: Environment): boolean {
  const value = env['DLT_ALLOW_EXTERNAL_SCHEDULERS'];
  if (value === undefined || value === '' || FALSE.has(value.toLowerCase())) return false;
  if (TRUE.has(value.toLowerCase())) return true;
  throw new ConfigError('environment_invalid', 'DLT_ALLOW_EXTERNAL_SCHEDULERS is neither true nor false', {
    hint: 'Set it to true or false, or unset it.',
  });
}

/** A date or time of the environment in seconds since 1970; without an offset it is UTC. */
function secondsOf(value: string | undefined, name: string): number | undefined {
  if (value === undefined || value === '') return undefined;
  const moment = parseIsoDatetime(value);
  if (moment !== undefined && moment.kind !== 'time') return Number(epochMicros(moment)) / 1_000_000;
  throw new ConfigError('environment_invalid', `${name} is not a date or time in ISO 8601`, {
    hint: `Set ${name} as in 2024-01-31T00:00:00Z.`,
  });
}
