import { DestinationError, SynclineError, type ErrorOptions } from '../../core/errors.ts';
import { connectionFailure } from './connection-failure.ts';

/** What was being done when Postgres refused. */
export interface FailureContext {
  /** Where the database is, without secrets. */
  readonly location: string;
  /** The table that a statement is about, whatever it is called in the statement. A constraint may be that of one nested in it. */
  readonly table?: string | undefined;
}

/** What an error of the server tells. Its detail and many messages hold values of rows: they are not shown. */
export interface ServerError {
  readonly code: string;
  readonly message: string;
  readonly table?: string;
  readonly column?: string;
  readonly where?: string;
}

type Explain = (error: ServerError, context: FailureContext) => DestinationError;

const KEPT = 'the extracted pages are kept.';

/** What an SQLSTATE means to a user. */
const EXPLANATIONS: Readonly<Record<string, Explain>> = {
  '28P01': refusedLogin,
  '28000': refusedLogin,
  '3D000': (_, { location }) =>
    new DestinationError('database_missing', `There is no such database: ${location}`, {
      hint: 'Make it with CREATE DATABASE, or correct the name in the destination.',
    }),
  '42501': ({ message }, { location }) =>
    new DestinationError('rights_missing', `Postgres does not allow this in ${location}: ${message}`, {
      hint: 'Grant CREATE on the database, or on the schema of the dataset, and ownership of its tables to the user that loads.',
    }),
  '25006': (_, { location }) => readOnlyDatabase(location),
  '53100': (_, { location }) =>
    new DestinationError('disk_full', `The disk of ${location} is full; nothing of this load was written.`, {
      hint: `Free some space and run again: ${KEPT}`,
      retryable: true,
    }),
  '53200': (_, { location }) =>
    new DestinationError('out_of_memory', `${location} ran out of memory.`, { hint: `Give the server more and run again: ${KEPT}` }),
  '53300': (_, { location }) =>
    new DestinationError('server_busy', `${location} takes no more connections.`, {
      hint: `Close others, or raise max_connections, and run again: ${KEPT}`,
      retryable: true,
    }),
  '57P01': stopped,
  '57P02': stopped,
  '57P03': stopped,
  '57P04': stopped,
  '25P03': (_, { location }) =>
    new DestinationError('connection_lost', `${location} ended the load because it was idle for too long; nothing of it was written.`, {
      hint: `Run again: ${KEPT}`,
      retryable: true,
    }),
  '57014': (_, { location, table }) =>
    new DestinationError(
      'statement_timeout',
      `${location} broke off a statement${on(table)} that took too long, or that somebody cancelled.`,
      {
        hint: `Raise statement_timeout (PGOPTIONS="-c statement_timeout=2h") and run again: ${KEPT}`,
        retryable: true,
      },
    ),
  '55P03': (_, { location, table }) =>
    new DestinationError('lock_timeout', `Others keep ${table ?? 'a table'} of ${location} locked for longer than lock_timeout.`, {
      hint: `Look for long transactions in pg_stat_activity and run again: ${KEPT}`,
      retryable: true,
    }),
  '40001': conflict,
  '40P01': conflict,
  '42P06': conflict,
  '42P07': conflict,
  '42710': conflict,
  '54011': (_, { table }) =>
    new DestinationError('too_many_columns', `Table ${table ?? 'of this load'} would have more columns than Postgres allows.`, {
      hint: 'Lower max_table_nesting, or keep objects whole with the data type json.',
      ...inTable(table),
    }),
  '23502': ({ table, column }, context) => nullNotAllowed(table ?? context.table ?? 'this load', column ?? 'a column'),
  '23505': (error, context) => {
    // Two transactions that make the same table meet in an index of the catalog.
    if (error.table?.startsWith('pg_')) return conflict(error, context);
    const table = error.table ?? context.table;
    return new DestinationError(
      'value_not_unique',
      `A row of ${table ?? 'this load'} repeats a value that a unique constraint of the table allows once.`,
      { hint: 'Drop the constraint, or load with a merge on that key.', ...inTable(table) },
    );
  },
  '22003': outOfRange,
  '22008': outOfRange,
  '22001': (error, context) => {
    const { table, column } = placeOf(error, context);
    return new DestinationError('value_out_of_range', `A text of ${table}.${column} is longer than the column allows.`, {
      hint: `Widen the column: ALTER TABLE … ALTER COLUMN "${column}" TYPE varchar, and leave its precision away.`,
      context: { table, column },
    });
  },
  '22P05': (_, { location, table }) =>
    new DestinationError(
      'value_not_convertible',
      `${location} is not in UTF-8, and a text${of(table)} has a character that it cannot hold.`,
      {
        hint: 'Load into a database that was made with ENCODING UTF8.',
        ...inTable(table),
      },
    ),
};

