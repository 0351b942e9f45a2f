import { type FileKind, fileKind } from './file-format.ts';

/** The names of the options that every address of files may have. */
export const FILE_OPTIONS = ['format', 'compression', 'layout'] as const;

/** Reads the options of files from the query of an address. */
export function readFileOptions(query: URLSearchParams): Partial<FileKind> & { readonly layout?: string } {
  const format = query.get('format');
  const compression = query.get('compression');
  const layout = query.get('layout');
  const kind = format === null && compression === null ? undefined : fileKind(format ?? 'parquet', compression ?? undefined);
  return { ...kind, ...(layout === null ? {} : { layout }) };
}
