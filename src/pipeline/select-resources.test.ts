import { describe, expect, it } from 'vitest';
import type { Resource, Source } from '../core/source.ts';
import { selectResources } from './select-resources.ts';

const source = {
  resources: [
    { name: 'posts', selected: true },
    { name: 'users', selected: false },
    { name: 'comments', selected: true, parent: 'users' },
    { name: 'likes', selected: true, parent: 'comments' },
  ] as unknown as Resource[],
} as unknown as Source;
const names = (list?: readonly string[]) => {
  const { walked, loaded } = selectResources(source, list);
  return { walked: walked.map(({ name }) => name), loaded: [...loaded] };
};

describe('selectResources', () => {
  it('takes what the source selects, and walks the parents', () => {
    expect(names()).toEqual({ walked: ['posts', 'users', 'comments', 'likes'], loaded: ['posts', 'comments', 'likes'] });
  });

  it('walks all ancestors of a named resource without loading them', () => {
    expect(names(['likes'])).toEqual({ walked: ['users', 'comments', 'likes'], loaded: ['likes'] });
    expect(names(['users'])).toEqual({ walked: ['users'], loaded: ['users'] });
  });

  it('asks whether something else was meant', () => {
    expect(() => names(['comment'])).toThrow(expect.objectContaining({ code: 'unknown_resource', hint: 'Did you mean `comments`?' }));
    expect(() => names(['zzzzzzzz'])).toThrow(expect.objectContaining({ hint: expect.stringContaining('`posts`, `users`') as unknown }));
  });
});
