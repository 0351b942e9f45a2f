// Packs the package, installs the tarball into an empty folder and uses it as the README says:
// the command, the library example and the types. Also publint and attw on the tarball.
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { spawn } from 'node:child_process';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'syncline-pack-'));
let passed = 0;
let failed = 0;

function run(command, args, options = {}) {
  return execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], ...options });
}

function runAsync(command, args, options) {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let out = '';
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => (out += data));
    child.on('close', (code) => done({ code, out }));
  });
}

async function check(name, body) {
  try {
    await body();
    passed++;
    console.log(`ok    ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name}\n${error.stdout ?? ''}${error.stderr ?? ''}${error.message}`);
  }
}

const assert = (condition, message) => {
  if (!condition) throw new Error(message);
};

/** The code blocks of the README that begin with a line naming their file: `// load.ts`. */
function readmeExample(name) {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  const block = [...text.matchAll(/```\w+\n([\s\S]*?)```/g)].map((m) => m[1]).find((b) => b.startsWith(`// ${name}`));
  assert(block !== undefined, `the README has no example named ${name}`);
  return block;
}

const rows = Array.from({ length: 250 }, (_, i) => ({ id: i + 1, text: `message ${i + 1}`, tags: i % 2 ? ['odd'] : [] }));
const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const ok = url.searchParams.get('api_key') === 'k-12345';
  const offset = Number(url.searchParams.get('offset') ?? 0);
  response.writeHead(ok ? 200 : 401, { 'content-type': 'application/json' });
  response.end(JSON.stringify(ok ? { data: rows.slice(offset, offset + 100), total: rows.length } : { error: 'no key' }));
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const base = `http://127.0.0.1:${server.address().port}`;

try {
  let tarball;
  await check('npm pack', () => {
    const [info] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]));
    tarball = join(folder, info.filename);
    const wrong = info.files
      .map((f) => f.path)
      .filter((p) => !/^(dist\/|schema\/config\.schema\.json$|package\.json$|README\.md$|LICENSE$)/.test(p) || /\.test\./.test(p));
    assert(wrong.length === 0, `unexpected files: ${wrong.join(', ')}`);
    assert(
      info.files.some((f) => f.path === 'schema/config.schema.json'),
      'the JSON Schema is missing',
    );
  });
  await check('publint', () => run('npx', ['publint', '--strict', tarball]));
  await check('attw', () => run('npx', ['attw', tarball, '--profile', 'esm-only', '--exclude-entrypoints', './schema/config.schema.json']));
  await check('install into an empty folder', () => {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'try-syncline', private: true, type: 'module' }));
    run('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: folder });
  });
  await check('the command runs the README configuration', async () => {
    const config = JSON.parse(readmeExample('messages.jsonc').replace(/^\/\/.*$/gm, ''));
    config.client.base_url = base;
    writeFileSync(join(folder, 'messages.json'), JSON.stringify(config));
    const { code, out } = await runAsync('npx', ['syncline', 'run', 'messages.json', '--json', '--quiet'], {
      cwd: folder,
      env: { ...process.env, API_KEY: 'k-12345' },
    });
    assert(code === 0, `exit ${code}: ${out}`);
    assert(JSON.parse(out).complete === true, out);
  });
  await check('the library example of the README runs', async () => {
    writeFileSync(join(folder, 'load.ts'), readmeExample('load.ts').replace(/https:\/\/[^'"/]+/, base));
    const { code, out } = await runAsync('npx', ['--no-install', 'jiti', 'load.ts'], {
      cwd: folder,
      env: { ...process.env, API_KEY: 'k-12345' },
    });
    assert(code === 0, `exit ${code}: ${out}`);
    assert(/250/.test(out), out);
  });
  await check('types resolve without the optional drivers, in declaration files too', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    run('npm', ['install', '--no-audit', '--no-fund', `@types/node@${devDependencies['@types/node']}`], { cwd: folder });
    const entries = ["import * as library from 'syncline';", "import * as testing from 'syncline/testing';"];
    writeFileSync(join(folder, 'entries.ts'), [...entries, 'export const all = [library, testing] as const;'].join('\n'));
    const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--types', 'node', '--target', 'es2022', '--module', 'nodenext'];
    run(process.execPath, [join(root, 'node_modules/.bin/tsc'), ...options, 'entries.ts', 'load.ts'], { cwd: folder });
  });
  await check('a destination whose driver is not installed says how to install it', async () => {
    const drivers = { 'postgres://nobody@127.0.0.1/nothing': 'pg', 's3://bucket/prefix': '@aws-sdk/client-s3' };
    for (const [destination, driver] of Object.entries(drivers)) {
      assert(!existsSync(join(folder, 'node_modules', driver)), `${driver} is installed`);
      const args = ['syncline', 'run', 'messages.json', '--destination', destination];
      const { code, out } = await runAsync('npx', args, { cwd: folder, env: { ...process.env, API_KEY: 'k-12345' } });
      assert(code === 3 && out.includes(`npm install ${driver}`), `exit ${code}: ${out}`);
    }
  });
  await check('a wrong option and a missing file exit with 2', async () => {
    const wrong = await runAsync('npx', ['syncline', 'run', 'messages.json', '--destnation', 'x'], { cwd: folder });
    const missing = await runAsync('npx', ['syncline', 'run', 'none.json'], { cwd: folder });
    assert(wrong.code === 2 && missing.code === 2, `exit ${wrong.code} and ${missing.code}`);
    assert(!/\n\s+at /.test(wrong.out + missing.out), 'a stack trace was printed');
  });
} finally {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
