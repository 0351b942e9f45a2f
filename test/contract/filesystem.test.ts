import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { FileFormat } from '../../src/destinations/filesystem/file-format.ts';
import { casesFor, destinationContract } from '../../src/testing/index.ts';
import { filesystemSubject } from './filesystem-subject.ts';

const folder = mkdtempSync(join(tmpdir(), 'syncline-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each<FileFormat>(['parquet', 'jsonl', 'csv'])('files in %s', (format) => {
  const subject = filesystemSubject(join(folder, format), { format });
  it.each(casesFor(destinationContract, subject))('$name', async ({ run }) => {
    expect(await run(subject)).toBeUndefined();
  });
});
