import { once } from 'node:events';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { fakePages } from '../../src/testing/fake-pages.ts';
import { type FakeApi, startFakeApi } from '../../src/testing/fake-api.ts';
import { cliFolder } from './run-cli.ts';

const rows = Array.from({ length: 25 }, (_, i) => ({ id: i + 1, text: `message ${i + 1}`, tags: ['a', 'b'] }));
const pages = fakePages({ rows, style: 'offset', pageSize: 10, total: 'total' });
const paginator = { type: 'offset', limit: 10 };
const messages = {
  name: 'messages',
  primary_key: 'id',
  write_disposition: 'merge',
  endpoint: { path: 'messages', data_selector: 'data', paginator },
};
const configFor = (api: FakeApi, extra: object = {}) => ({
  client: { base_url: api.url, retry: { backoff_factor: 0 }, ...extra },
  resources: [messages],
});
const startMessages = () => startFakeApi([{ path: '/messages', reply: pages }]);

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}

describe('syncline run', () => {
  it('loads, names things after the file and prints the report', async () => {
    await using api = await startMessages();
    using folder = cliFolder();
    folder.write('mail box.json', configFor(api));
    const { code, stdout, stderr } = await folder.run(['run', 'mail box.json']);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/dataset mail_box_data of duckdb:mail_box\.duckdb: complete/);
    expect(stdout).toMatch(/messages\s+3\s+3\s+0\s+25\s+total_reached/);
    expect(stderr).toMatch(/committed load \d{10}\.\d+/);
    expect(await folder.query('mail_box.duckdb', 'SELECT count(*) FROM mail_box_data.messages__tags')).toEqual([['50']]);
    expect(await folder.query('mail_box.duckdb', 'SELECT schema_name FROM mail_box_data._dlt_loads')).toEqual([['rest_api']]);
  });

  it('prints one JSON object with --json and nothing else with --quiet', async () => {
    await using api = await startMessages();
    using folder = cliFolder();
    folder.write('c.json', configFor(api));
    const { code, stdout, stderr } = await folder.run([
      'run',
      'c.json',
      '--json',
      '--quiet',
      '--dataset',
      'mine',
      '--pipeline',
      'p',
      '--source-name',
      'api',
      '--destination',
      'duckdb:x.duckdb',
    ]);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      pipeline: 'p',
      dataset: 'mine',
      source: 'api',
      complete: true,
      resources: [{ name: 'messages', pages: 3, rows: 25, stop_reasons: { total_reached: 1 } }],
    });
    expect(await folder.query('x.duckdb', 'SELECT count(*) FROM mine.messages')).toEqual([['25']]);
  });

  it('reads YAML and .env, and functions of a TypeScript configuration', async () => {
    await using api = await startMessages();
    using folder = cliFolder();
    folder.write('.env', `API=${api.url}\n`);
    folder.write(
      'y.yaml',
      'client: { base_url: "${API}" }\nresources:\n  - name: messages\n    endpoint: { paginator: { type: offset, limit: 10 } }\n',
    );
    folder.write(
      't.ts',
      `const even = (row: { id: number }): boolean => row.id % 2 === 0;\nexport default { client: { base_url: '\${API}' }, resources: [{ name: 'messages', processing_steps: [{ filter: even }], endpoint: { paginator: { type: 'offset', limit: 10 } } }] };\n`,
    );
    expect(await folder.run(['run', 'y.yaml'])).toMatchObject({ code: 0 });
    expect(await folder.run(['run', 't.ts'])).toMatchObject({ code: 0 });
    expect(await folder.query('y.duckdb', 'SELECT count(*) FROM y_data.messages')).toEqual([['25']]);
    expect(await folder.query('t.duckdb', 'SELECT count(*) FROM t_data.messages')).toEqual([['12']]);
  });

  it('says with its exit code who must act', async () => {
    await using api = await startFakeApi([
      { path: '/messages', reply: pages },
      { path: '/down', reply: { status: 503, json: {} } },
      { path: '/closed', reply: { status: 401, json: {} } },
      { path: '/page', reply: { headers: { 'content-type': 'text/html' }, body: '<html><title>Login</title></html>' } },
    ]);
    using folder = cliFolder();
    const code = async (name: string, ...more: string[]) => {
      folder.write('c.json', {
        client: { base_url: api.url, retry: { backoff_factor: 0 } },
        resources: [{ name, endpoint: { path: name } }],
      });
      const ended = await folder.run(['run', 'c.json', '--discard', ...more]);
      expect(ended.stdout + ended.stderr).not.toMatch(/\n\s+at /);
      return ended.code;
    };
    expect(await code('down')).toBe(3);
    expect(await code('closed')).toBe(2);
    expect(await code('page')).toBe(1);
    expect(await code('messages', '--limit', '0')).toBe(2);
    expect(await code('messages', '--resources', 'mesages')).toBe(2);
    expect(await code('messages', '--destination', 'oracle:x')).toBe(2);
    expect(await code('messages', '--work-dir', 'c.json')).toBe(2);
    expect((await folder.run(['run', 'none.json'])).code).toBe(2);
    expect((await folder.run(['run'])).code).toBe(2);
    expect((await folder.run(['--version'])).code).toBe(0);
  });

  it('is not complete with --limit', async () => {
    await using api = await startMessages();
    using folder = cliFolder();
    folder.write('c.json', configFor(api));
    const { code, stdout } = await folder.run(['run', 'c.json', '--limit', '2', '--json']);
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ complete: false, incomplete_reasons: [{ resource: 'messages', code: 'limit_reached' }] });
  });

  it('stops at Ctrl-C, keeps the pages and goes on', async () => {
    const third = withResolvers<undefined>();
    const asked = withResolvers<undefined>();
    await using api = await startFakeApi([
      {
        path: '/messages',
        async reply(request) {
          if (request.nth === 3) {
            asked.resolve(undefined);
            await third.promise;
          }
          return pages(request);
        },
      },
    ]);
    using folder = cliFolder();
    folder.write('c.json', configFor(api));
    const { child, ended } = folder.start(['run', 'c.json', '--json']);
    await asked.promise;
    child.kill('SIGINT');
    const stopped = await ended;
    third.resolve(undefined);
    expect(stopped.code).toBe(130);
    expect(JSON.parse(stopped.stdout)).toMatchObject({ complete: false, error: { code: 'interrupted' } });
    expect(stopped.stderr).toContain('run the same command again');
    const { code, stdout } = await folder.run(['run', 'c.json', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ resumed: true, complete: true });
    expect(api.requests.map((r) => r.query.get('offset'))).toEqual(['0', '10', '20', '20']);
    expect(await folder.query('c.duckdb', 'SELECT count(*), count(DISTINCT id) FROM c_data.messages')).toEqual([['25', '25']]);
  });

  it('keeps the pages when another process holds the database', async () => {
    await using api = await startMessages();
    using folder = cliFolder();
    folder.write('c.json', configFor(api));
    const instance = await DuckDBInstance.create(join(folder.path, 'c.duckdb'));
    const locked = await folder.run(['run', 'c.json', '--wait', '0']);
    instance.closeSync();
    expect(locked.code).toBe(3);
    expect(locked.stderr).toContain(String(process.pid));
    const { code } = await folder.run(['run', 'c.json']);
    expect(code).toBe(0);
    expect(await folder.query('c.duckdb', 'SELECT count(*) FROM c_data.messages')).toEqual([['25']]);
  });

  it('prints no secret, not even with --debug', async () => {
    await using api = await startFakeApi([
      { path: '/messages', reply: (request) => ({ status: 400, json: { echo: `${request.path}?${request.query.toString()}` } }) },
    ]);
    using folder = cliFolder();
    folder.write('c.json', configFor(api, { auth: { type: 'api_key', name: 'api_key', api_key: '${KEY}', location: 'query' } }));
    const { code, stdout, stderr } = await folder.run(['run', 'c.json', '--debug'], { KEY: 'very/secret+key' });
    expect(code).toBe(3);
    expect(api.requests[0]?.query.get('api_key')).toBe('very/secret+key');
    expect(stdout + stderr).not.toMatch(/very|secret/);
  });

  it('ends quietly when nobody reads on', async () => {
    await using api = await startMessages();
    using folder = cliFolder();
    folder.write('c.json', configFor(api));
    const { child, ended } = folder.start(['run', 'c.json', '--json']);
    child.stdout?.destroy();
    await once(child, 'close');
    expect((await ended).stderr).not.toMatch(/EPIPE|\n\s+at /);
  });
});
