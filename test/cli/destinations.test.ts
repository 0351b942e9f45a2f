import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { destinationForms } from '../../src/destinations/built-in.ts';
import { startFakeApi } from '../../src/testing/fake-api.ts';
import { cliFolder } from './run-cli.ts';

const root = resolve(import.meta.dirname, '../..');
const copies = new Map<string, string>();
afterAll(() => {
  for (const path of copies.values()) rmSync(path, { recursive: true });
}, 60_000);

/** Packages that look for others beside them: where they are copied, they find those only that are linked. */
const COPIED = /^@duckdb\/node-(api|bindings)$/;

/** The command line where packages are not installed: what is built, and links to all packages but those. */
function installedWithout(hidden: RegExp): string {
  const main = (folder: string) => join(folder, 'dist/cli/main.js');
  const made = copies.get(String(hidden));
  if (made !== undefined) return main(made);
  const path = mkdtempSync(join(tmpdir(), 'syncline-without-'));
  copies.set(String(hidden), path);
  cpSync(join(root, 'dist'), join(path, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(path, 'package.json'));
  const packages = readdirSync(join(root, 'node_modules')).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(root, 'node_modules', name)).map((inner) => `${name}/${inner}`) : [name],
  );
  for (const name of packages) {
    if (name.startsWith('.') || hidden.test(name)) continue;
    const link = join(path, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    if (COPIED.test(name)) cpSync(join(root, 'node_modules', name), link, { recursive: true, dereference: true });
    else symlinkSync(join(root, 'node_modules', name), link);
  }
  return main(path);
}

describe('destinations of the command line', () => {
  it('are listed by run --help', async () => {
    using folder = cliFolder();
    const { code, stdout } = await folder.run(['run', '--help']);
    expect(code).toBe(0);
    for (const { form } of destinationForms) expect(stdout).toContain(`  ${form} `);
    expect(stdout).toContain('  console ');
  });

  it('are listed, and the nearest is named, for one that there is not', async () => {
    using folder = cliFolder();
    const { code, stdout, stderr } = await folder.run(['run', 'c.json', '--destination', 'postgress://me:geheim@host/db']);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(
      'Error: There is no destination postgress:.\n    Did you mean postgres://USER@HOST/DATABASE? Write the destination as one of\n',
    );
    for (const { form } of destinationForms) expect(stderr).toContain(`      ${form} `);
    expect(stderr).not.toContain('geheim');
    const bare = await folder.run(['run', 'c.json', '--destination', './out\u001b[31m']);
    expect(bare.stderr).toContain(
      String.raw`For a DuckDB database write duckdb:./out\u001b[31m, for a folder of files file:./out\u001b[31m.`,
    );
  });

  it.each([
    [/^pg$/, 'postgres://me@127.0.0.1:1/db', 'npm install pg'],
    [/^@aws-sdk\//, 's3://bucket/prefix?endpoint=http://127.0.0.1:1&region=x', 'npm install @aws-sdk/client-s3'],
    [/^@duckdb\/node-bindings-/, 'duckdb:x.duckdb', 'npm install --include=optional @duckdb/node-api'],
    [/^@duckdb\/node-bindings-/, 'stdout:', 'npm install --include=optional @duckdb/node-api'],
    [/^@duckdb\/node-bindings-/, 'console', 'npm install --include=optional @duckdb/node-api'],
    [/^@duckdb\/node-bindings-/, 'file:out', 'npm install --include=optional @duckdb/node-api'],
  ])('say what to install without %s for %s', async (hidden, destination, command) => {
    await using api = await startFakeApi([{ path: '/items', reply: { json: [{ id: 1 }] } }]);
    using folder = cliFolder(installedWithout(hidden));
    folder.write('c.json', { client: { base_url: api.url, paginator: 'single_page' }, resources: ['items'] });
    const env = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
    const { code, stdout, stderr } = await folder.run(['run', 'c.json', '--destination', destination], env);
    expect(stderr).toContain(command);
    expect(stderr).not.toMatch(/Unexpected|\n\s+at /);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(api.requests).toEqual([]);
  });
});
