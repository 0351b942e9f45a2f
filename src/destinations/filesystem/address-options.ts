import { type FileKind, fileKindOf } from './file-format.ts';

/** The names of the options that every address of files may have. */
export const FILE_OPTIONS = ['format', 'compression', 'layout'] as const;

/** Parts an address into the place and the options behind it, which are written like those of a query. */
export function splitAddress(address: string): { readonly place: string; readonly query: URLSearchParams } {
  const mark = address.indexOf('?');
  return {
    place: mark < 0 ? address : address.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : address.slice(mark + 1)),
  };
}

/** Reads the options of files from the query of an address. */
export function readFileOptions(query: URLSearchParams): Partial<FileKind> & { readonly layout?: string } {
  const kind = fileKindOf(query.get('format') ?? undefined, query.get('compression') ?? undefined);
  const layout = query.get('layout');
  return { ...kind, ...(layout === null ? {} : { layout }) };
}
