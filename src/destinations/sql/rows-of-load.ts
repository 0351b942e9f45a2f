import { quoteName as q, quoteText } from './quote.ts';
import { belongsTo, rowKeyOf, type ChainTable, type TableChain } from './table-chain.ts';

/** A condition for the rows of a table that a load added: root rows tell, nested ones belong to such. */
export function rowsOfLoad(chain: TableChain, table: ChainTable, loadId: string): string {
  const [root] = chain;
  const own = `${q('_dlt_load_id')} = ${quoteText(loadId)}`;
  if (table.schema === root.schema) return own;
  return belongsTo(chain, table, { roots: `SELECT ${q(rowKeyOf(root.schema))} FROM ${root.target} WHERE ${own}`, side: 'target' });
}
