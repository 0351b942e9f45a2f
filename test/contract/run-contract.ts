import { expect, it } from 'vitest';
import { casesFor, type ContractCase } from '../../src/testing/index.ts';

/** Runs a contract as tests. What a subject cannot do is listed as skipped, under a name with the reason. */
export function runContract<Subject>(contract: readonly ContractCase<Subject>[], subject: Subject): void {
  // `%s`: `$title` would cut long titles.
  const titled = casesFor(contract, subject).map((each) => [each.title, each] as const);
  it.for(titled)('%s', async ([, { skipped, run }], { skip }) => {
    skip(skipped !== undefined);
    expect(await run()).toBeUndefined();
  });
}
