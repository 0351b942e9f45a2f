import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { duckdbSubject } from '../../test/contract/duckdb-subject.ts';
import { runContract } from '../../test/contract/run-contract.ts';
import { destinationContract } from '../testing/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'duckdb-contract-'));
afterAll(() => rmSync(folder, { recursive: true }));
const subject = duckdbSubject(folder);

describe('duckdb', () => {
  runContract(destinationContract, subject);

  it('leaves no open file behind', () => {
    expect(readdirSync(folder)).toEqual([]);
  });
});
