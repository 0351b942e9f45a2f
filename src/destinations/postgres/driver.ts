import type Driver from 'pg';
import type { Client } from 'pg';
import { DestinationError } from '../../core/errors.ts';

/** The class of the driver's connections. */
export type ClientClass = typeof Client;

/** Loads the driver, which is installed by those who load into Postgres only. */
export async function loadDriver(importing: () => Promise<{ readonly default: typeof Driver }> = () => import('pg')): Promise<ClientClass> {
  try {
    return (await importing()).default.Client;
  } catch (cause) {
    throw new DestinationError('driver_missing', 'Loading into Postgres needs the package pg, which is not installed.', {
      hint: 'Run npm install pg',
      cause,
    });
  }
}
