import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseFileAddress } from './parse-address.ts';

describe('address of files', () => {
  it.each([
    ['out', 'out', {}],
    ['./a b/%20', './a b/%20', {}],
    ['/data/lake', '/data/lake', {}],
    ['///data/my%20lake', '/data/my lake', {}],
    ['~/lake', join(homedir(), 'lake'), {}],
    ['~lake', '~lake', {}],
    ['out?format=jsonl', 'out', { format: 'jsonl', compression: 'gzip' }],
    ['out?format=csv&compression=none', 'out', { format: 'csv', compression: 'none' }],
    ['out?compression=snappy', 'out', { format: 'parquet', compression: 'snappy' }],
    ['out?layout={table_name}/{YYYY}/{file_id}.{ext}', 'out', { layout: '{table_name}/{YYYY}/{file_id}.{ext}' }],
  ])('reads %s', (rest, folder, options) => {
    expect(parseFileAddress(rest)).toEqual({ folder, options });
  });

  it.each([
    ['out?fromat=jsonl', 'destination_option_unknown'],
    ['out?format=json', 'file_format_unknown'],
    ['out?format=jsonl&compression=zstd', 'file_compression_unknown'],
    ['?format=jsonl', 'destination_incomplete'],
    ['//server/share', 'destination_incomplete'],
  ])('refuses %s', (rest, code) => {
    expect(() => parseFileAddress(rest)).toThrow(expect.objectContaining({ code }));
  });
});
