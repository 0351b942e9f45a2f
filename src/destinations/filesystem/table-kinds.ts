import { DestinationError } from '../../core/errors.ts';
import type { LoadInfo } from '../../core/destination.ts';
import { type FileKind, fileKind, kindOfFile } from './file-format.ts';
import type { FileStore } from './file-store.ts';
import type { Layout } from './layout.ts';

/** What decides on the format of files. */
export interface TableKindsOptions {
  readonly store: FileStore;
  readonly load: LoadInfo;
  readonly layout: Layout;
  readonly kind: FileKind | undefined;
  readonly version: number;
}

/** The format in which each table's files are written: readers take all files of a table to be of one. */
export class TableKinds {
  readonly #options: TableKindsOptions;
  readonly #known = new Map<string, Promise<FileKind>>();

  constructor(options: TableKindsOptions) {
    this.#options = options;
  }

  /** The format of a table's files. `isReplaced`: those that are there go. */
  kindOf(table: string, isReplaced: boolean): Promise<FileKind> {
    const known = this.#known.get(table) ?? this.#choose(table, isReplaced);
    this.#known.set(table, known);
    return known;
  }

  async #choose(table: string, isReplaced: boolean): Promise<FileKind> {
    const { store, load, layout, kind, version } = this.#options;
    const present = await firstKind(store.filesWithPrefix(layout.prefix(load.schema.name, table)));
    const chosen = kind ?? present ?? fileKind('parquet', undefined);
    if (!isReplaced && present !== undefined && present.format !== chosen.format) {
      throw new DestinationError(
        'file_format_differs',
        `Table ${table} has files in ${present.format}; it cannot get some in ${chosen.format} too.`,
        {
          hint: `Leave out the format, or set it to ${present.format}, or load into a new dataset.`,
          context: { table },
        },
      );
    }
    if (version > 1 || chosen.format === 'parquet') return chosen;
    throw new DestinationError('dataset_version_old', `${store.location} was made by a dlt that named compressed files in another way.`, {
      hint: 'Load into a new dataset, or with format=parquet.',
      context: { table },
    });
  }
}

async function firstKind(files: AsyncIterable<string>): Promise<FileKind | undefined> {
  for await (const path of files) {
    const kind = kindOfFile(path);
    if (kind !== undefined) return kind;
  }
  return undefined;
}
