import { describe, expect, it } from 'vitest';
import { restApi } from '../rest/rest-api.ts';
import { atBounds, boundsOf, sameBounds } from './run-bounds.ts';
import { selectResources } from './select-resources.ts';

const selection = selectResources(
  restApi({
    client: { base_url: 'https://api.example.com' },
    resources: ['a', { name: 'b', endpoint: { incremental: { cursor_path: 'at', initial_value: 5 } } }],
  }),
);

describe('the bounds of a run', () => {
  it('are those of its resources that have any', () => {
    expect(boundsOf(selection.walked)).toEqual({ b: { initial_value: 5, end_value: null } });
  });

  it('replace those of the configuration, with every digit', () => {
    const bounds = { b: { initial_value: 2n ** 70n, end_value: null } };
    const at = atBounds(selection, bounds);
    expect(boundsOf(at.walked)).toEqual(bounds);
    expect(at.walked[1]?.plan({}).incremental).toMatchObject({ initial_value: 2n ** 70n, last_value: 2n ** 70n });
    expect(at.walked[0]).toBe(selection.walked[0]);
  });

  it('are those of the configuration where the log is of before they were kept', () => {
    expect(atBounds(selection, undefined)).toEqual(selection);
  });

  it('are the same in whatever order', () => {
    const [x, y] = [
      { initial_value: 1, end_value: 2 },
      { end_value: 2, initial_value: 1 },
    ];
    expect(sameBounds({ x, y }, { y: x, x: y })).toBe(true);
    expect(sameBounds({ x }, { x: { ...y, end_value: '2' } })).toBe(false);
  });
});
