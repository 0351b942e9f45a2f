import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLog } from '../../src/page-log/read-log.ts';
import { threeLevels } from './three-levels.ts';
import { newWorkFolder, type WorkFolder } from './work-folder.ts';

const JITI = join(import.meta.dirname, '../../node_modules/jiti/lib/jiti-cli.mjs');
const SCRIPT = join(import.meta.dirname, 'killed-run.ts');

/** Runs in a process that is killed at the n-th event of a type, and returns the signal that ended it. */
function runKilled(place: WorkFolder, asked: string, [type, at]: readonly [string, number]): Promise<NodeJS.Signals | null | undefined> {
  return new Promise((done) => {
    execFile(process.execPath, [JITI, SCRIPT, place.file, place.workDir, asked, type, String(at)], (error) => done(error?.signal));
  });
}

/** Pages that are whole in the log that is left. */
async function pagesLogged(place: WorkFolder): Promise<number> {
  const [dir] = existsSync(join(place.workDir, 'p')) ? place.logs() : [];
  let pages = 0;
  if (dir !== undefined) for await (const { record } of readLog(join(place.workDir, 'p', dir))) if (record.kind === 'page') pages += 1;
  return pages;
}

const askedIn = (file: string): string[] => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []);

describe('a run that is killed', () => {
  it('again and again, in extraction, load and after the commit, loses nothing, doubles nothing and asks for no logged page again', async () => {
    const place = newWorkFolder();
    const askedFile = `${place.file}.asked`;
    const whole: string[] = [];
    for (const kill of [
      ['request', 4],
      ['page', 3],
      ['rows_loaded', 1],
      ['committed', 0],
    ] as const) {
      const before = askedIn(askedFile).length;
      expect(await runKilled(place, askedFile, kill)).toBe('SIGKILL');
      // Whatever was asked for in this round comes after what was whole before.
      for (const page of askedIn(askedFile).slice(before)) expect(whole).not.toContain(page);
      const logged = await pagesLogged(place);
      const inOrder = [...new Set(askedIn(askedFile))];
      whole.splice(0, whole.length, ...inOrder.slice(0, logged));
    }
    const report = await place.open().run(threeLevels((page) => expect.unreachable(`asked for ${page}`)));
    expect(report).toMatchObject({ resumed: true, complete: true, resources: [{ rows: 4 }, { rows: 12 }, { rows: 12 }] });
    expect(place.logs()).toEqual([]);

    const undisturbed = newWorkFolder();
    const asked: string[] = [];
    await undisturbed.open().run(threeLevels((page) => asked.push(page)));
    expect([...new Set(askedIn(askedFile))]).toEqual(asked);
    for (const sql of [
      'SELECT id FROM data.users ORDER BY ALL',
      'SELECT id FROM data.posts ORDER BY ALL',
      'SELECT c.id, w.value, w._dlt_list_idx FROM data.comments c JOIN data.comments__words w ON w._dlt_parent_id = c._dlt_id ORDER BY ALL',
      'SELECT count(*) AS loads FROM data._dlt_loads',
    ])
      expect(await place.query(sql)).toEqual(await undisturbed.query(sql));
  });
});
