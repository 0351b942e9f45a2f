import { quoteName as q } from '../sql/quote.ts';
import type { SystemRow } from '../sql/system-rows.ts';
import type { Catalog } from './catalog.ts';
import type { Session } from './session.ts';

/** Adds a row to a system table that is there. */
export async function insertSystemRow(session: Session, catalog: Catalog, { table, values }: SystemRow): Promise<void> {
  const names = Object.keys(values).map(q).join(', ');
  const places = Object.keys(values).map((_, i) => `$${i + 1}`);
  const sql = `INSERT INTO ${catalog.qualified(table.name)} (${names}) VALUES (${places.join(', ')})`;
  await session.run(sql, Object.values(values), table.name);
}
