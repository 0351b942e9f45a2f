import { describe, expect, it } from 'vitest';
import { authContract, casesFor } from '../../src/testing/index.ts';
import { apiKeyVariants, authSubjects } from './auth-subjects.ts';

describe.each(Object.entries({ ...authSubjects, ...apiKeyVariants }))('auth %s', (_, subject) => {
  it.each(casesFor(authContract, subject))('$name', async ({ run }) => expect(await run(subject)).toBeUndefined());
});

it('every auth is registered under its type', () => {
  for (const [type, { plugin }] of Object.entries(authSubjects)) expect(plugin.type).toBe(type);
});
