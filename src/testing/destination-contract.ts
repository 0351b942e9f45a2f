import type { ContractCase } from './contract-case.ts';
import { destinationEvolutionCases } from './destination-evolution-cases.ts';
import { destinationMergeCases } from './destination-merge-cases.ts';
import { destinationRestoreCases } from './destination-restore-cases.ts';
import type { DestinationSubject } from './destination-scene.ts';
import { destinationTransactionCases } from './destination-transaction-cases.ts';
import { destinationTypeCases } from './destination-type-cases.ts';

/** What every destination must do, as far as its capabilities say that it can. */
export const destinationContract: readonly ContractCase<DestinationSubject>[] = [
  ...destinationTransactionCases,
  ...destinationRestoreCases,
  ...destinationEvolutionCases,
  ...destinationMergeCases,
  ...destinationTypeCases,
];
