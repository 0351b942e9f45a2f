import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { duckdb } from '../../src/destinations/duckdb.ts';
import { pipeline } from '../../src/pipeline/pipeline.ts';
import { restApi } from '../../src/rest/rest-api.ts';
import { startFakeApi } from '../../src/testing/fake-api.ts';

const root = mkdtempSync(join(tmpdir(), 'syncline-files-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const windows = process.platform === 'win32';

/** What is in a folder, itself included, with the rights that others have on it. */
function rightsIn(folder: string): Record<string, string> {
  const paths = ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })];
  return Object.fromEntries(
    paths.map((path) => {
      const { mode } = statSync(join(folder, path));
      return [path.replace(/\d+\.\d+/, 'LOAD'), (mode & 0o777).toString(8)];
    }),
  );
}

describe.runIf(!windows)('the work directory', () => {
  it.each([0o000, 0o022, 0o077])('is for its owner alone, whatever the umask: %o', async (umask) => {
    const workDir = join(root, `work-${umask}`, 'deep');
    const before = process.umask(umask);
    const seen: Record<string, string>[] = [];
    try {
      await using api = await startFakeApi([{ path: '/a', reply: { json: [{ id: 1 }] } }]);
      await using source = restApi({ client: { base_url: api.url }, resources: ['a'] }, { env: {} });
      await using runner = pipeline({ name: 'p', destination: duckdb(':memory:'), dataset: 'd', workDir });
      const look = () => seen.push(rightsIn(workDir));
      await runner.run(source, { keepLog: true, emit: look });
    } finally {
      process.umask(before);
    }
    seen.push(rightsIn(workDir));
    const files = new Set(seen.flatMap((rights) => Object.keys(rights)));
    expect([...files]).toEqual(expect.arrayContaining(['', '.gitignore', 'p', 'p/lock', 'p/LOAD', 'p/LOAD/000001.pages']));
    const wrong = seen.flatMap((rights) =>
      Object.entries(rights).filter(([path, mode]) => mode !== (/\.|lock$/.test(path) && !/LOAD(\.kept)?$/.test(path) ? '600' : '700')),
    );
    expect(wrong).toEqual([]);
  });

  it('is not committed to git by chance', () => {
    expect(readFileSync(join(root, 'work-0', 'deep', '.gitignore'), 'utf8')).toBe('*\n');
  });
});
