import type { Paginator } from '../core/paginator.ts';
import type { Secrets } from '../core/secret.ts';
import type { Concurrency } from './config-client.ts';
import type { Client, Exchange } from './exchange.ts';
import type { Detection } from './report-detection.ts';

/** What the walks of one resource share. */
export interface WalkSetup {
  readonly resource: string;
  readonly client: Client;
  readonly secrets: Secrets;
  readonly exchange: Pick<Exchange, 'auth' | 'home' | 'named' | 'inspect'>;
  /** Detected on the first page when it is left out. */
  readonly paginator: Paginator | undefined;
  /** JSONPath of the rows; detected on the first page when it is left out. */
  readonly selector: string | undefined;
  /** True: a page where the selector matches nothing is an error. False: it is an empty page like any other. */
  readonly selectorRequired: boolean | undefined;
  /** The client's: so many pages are asked for side by side at most. */
  readonly concurrency: Concurrency;
  /** Receives what was detected; once a resource, not once a walk. */
  readonly report: (detection: Detection) => void;
}
