import { z } from 'zod';
import { callable } from './config-callable.ts';
import { incrementalParamSchema, incrementalSchema, resolveParamSchema } from './config-incremental.ts';
import { jsonValue, list } from './config-json.ts';
import { authSchema, paginatorSchema } from './config-plugins.ts';
import type { Plugins } from './config-plugins.ts';
import type { ResponseHook } from './response-hook.ts';

/** The HTTP methods that an endpoint can be asked with. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'QUERY', 'SEARCH', 'REPORT', 'PROPFIND'] as const;

const hook = callable<ResponseHook>();

const responseAction = z.union(
  [
    z.strictObject({
      status_code: z
        .union([z.int(), z.string()], { error: 'Expected a status code.' })
        .nullish()
        .describe('Matches responses of this status.'),
      content: z.string().nullish().describe('Matches responses whose body contains this text.'),
      action: z
        .union([z.literal('ignore'), hook, list(hook)], { error: 'Expected `ignore`, a function or a list of functions.' })
        .describe('`ignore` ends the walk without an error.'),
    }),
    hook,
  ],
  { error: 'Expected an object with `action`, or a function.' },
);

const paramSchema = z.discriminatedUnion('type', [resolveParamSchema, incrementalParamSchema], {
  error:
    'A parameter that is an object has the `type` `resolve` or `incremental`.\nWrite such a `type`, or a text: other objects cannot stand in a query.',
});

/** `resources[].endpoint` as an object. */
export function endpointSchema(plugins: Plugins) {
  return z.strictObject({
    path: z.string().nullish().describe('Relative to `base_url`, or an absolute address; the name of the resource when left out.'),
    method: z.enum(METHODS).nullish(),
    headers: z
      .record(z.string(), z.union([z.string(), z.number(), z.null()], { error: 'Expected a text, a number or null.' }))
      .nullish()
      .describe('Headers on top of those of the client; null removes one.'),
    params: z
      .record(
        z.string(),
        z.union([z.string(), z.number(), z.boolean(), z.null(), list(jsonValue), paramSchema], {
          error: 'Expected a text, a number, a list, or an object with `type` `resolve` or `incremental`.',
        }),
      )
      .nullish()
      .describe('Query parameters.'),
    json: jsonValue.nullish().describe('JSON body.'),
    data: z
      .union([z.string(), z.record(z.string(), jsonValue), list(z.tuple([z.string(), jsonValue]).readonly())], {
        error: 'Expected an object of form fields, a list of pairs, or a text.',
      })
      .nullish()
      .describe('Form body, or a raw text body.'),
    paginator: paginatorSchema(plugins).nullish().describe('How the pages follow each other; found out on the first page when left out.'),
    data_selector: z.string().nullish().describe('JSONPath of the rows in a page; found out on the first page when left out.'),
    data_selector_required: z
      .boolean()
      .nullish()
      .describe('True: every page on which the selector matches nothing is an error. False: none is.'),
    response_actions: list(responseAction).nullish().describe('What to do with certain responses.'),
    incremental: incrementalSchema.nullish().describe('Loads only rows that are new since the last run.'),
    auth: authSchema(plugins).nullish().describe('Instead of the auth of the client; null for none.'),
  });
}
