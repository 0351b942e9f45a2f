import { ConfigError } from '../../core/errors.ts';

/** What the files of a table can be. */
export type FileFormat = 'parquet' | 'jsonl' | 'csv';

/** How files can be compressed; `zstd` and `snappy` are for Parquet. */
export type FileCompression = 'zstd' | 'gzip' | 'snappy' | 'none';

/** Format and compression of the files of a table. */
export interface FileKind {
  readonly format: FileFormat;
  readonly compression: FileCompression;
}

/** What each format can be compressed with; the first is the default, which for texts is dlt's. */
const COMPRESSIONS: Readonly<Record<FileFormat, readonly FileCompression[]>> = {
  parquet: ['zstd', 'gzip', 'snappy', 'none'],
  jsonl: ['gzip', 'none'],
  csv: ['gzip', 'none'],
};

/** Format and compression from names that a user wrote. */
export function fileKind(format: string, compression: string | undefined): FileKind {
  const formats = Object.keys(COMPRESSIONS) as FileFormat[];
  const known = formats.find((name) => name === format);
  if (known === undefined) {
    throw new ConfigError('file_format_unknown', `There is no file format ${format}.`, { hint: `Use one of ${formats.join(', ')}.` });
  }
  const allowed = COMPRESSIONS[known];
  const found = allowed.find((name) => name === (compression ?? allowed[0]));
  if (found !== undefined) return { format: known, compression: found };
  throw new ConfigError('file_compression_unknown', `Files in ${known} are not compressed with ${compression}.`, {
    hint: `Use one of ${allowed.join(', ')}.`,
  });
}

/** What was asked for of both; `undefined` when nothing was. A compression alone is one of Parquet. */
export function fileKindOf(format: string | undefined, compression: string | undefined): FileKind | undefined {
  return format === undefined && compression === undefined ? undefined : fileKind(format ?? 'parquet', compression);
}

/** The ending of a file's name, as dlt writes it: `jsonl.gz`. */
export function extensionOf({ format, compression }: FileKind): string {
  return format !== 'parquet' && compression === 'gzip' ? `${format}.gz` : format;
}

/** What a file holds, told from its name; `undefined` for other files. */
export function kindOfFile(name: string): FileKind | undefined {
  const [, format, gzip] = /\.(parquet|jsonl|csv)(\.gz)?$/.exec(name) ?? [];
  if (format === undefined) return undefined;
  return fileKind(format, format === 'parquet' ? undefined : gzip === undefined ? 'none' : 'gzip');
}
