import { ResponseError } from '../core/errors.ts';
import type { ReceivedPage } from '../core/http.ts';
import { compileJsonPath } from '../core/jsonpath.ts';
import { kindOf, pageAddress, pageOutline } from './page-outline.ts';

const YES = new Set(['yes', 'true', 't', 'y', '1']);
const NO = new Set(['no', 'false', 'f', 'n', '0']);

/** A reader of the flag that says whether more pages follow. It throws a ResponseError when there is none. */
export function hasMoreReader(path: string): (page: ReceivedPage) => boolean {
  const compiled = compileJsonPath(path);
  return (page) => {
    const value = page.body === undefined ? undefined : compiled.first(page.body);
    const url = pageAddress(page);
    const options = {
      hint: 'Set `has_more_path` to where the API says whether there is more, or leave it out when it does not say.',
      context: { url },
    };
    if (value === undefined || value === null)
      throw new ResponseError('has_more_missing', `The page from ${url} has no flag at \`${path}\`. ${pageOutline(page)}`, options);
    if (typeof value === 'boolean') return value;
    const word = typeof value === 'string' ? value.toLowerCase() : '';
    if (YES.has(word)) return true;
    if (NO.has(word)) return false;
    throw new ResponseError(
      'has_more_invalid',
      `The flag at \`${path}\` of the page from ${url} is neither true nor false but ${kindOf(value)}.`,
      options,
    );
  };
}
