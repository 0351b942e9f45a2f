import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { Timeouts } from './config-client.ts';

/** Link headers of some APIs are long; nothing needs more than this. */
const MAX_HEADER_BYTES = 128 * 1024;
/** Sockets to one origin; who asks how much at once is decided elsewhere. */
const MAX_CONNECTIONS = 64;

/** Opens the connection pool of a client, through the proxies that the standard variables of `env` name. */
export function openDispatcher(timeouts: Timeouts, env: Readonly<Record<string, string | undefined>>): Dispatcher {
  const options = {
    connect: { timeout: timeouts.connect * 1000 },
    headersTimeout: timeouts.headers * 1000,
    bodyTimeout: timeouts.body * 1000,
    maxHeaderSize: MAX_HEADER_BYTES,
    connections: MAX_CONNECTIONS,
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
