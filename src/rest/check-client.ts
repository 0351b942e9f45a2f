import type { Findings } from './findings.ts';
import { isAbsoluteUrl } from './is-absolute-url.ts';
import type { SoundConfig } from './without-invalid.ts';

/** A header's name: RFC 9110's token. */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
/** What no header can carry: line breaks and other control characters. */
// oxlint-disable-next-line no-control-regex
const NOT_IN_HEADERS = /[\0-\x08\n-\x1f\x7f]|[^\0-\xff]/;
const HOST = /^(?:\[[\da-f:.]+\]|[\p{L}\p{M}\p{N}_.-]+)(?::\d+)?$/iu;

/** Finds what is wrong with `client` beyond the kinds of its values. */
export function checkClient(client: SoundConfig['client'], out: Findings): void {
  if (client?.base_url) checkBaseUrl(client.base_url, out);
  for (const [i, host] of (client?.allowed_hosts ?? []).entries()) {
    if (!HOST.test(host))
      out.error(
        ['client', 'allowed_hosts', i],
        'Expected a host like `api.example.com` or `localhost:8080`.',
        'Write the host alone, without `https://` and path.',
      );
  }
  checkHeaders(client?.headers, (name) => ['client', 'headers', name], out);
}

function checkBaseUrl(text: string, out: Findings): void {
  const path = ['client', 'base_url'];
  if (!isAbsoluteUrl(text)) return out.error(path, '`base_url` is not an http address.', 'Start it with `https://`.');
  if (!URL.canParse(text)) return out.error(path, '`base_url` is not an address.', 'Write it like `https://api.example.com/v1`.');
  const url = new URL(text);
  if (url.search !== '' || url.hash !== '')
    out.warn(path, 'Paths are put after the query of `base_url`.', 'Move the query into `resource_defaults.endpoint.params`.');
}

/** Finds headers that cannot be sent. */
export function checkHeaders(
  headers: Readonly<Record<string, unknown>> | null | undefined,
  at: (name: string) => readonly (string | number)[],
  out: Findings,
): void {
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!TOKEN.test(name.replaceAll(/\{[^{}]*\}/g, 'x')))
      out.error(at(name), 'This is not the name of a header.', 'Use letters, digits and dashes.');
    if (typeof value === 'string' && NOT_IN_HEADERS.test(value)) {
      out.error(at(name), 'The value has a line break or another character that no header can carry.', 'Remove it.');
    }
  }
}
