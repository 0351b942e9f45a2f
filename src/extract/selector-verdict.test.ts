import { describe, expect, it } from 'vitest';
import { extractNew, newDir, recordsOf, resume, run } from '../../test/made-up-log.ts';
import { resourcesOf, type Shape } from '../../test/made-up-source.ts';
import { PageLog } from '../page-log/page-log.ts';
import { extract } from './extract.ts';

describe('a data selector that never matched', () => {
  const missed: Shape = {
    name: 'a',
    pages: () => [0, 0],
    extra: { selectorMissed: true, selector: 'data' },
    body: '{"items":[],"next":"secret-value"}',
  };

  it('is an error that names the keys, and the walk is asked for again', async () => {
    const dir = newDir();
    {
      await using log = await PageLog.create(dir, run);
      const failure = extract({ resources: resourcesOf([missed]), log, state: {} });
      await expect(failure).rejects.toMatchObject({
        code: 'selector_never_matched',
        message: expect.stringContaining('`items`, `next`') as unknown,
      });
      await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('secret-value') as unknown });
    }
    const asked: string[] = [];
    await resume(dir, resourcesOf([{ name: 'a', pages: () => [1] }], asked));
    expect(asked).toEqual(['a a/0']);
  });

  it('is judged again when the run died just before', async () => {
    const dir = newDir();
    {
      await using log = await PageLog.create(dir, run);
      await log.append({ kind: 'walk', walk: 0, resource: 'a', plan: {} });
      await log.append(
        {
          kind: 'page',
          walk: 0,
          index: 0,
          url: 'https://api/',
          selector: 'data',
          rowCount: 0,
          selectorMissed: true,
          stop: 'single_page',
        },
        Buffer.from('{"k":1}'),
      );
    }
    await expect(resume(dir, resourcesOf([missed]))).rejects.toMatchObject({ code: 'selector_never_matched' });
  });

  it.each([
    ['an empty body', { ...missed, body: '' }],
    ['a total of zero', { ...missed, extra: { ...missed.extra, total: 0 } }],
    ['a page that matched', { ...missed, extra: {} }],
  ])('is none with %s', async (_name, shape) => {
    const records = await recordsOf(await extractNew(resourcesOf([shape])));
    expect(records.at(-1)).toEqual({ kind: 'complete' });
  });

  it('is none for a dependent resource', async () => {
    const dir = await extractNew(
      resourcesOf([
        { name: 'p', pages: () => [1] },
        { ...missed, parent: 'p' },
      ]),
    );
    expect((await recordsOf(dir)).at(-1)).toEqual({ kind: 'complete' });
  });
});
