import { expect, it } from 'vitest';
import { filesystem } from '../../src/destinations/filesystem.ts';
import { pipeline } from '../../src/pipeline/pipeline.ts';
import { pagedSource } from './paged-source.ts';
import { newWorkFolder } from './work-folder.ts';

it('a merge is refused before anything is asked for where the destination cannot merge', async () => {
  const { file, workDir } = newWorkFolder();
  const asked: string[] = [];
  const hints = { write_disposition: 'merge', primary_key: 'id' } as const;
  const source = pagedSource([{ name: 'items', pages: () => [[{ id: 1 }]], hints }], asked);
  await using files = pipeline({ name: 'p', destination: filesystem(`${file}-files`), workDir });
  await expect(files.run(source)).rejects.toMatchObject({ code: 'merge_unsupported', context: { resource: 'items' } });
  expect(asked).toEqual([]);
});
