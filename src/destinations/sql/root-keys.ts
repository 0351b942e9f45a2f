import { quoteName as q } from './quote.ts';
import { columnsWith, rowKeyOf, type ChainTable, type TableChain } from './table-chain.ts';

/**
 * The statement that gives rows of a nested table their root key where they have none: the parent
 * key of the ancestor that is nested in the root directly. Rows have none when the column was added
 * to a table that had rows.
 */
export function fillRootKeys(chain: TableChain, table: ChainTable): string | undefined {
  const rootKey = columnsWith(table.schema, 'root_key')[0];
  const ancestors = ancestorsOf(chain, table);
  const parentKeys = [table, ...ancestors].map((each) => columnsWith(each.schema, 'parent_key')[0]);
  if (rootKey === undefined || parentKeys.some((key) => key === undefined)) return undefined;
  const [own, ...others] = parentKeys.map((key) => q(key as string)) as [string, ...string[]];
  const missing = `${table.target}.${q(rootKey)} IS NULL`;
  if (ancestors.length === 0) return `UPDATE ${table.target} SET ${q(rootKey)} = ${own} WHERE ${missing}`;
  const from = ancestors.map((ancestor, i) => `${ancestor.target} AS a${i}`).join(', ');
  const steps = ancestors.map((ancestor, i) => {
    const child = i === 0 ? `${table.target}.${own}` : `a${i - 1}.${others[i - 1]}`;
    return `a${i}.${q(rowKeyOf(ancestor.schema))} = ${child}`;
  });
  const value = `a${ancestors.length - 1}.${others.at(-1)}`;
  return `UPDATE ${table.target} SET ${q(rootKey)} = ${value} FROM ${from} WHERE ${[missing, ...steps].join(' AND ')}`;
}

/** Parent, its parent and so on, without the root. */
function ancestorsOf(chain: TableChain, table: ChainTable): ChainTable[] {
  const found: ChainTable[] = [];
  for (let name = table.schema.parent; name !== undefined; ) {
    const parent = chain.find((other) => other.schema.name === name);
    if (parent === undefined || parent === chain[0]) break;
    found.push(parent);
    name = parent.schema.parent;
  }
  return found;
}
