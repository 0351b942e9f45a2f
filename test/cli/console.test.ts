import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FakeApi, startFakeApi } from '../../src/testing/fake-api.ts';
import { fakePages } from '../../src/testing/fake-pages.ts';
import { cliFolder } from './run-cli.ts';

const rows = Array.from({ length: 25 }, (_, i) => ({ id: i + 1, text: i === 0 ? 'a\u001b]0;title\u0007' : 'b', tags: ['x'] }));
const start = () => startFakeApi([{ path: '/messages', reply: fakePages({ rows, style: 'offset', pageSize: 10, total: 'total' }) }]);
const configFor = (api: FakeApi) => ({
  client: { base_url: api.url },
  resources: [
    {
      name: 'messages',
      primary_key: 'id',
      write_disposition: 'merge',
      endpoint: { path: 'messages', data_selector: 'data', paginator: { type: 'offset', limit: 10 } },
    },
  ],
});
const resumed = (stdout: string) => (JSON.parse(stdout) as { resumed: boolean }).resumed;

describe('syncline run --destination console', () => {
  it('shows the tables on stdout and the report on stderr', async () => {
    await using api = await start();
    using folder = cliFolder();
    folder.write('c.json', configFor(api));
    const { code, stdout, stderr } = await folder.run(['run', 'c.json', '--destination', 'console', '--limit', '2']);
    expect(code, stderr).toBe(4);
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      'messages: 20 rows, the first 10',
      expect.stringMatching(/^ {6}id {2}text {15,}_dlt_load_id +_dlt_id$/),
      expect.stringMatching(/^ {2}bigint {2}text {15,}text +text$/),
      expect.stringMatching(/^ {2}─{6} {2}─+ {2}─+ {2}─+$/),
      expect.stringMatching(/^ {7}1 {2}a\\u001b\]0;title\\u0007 {2}\d/),
    ]);
    expect(stdout.match(/^\w+: .*/gm)).toEqual(['messages: 20 rows, the first 10', 'messages__tags: 20 rows, the first 10']);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(stderr).toMatch(/was printed: NOT COMPLETE/);
  });

  it('keeps nothing: the first run into a database is as if nobody had looked', async () => {
    await using api = await start();
    using folder = cliFolder();
    folder.write('c.json', configFor(api));
    for (const destination of ['console', 'duckdb::memory:']) {
      expect((await folder.run(['run', 'c.json', '--destination', destination, '--limit', '1'])).code).toBe(4);
    }
    expect(readdirSync(folder.path)).toEqual(['.syncline', 'c.json']);
    expect(readdirSync(join(folder.path, '.syncline/c'))).toEqual([]);
    const { code, stdout } = await folder.run(['run', 'c.json', '--json']);
    expect({ code, resumed: resumed(stdout) }).toEqual({ code: 0, resumed: false });
    expect(await folder.query('c.duckdb', 'SELECT count(*) FROM c_data.messages')).toEqual([['25']]);
  });
});
