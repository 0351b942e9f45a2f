import type { Secrets } from '../core/secret.ts';
import type { Resource } from '../core/source.ts';
import { buildRequest } from './build-request.ts';
import { bareHeaders } from './credentials.ts';
import { walkRows } from './custom-resource.ts';
import { parseAddress } from './encode-request.ts';
import type { Client } from './exchange.ts';
import { boundsOf, withBounds } from './incremental-options.ts';
import { advanceState } from './incremental-state.ts';
import { planWalk } from './plan-walk.ts';
import { createSteps } from './processing-steps.ts';
import { createDetectionReport } from './report-detection.ts';
import { namedOrigin } from './request-address.ts';
import type { EndpointSetup, ResolvedClient, RowsSetup } from './resolved-config.ts';
import { createInspect } from './response-actions.ts';
import { createRowReader } from './row-reader.ts';
import { walk } from './walk.ts';

/** What the resources of a source share. */
export interface ResourceContext {
  readonly client: Client;
  readonly shared: ResolvedClient;
  readonly secrets: Secrets;
}

/** Makes a resource whose rows come from an endpoint. */
export function endpointResource(setup: EndpointSetup, context: ResourceContext): Resource {
  const { client, shared, secrets } = context;
  const { name, selected, hints, parent, incremental } = setup;
  const steps = createSteps(setup.processingSteps, { resource: name, secrets });
  const stopsEarly = Boolean(incremental?.row_order);
  const bounds = incremental && boundsOf(incremental);
  const named = namedOrigin(setup.request.path);
  const base = shared.baseUrl === '' ? named : parseAddress(shared.baseUrl).origin;
  // An auth of its own was configured for where the endpoint is; the client's for where the base is.
  const home = (setup.hasOwnAuth ? named : undefined) ?? base ?? '';
  const headers = named === undefined || named === base ? shared.headers : bareHeaders(shared.headers, secrets);
  const request = { resource: name, baseUrl: shared.baseUrl, headers, template: setup.request, incremental };
  const walking = {
    resource: name,
    client,
    secrets,
    exchange: { auth: setup.auth, home, named, inspect: createInspect(setup.responseActions, secrets) },
    paginator: setup.paginator,
    selector: setup.selector,
    selectorRequired: setup.selectorRequired,
    concurrency: shared.concurrency,
    report: createDetectionReport(),
  };
  return {
    name,
    selected,
    hints,
    ...(parent ? { parent: parent.resource } : {}),
    ...(stopsEarly ? { stopsEarly } : { concurrency: shared.concurrency.limit }),
    ...(bounds && {
      bounds,
      withBounds: (other) => endpointResource({ ...setup, incremental: withBounds(incremental, other) }, context),
    }),
    plan: (options) => planWalk(setup, options),
    async *walk(plan, options) {
      yield* walk(walking, buildRequest(request, plan), stopsEarly ? { ...options, sequential: true } : options);
    },
    reader: (plan, snapshot) => createRowReader({ resource: name, steps, incremental }, plan, snapshot),
    advance: (state, progress) => (incremental ? advanceState({ state, incremental, progress }) : state),
  };
}

/** Makes a resource whose rows come from code. */
export function rowsResource({ name, selected, hints, rows, processingSteps }: RowsSetup, { secrets }: ResourceContext): Resource {
  const steps = createSteps(processingSteps, { resource: name, secrets });
  return {
    name,
    selected,
    hints,
    plan: () => ({}),
    walk: (_, options) => walkRows(rows, { resource: name, secrets }, options),
    reader: (plan) => createRowReader({ resource: name, steps, incremental: undefined }, plan),
    advance: (state) => state,
  };
}
