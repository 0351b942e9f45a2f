import type { Schema } from '../core/schema.ts';

/** True when a table's filters keep a column out. */
export type FieldFilter = (table: string, column: string) => boolean;

interface Patterns {
  readonly excludes: readonly RegExp[];
  readonly includes: readonly RegExp[];
}

/**
 * Reads the filters of a schema's tables. A filter applies to its table and those below it, to the
 * path of a column from its table on; `includes` are exceptions to `excludes`.
 */
export function createFieldFilter(schema: Schema): FieldFilter {
  const filters = new Map<string, Patterns>();
  for (const table of Object.values(schema.tables)) {
    const excludes = patterns(table.filters?.['excludes']);
    if (excludes.length > 0) filters.set(table.name, { excludes, includes: patterns(table.filters?.['includes']) });
  }
  if (filters.size === 0) return () => false;
  return (table, column) => {
    const branch = table.split('__').filter((part) => part !== '');
    return branch.some((_, at) => {
      const filter = filters.get(branch.slice(0, at + 1).join('__'));
      const path = [...branch.slice(at + 1), column].join('__');
      const matches = (list: readonly RegExp[]) => list.some((pattern) => pattern.test(path));
      return filter !== undefined && matches(filter.excludes) && !matches(filter.includes);
    });
  };
}

function patterns(value: unknown): RegExp[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter((text) => typeof text === 'string')
    .map((text) => new RegExp(text.startsWith('re:') ? text.slice(3) : `^${escaped(text)}$`));
}

const escaped = (text: string): string => text.replaceAll(/[^\w]/g, '\\$&');
