import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockPipeline } from '../../src/pipeline/pipeline-lock.ts';
import { openPipelineFolder } from '../../src/pipeline/unfinished-runs.ts';
import { startFakeApi } from '../../src/testing/fake-api.ts';
import { fakePages } from '../../src/testing/fake-pages.ts';
import { cliFolder } from './run-cli.ts';

const rows = Array.from({ length: 5 }, (_, i) => ({ id: i + 1 }));
const start = () => startFakeApi([{ path: '/items', reply: fakePages({ rows, style: 'offset', pageSize: 3, total: 'total' }) }]);
const config = (url: string) => ({
  client: { base_url: url },
  resources: [{ name: 'items', endpoint: { path: 'items', data_selector: 'data', paginator: { type: 'offset', limit: 3 } } }],
});
const count = 'SELECT count(*) FROM c_data.items';

describe('syncline run for a scheduler', () => {
  it('does nothing for a run id that is committed, and succeeds', async () => {
    await using api = await start();
    using folder = cliFolder();
    folder.write('c.json', config(api.url));
    expect((await folder.run(['run', 'c.json', '--run-id', 'monday'])).code).toBe(0);
    const requests = api.requests.length;
    const again = await folder.run(['run', 'c.json', '--run-id', 'monday', '--quiet']);
    expect(again).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('Run monday was committed') as unknown });
    expect(api.requests).toHaveLength(requests);
    expect(await folder.query('c.duckdb', count)).toEqual([['5']]);
  });

  it('refuses a pipeline that another process runs, or waits for it', async () => {
    await using api = await start();
    using folder = cliFolder();
    folder.write('c.json', config(api.url));
    const held = await lockPipeline(await openPipelineFolder(join(folder.path, '.syncline'), 'c'), 'c');
    const refused = await folder.run(['run', 'c.json']);
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining(`process ${process.pid} on`) as unknown });
    expect((await folder.run(['run', 'c.json', '--wait', '0'])).code).toBe(3);
    const { child, ended } = folder.start(['run', 'c.json', '--wait']);
    child.stderr?.on('data', (data: Buffer) => {
      if (data.toString().includes('Waiting for it to end')) void held[Symbol.asyncDispose]();
    });
    expect((await ended).code).toBe(0);
    expect(await folder.query('c.duckdb', count)).toEqual([['5']]);
  });
});

describe('syncline replay', () => {
  it('loads kept pages into another database without the API, and needs to be told nothing else', async () => {
    using folder = cliFolder();
    {
      await using api = await start();
      folder.write('c.json', config(api.url));
      const { code, stderr } = await folder.run(['run', 'c.json', '--keep-log']);
      expect(code, stderr).toBe(0);
      expect(stderr).toMatch(/The pages are kept in \.syncline\/c\/\d+\.\d+\.kept; `syncline replay` loads them again/);
    }
    const [[loadId]] = (await folder.query('c.duckdb', 'SELECT load_id FROM c_data._dlt_loads')) as [[string]];
    const log = `.syncline/c/${loadId}.kept`;
    const other = await folder.run(['replay', log, '--destination', 'duckdb:other.duckdb']);
    expect(other.code, other.stderr).toBe(0);
    expect(await folder.query('other.duckdb', count)).toEqual([['5']]);
    const again = await folder.run(['replay', log]);
    expect(again.code, again.stderr).toBe(0);
    expect(await folder.query('c.duckdb', count)).toEqual([['10']]);
    expect(await folder.run(['replay', 'nowhere'])).toMatchObject({ code: 1, stderr: expect.stringContaining('--keep-log') as unknown });
  });
});
