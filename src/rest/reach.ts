/** Which hosts a source may ask, and which of them get its credentials (invariant 8). */
export interface Reach {
  /** Origin that the credentials were configured for. */
  readonly home: string;
  /** Origin that the configuration names by an absolute `endpoint.path`: asked, without credentials. */
  readonly named?: string | undefined;
  /** `client.allowed_hosts`: hosts, with or without a port, that are as good as home. */
  readonly allowedHosts: readonly string[];
}

/** What a URL may get: the request with credentials, the request without them, or nothing. */
export function access(url: URL, reach: Reach): 'credentials' | 'bare' | 'refused' {
  if (url.origin === reach.home || isSecured(url, reach.home)) return 'credentials';
  if (reach.allowedHosts.some((host) => host.toLowerCase() === url.host || host.toLowerCase() === url.hostname)) return 'credentials';
  return url.origin === reach.named ? 'bare' : 'refused';
}

/** The same host and default port, with TLS added. */
function isSecured(url: URL, home: string): boolean {
  return url.protocol === 'https:' && url.port === '' && home === `http://${url.hostname}`;
}
