import type { LoadTransaction } from '../../src/core/destination.ts';
import { newSchema } from '../../src/core/schema-hash.ts';
import type { FaultCase } from './broken-destination.ts';

const ignore = () => undefined;

/** What may be wrong about how loads end. */
export const ROLLBACK_FAULTS: readonly FaultCase[] = [
  [
    'a rollback that commits',
    { transaction: (inner, { schema }) => ({ rollback: () => inner.commit({ schema, state: undefined }).catch(() => inner.rollback()) }) },
    [/^a rollback at any call/],
  ],
  [
    'a commit when the dataset is closed',
    {
      dataset: (inner) => {
        let load: LoadTransaction | undefined;
        return {
          begin: async (info) => (load = await inner.begin(info)),
          [Symbol.asyncDispose]: async () => {
            await load?.commit({ schema: newSchema('contract'), state: undefined }).catch(ignore);
            await inner[Symbol.asyncDispose]();
          },
        };
      },
    },
    [/^a dataset that is closed at any call/, /^closing a dataset undoes/],
  ],
  [
    'a dataset that stays open when it is closed',
    { dataset: () => ({ [Symbol.asyncDispose]: () => Promise.resolve() }) },
    [/^closing a dataset while/],
  ],
  [
    'rows of one of two loads that are lost',
    {
      transaction: (inner, { loadId }) => ({
        write: (batch) => inner.write(loadId.startsWith('load of') ? { ...batch, rowCount: batch.rowCount - 1 } : batch),
      }),
    },
    [/^two loads at once/, /^loads of two pipelines/, /^two datasets/],
  ],
  [
    'a load that is seen while it goes on',
    { dataset: (inner) => ({ isCommitted: () => Promise.resolve(true), findRun: (pipeline) => inner.findRun(pipeline, 'r1') }) },
    [/^tells what was there/],
  ],
  ['a run that is not recorded', { dataset: () => ({ recordRun: () => Promise.resolve() }) }, [/^a run is recorded while/]],
  [
    'failures that are not told',
    { transaction: (inner) => ({ commit: (final) => inner.commit(final).catch(ignore) }) },
    [/^a load that failed at any/],
  ],
  [
    'calls that are ignored',
    { transaction: (inner) => ({ write: (batch) => inner.write(batch).catch(ignore) }) },
    [/^a load that has ended/],
  ],
];
