import { describe, expect, it } from 'vitest';
import { parseJson } from '../core/parse-json.ts';
import { inferColumn, pythonTypeName } from './infer.ts';

describe('inferColumn and pythonTypeName', () => {
  it.each([
    ['"x"', 'text', 'text'],
    ['""', 'text', 'text'],
    ['"2024-01-01T10:00:00Z"', 'timestamp', 'text'],
    ['"2024/01/01 10:30"', 'timestamp', 'text'],
    ['"2024-01-01"', 'text', 'text'],
    ['"10:30:00"', 'text', 'text'],
    ['1704067200', 'bigint', 'bigint'],
    ['-9223372036854775808', 'bigint', 'bigint'],
    ['9223372036854775807', 'bigint', 'bigint'],
    ['9223372036854775808', 'decimal', 'bigint'],
    ['-99999999999999999999999999999999999999', 'decimal', 'bigint'],
    ['100000000000000000000000000000000000000', 'text', 'bigint'],
    ['1.5', 'double', 'double'],
    ['1.0', 'double', 'double'],
    ['true', 'bool', 'bool'],
    ['[1]', 'json', 'json'],
    ['{}', 'json', 'json'],
  ])('of %s is %s, for Python %s', (json, type, python) => {
    expect([inferColumn(parseJson(json)).data_type, pythonTypeName(parseJson(json))]).toEqual([type, python]);
  });
});

describe('inferColumn', () => {
  it('makes room for the digits of big integers', () => {
    expect(inferColumn(2n ** 63n)).toEqual({ data_type: 'decimal', precision: 38, scale: 0 });
    expect(inferColumn(2n ** 63n - 1n)).toEqual({ data_type: 'bigint' });
  });
});
