import type { Finding } from '../core/errors.ts';
import { checkClient } from './check-client.ts';
import { checkEndpoint } from './check-endpoint.ts';
import { checkGraph } from './check-graph.ts';
import { checkHints } from './check-hints.ts';
import { checkPaginator } from './check-paginator.ts';
import { builtInPlugins } from './config-plugins.ts';
import type { Plugins } from './config-plugins.ts';
import { createFindings } from './findings.ts';
import { mergeDefaults } from './merge-defaults.ts';
import { restApiConfigSchema } from './rest-api-config.ts';
import type { RestApiConfig } from './rest-api-config.ts';
import { schemaFindings } from './schema-findings.ts';
import { withoutInvalid } from './without-invalid.ts';

/** A configuration that was looked at. */
export interface ValidatedConfig {
  /** The configuration itself, unchanged, when nothing is wrong. */
  readonly config: RestApiConfig | undefined;
  /** All that is wrong. */
  readonly findings: readonly Finding[];
  /** What does not stop a run. */
  readonly warnings: readonly Finding[];
}

const builtInSchema = restApiConfigSchema(builtInPlugins);

/**
 * Finds everything that is wrong with a configuration at once: keys and kinds of values by the
 * schema, then what the sound parts say of each other. Sends nothing, changes nothing; messages
 * hold no values.
 */
export function validateConfig(input: unknown, plugins: Plugins = builtInPlugins): ValidatedConfig {
  const schema = plugins === builtInPlugins ? builtInSchema : restApiConfigSchema(plugins);
  const shape = schemaFindings(schema, input);
  const sound = withoutInvalid(input, shape);
  const client = sound.client ?? {};
  const out = createFindings();
  checkClient(client, out);
  checkPaginator(client.paginator, ['client', 'paginator'], out);
  if (sound.resource_defaults?.endpoint?.path) {
    out.warn(
      ['resource_defaults', 'endpoint', 'path'],
      'A path in the defaults is never used: it is the name of the resource when left out.',
      'Remove it.',
    );
  }
  const resources = mergeDefaults(sound, shape).map((draft) => {
    checkHints(draft, out);
    return { draft, uses: draft.rows === undefined ? checkEndpoint(draft, client, out) : [] };
  });
  checkGraph(resources, out);
  const findings = [...shape, ...out.errors];
  return { config: findings.length === 0 ? (input as RestApiConfig) : undefined, findings, warnings: out.warnings };
}
