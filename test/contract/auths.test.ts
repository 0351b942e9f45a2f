import { describe, expect, it } from 'vitest';
import { authContract } from '../../src/testing/index.ts';
import { apiKeyVariants, authSubjects } from './auth-subjects.ts';
import { runContract } from './run-contract.ts';

describe.each(Object.entries({ ...authSubjects, ...apiKeyVariants }))('auth %s', (_, subject) => {
  runContract(authContract, subject);
});

it('every auth is registered under its type', () => {
  for (const [type, { plugin }] of Object.entries(authSubjects)) expect(plugin.type).toBe(type);
});
