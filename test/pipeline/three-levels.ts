import type { Source } from '../../src/core/source.ts';
import { pagedSource } from './paged-source.ts';

const numbers = (count: number, from = 0): { id: number }[] => Array.from({ length: count }, (_, i) => ({ id: from + i }));

/** Users, their posts and the comments on them: 2 × 2 users, 3 posts each on two pages, 1 comment each. */
export function threeLevels(asked: (page: string) => void): Source {
  const list: string[] = [];
  list.push = (...pages) => {
    for (const page of pages) asked(page);
    return list.length;
  };
  const idOf = (row: unknown): number => (row as { id: number }).id;
  return pagedSource(
    [
      { name: 'users', pages: () => [numbers(2, 1), numbers(2, 3)] },
      { name: 'posts', parent: 'users', pages: (user) => [numbers(2, idOf(user) * 10), numbers(1, idOf(user) * 10 + 2)] },
      { name: 'comments', parent: 'posts', pages: (post) => [[{ id: idOf(post), words: ['a', 'b'] }]] },
    ],
    list,
  );
}
