/** Which hosts a source may ask, and which of them get its credentials (invariant 8). */
export interface Reach {
  /** Origin that the credentials were configured for. */
  readonly home: string;
  /** Origin that the configuration names by an absolute `endpoint.path`: asked, without credentials. */
  readonly named?: string | undefined;
  /**
   * `client.allowed_hosts`: hosts that are as good as home. One without a port stands for all of its
   * ports, but for `http:` only when home is `http:` too: credentials do not go out in the clear unasked.
   */
  readonly allowedHosts: readonly string[];
}

/** What a URL may get: the request with credentials, the request without them, or nothing. */
export function access(url: URL, reach: Reach): 'credentials' | 'bare' | 'refused' {
  if (url.origin === reach.home || isSecured(url, reach.home)) return 'credentials';
  if (reach.allowedHosts.some((host) => isAllowed(url, host, reach.home))) return 'credentials';
  return url.origin === reach.named ? 'bare' : 'refused';
}

/** The same host and default port, with TLS added. */
function isSecured(url: URL, home: string): boolean {
  return url.protocol === 'https:' && url.port === '' && home === `http://${url.hostname}`;
}

/** Compares names as addresses spell them: in small letters, and in ASCII where they are not. */
function isAllowed(url: URL, host: string, home: string): boolean {
  const [, name = host, port] = /^(.+?)(?::(\d+))?$/.exec(host) ?? [];
  if (!URL.canParse(`http://${name}`) || new URL(`http://${name}`).hostname !== url.hostname) return false;
  if (port !== undefined) return Number(port) === portOf(url);
  return url.protocol === 'https:' || !home.startsWith('https:');
}

function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}
