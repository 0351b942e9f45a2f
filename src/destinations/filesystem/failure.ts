import { DestinationError, SynclineError } from '../../core/errors.ts';

/** What the system says, and what that means to a user. */
const EXPLANATIONS: Readonly<Record<string, (folder: string) => DestinationError>> = {
  ENOSPC: diskFull,
  EDQUOT: diskFull,
  EACCES: notWritable,
  EPERM: notWritable,
  EROFS: notWritable,
  ENOTDIR: notAFolder,
  EEXIST: notAFolder,
  ENAMETOOLONG: (folder) =>
    new DestinationError('file_name_too_long', `The name of a table, pipeline or source is too long for a file in ${folder}.`, {
      hint: 'Shorten it: most file systems allow 255 bytes. A lower `max_table_nesting` makes shorter names of tables.',
      context: { folder },
    }),
};

function diskFull(folder: string): DestinationError {
  return new DestinationError('disk_full', `The disk of ${folder} is full; nothing of this load was written.`, {
    hint: 'Free some space and run again: the extracted pages are kept.',
    retryable: true,
    context: { folder },
  });
}

function notWritable(folder: string): DestinationError {
  return new DestinationError('folder_not_writable', `Files in ${folder} cannot be read or written.`, {
    hint: 'Let the user that runs syncline read and write the folder and all in it, or name another one.',
    context: { folder },
  });
}

function notAFolder(folder: string): DestinationError {
  return new DestinationError('not_a_folder', `${folder}, or a folder in it, is a file.`, {
    hint: 'Name another folder, or move the file away.',
    context: { folder },
  });
}

/** The code of what a call of the system threw. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** Node makes missing folders above too, and says of one on a read-only disk that there is none. */
function isUnmakeable(thrown: unknown): boolean {
  return codeOf(thrown) === 'ENOENT' && thrown instanceof Error && 'syscall' in thrown && thrown.syscall === 'mkdir';
}

/** Does something with files; what the system refuses comes out as an error of a user. */
export async function guardFiles<T>(folder: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (thrown) {
    if (thrown instanceof SynclineError) throw thrown;
    const explain = isUnmakeable(thrown) ? notWritable : EXPLANATIONS[codeOf(thrown) ?? ''];
    if (explain !== undefined) throw explain(folder);
    const message = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown);
    throw new DestinationError('destination_failed', `This cannot be done in ${folder}: ${message}`, { cause: thrown });
  }
}
