import { StateError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { printJson } from '../../core/print-json.ts';
import type { PipelineState } from '../../core/state.ts';
import { STATE_ENGINE_VERSION } from '../../core/system-tables.ts';
import { packText, readStored } from './stored-text.ts';

/** The text of a state for `_dlt_pipeline_state.state`: all of it but what is local to a machine. */
export function writeStoredState(state: PipelineState): string {
  const { _local, ...shared } = state;
  return packText(printJson(shared as unknown as Json));
}

/** Reads a `_dlt_pipeline_state.state`, and brings what an older dlt wrote up to date. */
export function readStoredState(stored: string): PipelineState {
  const document = readStored(stored, 'state (_dlt_pipeline_state)');
  const engine = Number(document['_state_engine_version']);
  if (engine > STATE_ENGINE_VERSION || !(engine >= 1)) {
    throw new StateError(
      'state_engine_unknown',
      `The stored state has engine version ${engine}; this syncline reads 1 to ${STATE_ENGINE_VERSION}.`,
      {
        hint: 'Update syncline, or load into a new dataset.',
      },
    );
  }
  // 3 to 4: the destination's type and name were one key. What came with 2 and 3 is local or computed anew.
  for (const part of ['destination', 'staging'] as const) {
    const type = document[part];
    if (engine > 3 || typeof type !== 'string') continue;
    document[`${part}_type`] = type;
    document[`${part}_name`] = null;
    delete document[part];
  }
  delete document['_local'];
  document['_state_engine_version'] = STATE_ENGINE_VERSION;
  return document as unknown as PipelineState;
}
