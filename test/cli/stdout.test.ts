import { once } from 'node:events';
import { existsSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type FakeApi, startFakeApi } from '../../src/testing/fake-api.ts';
import { fakePages } from '../../src/testing/fake-pages.ts';
import { CLI, cliFolder } from './run-cli.ts';

const KEY = 'very/secret+key-4711';
/** Texts that fill the buffer of a pipe several times. */
const long = 'x'.repeat(20_000);
const rowsOf = (count: number, text: string) => Array.from({ length: count }, (_, i) => ({ id: i + 1, text, tags: ['a', 'b'] }));

const start = (rows: readonly object[] = rowsOf(25, 'hello')) =>
  startFakeApi([{ path: '/messages', reply: fakePages({ rows, style: 'offset', pageSize: 10, total: 'total' }) }]);
const configFor = (api: FakeApi) => ({
  client: { base_url: api.url, retry: { backoff_factor: 0 }, auth: { type: 'api_key', name: 'key', api_key: '${KEY}', location: 'query' } },
  resources: [
    {
      name: 'messages',
      primary_key: 'id',
      write_disposition: 'merge',
      endpoint: { path: 'messages', data_selector: 'data', paginator: { type: 'offset', limit: 10 } },
    },
  ],
});

interface Line {
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** A folder with a configuration, and a run of it with arguments. */
function folderFor(api: FakeApi) {
  const folder = cliFolder();
  folder.write('c.json', configFor(api));
  const args = (destination: string, more: readonly string[]) => ['run', 'c.json', '--destination', destination, ...more];
  return {
    path: folder.path,
    run: (destination: string, ...more: readonly string[]) => folder.run(args(destination, more), { KEY }),
    start: (destination: string, ...more: readonly string[]) => folder.start(args(destination, more), { KEY }),
    args,
    logs: () => readdirSync(join(folder.path, '.syncline/c')),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

const linesOf = (text: string): unknown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);

describe('syncline run --destination stdout:', () => {
  it('prints rows and nothing else, as often as it is run', async () => {
    await using api = await start();
    using folder = folderFor(api);
    for (const more of [['--full-refresh'], ['--commit-every', '5', '--dataset', 'd']]) {
      const { code, stdout, stderr } = await folder.run('stdout:', ...more);
      expect(code, stderr).toBe(0);
      const lines = linesOf(stdout) as Line[];
      const ofTable = (table: string) => lines.filter((line) => line.table === table).map(({ row }) => row);
      expect(lines).toHaveLength(75);
      expect(ofTable('messages').map(({ id }) => id)).toEqual(rowsOf(25, '').map(({ id }) => id));
      expect(ofTable('messages')[0]).toEqual({ id: 1, text: 'hello', _dlt_id: expect.any(String), _dlt_load_id: expect.any(String) });
      expect(ofTable('messages__tags')[1]).toMatchObject({
        value: 'b',
        _dlt_list_idx: 1,
        _dlt_parent_id: ofTable('messages')[0]?.['_dlt_id'],
      });
      expect(stderr).toMatch(/^Load \d+\.\d+ was printed: complete, /m);
      expect(stderr.match(/Nothing is merged/g)).toHaveLength(1);
      expect(folder.logs()).toEqual([]);
    }
  });

  it('prints the bare rows of one table; a wrong name costs no second asking', async () => {
    await using api = await start();
    using folder = folderFor(api);
    const wrong = await folder.run('stdout:message');
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('Error: No rows came for a table message.\n    Write one of stdout:messages, stdout:messages__tags.\n');
    const { code, stdout } = await folder.run('stdout:messages');
    expect(code).toBe(0);
    expect(linesOf(stdout).map((row) => (row as { id: number }).id)).toEqual(rowsOf(25, '').map(({ id }) => id));
    expect(api.requests).toHaveLength(3);
  });

  it('prints the report to stderr, which is nothing else with --json --quiet', async () => {
    await using api = await start();
    using folder = folderFor(api);
    const { code, stdout, stderr } = await folder.run('stdout:messages', '--json', '--quiet');
    expect(code).toBe(0);
    expect(linesOf(stdout)).toHaveLength(25);
    expect(JSON.parse(stderr)).toMatchObject({ complete: true, destination: 'stdout:', warnings: [{ code: 'nothing_merged' }] });
    const refused = await folder.run('stdout:', '--json', '--quiet', '--run-id', 'daily');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(JSON.parse(refused.stderr)).toMatchObject({ complete: false, error: { code: 'run_id_of_stream' } });
  });

  it('keeps the report of a mistake in the configuration from the rows', async () => {
    using folder = cliFolder();
    const { code, stdout, stderr } = await folder.run(['run', 'none.json', '--destination', 'stdout:', '--json']);
    expect({ code, stdout, report: JSON.parse(stderr) as unknown }).toMatchObject({ code: 2, stdout: '', report: { complete: false } });
  });

  it('ends quietly when its reader has seen enough, and prints all again without asking', async () => {
    await using api = await start(rowsOf(25, long));
    using folder = folderFor(api);
    const { child, ended } = folder.start('stdout:messages', '--quiet');
    child.stdout?.once('data', () => child.stdout?.destroy());
    const { code, stderr } = await ended;
    expect(code).toBe(141);
    expect(stderr).not.toMatch(/EPIPE|Error|\n\s+at /);
    expect(stderr).toMatch(/Warning: The pages that came are kept in/);
    const again = await folder.run('stdout:messages');
    expect(again.code).toBe(0);
    expect(linesOf(again.stdout)).toHaveLength(25);
    expect(api.requests).toHaveLength(3);
  });

  it('stops at Ctrl-C though its reader does not read', async () => {
    await using api = await start(rowsOf(25, long));
    using folder = folderFor(api);
    const { child, ended } = folder.start('stdout:messages');
    // The batch is many times what the pipe holds: the rest of it waits.
    child.stdout?.once('data', () => {
      child.stdout?.pause();
      child.kill('SIGINT');
    });
    await once(child, 'exit');
    child.stdout?.resume();
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain('run the same command again to go on');
    expect(folder.logs()).toHaveLength(1);
  });

  it.runIf(existsSync('/dev/full'))('says that the disk is full', async () => {
    await using api = await start();
    using folder = folderFor(api);
    const child = spawn(process.execPath, [CLI, ...folder.args('stdout:', ['--quiet'])], {
      cwd: folder.path,
      env: { PATH: process.env['PATH'] ?? '', KEY },
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    });
    let stderr = '';
    child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(3);
    expect(stderr).toMatch(/^Error: The output cannot be written: ENOSPC/m);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(folder.logs()).toHaveLength(1);
  });

  it('prints no secret, neither in rows nor beside them', async () => {
    await using api = await startFakeApi([
      { path: '/messages', reply: ({ query }) => ({ json: { total: 1, data: [{ id: 1, echo: `key=${query.get('key') ?? ''}` }] } }) },
    ]);
    using folder = folderFor(api);
    const { stdout, stderr } = await folder.run('stdout:messages', '--debug');
    expect(api.requests[0]?.query.get('key')).toBe(KEY);
    expect(linesOf(stdout)).toMatchObject([{ id: 1, echo: 'key=***' }]);
    expect(stdout + stderr).not.toMatch(/very|secret|4711/);
  });

  it('is replayed from kept pages', async () => {
    await using api = await start();
    using folder = cliFolder();
    folder.write('c.json', configFor(api));
    expect((await folder.run(['run', 'c.json', '--destination', 'stdout:', '--keep-log'], { KEY })).code).toBe(0);
    const [log = ''] = readdirSync(join(folder.path, '.syncline/c'));
    const again = await folder.run(['replay', join('.syncline/c', log)], { KEY });
    expect(again.code, again.stderr).toBe(0);
    expect(linesOf(again.stdout)).toHaveLength(75);
    expect((await folder.run(['replay', join('.syncline/c', log), '--destination', 'duckdb:x.duckdb'], { KEY })).code).toBe(0);
    expect(await folder.query('x.duckdb', 'SELECT count(*) FROM c_data.messages')).toEqual([['25']]);
  });
});
