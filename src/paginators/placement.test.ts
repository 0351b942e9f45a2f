import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../core/http.ts';
import { isPlacementUnclear, placement } from './placement.ts';

const request: HttpRequest = { method: 'POST', url: 'https://api.example.com/rows', headers: {}, params: {} };
const inBody = placement({ param: undefined, bodyPath: 'a.b', fallback: 'page' });

describe('placement', () => {
  it('falls back to a query parameter', () => {
    expect(placement({ param: null, bodyPath: undefined, fallback: 'page' })(request, 3).params).toEqual({ page: 3 });
    expect(placement({ param: 'p', bodyPath: null, fallback: 'page' })(request, 3).params).toEqual({ p: 3 });
  });

  it('makes objects on the way', () => {
    expect(inBody(request, 3).json).toEqual({ a: { b: 3 } });
    expect(inBody({ ...request, json: null }, 3).json).toEqual({ a: { b: 3 } });
    expect(inBody({ ...request, json: { a: { c: 1 } } }, 3).json).toEqual({ a: { c: 1, b: 3 } });
    expect(inBody({ ...request, json: {}, data: {} }, 3).json).toEqual({ a: { b: 3 } });
  });

  it('does not take what an object inherits for a value', () => {
    const place = placement({ param: undefined, bodyPath: 'constructor.b', fallback: 'page' });
    expect(place(request, 3).json).toEqual({ constructor: { b: 3 } });
  });

  it('says when the body has no place for it', () => {
    expect(() => inBody({ ...request, json: { a: [] } }, 3)).toThrow(expect.objectContaining({ code: 'body_path_blocked' }));
    expect(() => inBody({ ...request, json: [] }, 3)).toThrow(expect.objectContaining({ code: 'body_path_blocked' }));
    expect(() => inBody({ ...request, data: 'q=x' }, 3)).toThrow(expect.objectContaining({ code: 'body_path_with_data' }));
    expect(() => inBody({ ...request, data: { q: 'x' } }, 3)).toThrow(expect.objectContaining({ code: 'body_path_with_data' }));
  });
});

describe('isPlacementUnclear', () => {
  it.each<[string | null | undefined, string | null | undefined, boolean]>([
    [undefined, undefined, false],
    [null, null, false],
    ['p', undefined, false],
    [undefined, 'a.b', false],
    ['', 'a.b', false],
    ['p', 'a.b', true],
    ['', undefined, true],
    [undefined, '', true],
  ])('%j and %j: %j', (param, bodyPath, unclear) => {
    expect(isPlacementUnclear(param, bodyPath)).toBe(unclear);
  });
});
