import type { ContractCase } from './contract-case.ts';
import { destinationConcurrencyCases } from './destination-concurrency-cases.ts';
import { destinationChangeCases } from './destination-change-cases.ts';
import { destinationCursorCases } from './destination-cursor-cases.ts';
import { destinationDeletionCases } from './destination-deletion-cases.ts';
import { destinationDispositionCases } from './destination-disposition-cases.ts';
import { destinationEvolutionCases } from './destination-evolution-cases.ts';
import { destinationGrowthCases } from './destination-growth-cases.ts';
import { destinationHintCases } from './destination-hint-cases.ts';
import { destinationHistoryCases } from './destination-history-cases.ts';
import { destinationMergeCases } from './destination-merge-cases.ts';
import { destinationMergeStrategyCases } from './destination-merge-strategy-cases.ts';
import { destinationNameCases } from './destination-name-cases.ts';
import { destinationNumberCases } from './destination-number-cases.ts';
import { destinationRestoreCases } from './destination-restore-cases.ts';
import { destinationRollbackCases } from './destination-rollback-cases.ts';
import { destinationRunCases } from './destination-run-cases.ts';
import type { DestinationSubject } from './destination-scene.ts';
import { destinationStateCases } from './destination-state-cases.ts';
import { destinationTextCases } from './destination-text-cases.ts';
import { destinationTimeCases } from './destination-time-cases.ts';
import { destinationTransactionCases } from './destination-transaction-cases.ts';
import { destinationTypeCases } from './destination-type-cases.ts';
import { destinationVolumeCases } from './destination-volume-cases.ts';

/** What every destination must do, as far as its capabilities say that it can. */
export const destinationContract: readonly ContractCase<DestinationSubject>[] = [
  ...destinationTransactionCases,
  ...destinationRollbackCases,
  ...destinationConcurrencyCases,
  ...destinationRestoreCases,
  ...destinationRunCases,
  ...destinationCursorCases,
  ...destinationEvolutionCases,
  ...destinationDispositionCases,
  ...destinationDeletionCases,
  ...destinationChangeCases,
  ...destinationHintCases,
  ...destinationStateCases,
  ...destinationGrowthCases,
  ...destinationHistoryCases,
  ...destinationMergeCases,
  ...destinationMergeStrategyCases,
  ...destinationTypeCases,
  ...destinationVolumeCases,
  ...destinationNameCases,
  ...destinationNumberCases,
  ...destinationTimeCases,
  ...destinationTextCases,
];
