import { z } from 'zod';
import { builtInAuths } from '../auth/built-in.ts';
import { builtInPaginators } from '../paginators/built-in.ts';
import { restApiConfigSchema } from '../rest/rest-api-config.ts';

/** The JSON Schema (draft 2020-12) of configuration files, for editors: made from what validates them. */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(restApiConfigSchema({ paginators: builtInPaginators, auths: builtInAuths }), {
    io: 'input',
    unrepresentable: 'any',
    reused: 'ref',
  });
  return { ...schema, title: 'syncline configuration', description: "A configuration of dlt's rest_api source, as syncline runs it." };
}
