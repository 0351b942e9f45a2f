import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.ts';
import { orjsonFloat, pythonFloat, pythonStr } from './python-text.ts';

// Every expected text is what Python 3.11 and orjson 3.13 print.
describe('floats', () => {
  it.each([
    [1, '1.0', '1.0'],
    [-0, '-0.0', '-0.0'],
    [0, '0.0', '0.0'],
    [0.1, '0.1', '0.1'],
    [123456789.125, '123456789.125', '123456789.125'],
    [1e15, '1000000000000000.0', '1000000000000000.0'],
    [9999999999999998, '9999999999999998.0', '9999999999999998.0'],
    [1e16, '1e+16', '1e16'],
    [1.5e16, '1.5e+16', '1.5e16'],
    [1e22, '1e+22', '1e22'],
    [1.7976931348623157e308, '1.7976931348623157e+308', '1.7976931348623157e308'],
    [0.0001, '0.0001', '0.0001'],
    [0.00012345, '0.00012345', '0.00012345'],
    [0.00001, '1e-05', '0.00001'],
    [0.000012345, '1.2345e-05', '0.000012345'],
    [0.000001, '1e-06', '1e-6'],
    [-1.5e-7, '-1.5e-07', '-1.5e-7'],
    [5e-324, '5e-324', '5e-324'],
    [Number.POSITIVE_INFINITY, 'inf', 'null'],
    [Number.NEGATIVE_INFINITY, '-inf', 'null'],
    [Number.NaN, 'nan', 'null'],
  ])('writes %d as Python and orjson do', (value, python, orjson) => {
    expect([pythonFloat(value), orjsonFloat(value)]).toEqual([python, orjson]);
  });
});

describe('pythonStr', () => {
  it.each([
    ['"it\'s"', "it's"],
    ['true', 'True'],
    ['null', 'None'],
    ['12345678901234567890', '12345678901234567890'],
    ['1.0', '1.0'],
    ['1e-7', '1e-07'],
    ['1e400', 'inf'],
    ['[]', '[]'],
    ['{"a": [1, 1.0, null, false, {}], "b": "x"}', "{'a': [1, 1.0, None, False, {}], 'b': 'x'}"],
    ['["it\'s", "say \\"hi\\"", "both \' and \\""]', `["it's", 'say "hi"', 'both \\' and "']`],
    [
      '["\\u0000\\u001f\\u007f\\u0085\\u00a0\\u00ad\\u200b\\u2028\\u3000\\ue000é日😀"]',
      "['\\x00\\x1f\\x7f\\x85\\xa0\\xad\\u200b\\u2028\\u3000\\ue000é日😀']",
    ],
    ['["\\t\\n\\r\\\\\\b", "\\ud800", "\\udb40\\udc01"]', "['\\t\\n\\r\\\\\\x08', '\\ud800', '\\U000e0001']"],
  ])('writes %s as str() does', (json, expected) => {
    expect(pythonStr(parseJson(json))).toBe(expected);
  });
});
