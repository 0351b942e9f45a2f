import { describe, expect, it } from 'vitest';
import { s3 } from '../s3.ts';
import { parseBucketAddress } from './parse-address.ts';

describe('address of a bucket', () => {
  it.each([
    ['//lake', 'lake', { prefix: '' }],
    ['//lake/', 'lake', { prefix: '' }],
    ['//lake/raw/a b/%20', 'lake', { prefix: 'raw/a b/%20' }],
    ['//lake?format=jsonl', 'lake', { prefix: '', format: 'jsonl', compression: 'gzip' }],
    [
      '//my.lake/raw?endpoint=http://localhost:9000&region=eu-west-1&path_style=false',
      'my.lake',
      { prefix: 'raw', endpoint: 'http://localhost:9000', region: 'eu-west-1', pathStyle: false },
    ],
    ['//lake?layout={table_name}/{file_id}', 'lake', { prefix: '', layout: '{table_name}/{file_id}' }],
  ])('reads %s', (rest, bucket, options) => {
    expect(parseBucketAddress(rest)).toEqual({ bucket, options });
  });

  it('is shown with the endpoint, which tells the place from others', () => {
    expect(s3('lake', { prefix: '/raw//a/' }).location).toBe('s3://lake/raw/a');
    expect(s3('lake', { endpoint: 'http://localhost:9000' }).location).toBe('s3://lake?endpoint=http://localhost:9000');
  });

  it.each([
    ['lake', 'destination_incomplete'],
    ['//', 'destination_incomplete'],
    ['///raw', 'destination_incomplete'],
    ['//x', 'bucket_name_invalid'],
    ['//a_b*c', 'bucket_name_invalid'],
    ['//lake/a/../b', 'bucket_prefix_invalid'],
    ['//lake?fromat=jsonl', 'destination_option_unknown'],
    ['//lake?path_style=yes', 'destination_option_invalid'],
    ['//lake?endpoint=localhost:9000', 'endpoint_invalid'],
    ['//lake?endpoint=ftp://host', 'endpoint_invalid'],
    ['//lake?format=json', 'file_format_unknown'],
    ['//lake?layout={file_id}', 'file_layout_invalid'],
  ])('refuses %s', (rest, code) => {
    expect(() => open(rest)).toThrow(expect.objectContaining({ name: 'ConfigError', code }));
  });

  it.each([
    '//AKIAFAKE:geheim@lake/raw',
    '//geheim@lake',
    '//AKIAFAKE:geheim/raw',
    '//lake?aws_secret_access_key=geheim',
    '//lake?access_key_id=geheim',
    '//lake?session_token=geheim',
    '//lake?endpoint=https://me:geheim@host',
    '//lake?endpoint=https://host/?token=geheim',
  ])('takes no credentials from %s, and does not show them', (rest) => {
    let thrown: unknown;
    try {
      open(rest);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'credentials_in_address', hint: expect.stringContaining('AWS_ACCESS_KEY_ID') });
    expect(`${String(thrown)} ${JSON.stringify(thrown)}`).not.toContain('geheim');
  });

  it('does not show an option that may be a secret', () => {
    expect(() => open('//lake?gE/hE+1m')).toThrow('S3 has no option of that name.');
  });

  it('tells an address where a name is expected from credentials', () => {
    expect(() => s3('s3://lake/raw')).toThrow(
      expect.objectContaining({ code: 'bucket_name_invalid', hint: expect.stringContaining('prefix: PREFIX') }),
    );
    expect(() => s3('s3://me:geheim@lake')).toThrow(expect.objectContaining({ code: 'credentials_in_address' }));
  });
});

function open(rest: string): void {
  const { bucket, options } = parseBucketAddress(rest);
  s3(bucket, options);
}
