import type { Finding } from '../core/errors.ts';

/** Keys and indexes from the top of a configuration. */
export type ConfigPath = readonly (string | number)[];

/** Collects what checks find, each finding once: defaults are checked again with every resource. */
export interface Findings {
  readonly errors: readonly Finding[];
  /** What does not stop a run. */
  readonly warnings: readonly Finding[];
  readonly error: (path: ConfigPath, message: string, hint?: string) => void;
  readonly warn: (path: ConfigPath, message: string, hint?: string) => void;
}

/** An empty collection of findings. */
export function createFindings(): Findings {
  const errors: Finding[] = [];
  const warnings: Finding[] = [];
  const seen = new Set<string>();
  const add = (list: Finding[], path: ConfigPath, message: string, hint: string | undefined) => {
    const key = JSON.stringify([path, message]);
    if (seen.has(key)) return;
    seen.add(key);
    list.push(hint === undefined ? { path, message } : { path, message, hint });
  };
  return {
    errors,
    warnings,
    error: (path, message, hint) => add(errors, path, message, hint),
    warn: (path, message, hint) => add(warnings, path, message, hint),
  };
}
