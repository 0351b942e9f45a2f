import { ResponseError } from '../core/errors.ts';
import type { ReceivedPage } from '../core/http.ts';
import { compileJsonPath } from '../core/jsonpath.ts';
import { toInteger } from './integer.ts';
import { kindOf, pageAddress, pageOutline } from './page-outline.ts';

/** What a total counts. */
export type TotalUnit = 'items' | 'pages';

/** Reads the total out of a page. */
export interface TotalReader {
  /** Throws a ResponseError when the page has no usable total. */
  readonly require: (page: ReceivedPage) => number;
  /** `undefined` when the page has no usable total. */
  readonly find: (page: ReceivedPage) => number | undefined;
}

/** A reader of the number of items or pages that a page says there are. */
export function totalReader(path: string, unit: TotalUnit): TotalReader {
  const compiled = compileJsonPath(path);
  const valueIn = (page: ReceivedPage) => (page.body === undefined ? undefined : compiled.first(page.body));
  const find = (page: ReceivedPage) => {
    const value = valueIn(page);
    return value === undefined ? undefined : toInteger(value);
  };
  const require = (page: ReceivedPage) => {
    const total = find(page);
    if (total !== undefined) return total;
    const value = valueIn(page);
    const url = pageAddress(page);
    const options = {
      hint: `Set \`total_path\` to where the API says how many ${unit} there are, or to null when it does not say.`,
      context: { url },
    };
    if (value === undefined || value === null)
      throw new ResponseError('total_missing', `The page from ${url} has no total at \`${path}\`. ${pageOutline(page)}`, options);
    throw new ResponseError(
      'total_invalid',
      `The total at \`${path}\` of the page from ${url} is no whole number but ${kindOf(value)}.`,
      options,
    );
  };
  return { find, require };
}
