import { DestinationError } from '../../core/errors.ts';

/**
 * The files of one dataset, in a folder or in a bucket. Paths are relative to the dataset, with `/`;
 * folders come and go with their files. What is written, placed or removed is so for good when the
 * promise resolves, but for staged files: those when `RowFolder.settled` does.
 */
export interface FileStore {
  /** Where the dataset is, for people. */
  readonly location: string;
  /** Does something with files; what the store refuses comes out as an error of a user. */
  guard<T>(action: () => Promise<T>): Promise<T>;
  /** The names of the files and folders in a folder; none when it is not there. */
  namesIn(folder: string): Promise<readonly string[]>;
  /** The paths of all files that begin with a text. */
  filesWithPrefix(prefix: string): AsyncIterable<string>;
  /** When a file, or else something in a folder of that name, changed last: milliseconds by the clock of the store. */
  changedAt(path: string): Promise<number | undefined>;
  /** What a file holds; `undefined` when it is not there. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Stages a file. */
  stage(path: string, content: string | Uint8Array): Promise<void>;
  /** Writes a file that readers see whole or not at all. */
  write(path: string, content: string): Promise<void>;
  /** Gives staged files their places, in any order. Rejects when one is not staged any more: somebody has cleared it away. */
  place(moves: readonly (readonly [staged: string, path: string])[]): Promise<void>;
  /** Sets the time of a file to now. Rejects when it is not there. */
  touch(path: string): Promise<void>;
  /** Deletes files, those that are gone already too. */
  remove(paths: readonly string[]): Promise<void>;
  /** Deletes a folder with all in it, and the one above it when nothing is left there. */
  removeFolder(folder: string): Promise<void>;
  /** Opens the way by which files with rows are staged in a folder. */
  openRows(staging: string): Promise<RowFolder>;
}

/** The folder of this machine in which DuckDB writes files with rows that are staged then. */
export interface RowFolder {
  readonly path: string;
  /** Takes a file that is whole. It may still be on its way when the promise resolves. */
  take(name: string): Promise<void>;
  /** Resolves when all that was taken, and all else that was staged beside it, is there for good. */
  settled(): Promise<void>;
  /** Gives up what is on its way, and deletes what nobody needs any more. */
  close(): Promise<void>;
}

/** What a file holds that was there a moment ago. */
export async function readPresent(store: FileStore, path: string): Promise<Buffer> {
  const content = await store.read(path);
  if (content !== undefined) return Buffer.from(content);
  throw new DestinationError('stored_file_gone', `${store.location}/${path} was deleted while it was needed.`, {
    hint: 'Run again: another load may have replaced it.',
    retryable: true,
  });
}

/** The error of a load whose staged files are gone: another load took it for one whose process is. */
export function clearedAway(location: string): DestinationError {
  return new DestinationError('load_cleared', `Another load has cleared away what waited of this one in ${location}.`, {
    hint: 'Run again: the extracted pages are kept. This process gave no sign of life for a minute, or two processes did the same load.',
    retryable: true,
  });
}
