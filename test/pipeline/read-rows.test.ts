import { describe, expect, it } from 'vitest';
import { readRows, type ReadRowsOptions } from '../../src/pipeline/read-rows.ts';
import { pagedSource } from './paged-source.ts';

const users = { name: 'users', pages: () => [[{ id: 1, score: 1.5 }], [{ id: 2 }]] };
const posts = { name: 'posts', parent: 'users', pages: (row: unknown) => [[{ of: (row as { id: number }).id }]] };

async function read(source: Parameters<typeof readRows>[0], options?: ReadRowsOptions): Promise<string[]> {
  const rows: string[] = [];
  for await (const { resource, row } of readRows(source, options)) rows.push(`${resource} ${JSON.stringify(row)}`);
  return rows;
}

describe('readRows', () => {
  it('gives a row of a parent before those that depend on it', async () => {
    expect(await read(pagedSource([users, posts]))).toEqual([
      'users {"id":1,"score":1.5}',
      'posts {"of":1}',
      'users {"id":2}',
      'posts {"of":2}',
    ]);
  });

  it('reads what is chosen, and pages up to the limit', async () => {
    const asked: string[] = [];
    expect(await read(pagedSource([users, posts], asked), { resources: ['posts'], limit: 1 })).toEqual(['posts {"of":1}']);
    expect(asked).toEqual(['users null 0', 'posts {"id":1,"score":1.5} 0']);
  });

  it('asks for no page after the reader has had enough', async () => {
    const asked: string[] = [];
    for await (const _ of readRows(pagedSource([users], asked))) break;
    expect(asked).toHaveLength(1);
  });

  it('gives numbers as JavaScript knows them', async () => {
    const source = pagedSource([{ name: 'a', pages: () => [[{ n: 0 }]] }]);
    const [resource] = source.resources;
    if (!resource) throw new Error('no resource');
    const walk = async function* () {
      yield {
        index: 0,
        url: '',
        selector: '$',
        rowCount: 1,
        stop: 'single_page' as const,
        body: Buffer.from('[{"whole":1.0,"large":12345678901234567890}]'),
      };
    };
    for await (const { row } of readRows({ ...source, resources: [{ ...resource, walk }] }))
      expect(row).toEqual({ whole: 1, large: 12345678901234567890n });
  });

  it('fails when the data selector never matched', async () => {
    await expect(read(pagedSource([{ ...users, selectorMissed: true }]))).rejects.toMatchObject({ code: 'selector_never_matched' });
  });
});
