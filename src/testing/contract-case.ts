/** One thing that every implementation of a kind must do. */
export interface ContractCase<Subject> {
  readonly name: string;
  /** Subjects that the case is about; all when it is left out. */
  readonly applies?: (subject: Subject) => boolean;
  /** What a subject that the case is about lacks for it, by its own word; `undefined` when it lacks nothing. */
  readonly lacks?: (subject: Subject) => string | undefined;
  /** Throws an AssertionError when the subject does not hold. */
  readonly run: (subject: Subject) => void | Promise<void>;
}

/** A case for one subject, as a test runner wants it. */
export interface SubjectCase {
  /** The name of the case, with the reason where it is skipped. */
  readonly title: string;
  /** Why the case is skipped; `undefined` for one that is run. */
  readonly skipped: string | undefined;
  readonly run: () => void | Promise<void>;
}

/**
 * The cases of a contract that are about a subject, those that it cannot do included. Any test runner
 * can run them:
 *
 * ```ts
 * for (const { title, skipped, run } of casesFor(paginatorContract, subject)) it.skipIf(skipped !== undefined)(title, run);
 * ```
 */
export function casesFor<Subject>(contract: readonly ContractCase<Subject>[], subject: Subject): readonly SubjectCase[] {
  return contract
    .filter(({ applies }) => applies?.(subject) ?? true)
    .map(({ name, lacks, run }) => {
      const skipped = lacks?.(subject);
      return { title: skipped === undefined ? name : `${name} (skipped: ${skipped})`, skipped, run: () => run(subject) };
    });
}