/** The error of a user for what Postgres or its driver threw. Errors of our own pass through. */
export function explain(thrown: unknown, context: FailureContext): SynclineError {
  if (thrown instanceof SynclineError) return thrown;
  const error = serverError(thrown);
  if (error === undefined) return connectionFailure(thrown, context.location);
  const found = EXPLANATIONS[error.code];
  if (found !== undefined) return found(error, context);
  const table = context.table ?? error.table;
  switch (error.code.slice(0, 2)) {
    case '08':
      return connectionFailure(thrown, context.location);
    case '23':
      return new DestinationError(
        'constraint_violated',
        `A row of ${error.table ?? table ?? 'this load'} breaks a constraint of the table.`,
        {
          hint: 'Drop the constraint, or load into another dataset.',
          ...inTable(error.table ?? table),
        },
      );
    case '22':
      return notConvertible(table);
    default:
      if (error.code === '42804' || error.code === '42883' || error.code === '42846') return notConvertible(table);
      return new DestinationError('destination_failed', `Postgres cannot do this in ${table ?? context.location}: ${error.message}`, {
        cause: thrown,
        ...inTable(table),
      });
  }
}

/** The error for a server that only reads. */
export function readOnlyDatabase(location: string): DestinationError {
  return new DestinationError('database_read_only', `${location} only reads: it is a replica, or its transactions are read-only.`, {
    hint: 'Name the primary server, or set default_transaction_read_only to off.',
  });
}

/** The error for a row without a value where there must be one. */
export function nullNotAllowed(table: string, column: string): DestinationError {
  return new DestinationError('null_not_allowed', `A row has no value for ${table}.${column}, which must have one (NOT NULL).`, {
    hint: `Make sure that the API sends ${column} in every record, or declare the column nullable.`,
    context: { table, column },
  });
}

/** The error for a number or time that the column cannot hold. */
export function valueOutOfRange(table: string, column: string): DestinationError {
  return new DestinationError('value_out_of_range', `A value of ${table}.${column} does not fit the column's type and precision.`, {
    hint: `Give column ${column} a wider precision, or a new name: the type of a column that exists is not changed.`,
    context: { table, column },
  });
}

function serverError(thrown: unknown): ServerError | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { code, severity } = thrown as Error & { readonly code?: unknown; readonly severity?: unknown };
  return typeof code === 'string' && severity !== undefined ? (thrown as Error & ServerError) : undefined;
}

function refusedLogin({ message }: ServerError, { location }: FailureContext): DestinationError {
  return new DestinationError('login_refused', `Postgres refuses the login to ${location}: ${message}`, {
    hint: 'Check the user, the password (PGPASSWORD, ~/.pgpass) and pg_hba.conf of the server.',
  });
}

function stopped(_: ServerError, { location }: FailureContext): DestinationError {
  return new DestinationError('server_stopped', `${location} is stopping or starting; nothing of this load was written.`, {
    hint: `Run again when the server is up: ${KEPT}`,
    retryable: true,
  });
}

function conflict({ message }: ServerError, { location }: FailureContext): DestinationError {
  return new DestinationError('load_conflict', `Another transaction got in the way of this load into ${location}: ${message}`, {
    hint: `Run again: ${KEPT}`,
    retryable: true,
  });
}

function outOfRange(error: ServerError, context: FailureContext): DestinationError {
  const { table, column } = placeOf(error, context);
  return valueOutOfRange(table, column);
}

function notConvertible(table: string | undefined): DestinationError {
  return new DestinationError('value_not_convertible', `A value does not fit the type of its column in ${table ?? 'the table'}.`, {
    hint: 'Compare the types of the table in the database with those of the schema; load into another dataset if they were changed.',
    ...inTable(table),
  });
}

/** COPY tells the column in the error's context: `COPY items, line 3, column small`. */
function placeOf({ table, column, where }: ServerError, context: FailureContext): { readonly table: string; readonly column: string } {
  const found = /^COPY .*, line \d+, column ([^:\n]+)/.exec(where ?? '')?.[1];
  return { table: context.table ?? table ?? 'this load', column: column ?? found ?? 'a column' };
}

function inTable(table: string | undefined): Pick<ErrorOptions, 'context'> {
  return table === undefined ? {} : { context: { table } };
}

function on(table: string | undefined): string {
  return table === undefined ? '' : ` on ${table}`;
}

function of(table: string | undefined): string {
  return table === undefined ? '' : ` of ${table}`;
}
