import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openUploads } from './row-uploads.ts';

const before = process.env['TMPDIR'];
const folder = mkdtempSync(join(tmpdir(), 'uploads-'));
beforeAll(() => {
  process.env['TMPDIR'] = folder;
});
afterAll(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  rmSync(folder, { recursive: true });
});

it('sends files as they come, deletes each that is sent, and the folder at the end', async () => {
  const sent: string[] = [];
  const rows = await openUploads(async (file, name) => void sent.push(`${name} ${readFileSync(file, 'utf8')}`));
  expect(statSync(rows.path).mode & 0o777).toBe(0o700);
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
    writeFileSync(join(rows.path, name), `rows of ${name}`);
    await rows.take(name);
  }
  await rows.settled();
  expect(sent.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name} rows of ${name}`));
  expect(existsSync(join(rows.path, 'a'))).toBe(false);
  await rows.close();
  expect(existsSync(rows.path)).toBe(false);
});

it('fails once it is known that a file cannot be sent', async () => {
  const rows = await openUploads(() => Promise.reject(new Error('refused')));
  await rows.take('a');
  await expect(rows.settled()).rejects.toThrow('refused');
  await expect(rows.take('b')).rejects.toThrow('refused');
  await rows.close();
});

it('gives up what is on its way', async () => {
  const rows = await openUploads(
    (_file, _name, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
  );
  await rows.take('a');
  await rows.close();
  expect(existsSync(rows.path)).toBe(false);
});

it('names the folder of this machine that it cannot write to', async () => {
  process.env['TMPDIR'] = join(folder, 'file');
  writeFileSync(join(folder, 'file'), '');
  await expect(openUploads(() => Promise.resolve())).rejects.toMatchObject({
    code: 'not_a_folder',
    context: { folder: join(folder, 'file') },
  });
  process.env['TMPDIR'] = folder;
});

it('deletes what killed processes have left, and nothing else', async () => {
  const [old, young, other] = ['syncline-s3-old', 'syncline-s3-young', 'other-old'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [old, young, other]) mkdirSync(path);
  writeFileSync(join(old, 'rows-1.parquet'), 'x');
  const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
  for (const path of [old, other]) utimesSync(path, twoDaysAgo, twoDaysAgo);
  await (await openUploads(() => Promise.resolve())).close();
  expect([old, young, other].map(existsSync)).toEqual([false, true, true]);
});
