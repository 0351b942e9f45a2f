import { ConfigError } from '../../core/errors.ts';
import { DATE_PLACEHOLDERS } from './date-placeholders.ts';
import { pathName, pathNameWithoutDots } from './path-name.ts';

/** dlt's layout. */
export const DEFAULT_LAYOUT = '{table_name}/{load_id}.{file_id}.{ext}';

/** What the path of a data file is made from. */
export interface FileParts {
  readonly schema: string;
  readonly table: string;
  readonly loadId: string;
  readonly fileId: string;
  readonly extension: string;
  /** When the load began. */
  readonly time: Date;
}

/** Where the data files of a dataset are. Paths are relative to its folder, with `/`. */
export interface Layout {
  path(parts: FileParts): string;
  /** What the paths of all files of a table begin with, and those of no other table. */
  prefix(schema: string, table: string): string;
}

const PLACEHOLDER = /\{(.*?)\}/g;
const NAMES: readonly string[] = ['table_name', 'schema_name', 'load_id', 'file_id', 'ext'];
const TABLE = '{table_name}';

/** Reads a layout template with dlt's placeholders. */
export function parseLayout(template: string): Layout {
  const names = [...template.matchAll(PLACEHOLDER)].map(([, name]) => name ?? '');
  const full = names.includes('ext') ? template : `${template}.{ext}`;
  const separator = checkLayout(template, full, names);
  const tableName = separator === '.' ? pathNameWithoutDots : pathName;
  const fill = (text: string, values: Readonly<Record<string, string>>, time?: Date): string =>
    text.replace(PLACEHOLDER, (whole, name: string) => values[name] ?? (time && DATE_PLACEHOLDERS[name]?.(time)) ?? whole);
  const prefix = full.slice(0, full.indexOf(TABLE) + TABLE.length + 1);
  return {
    path: ({ schema, table, loadId, fileId, extension, time }) =>
      fill(
        full,
        { table_name: tableName(table), schema_name: pathName(schema), load_id: pathName(loadId), file_id: fileId, ext: extension },
        time,
      ),
    prefix: (schema, table) => fill(prefix, { table_name: tableName(table), schema_name: pathName(schema) }),
  };
}

/** The character after the table's name. */
function checkLayout(template: string, full: string, names: readonly string[]): string {
  const unknown = names.find((name) => !NAMES.includes(name) && !Object.hasOwn(DATE_PLACEHOLDERS, name));
  if (unknown !== undefined) {
    const known = [...NAMES, ...Object.keys(DATE_PLACEHOLDERS)].map((name) => `{${name}}`);
    throw invalid(template, `has the unknown placeholder {${unknown}}`, `Use placeholders of ${known.join(' ')}.`);
  }
  for (const needed of ['table_name', 'file_id']) {
    if (!names.includes(needed)) throw invalid(template, `lacks {${needed}}`, `Write it like ${DEFAULT_LAYOUT}.`);
  }
  if (names.slice(0, names.indexOf('table_name')).some((name) => name !== 'schema_name')) {
    throw invalid(
      template,
      'has more than {schema_name} before {table_name}',
      `Begin it with {table_name}/, or {schema_name}/{table_name}/.`,
    );
  }
  const isOutside = full.startsWith('/') || full.split('/').some((part) => part === '' || part === '.' || part === '..');
  if (isOutside || full.includes('\\')) throw invalid(template, 'is not a path below the dataset', `Write it like ${DEFAULT_LAYOUT}.`);
  const separator = full.charAt(full.indexOf(TABLE) + TABLE.length);
  // What else could stand there is in names of tables too: `event_` begins the files of `event__child`.
  if (separator !== '/' && separator !== '.') {
    throw invalid(template, 'does not end {table_name} with / or .', `Write it like ${DEFAULT_LAYOUT}.`);
  }
  return separator;
}

function invalid(template: string, what: string, hint: string): ConfigError {
  return new ConfigError('file_layout_invalid', `The layout ${template} ${what}.`, { hint });
}
