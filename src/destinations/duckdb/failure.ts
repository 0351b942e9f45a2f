import { DestinationError, SynclineError, type ErrorOptions } from '../../core/errors.ts';

/** What was being done when DuckDB refused. */
export interface FailureContext {
  /** The database file. */
  readonly file: string;
  readonly table?: string;
}

type Explain = (match: RegExpExecArray, context: FailureContext) => DestinationError;

/** What DuckDB says, and what that means to a user. Values of rows never get into a message. */
const EXPLANATIONS: readonly (readonly [RegExp, Explain])[] = [
  [
    /Could not set lock on file.*?(?:held in (.*?))? ?(?:\(PID (\d+)\)|PID (\d+))|used by another process/s,
    (match, { file }) => {
      const pid = match[2] ?? match[3];
      const who = pid === undefined ? 'another process' : `process ${pid}${match[1] ? ` (${match[1]})` : ''}`;
      return new DestinationError('database_locked', `${file} is in use by ${who}: DuckDB lets one process at a time write.`, {
        hint: 'Close the other program, or its connection, and run again: the extracted pages are kept.',
        retryable: true,
        context: { file },
      });
    },
  ],
  [
    /version number \d+, but we can only read|storage version greater than the latest|serialized with a newer version/,
    (match, { file }) =>
      new DestinationError('database_too_new', `${file} was written by a newer version of DuckDB: ${match.input.split('\n')[0]}`, {
        hint: 'Update syncline, or export the database with the newer DuckDB (EXPORT DATABASE) and import it with this one.',
        context: { file },
      }),
  ],
  [
    /not a valid DuckDB database file|Is a directory/,
    (_, { file }) =>
      new DestinationError('not_a_database', `${file} exists, but it is not a DuckDB database.`, {
        hint: 'Name another file, or move this one away.',
        context: { file },
      }),
  ],
  [
    /Corrupt database file|computed checksum|Corruption/,
    (_, { file }) =>
      new DestinationError('database_corrupt', `${file} is damaged: DuckDB cannot read all of it.`, {
        hint: 'Restore the file from a copy, or name another one.',
        context: { file },
      }),
  ],
  [
    /No space left on device|disk quota|not enough space|max_temp_directory_size/i,
    (_, { file }) =>
      new DestinationError('disk_full', `The disk of ${file} is full; nothing of this load was written.`, {
        hint: 'Free some space and run again: the extracted pages are kept.',
        retryable: true,
        context: { file },
      }),
  ],
  [
    /Permission denied|Read-only file system|in read-only mode|Access is denied/i,
    (_, { file }) =>
      new DestinationError('database_not_writable', `${file} cannot be written.`, {
        hint: 'Let the user that runs syncline write the file and its folder, or name another file.',
        context: { file },
      }),
  ],
  [
    /Cannot open file .*: No such file or directory|system cannot find the path/i,
    (_, { file }) =>
      new DestinationError('directory_missing', `The folder of ${file} does not exist.`, {
        hint: 'Make the folder, or name another file.',
        context: { file },
      }),
  ],
  [
    /NOT NULL constraint failed: (.+)\.([^.\n]+)/,
    (match) =>
      new DestinationError('null_not_allowed', `A row has no value for ${match[1]}.${match[2]}, which must have one (NOT NULL).`, {
        hint: `Make sure that the API sends ${match[2]} in every record, or declare the column nullable.`,
        context: { table: match[1] ?? '', column: match[2] ?? '' },
      }),
  ],
  [
    /violates (unique|primary key) constraint/,
    (match, { table }) =>
      new DestinationError(
        'value_not_unique',
        `A row of ${table ?? 'this load'} repeats a value that a ${match[1]} constraint of the table allows once.`,
        {
          hint: 'Drop the constraint, or load with a merge on that key.',
          ...inTable(table),
        },
      ),
  ],
  [
    /violates foreign key constraint|CHECK constraint failed/,
    (match, { table }) =>
      new DestinationError('constraint_violated', `A row of ${table ?? 'this load'} breaks a constraint of the table: ${match[0]}.`, {
        hint: 'Drop the constraint, or load into another dataset.',
        ...inTable(table),
      }),
  ],
  [
    /write-write conflict|Transaction conflict|Conflict on (?:tuple|update)|has been altered by a different transaction/i,
    (_, { file }) =>
      new DestinationError('load_conflict', `Another load into ${file} got in the way of this one: nothing of it was written.`, {
        hint: 'Run again when the other one has ended: the extracted pages are kept.',
        retryable: true,
        context: { file },
      }),
  ],
  [
    /Out of Memory Error|failed to allocate|could not allocate|failed to pin block/i,
    (_, { file, table }) =>
      new DestinationError('out_of_memory', `DuckDB ran out of memory while it wrote ${table ?? file}.`, {
        hint: 'Give it more with the option memoryLimit, or make sure that its temporary folder has space.',
        context: { file },
      }),
  ],
  [
    /Conversion Error|Invalid unicode|Could not (?:convert|cast)/,
    (_, { table }) =>
      new DestinationError('value_not_convertible', `A value does not fit the type of its column in ${table ?? 'the table'}.`, {
        hint: 'Compare the types of the table in the database with those of the schema; load into another dataset if they were changed.',
        ...inTable(table),
      }),
  ],
];

/** The error of a user for what DuckDB threw. Errors of our own pass through. */
export function explain(thrown: unknown, context: FailureContext): SynclineError {
  if (thrown instanceof SynclineError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  for (const [pattern, make] of EXPLANATIONS) {
    const match = pattern.exec(message);
    if (match) return make(match, context);
  }
  const first = message.split('\n')[0] ?? '';
  return new DestinationError('destination_failed', `DuckDB cannot do this in ${context.table ?? context.file}: ${first}`, {
    cause: thrown,
    ...inTable(context.table),
  });
}

function inTable(table: string | undefined): Pick<ErrorOptions, 'context'> {
  return table === undefined ? {} : { context: { table } };
}
