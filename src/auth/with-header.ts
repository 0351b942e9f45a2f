import type { HttpRequest } from '../core/http.ts';

/** The request with a header that replaces the one of this name, however that is written. */
export function withHeader(request: HttpRequest, name: string, value: string): HttpRequest {
  const others = Object.entries(request.headers).filter(([other]) => other.toLowerCase() !== name.toLowerCase());
  return { ...request, headers: { ...Object.fromEntries(others), [name]: value } };
}

/** The value of a header, however its name is written; `undefined` when it is absent or removed. */
export function headerOf(request: HttpRequest, name: string): string | undefined {
  const found = Object.entries(request.headers).findLast(([other]) => other.toLowerCase() === name.toLowerCase());
  return found?.[1] ?? undefined;
}
