import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import type { FileFormat } from '../../src/destinations/filesystem/file-format.ts';
import { destinationContract } from '../../src/testing/index.ts';
import { filesystemSubject } from './filesystem-subject.ts';
import { runContract } from './run-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'syncline-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each<FileFormat>(['parquet', 'jsonl', 'csv'])('files in %s', (format) => {
  const subject = filesystemSubject(join(folder, format), { format });
  runContract(destinationContract, subject);
});
