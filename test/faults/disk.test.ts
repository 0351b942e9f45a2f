import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakePages } from '../../src/testing/fake-pages.ts';
import type { Scenario } from './scenario.ts';
import { expectToGoOn, expectUndisturbed, openStage } from './undisturbed.ts';

/** About 3 MB that cannot be compressed, in 10 pages. */
const noise = (id: number): string =>
  Array.from({ length: 1000 }, (_, part) => createHash('sha256').update(`${id} ${part}`).digest('base64')).join('');
const rows = Array.from({ length: 60 }, (_, id) => ({ id, noise: noise(id) }));
const scenario: Scenario = {
  name: 'noise',
  runs: 1,
  rows: { noise: 60 },
  config: (url) => ({
    client: { base_url: url },
    resources: [
      {
        name: 'noise',
        endpoint: {
          path: 'noise',
          data_selector: 'data',
          paginator: { type: 'cursor', cursor_path: 'next_cursor', cursor_param: 'cursor' },
        },
      },
    ],
  }),
  routes: () => [{ path: '/noise', reply: fakePages({ rows, style: 'cursor', pageSize: 6 }) }],
};

/** Whether a small file system can be mounted here without being root. */
const canMount = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /tmp']).status === 0;

/** Runs a command with 1 MB of space in a folder, then again with enough; the folder's files stay. */
const tight = (folder: string): string[] => [
  'unshare',
  '-rm',
  'sh',
  '-c',
  [
    `mkdir -p ${folder} && mount -t tmpfs -o size=1m tmpfs ${folder} || exit 99`,
    '"$@" > first.json 2> first.err; echo $? > first.code',
    `ls -R ${folder} > first.files`,
    `mount -o remount,size=100m ${folder}`,
    '"$@"; code=$?',
    `mkdir saved && cp -r ${folder}/. saved/ && umount ${folder} && cp -r saved/. ${folder}/ && rm -r saved first.files; exit $code`,
  ].join('\n'),
  'sh',
];

describe('a disk that is full', { timeout: 120_000 }, () => {
  it.each([1, 4])('at write %d of the page log keeps what is there, and the next run goes on', async (nth) => {
    await using stage = await openStage(scenario);
    const stopped = await stage.start({ preload: 'disturb', orders: { full: { point: 'writev', nth } } });
    expect(stopped.code).toBe(3);
    expect(JSON.parse(stopped.stdout)).toMatchObject({
      error: { code: 'page_log_write', message: expect.stringContaining('full') as unknown },
    });
    await expectToGoOn(stage, scenario);
  });

  it.runIf(canMount).each([
    ['work', 3, 'page_log_write'],
    ['db', 3, 'disk_full'],
  ])('with 1 MB for %s says so, and goes on once there is space', async (folder, code, error) => {
    await using stage = await openStage(scenario);
    const { code: second, stdout, stderr, asked } = await stage.start({ shell: tight(folder) });
    const first = (kind: string): string => readFileSync(join(stage.folder, `first.${kind}`), 'utf8');
    expect(Number(first('code')), first('err')).toBe(code);
    expect(JSON.parse(first('json'))).toMatchObject({ error: { code: error } });
    expect(second, stderr + stdout).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ complete: true, resumed: true });
    // The page that found no room is asked for again, and no other.
    expect(asked.length - new Set(asked).size).toBeLessThanOrEqual(folder === 'work' ? 2 : 0);
    for (const kind of ['code', 'json', 'err']) stage.remove(`first.${kind}`);
    await expectUndisturbed(stage, scenario);
  });

  it('for the files of the database keeps the pages, and the next run asks for none', async () => {
    // The size of a file is limited, as a quota does it: the segments of the log are smaller, the database is larger.
    await using stage = await openStage(scenario);
    const stopped = await stage.start({ shell: ['sh', '-c', 'ulimit -f 1024; exec "$@"', 'sh'] });
    expect(stopped.code, stopped.stdout).toBe(3);
    expect(JSON.parse(stopped.stdout)).toMatchObject({
      error: { kind: 'DestinationError', message: expect.stringContaining('too large') as unknown },
    });
    expect((await expectToGoOn(stage, scenario)).asked).toEqual([]);
  });
});
