// The public API. What is not exported here may change with any version.

export { type LoadConfigOptions, type LoadedConfig, loadConfig } from './config/load-config.ts';
export type { Auth, AuthContext } from './core/auth.ts';
export { type Column, type ColumnBatch, type ColumnData, type ColumnKind, columnKind } from './core/column-batch.ts';
export type {
  Capabilities,
  Dataset,
  Destination,
  FinalLoad,
  LoadInfo,
  LoadTransaction,
  OpenOptions,
  ParentCursorChanges,
  Restored,
  RunRow,
} from './core/destination.ts';
export {
  AuthError,
  ConfigError,
  ContractError,
  DestinationError,
  type ErrorOptions,
  type Finding,
  HttpError,
  ResponseError,
  type SourcePosition,
  StateError,
  SynclineError,
} from './core/errors.ts';
export type { Emit, RunEvent } from './core/events.ts';
export type { GapCode, PartialGapCode } from './core/gap.ts';
export type { FormBody, HttpRequest, HttpResponse, ReceivedPage, Send } from './core/http.ts';
export { type Json, JsonFloat, type JsonObject } from './core/json.ts';
export type { LoadSize } from './core/load-size.ts';
export type { Ahead, Paginator, Step, StopReason } from './core/paginator.ts';
export type { Plugin } from './core/plugin.ts';
export type {
  ColumnSchema,
  ContractMode,
  DataType,
  MergeStrategy,
  NormalizerConfig,
  Schema,
  SchemaChange,
  SchemaContract,
  TableSchema,
  WriteDisposition,
} from './core/schema.ts';
export { createSecrets, type Secrets } from './core/secret.ts';
export type {
  Bounds,
  Checkpoint,
  ColumnHint,
  Dynamic,
  NestedHints,
  PageBody,
  PageStep,
  Resource,
  ResourceHints,
  Row,
  RowReader,
  Source,
  WalkedPage,
  WalkOptions,
  WalkPlan,
  WalkProgress,
  WriteDispositionOptions,
} from './core/source.ts';
export type { IncrementalState, ParentCursor, PipelineState, ResourceState, SourceState } from './core/state.ts';
export { openDestination } from './destinations/built-in.ts';
export { type ConsoleOptions, consoleTables } from './destinations/console.ts';
export { duckdb, type DuckDbDestination, type DuckDbOptions } from './destinations/duckdb.ts';
export type { FileCompression, FileFormat } from './destinations/filesystem/file-format.ts';
export type { ExtraPlaceholders, FileParts } from './destinations/filesystem/layout.ts';
export { filesystem, type FilesystemOptions } from './destinations/filesystem.ts';
export { postgres, type PostgresOptions } from './destinations/postgres.ts';
export { stdout, type StdoutOptions } from './destinations/stdout.ts';
export { s3, type S3Options } from './destinations/s3.ts';
export { type Pipeline, pipeline, type PipelineOptions } from './pipeline/pipeline.ts';
export type { ReplayOptions } from './pipeline/replay-log.ts';
export { type ReadRow, readRows, type ReadRowsOptions } from './pipeline/read-rows.ts';
export type { RunOptions } from './pipeline/run-options.ts';
export type {
  ColumnCount,
  GapReport,
  IncompleteReason,
  ResourceReport,
  RunReport,
  SchemaChangeReport,
  TableReport,
  WarningReport,
} from './pipeline/run-report.ts';
export type { AuthConfig, PaginatorConfig, Plugins } from './rest/config-plugins.ts';
export { restApi, type RestApiOptions } from './rest/rest-api.ts';
export type {
  ClientConfig,
  EndpointConfig,
  EndpointResource,
  IncrementalConfig,
  ProcessingStep,
  ResourceConfig,
  ResourceDefaults,
  RestApiConfig,
  RowLists,
  RowsResource,
} from './rest/rest-api-config.ts';
