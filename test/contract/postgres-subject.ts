import { postgres } from '../../src/destinations/postgres.ts';
import type { DestinationSubject, StoredTable } from '../../src/testing/index.ts';
import { postgresColumns, postgresRows, queryPostgres } from '../postgres-rows.ts';

/** Drops what a case has made. */
const DROP_ALL = `DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT nspname FROM pg_namespace WHERE nspname LIKE 'contract%' LOOP EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP;
END $$`;

/** Postgres for the destination contract: a database whose schemas are dropped after each case. */
export function postgresSubject(address: () => string): DestinationSubject {
  return {
    capabilities: postgres('postgres://localhost').capabilities,
    create() {
      const destination = postgres(address());
      return Promise.resolve({
        destination,
        read: (dataset, table) => read(address(), dataset, table),
        [Symbol.asyncDispose]: async () => {
          await destination[Symbol.asyncDispose]();
          await queryPostgres(address(), DROP_ALL);
        },
      });
    },
  };
}

async function read(address: string, dataset: string, table: string): Promise<StoredTable | undefined> {
  const columns = await postgresColumns(address, dataset, table);
  if (columns.length === 0) return undefined;
  return {
    columns: Object.fromEntries(columns.map(({ name, nullable }) => [name, { nullable }])),
    rows: await postgresRows(address, dataset, table),
  };
}
