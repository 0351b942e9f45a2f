/**
 * One thing that every implementation of a kind must do. Any test runner can run it:
 *
 * ```ts
 * for (const { name, run } of casesFor(paginatorContract, subject)) it(name, () => run(subject));
 * ```
 */
export interface ContractCase<Subject> {
  readonly name: string;
  /** Subjects that the case is about; all when it is left out. */
  readonly applies?: (subject: Subject) => boolean;
  /** Throws an AssertionError when the subject does not hold. */
  readonly run: (subject: Subject) => void | Promise<void>;
}

/** The cases of a contract that are about a subject. */
export function casesFor<Subject>(contract: readonly ContractCase<Subject>[], subject: Subject): readonly ContractCase<Subject>[] {
  return contract.filter(({ applies }) => applies?.(subject) ?? true);
}
