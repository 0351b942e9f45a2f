import type { RunEvent } from '../../src/core/events.ts';
import { createSecrets } from '../../src/core/secret.ts';
import type { ResourceState } from '../../src/core/state.ts';
import { readRows } from '../../src/pipeline/read-rows.ts';
import { restApi, type RestApiOptions } from '../../src/rest/rest-api.ts';
import type { RestApiConfig } from '../../src/rest/rest-api-config.ts';

/** The rows of a configuration's resources, by name, in the order in which they come. */
export async function rowsOf(
  config: RestApiConfig,
  options: RestApiOptions & {
    readonly resources?: readonly string[];
    readonly state?: Record<string, ResourceState>;
    readonly events?: RunEvent[];
  } = {},
): Promise<Record<string, unknown[]>> {
  const { resources, state, events, ...more } = options;
  await using source = restApi(config, { env: {}, sleep: async () => {}, secrets: createSecrets(), ...more });
  const rows: Record<string, unknown[]> = {};
  const reading = readRows(source, {
    ...(resources ? { resources } : {}),
    ...(state ? { state } : {}),
    emit: (event) => events?.push(event),
  });
  for await (const { resource, row } of reading) (rows[resource] ??= []).push(row);
  return rows;
}
