import { ConfigError } from '../core/errors.ts';
import type { PipelineSetup, RunOptions } from './run-options.ts';

/** Refuses options that mean nothing, or that the destination cannot follow. */
export function checkOptions({ limit, runId, wait }: RunOptions, { destination }: PipelineSetup): void {
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 1)) {
    throw new ConfigError('limit', `The limit of pages is ${limit}.`, { hint: 'Give a whole number from 1.' });
  }
  if (runId !== undefined && runId.trim() === '') {
    throw new ConfigError('run_id', 'The run id is empty.', { hint: 'Name the run, or leave the run id out.' });
  }
  if (runId !== undefined && destination.capabilities.isStream) {
    throw new ConfigError(
      'run_id_of_stream',
      `The destination ${destination.type} keeps no runs: it cannot tell whether ${runId} was one.`,
      {
        hint: 'Leave out the run id (`--run-id`), or load into a database.',
      },
    );
  }
  if (wait !== undefined && !(wait >= 0)) {
    throw new ConfigError('wait', `The run cannot wait for ${wait} milliseconds.`, { hint: 'Give a number from 0.' });
  }
}
