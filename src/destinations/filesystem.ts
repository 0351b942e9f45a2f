import { join, resolve } from 'node:path';
import type { Destination } from '../core/destination.ts';
import { fileDestination, type FileOptions } from './filesystem/file-destination.ts';
import { pathName } from './filesystem/path-name.ts';

/** Settings of the destination for files. */
export interface FilesystemOptions extends FileOptions {}

/**
 * Files in a folder, as dlt's filesystem destination lays them out: a folder a dataset, in it one a
 * table. The load file in `_dlt_loads` is written last, and makes a load visible.
 */
export function filesystem(folder: string, options: FilesystemOptions = {}): Destination {
  const openStore = async (dataset: string) => {
    const { localStore } = await import('./filesystem/local-store.ts');
    return localStore(join(resolve(folder), pathName(dataset)));
  };
  return fileDestination({ type: 'file', location: folder, openStore }, options);
}
