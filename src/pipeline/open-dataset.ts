import type { Dataset } from '../core/destination.ts';
import type { PipelineSetup, RunOptions } from './run-options.ts';

/** Others hold a database for the time of a load: that is waited for unless the run says otherwise. */
const WAIT_MS = 30_000;

/** Opens the dataset of a pipeline. Waits for a database that another process has. */
export function openDataset(
  { destination, datasetName }: PipelineSetup,
  { wait = WAIT_MS, emit, signal }: Pick<RunOptions, 'wait' | 'emit' | 'signal'>,
): Promise<Dataset> {
  return destination.open(datasetName, {
    wait,
    waiting: (message) => emit?.({ type: 'waiting', message }),
    ...(signal && { signal }),
  });
}
