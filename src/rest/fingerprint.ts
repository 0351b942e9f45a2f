import { shake } from '../core/hash.ts';
import type { Secrets } from '../core/secret.ts';

/** Bumped when requests or rows of the same configuration change. */
const VERSION = 1;

/** A short hash of a configuration, functions by their source. Credentials do not count: a renewed token makes no other source. */
export function fingerprint(config: unknown, secrets: Secrets): string {
  return shake(`${VERSION} ${secrets.redactData(describe(config, new Set()))}`, 12);
}

function describe(value: unknown, above: ReadonlySet<object>): string {
  if (typeof value === 'function') return JSON.stringify(value.toString());
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  // An instance of a plug-in may refer to itself.
  if (above.has(value)) return '…';
  const around = new Set(above).add(value);
  if (Array.isArray(value)) return `[${value.map((item) => describe(item, around)).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => `${JSON.stringify(key)}:${describe(item, around)}`);
  return `{${fields.toSorted().join(',')}}`;
}
