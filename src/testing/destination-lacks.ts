import type { MergeStrategy } from '../core/schema.ts';
import type { DestinationSubject } from './destination-scene.ts';

/** What a destination lacks for a case: its declared capabilities alone tell. */
type Lacks = (subject: DestinationSubject) => string | undefined;

/** For cases of one merge strategy. */
export function lacksStrategy(strategy: MergeStrategy): Lacks {
  return ({ capabilities }) => (capabilities.mergeStrategies.includes(strategy) ? undefined : `mergeStrategies has no ${strategy}`);
}

/** For cases that look at a load before it ends, or after it failed. */
export const lacksTransactions: Lacks = ({ capabilities }) => (capabilities.transactional ? undefined : 'not transactional');

/** For cases in which several loads into one dataset go on. */
export const lacksConcurrentLoads: Lacks = ({ capabilities }) => (capabilities.concurrentLoads ? undefined : 'not concurrentLoads');

/** For cases in which a table with rows gets a column. */
export const lacksNewColumns: Lacks = ({ capabilities }) => (capabilities.addsColumns ? undefined : 'not addsColumns');

/** For cases in which the arrays of a batch are used again. */
export const lacksReuse: Lacks = ({ capabilities }) => (capabilities.keepsBatches ? 'keepsBatches' : undefined);

/** The first of several things that is lacking. */
export function lacksAny(...all: readonly Lacks[]): Lacks {
  return (subject) => all.map((lacks) => lacks(subject)).find((reason) => reason !== undefined);
}
