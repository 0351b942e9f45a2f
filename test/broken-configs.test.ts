import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorText } from '../src/cli/error-text.ts';
import { exitCodeOf } from '../src/cli/exit-code.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { createSecrets } from '../src/core/secret.ts';

const folder = resolve(import.meta.dirname, 'golden/broken-configs');
const files = readdirSync(folder).filter((f) => !f.endsWith('.txt'));

/** What a user sees of a configuration that is refused. `UPDATE_GOLDEN=1` writes the goldens anew. */
describe('a broken configuration', () => {
  it('comes in at least 30 kinds', () => expect(files.length).toBeGreaterThanOrEqual(30));

  it.each(files)('%s says what, where and what to do', async (file) => {
    const error: unknown = await loadConfig(file, { cwd: folder, env: {} }).then(
      () => undefined,
      (e: unknown) => e,
    );
    expect(error).toBeDefined();
    const text = `${errorText(error, { debug: false, redact: (text) => createSecrets().redact(text) })}\n`;
    const golden = join(folder, `${file}.txt`);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, text);
    expect(text).toBe(readFileSync(golden, 'utf8'));
    expect(exitCodeOf(error)).toBe(2);
    expect(text).not.toMatch(/\n\s+at |s3cr3t-value/);
    expect(text).toContain(file);
  });
});
