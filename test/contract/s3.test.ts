import { afterAll, beforeAll, describe } from 'vitest';
import { destinationContract } from '../../src/testing/index.ts';
import { setS3Credentials } from '../s3/s3-credentials.ts';
import { type Line, S3Server } from '../s3/s3-server.ts';
import { runContract } from './run-contract.ts';
import { s3Subject } from './s3-subject.ts';

// What is in the files is the same in a folder, where the contract holds all formats.
describe('object storage', () => {
  const server = new S3Server();
  let line: Line;
  beforeAll(async () => {
    setS3Credentials();
    line = await server.line();
  });
  afterAll(() => line[Symbol.asyncDispose]());
  const subject = s3Subject(server, () => line, { format: 'parquet', prefix: 'a b/ü%' });
  runContract(destinationContract, subject);
});
