import { afterAll, beforeAll, describe } from 'vitest';
import type { FileFormat } from '../../src/destinations/filesystem/file-format.ts';
import { destinationContract } from '../../src/testing/index.ts';
import { setS3Credentials } from '../s3/s3-credentials.ts';
import { type Line, S3Server } from '../s3/s3-server.ts';
import { runContract } from './run-contract.ts';
import { s3Subject } from './s3-subject.ts';

describe.each<FileFormat>(['parquet', 'jsonl'])('object storage in %s', (format) => {
  const server = new S3Server();
  let line: Line;
  beforeAll(async () => {
    setS3Credentials();
    line = await server.line();
  });
  afterAll(() => line[Symbol.asyncDispose]());
  const subject = s3Subject(server, () => line, { format, prefix: format === 'jsonl' ? 'a b/ü%' : '' });
  runContract(destinationContract, subject);
});
