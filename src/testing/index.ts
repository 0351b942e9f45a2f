export { type AuthSubject, authContract } from './auth-contract.ts';
export { type BatchRow, batchOf, type CellValue } from './batch-of.ts';
export { casesFor, type ContractCase, type SubjectCase } from './contract-case.ts';
export { destinationContract } from './destination-contract.ts';
export type { DestinationPlace, DestinationSubject, StoredTable, StoredTotal } from './destination-scene.ts';
export { type FakeApi, type FakeRoute, startFakeApi } from './fake-api.ts';
export { type FakePages, fakePages } from './fake-pages.ts';
export type { FakeReply, Fault } from './fake-reply.ts';
export type { FakeRequest } from './fake-request.ts';
export { type OptionsSubject, optionsContract } from './options-contract.ts';
export { type PaginatorSubject, paginatorContract } from './paginator-contract.ts';
export {
  type AnswerRequest,
  type SimulatedAnswer,
  type SimulatedApi,
  type SimulatedPage,
  type SimulatedWalk,
  simulatedRequest,
  simulateWalk,
} from './simulate-walk.ts';
export { type TokenSubject, tokenContract } from './token-contract.ts';
export { type TokenDesk, tokenDesk } from './token-desk.ts';
