import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { destinationContract } from '../../src/testing/index.ts';
import { broken } from './broken-destination.ts';
import { duckdbSubject } from './duckdb-subject.ts';
import { LOAD_FAULTS } from './load-faults.ts';
import { MODEL_FAULTS } from './model-faults.ts';
import { ROLLBACK_FAULTS } from './rollback-faults.ts';
import { VALUE_FAULTS } from './value-faults.ts';

const folder = mkdtempSync(join(tmpdir(), 'destination-contract-'));
afterAll(() => rmSync(folder, { recursive: true }));
const intact = duckdbSubject(folder);

describe('the destination contract finds', () => {
  const seen = new Set<string>();
  it.each([...LOAD_FAULTS, ...ROLLBACK_FAULTS, ...VALUE_FAULTS, ...MODEL_FAULTS])('%s', async (_, fault, patterns) => {
    const subject = broken(intact, fault);
    const passed: string[] = [];
    for (const { name, run } of destinationContract.filter((each) => patterns.some((pattern) => pattern.test(each.name)))) {
      seen.add(name);
      await Promise.resolve(run(subject)).then(
        () => passed.push(name),
        () => undefined,
      );
    }
    expect(passed).toEqual([]);
  });

  it('something by every case', () => {
    expect(destinationContract.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
  });
});
