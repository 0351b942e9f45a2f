import { type PostgresServer, startPostgres } from '../postgres-server.ts';
import { postgresColumns, postgresRows, queryPostgres } from '../postgres-rows.ts';
import type { Place, PlaceKind } from './place.ts';

const AS_DUCKDB = 'nothing in it depends on the database';
const SHARED = 'the statements are those of DuckDB, and the contract suite runs them';

/** Databases of a server that is started for them. */
export async function startPostgresPlaces(): Promise<PlaceKind & AsyncDisposable> {
  const server = await startPostgres();
  let databases = 0;
  const create = async (template: string): Promise<Place> => {
    databases += 1;
    const name = `place_${databases}`;
    await queryPostgres(server.address(), `CREATE DATABASE ${name} TEMPLATE ${template}`);
    return placeIn(server, name, create);
  };
  return {
    name: 'postgres',
    merges: true,
    leftOut: { 'max-nesting': AS_DUCKDB, contract: AS_DUCKDB, 'merge-key': SHARED, 'insert-only': SHARED, 'scd2-merge-key': SHARED },
    open: () => create('template0'),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function placeIn(server: PostgresServer, name: string, create: (template: string) => Promise<Place>): Place {
  const address = server.address(name);
  return {
    address,
    // dlt wants a password, which the server does not.
    dlt: { type: 'postgres', address: address.replace('admin@', 'admin:none@') },
    async read(dataset) {
      const tables = await queryPostgres(
        address,
        `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = '${dataset}' ORDER BY 1`,
      );
      return Promise.all(
        tables.map(async ({ name: table }) => ({
          name: String(table),
          columns: await postgresColumns(address, dataset, String(table)),
          rows: await postgresRows(address, dataset, String(table)),
        })),
      );
    },
    copy: () => create(name),
  };
}
