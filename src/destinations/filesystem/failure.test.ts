import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../core/errors.ts';
import { guardFiles } from './failure.ts';

describe('failures of files', () => {
  it.each([
    ['ENOSPC', 'disk_full'],
    ['EACCES', 'folder_not_writable'],
    ['EROFS', 'folder_not_writable'],
    ['ENOTDIR', 'not_a_folder'],
    ['ENAMETOOLONG', 'file_name_too_long'],
    ['EIO', 'destination_failed'],
  ])('explains %s', async (code, ours) => {
    const refusal = Object.assign(new Error(`${code}: refused, open 'x'`), { code });
    await expect(guardFiles('out/data', () => Promise.reject(refusal))).rejects.toMatchObject({
      name: 'DestinationError',
      code: ours,
      message: expect.stringContaining('out/data'),
    });
  });

  it('explains a folder that cannot be made, as on a read-only disk', async () => {
    const refusal = Object.assign(new Error("ENOENT: no such file or directory, mkdir 'out'"), { code: 'ENOENT', syscall: 'mkdir' });
    await expect(guardFiles('out', () => Promise.reject(refusal))).rejects.toMatchObject({ code: 'folder_not_writable' });
  });

  it('lets errors of a user through', async () => {
    const error = new ConfigError('file_format_unknown', 'x', { hint: 'y' });
    await expect(guardFiles('out', () => Promise.reject(error))).rejects.toBe(error);
  });
});
