import type { Finding } from '../core/errors.ts';
import { isPlainObject } from '../rest/config-json.ts';

/** A value with its `${NAME}` filled in. */
export interface Interpolated {
  readonly value: unknown;
  /** The variables that were filled in, with their values: all of them are secrets. */
  readonly variables: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

const PATTERN = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Fills `${NAME}` in every string, keys excepted, from `env`; `$${` is a literal `${`. A `$` before
 * a template placeholder (`${resources.a.b}`) is left alone: a variable's name has no dot.
 */
export function interpolate(value: unknown, env: Readonly<Record<string, string | undefined>>): Interpolated {
  const variables = new Map<string, string>();
  const findings: Finding[] = [];
  const text = (input: string, path: readonly (string | number)[]): string =>
    input.replace(PATTERN, (whole, name: string | undefined) => {
      if (name === undefined) return '${';
      const found = env[name];
      if (found === undefined) {
        findings.push({
          path,
          message: `The environment variable ${name} is not set.`,
          hint: `Set ${name} in the environment or in a .env file beside the configuration; write $\${${name}} for the text itself.`,
        });
        return whole;
      }
      if (found !== '') variables.set(name, found);
      return found;
    });
  const visit = (input: unknown, path: readonly (string | number)[]): unknown => {
    if (typeof input === 'string') return text(input, path);
    if (Array.isArray(input)) return input.map((item, i) => visit(item, [...path, i]));
    if (!isPlainObject(input)) return input;
    return Object.fromEntries(Object.entries(input).map(([key, item]) => [key, visit(item, [...path, key])]));
  };
  return { value: visit(value, []), variables, findings };
}
