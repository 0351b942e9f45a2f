import { describe, expect, it } from 'vitest';
import { lintJsonPath } from './jsonpath-lint.ts';

describe('lintJsonPath', () => {
  it.each([
    'data',
    '$',
    '$.data.items[*].id',
    "'@odata.nextLink'",
    "['@odata.nextLink']",
    "'@odata'.nextLink",
    '@.id',
    '@type',
    'a[?@.x > 1 && @.y == null]',
    '(a.c)|(a.n)',
    'a|b',
    'a.(c|n)',
    'a[/x][*].x',
    'a.b.`len`',
    's.`split(-, *, -1)`[0]',
    'a[1:3]',
    'a[-3:-1]',
    'a[::-1]',
    '$.a + 1',
    'a.c * 2',
  ])('has nothing to say about %s', (path) => expect(lintJsonPath(path)).toEqual([]));

  it.each([
    ['@odata.nextLink', '`@odata.nextLink` asks for the key `nextLink` inside of `@odata`', "'@odata.nextLink' with quotes"],
    ['value[*].@odata.etag', 'inside of `@odata`', "'@odata.etag'"],
    ['a.c|a.n', '`|` binds more tightly than `.`', 'parentheses'],
    ['$.c|$.n', '`|` binds more tightly than `.`', 'parentheses'],
    ['a.`len`.x', 'nothing can be selected from a single value', 'end the path'],
    ['a.s.`split(-, 0, -1)`[0]', 'nothing can be selected from a single value', 'end the path'],
    ['a[/x].x', 'sorting selects one list', '[*]'],
    ['$.`parent`', 'the root has no parent', 'leave out'],
    ['a[3:1]', 'the slice has no element', 'start before end'],
    ['a[::0]', 'the slice has no element', 'start before end'],
    ['count + 1', '`count` is a text here, not a key', '$.count'],
    ['a[?@.x > true]', 'nothing is > true', '=='],
    ['a[?@.y || @.x < null]', 'nothing is < null', '=='],
    ['a where b[2:1]', 'the slice has no element', 'start before end'],
  ])('finds the mistake in %s', (path, message, hint) => {
    const findings = lintJsonPath(path);
    expect(findings).toEqual([expect.objectContaining({ message: expect.stringContaining(message), hint: expect.stringContaining(hint) })]);
  });

  it.each([
    ['', 'is not a JSONPath: the path ends too early at column 1', undefined],
    ['.a', 'is not a JSONPath: unexpected "." at column 1', 'start with a key or with $'],
    ['a.odd key', 'is not a JSONPath: unexpected "key" at column 7', undefined],
    ['a.größe', 'is not a JSONPath: unexpected character "ö" at column 5', "put a key with special characters in quotes: data.'odd key'"],
    ['a[]', 'is not a JSONPath: unexpected "]" at column 3', 'write [*] for all elements'],
    ['[?x > 1]', 'is not a JSONPath: unexpected "?" at column 2', 'put a path or $ before the filter: $[?…]'],
    ["a.'b", "is not a JSONPath: the quote ' is not closed at column 3", "close it with '"],
    ['a & b', 'is not a JSONPath: unexpected "&" at column 3', 'write && between the conditions of a filter; paths have no intersection'],
    ['a[?x==1 | x==2]', 'is not a JSONPath: unexpected "|" at column 9', 'write || between alternatives'],
    ['a.`lenght`', 'is not a JSONPath: there is no function `lenght` at column 3', expect.stringContaining('`len`')],
    ['a.where', 'is not a JSONPath: unexpected "where" at column 3', "put the key in quotes: 'where'"],
    ['a.1.5', 'is not a JSONPath: unexpected "1.5" at column 3', "put keys that are numbers in quotes: '1'.'5'"],
  ])('says why %j cannot be read', (path, message, hint) => {
    const [finding, ...more] = lintJsonPath(path);
    expect(more).toEqual([]);
    expect(finding?.message).toBe(message);
    expect(finding?.hint).toEqual(hint);
  });
});
