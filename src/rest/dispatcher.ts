import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { Timeouts } from './config-client.ts';

/** Link headers of some APIs are long; nothing needs more than this. */
const MAX_HEADER_BYTES = 128 * 1024;
/** What a {@link Dispatcher} is opened with. */
export interface DispatcherOptions {
  readonly timeouts: Timeouts;
  /** Requests at once, each on a connection of its own. */
  readonly connections: number;
  /** Where the proxy variables are. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Opens the connection pool of a client, through the proxies that the standard variables of `env` name. */
export function openDispatcher({ timeouts, connections, env }: DispatcherOptions): Dispatcher {
  const options = {
    connect: { timeout: timeouts.connect * 1000 },
    headersTimeout: timeouts.headers * 1000,
    bodyTimeout: timeouts.body * 1000,
    maxHeaderSize: MAX_HEADER_BYTES,
    connections,
  };
  const variable = (name: string) => env[name.toLowerCase()] || env[name] || undefined;
  const all = variable('ALL_PROXY');
  const httpProxy = variable('HTTP_PROXY') ?? all;
  const httpsProxy = variable('HTTPS_PROXY') ?? all;
  const exempt = variable('NO_PROXY') ?? '';
  if ((httpProxy === undefined && httpsProxy === undefined) || exempt.trim() === '*') return new Agent(options);
  return new EnvHttpProxyAgent({
    ...options,
    // Empty is "none"; undefined would make undici read the process's own environment.
    httpProxy: httpProxy ?? '',
    httpsProxy: httpsProxy ?? '',
    // No proxy can reach the loopback of this machine.
    noProxy: [exempt, 'localhost', '127.0.0.1', '[::1]'].join(','),
  });
}

/** The same dispatcher, which calls `sent` when a connection stands and a request goes onto it. */
export function tellingWhenSent(dispatcher: Dispatcher, sent: () => void): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => {
    const telling: Dispatcher.DispatchHandler = {
      onRequestStart(...args) {
        handler.onRequestStart?.(...args);
        sent();
      },
      onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
      onResponseStart: (...args) => handler.onResponseStart?.(...args),
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
      onResponseError: (...args) => handler.onResponseError?.(...args),
    };
    return dispatch(options, telling);
  });
}
