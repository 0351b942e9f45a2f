import { z } from 'zod';
import { LOAD_SIZE } from '../core/load-size.ts';
import { list } from './config-json.ts';
import { callable } from './config-callable.ts';
import type { RowFunction } from './config-callable.ts';
import { concurrencySchema, rateLimitSchema, retrySchema, timeoutSchema } from './config-client.ts';
import { endpointSchema } from './config-endpoint.ts';
import { hintKeys } from './config-hints.ts';
import { authSchema, paginatorSchema } from './config-plugins.ts';
import type { Plugins } from './config-plugins.ts';

/** Rows from code, in lists: what a resource with `rows` gives. */
export type RowLists = () => Iterable<readonly unknown[]> | AsyncIterable<readonly unknown[]>;

const processingSteps = list(
  z.strictObject({
    filter: callable<RowFunction<boolean>>().nullish().describe('Keeps the rows for which it is true.'),
    map: callable<RowFunction<unknown>>().nullish().describe('Replaces each row.'),
    yield_map: callable<RowFunction<Iterable<unknown>>>().nullish().describe('Replaces each row by any number of rows.'),
  }),
)
  .nullish()
  .describe('Run on every row, in order, before the incremental filter.');

/** The schema of a whole configuration, for a set of plug-ins. */
export function restApiConfigSchema(plugins: Plugins) {
  const endpoint = endpointSchema(plugins);
  const resourceKeys = {
    ...hintKeys,
    endpoint: z
      .union([z.string(), endpoint], { error: 'Expected a path or an object.' })
      .nullish()
      .describe('Where the rows come from: a path, or all of the request.'),
    include_from_parent: list(z.string()).nullish().describe("Fields of the parent's row that each row gets as `_<parent>_<field>`."),
    processing_steps: processingSteps,
    parallelized: z.boolean().nullish().describe("Read for dlt's sake: which requests run side by side is not up to it."),
  };
  const name = z.string().min(1).describe('Name of the resource: its table and its path when nothing else is said.');
  return z.strictObject({
    $schema: z.string().optional().describe('Address of the JSON Schema, for editors.'),
    client: z
      .strictObject({
        base_url: z.string().describe('Put before every relative path.'),
        headers: z.record(z.string(), z.string()).nullish().describe('Headers of all requests.'),
        auth: authSchema(plugins).nullish(),
        paginator: paginatorSchema(plugins).nullish(),
        retry: retrySchema.nullish(),
        timeout: timeoutSchema.nullish(),
        concurrency: concurrencySchema.nullish(),
        rate_limit: rateLimitSchema.nullish(),
        allowed_hosts: list(z.string()).nullish().describe('Hosts besides that of `base_url` that get the credentials.'),
        max_body_bytes: z.int().positive().nullish().describe('Largest body that is read; 256 MB when left out.'),
      })
      .describe('What all requests share.'),
    resource_defaults: z
      .strictObject({ ...resourceKeys, endpoint: endpoint.nullish() })
      .nullish()
      .describe('Merged into every resource.'),
    commit_every: z
      .union([z.int().min(1), z.string().regex(LOAD_SIZE, { error: 'Expected a size like 100000 (rows) or 256MB.' })])
      .nullish()
      .describe('Cuts a long run into loads of about this many rows, or of so many bytes of pages as `256MB`; one load when left out.'),
    resources: list(
      z.union(
        [
          z.string().min(1),
          z.strictObject({
            name,
            rows: z.undefined({ error: 'Expected a function that gives lists of rows.' }).optional(),
            ...resourceKeys,
          }),
          z.strictObject({ name, rows: callable<RowLists>(), ...hintKeys, processing_steps: processingSteps }),
        ],
        { error: 'Expected a name or an object with `name`.' },
      ),
    ),
  });
}

/** A configuration of dlt's `rest_api` source, with syncline's own keys. */
export type RestApiConfig = z.input<ReturnType<typeof restApiConfigSchema>>;

/** `client` of a configuration. */
export type ClientConfig = RestApiConfig['client'];

/** `resource_defaults` of a configuration. */
export type ResourceDefaults = NonNullable<RestApiConfig['resource_defaults']>;

/** One of `resources`. */
export type ResourceConfig = RestApiConfig['resources'][number];

/** A resource that is asked for over HTTP. */
export type EndpointResource = Extract<ResourceConfig, { readonly rows?: undefined }>;

/** A resource whose rows come from code. */
export type RowsResource = Extract<ResourceConfig, { readonly rows: RowLists }>;

/** `endpoint` as an object. */
export type EndpointConfig = Exclude<NonNullable<EndpointResource['endpoint']>, string>;

/** One of `processing_steps`. */
export type ProcessingStep = NonNullable<EndpointResource['processing_steps']>[number];

/** `endpoint.incremental`. */
export type IncrementalConfig = NonNullable<EndpointConfig['incremental']>;

/** A query parameter of an endpoint. */
type ParamConfig = NonNullable<EndpointConfig['params']>[string];

/** A query parameter that is the start of an incremental range. */
export type IncrementalParamConfig = Extract<ParamConfig, { readonly type: 'incremental' }>;

/** `write_disposition` as an object. */
export type WriteDispositionObject = Extract<EndpointResource['write_disposition'], { readonly disposition: unknown }>;
