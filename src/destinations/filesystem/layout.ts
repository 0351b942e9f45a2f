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

/** Placeholders beside dlt's, each with its value or what makes it for a file. A value with `/` makes folders. */
export type ExtraPlaceholders = Readonly<Record<string, string | number | ((file: FileParts) => string | number)>>;

/** What a layout has beside its template. */
export interface LayoutOptions {
  readonly extraPlaceholders?: ExtraPlaceholders | undefined;
  /** The time for dlt's placeholders of dates, but for those of the load package; by default that of the load. */
  readonly currentDatetime?: Date | (() => Date) | undefined;
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
export function parseLayout(template: string, { extraPlaceholders: extra = {}, currentDatetime }: LayoutOptions = {}): Layout {
  const names = [...template.matchAll(PLACEHOLDER)].map(([, name]) => name ?? '');
  const full = names.includes('ext') ? template : `${template}.{ext}`;
  const separator = checkLayout(template, full, { names, extra: Object.keys(extra) });
  const tableName = separator === '.' ? pathNameWithoutDots : pathName;
  const fill = (text: string, values: Readonly<Record<string, string>>): string =>
    text.replace(PLACEHOLDER, (whole, name: string) => values[name] ?? whole);
  const prefix = full.slice(0, full.indexOf(TABLE) + TABLE.length + 1);
  const now = (time: Date): Date => (typeof currentDatetime === 'function' ? currentDatetime() : (currentDatetime ?? time));
  return {
    path(parts) {
      const { schema, table, loadId, fileId, extension, time } = parts;
      const values = {
        table_name: tableName(table),
        schema_name: pathName(schema),
        load_id: pathName(loadId),
        file_id: fileId,
        ext: extension,
      };
      const path = fill(full, { ...extraValues(extra, parts), ...dateValues(names, { now: now(time), load: time }), ...values });
      if (isPathBelow(path)) return path;
      throw invalid(template, `makes the path ${path}, which is not one below the dataset`, 'Correct the values of its placeholders.');
    },
    prefix: (schema, table) => fill(prefix, { table_name: tableName(table), schema_name: pathName(schema) }),
  };
}

function extraValues(extra: ExtraPlaceholders, parts: FileParts): Record<string, string> {
  return Object.fromEntries(
    Object.entries(extra).map(([name, value]) => [name, String(typeof value === 'function' ? value(parts) : value)]),
  );
}

function dateValues(names: readonly string[], { now, load }: { readonly now: Date; readonly load: Date }): Record<string, string> {
  const dates = names.filter((name) => Object.hasOwn(DATE_PLACEHOLDERS, name));
  return Object.fromEntries(dates.map((name) => [name, DATE_PLACEHOLDERS[name]?.(name.startsWith('load_package_') ? load : now) ?? '']));
}

/** The character after the table's name. */
function checkLayout(
  template: string,
  full: string,
  { names, extra }: { readonly names: readonly string[]; readonly extra: readonly string[] },
): string {
  const isKnown = (name: string): boolean => NAMES.includes(name) || Object.hasOwn(DATE_PLACEHOLDERS, name);
  const taken = extra.find(isKnown);
  if (taken !== undefined) throw invalid(template, `has a placeholder {${taken}} of its own`, "Give it a name that is not one of dlt's.");
  const unknown = names.find((name) => !isKnown(name) && !extra.includes(name));
  if (unknown !== undefined) {
    const known = [...NAMES, ...extra, ...Object.keys(DATE_PLACEHOLDERS)].map((name) => `{${name}}`);
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
  if (!isPathBelow(full)) throw invalid(template, 'is not a path below the dataset', `Write it like ${DEFAULT_LAYOUT}.`);
  const separator = full.charAt(full.indexOf(TABLE) + TABLE.length);
  // What else could stand there is in names of tables too: `event_` begins the files of `event__child`.
  if (separator !== '/' && separator !== '.') {
    throw invalid(template, 'does not end {table_name} with / or .', `Write it like ${DEFAULT_LAYOUT}.`);
  }
  return separator;
}

function isPathBelow(path: string): boolean {
  return !/[\\\p{Cc}]/u.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function invalid(template: string, what: string, hint: string): ConfigError {
  return new ConfigError('file_layout_invalid', `The layout ${template} ${what}.`, { hint });
}
