import { describe, expect, it } from 'vitest';
import { parseLayout } from './layout.ts';

const parts = {
  schema: 'api',
  table: 'event__tags',
  loadId: '1795568655.719',
  fileId: '0a1b2c3d4e',
  extension: 'jsonl.gz',
  time: new Date('2026-03-01T04:05:06.078Z'),
};

describe('layout', () => {
  // What dlt 1.31 makes of the same templates.
  it.each([
    ['{table_name}/{load_id}.{file_id}.{ext}', 'event__tags/1795568655.719.0a1b2c3d4e.jsonl.gz'],
    ['{schema_name}/{table_name}/{YYYY}/{MM}/{DD}/{load_id}.{file_id}', 'api/event__tags/2026/03/01/1795568655.719.0a1b2c3d4e.jsonl.gz'],
    [
      '{table_name}/{curr_date}/{timestamp}-{timestamp_ms}-{load_package_timestamp}-{load_package_timestamp_ms}/{file_id}.{ext}',
      'event__tags/2026-03-01/1772337906-1772337906078-1772337906-1772337906078/0a1b2c3d4e.jsonl.gz',
    ],
    [
      '{table_name}/{YY}-{Y}-{MMMM}-{MMM}-{M}-{D}/{HH}-{H}-{mm}-{m}-{ss}-{s}/{SSSS}-{SSS}-{SS}-{S}/{dddd}-{ddd}-{dd}-{d}-{Q}/{file_id}.{ext}',
      'event__tags/26-2026-march-mar-3-1/04-4-05-5-06-6/0780-078-07-0/sunday-sun-su-0-1/0a1b2c3d4e.jsonl.gz',
    ],
    ['{table_name}.{load_id}.{file_id}.{ext}', 'event__tags.1795568655.719.0a1b2c3d4e.jsonl.gz'],
  ])('fills %s as dlt does', (template, path) => {
    expect(parseLayout(template).path(parts)).toBe(path);
  });

  it.each([
    ['{table_name}/{file_id}', 'event/', 'event__tags/'],
    ['{schema_name}/{table_name}.{file_id}', 'api/event.', 'api/event__tags.'],
  ])('tells the files of tables apart in %s', (template, event, tags) => {
    const layout = parseLayout(template);
    expect([layout.prefix('api', 'event'), layout.prefix('api', 'event__tags')]).toEqual([event, tags]);
    expect(layout.path(parts).startsWith(tags)).toBe(true);
  });

  it.each([
    ['{table_name}/{file_id}', '../../etc', '%2E.%2F..%2Fetc/0a1b2c3d4e.jsonl.gz'],
    ['{table_name}/{file_id}', '..', '%2E%2E/0a1b2c3d4e.jsonl.gz'],
    ['{table_name}/{file_id}', 'a\\b\0%', 'a%5Cb%00%25/0a1b2c3d4e.jsonl.gz'],
    ['{table_name}.{file_id}', 'event.x', 'event%2Ex.0a1b2c3d4e.jsonl.gz'],
  ])('keeps the files of any table in its place: %s, %j', (template, table, path) => {
    expect(parseLayout(template).path({ ...parts, table })).toBe(path);
  });

  it('takes placeholders of its own, made for each file, and the time that it is told', () => {
    const layout = parseLayout('{table_name}/{team}/{n}/{made}/{YYYY}-{timestamp}-{load_package_timestamp}/{file_id}.{ext}', {
      extraPlaceholders: {
        team: 'data/eu',
        n: 7,
        made: ({ schema, table, loadId, fileId, extension }) => [schema, table, loadId, fileId, extension].join('_'),
      },
      currentDatetime: () => new Date('2030-01-01T00:00:00Z'),
    });
    expect(layout.path(parts)).toBe(
      'event__tags/data/eu/7/api_event__tags_1795568655.719_0a1b2c3d4e_jsonl.gz/2030-1893456000-1772337906/0a1b2c3d4e.jsonl.gz',
    );
    expect(layout.prefix('api', 'event')).toBe('event/');
    const fixed = parseLayout('{table_name}/{YYYY}/{file_id}', { currentDatetime: new Date('2031-01-01T00:00:00Z') });
    expect(fixed.path(parts)).toBe('event__tags/2031/0a1b2c3d4e.jsonl.gz');
  });

  it.each(['..', 'a/../b', '', '/', 'a\\b', 'a\0'])('keeps a file below the dataset whatever a placeholder is: %j', (value) => {
    const layout = parseLayout('{table_name}/{team}/{file_id}', { extraPlaceholders: { team: value } });
    expect(() => layout.path(parts)).toThrow(expect.objectContaining({ code: 'file_layout_invalid' }));
  });

  it('keeps the names of dlt for what they are', () => {
    expect(() => parseLayout('{table_name}/{file_id}', { extraPlaceholders: { load_id: 'x' } })).toThrow(
      'has a placeholder {load_id} of its own',
    );
  });

  it.each([
    ['{table_name}/{file_id}.{extension}', 'unknown placeholder {extension}'],
    ['{load_id}/{file_id}', 'lacks {table_name}'],
    ['{table_name}/{load_id}', 'lacks {file_id}'],
    ['{YYYY}/{table_name}/{file_id}', 'before {table_name}'],
    ['{table_name}_{file_id}', 'with / or .'],
    ['{table_name}{file_id}', 'with / or .'],
    ['/{table_name}/{file_id}', 'below the dataset'],
    ['../{table_name}/{file_id}', 'below the dataset'],
    ['{table_name}/../{file_id}', 'below the dataset'],
  ])('refuses %s', (template, part) => {
    expect(() => parseLayout(template)).toThrow(
      expect.objectContaining({ code: 'file_layout_invalid', message: expect.stringContaining(part) }),
    );
  });
});
