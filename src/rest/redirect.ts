import type { HttpRequest } from '../core/http.ts';

/** More redirects than this in a row are a mistake of the API. */
export const MAX_REDIRECTS = 20;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Where a response sends the request, if it does. */
export function redirectTarget(status: number, headers: Readonly<Record<string, string>>, from: URL): URL | undefined {
  const location = headers['location'];
  if (!REDIRECTS.has(status) || location === undefined || !URL.canParse(location, from.href)) return undefined;
  return new URL(location, from);
}

/** The request at a redirect's target: 303 asks with GET, so do 301 and 302 as all clients came to; 307 and 308 repeat it. */
export function redirected(request: HttpRequest, status: number, target: URL): HttpRequest {
  const moved = { ...request, url: target.href, params: {} };
  if (status === 307 || status === 308) return moved;
  const method = request.method.toUpperCase();
  const becomesGet = status === 301 ? method === 'POST' : method !== 'HEAD';
  const { json: _json, data: _data, ...bare } = moved;
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => name.toLowerCase() !== 'content-type'));
  return { ...bare, headers, method: becomesGet ? 'GET' : method };
}
