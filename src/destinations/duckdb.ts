import { availableParallelism } from 'node:os';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Capabilities, Dataset, Destination } from '../core/destination.ts';
import { ConfigError } from '../core/errors.ts';
import { importWithDuckDb } from './duckdb/driver.ts';
import type { InstanceLease } from './duckdb/instance.ts';
import { memoryLimit } from './duckdb/memory-limit.ts';

/** Settings of the DuckDB destination. */
export interface DuckDbOptions {
  /**
   * How much memory DuckDB may use, as `512MB`; by default 64 MB a thread, more for wide tables.
   * What does not fit goes to a folder beside the file, for one in memory to a temporary one.
   */
  readonly memoryLimit?: string;
  /** How many threads DuckDB uses; by default one a processor, at most 4: more cost memory and hardly help. */
  readonly threads?: number;
  /** The clock that stamps what is stored. */
  readonly now?: () => Date;
}

const SIZE = /^\d+(\.\d+)? ?[KMGT]i?B$/i;

const MOST_THREADS = 4;

const CAPABILITIES: Capabilities = {
  mergeStrategies: ['delete-insert', 'upsert', 'scd2', 'insert-only', 'cdc'],
  maxIdentifierLength: 65_536,
  transactional: true,
  addsColumns: true,
  concurrentLoads: false,
};

/** A DuckDB database, which can be looked at as well. */
export interface DuckDbDestination extends Destination {
  /**
   * Connects to the database, for queries of one's own: there is no other way to one in memory. It is
   * closed with the destination, which has the file until then.
   */
  connect(): Promise<DuckDBConnection>;
}

/**
 * A DuckDB database, one schema a dataset. `path` names the file, or is `:memory:`. The file is open
 * while a dataset is, and only from its first use on; the driver is loaded then.
 */
export function duckdb(path: string, options: DuckDbOptions = {}): DuckDbDestination {
  const threads = options.threads ?? Math.min(availableParallelism(), MOST_THREADS);
  if (options.memoryLimit !== undefined && !SIZE.test(options.memoryLimit)) {
    throw new ConfigError('memory_limit_invalid', `The memory limit ${options.memoryLimit} is not a size.`, {
      hint: 'Write it like 512MB.',
    });
  }
  const limitFor = (columns: number): string | undefined => options.memoryLimit ?? memoryLimit(columns, threads);
  const limit = limitFor(0);
  const settings = { threads: String(threads), ...(limit === undefined ? {} : { memory_limit: limit }) };
  const open = new Set<Dataset>();
  const connections = new Map<DuckDBConnection, InstanceLease>();
  let memory: Promise<InstanceLease> | undefined;
  const importInstance = () => importWithDuckDb(() => import('./duckdb/instance.ts'));
  /** A database in memory lives as long as the destination, and all datasets are in the same one. */
  const lease = async (): Promise<InstanceLease> => {
    const { IN_MEMORY, leaseInstance } = await importInstance();
    if (path !== IN_MEMORY) return leaseInstance(path, settings);
    memory ??= import('./duckdb/lease-in-memory.ts').then(({ leaseInMemory }) => leaseInMemory(settings));
    const { instance } = await memory;
    return { instance, release: () => undefined };
  };
  return {
    type: 'duckdb',
    dltType: 'dlt.destinations.duckdb',
    location: path,
    capabilities: CAPABILITIES,
    async open(dataset, waiting = {}) {
      const { IN_MEMORY } = await importInstance();
      const { DuckDbDataset } = await import('./duckdb/dataset.ts');
      const opened = new DuckDbDataset({
        file: path,
        dataset,
        now: options.now ?? (() => new Date()),
        limitFor,
        lease,
        inMemory: path === IN_MEMORY,
        waiting,
        closed: () => open.delete(opened),
      });
      open.add(opened);
      return opened;
    },
    async connect() {
      const leased = await lease();
      const connection = await leased.instance.connect();
      connections.set(connection, leased);
      return connection;
    },
    async [Symbol.asyncDispose]() {
      for (const dataset of open) await dataset[Symbol.asyncDispose]();
      for (const [connection, leased] of connections) {
        connection.closeSync();
        leased.release();
      }
      connections.clear();
      const database = await memory;
      memory = undefined;
      database?.release();
    },
  };
}
