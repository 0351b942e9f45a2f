import type { Capabilities, Dataset, Destination } from '../core/destination.ts';
import { type Environment, parseConnectionString } from './postgres/connection-parameters.ts';
import { connectionSettings, locationOf } from './postgres/connection-settings.ts';

/** Settings of the Postgres destination. */
export interface PostgresOptions {
  /** Where `PGHOST`, `PGPASSWORD` and the like come from; by default the environment of the process. */
  readonly env?: Environment;
  /** The clock that stamps what is stored. */
  readonly now?: () => Date;
}

const CAPABILITIES: Capabilities = {
  mergeStrategies: ['delete-insert', 'upsert', 'scd2', 'insert-only', 'cdc'],
  maxIdentifierLength: 63,
  transactional: true,
  addsColumns: true,
  concurrentLoads: true,
};

/**
 * A Postgres database, one schema a dataset. `address` is a connection string,
 * `postgres://user@host:5432/database?sslmode=require`; what it leaves out comes from `PG…` variables and
 * `~/.pgpass`, as libpq has it. The driver `pg` is loaded with the first connection.
 */
export function postgres(address: string, options: PostgresOptions = {}): Destination {
  const settings = connectionSettings(parseConnectionString(address.replace(/^postgres(?:ql)?:/, '')), options.env ?? process.env);
  const open = new Set<Dataset>();
  return {
    type: 'postgres',
    dltType: 'dlt.destinations.postgres',
    location: locationOf(settings),
    capabilities: CAPABILITIES,
    async open(dataset, waiting = {}) {
      const { PostgresDataset } = await import('./postgres/dataset.ts');
      const opened = new PostgresDataset({
        settings,
        dataset,
        now: options.now ?? (() => new Date()),
        waiting,
        closed: () => open.delete(opened),
      });
      open.add(opened);
      return opened;
    },
    async [Symbol.asyncDispose]() {
      for (const dataset of open) await dataset[Symbol.asyncDispose]();
    },
  };
}
