// A Postgres server of the bench's own, and psql, which copies tables from and to binary files.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createJiti } from 'jiti';

const { howToGetPostgres, postgresPrograms, startPostgres } = await createJiti(import.meta.url).import('../test/postgres-server.ts');

const DEBIAN = '/usr/lib/postgresql';
const psqlPath = [
  postgresPrograms,
  ...(process.env.PATH ?? '').split(delimiter),
  ...(existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin')) : []),
]
  .filter(Boolean)
  .map((place) => join(place, 'psql'))
  .find((path) => existsSync(path));

/** Why there is no server with psql; `undefined` where there is. */
export const withoutPsql = postgresPrograms === undefined ? howToGetPostgres : psqlPath === undefined ? 'install psql' : undefined;

/** A server with the settings that initdb gives it: it syncs at commit, as one in use does. */
export const startServer = () => startPostgres('fsync=on');

/** Runs commands in one psql. Resolves to the seconds that it took. */
export function psql(address, commands) {
  return new Promise((done, fail) => {
    const start = performance.now();
    const child = spawn(psqlPath, ['--no-psqlrc', '--quiet', '--set', 'ON_ERROR_STOP=1', address]);
    let errors = '';
    child.stderr.on('data', (data) => (errors += data));
    child.on('close', (code) => (code === 0 ? done((performance.now() - start) / 1000) : fail(new Error(errors))));
    child.stdin.end(commands.map((command) => `${command}\n`).join(''));
  });
}

export const TABLES = ['messages', 'messages__to', 'messages__attachments', 'messages__tags'];

/** Writes the tables of a schema to binary files in a folder. */
export async function saveTables(address, schema, folder) {
  await psql(
    address,
    TABLES.map((table) => `\\copy ${schema}.${table} TO '${join(folder, table)}' (FORMAT binary)`),
  );
}

/** Copies the files into new tables like those, in one transaction. Resolves to the seconds that it took. */
export async function copyTables(address, schema, folder) {
  await psql(address, ['SET client_min_messages = error;', 'DROP SCHEMA IF EXISTS copied CASCADE;', 'CHECKPOINT;']);
  const copies = TABLES.flatMap((table) => [
    `CREATE TABLE copied.${table} (LIKE ${schema}.${table});`,
    `\\copy copied.${table} FROM '${join(folder, table)}' (FORMAT binary)`,
  ]);
  return psql(address, ['BEGIN;', 'CREATE SCHEMA copied;', ...copies, 'COMMIT;']);
}

/** Drops a schema, and brings to the disk what waits for it, so that the next statement does not have to. */
export async function dropSchema(address, schema) {
  await psql(address, ['SET client_min_messages = error;', `DROP SCHEMA IF EXISTS ${schema} CASCADE;`, 'CHECKPOINT;']);
}
