// The points of a run at which something can go wrong: every call that changes a file of the work
// directory, and every call of the database's driver. They are wrapped from outside, so that the product needs no hooks.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

const require = createRequire(import.meta.url);

/** What a file of a work directory is; undefined for all others. */
function fileKind(path) {
  const name = basename(String(path));
  if (name === 'lock') return 'lock';
  if (name.startsWith('lock.')) return name.endsWith('.takeover') ? 'lock takeover' : 'lock draft';
  if (name.endsWith('.pages')) return 'segment';
  if (name.endsWith('.done')) return 'done log';
  if (/^\d+\.\d+$/.test(name)) return 'log';
  if (name === '.gitignore') return 'work directory';
  return undefined;
}

/** Calls `around({ point, call, part })` instead of each call; `call` does it, `part` does a part of it where that can be. */
export async function wrapPoints(driver, around) {
  await wrapFiles(around);
  if (driver === 'postgres') wrapPostgres(around);
  else wrapDuckDb(around);
}

async function wrapFiles(around) {
  const files = require('node:fs/promises');
  const originals = { ...files };
  const wrap = (name, { point = (args) => fileKind(args[0]), part = () => undefined } = {}) => {
    files[name] = (...args) => {
      const kind = point(args);
      const call = () => originals[name](...args);
      return kind === undefined ? call() : around({ point: `${name} ${kind}`, call, part: part(args) });
    };
  };
  const creates = ([path, flags]) => (flags === undefined || String(flags).startsWith('r') ? undefined : fileKind(path));
  wrap('open', { point: creates });
  wrap('writeFile', {
    part:
      ([path, data, options]) =>
      () =>
        originals.writeFile(path, String(data).slice(0, data.length >> 1), options),
  });
  wrap('rm', {
    part:
      ([path, options]) =>
      async () => {
        if (!options?.recursive) return;
        const [first] = await originals.readdir(path).catch(() => []);
        if (first !== undefined) await originals.rm(`${path}/${first}`);
      },
  });
  wrap('link', { point: ([, path]) => fileKind(path) });
  for (const name of ['mkdir', 'rename', 'rmdir', 'truncate']) wrap(name);
  syncBuiltinESMExports();

  const handle = await originals.open(import.meta.filename, 'r');
  const FileHandle = Object.getPrototypeOf(handle);
  await handle.close();
  for (const name of ['writev', 'datasync', 'sync']) {
    const original = FileHandle[name];
    FileHandle[name] = function (...args) {
      const half = (share) => {
        const bytes = Buffer.concat(args[0]);
        return original.call(this, [bytes.subarray(0, Math.max(1, Math.floor(bytes.length * share)))]);
      };
      return around({ point: name, call: () => original.apply(this, args), part: name === 'writev' ? half : undefined });
    };
  }
}

function wrapDuckDb(around) {
  const { DuckDBAppender, DuckDBConnection, DuckDBInstance } = require('@duckdb/node-api');
  const wrap = (owner, name, pointOf) => {
    const original = owner[name];
    owner[name] = function (...args) {
      return around({ point: pointOf(args), call: () => original.apply(this, args), part: undefined });
    };
  };
  wrap(DuckDBConnection.prototype, 'run', ([sql]) => `SQL ${/\w+/.exec(sql)[0].toUpperCase()}`);
  wrap(DuckDBConnection.prototype, 'createAppender', () => 'appender open');
  wrap(DuckDBAppender.prototype, 'appendDataChunk', () => 'appender append');
  wrap(DuckDBAppender.prototype, 'closeSync', () => 'appender close');
  wrap(DuckDBInstance, 'create', () => 'database open');
  wrap(DuckDBInstance.prototype, 'closeSync', () => 'database close');
}

function wrapPostgres(around) {
  const { Client, Connection } = require('pg');
  const wrap = (owner, name, { pointOf, partOf = () => undefined, first = () => undefined }) => {
    const original = owner[name];
    owner[name] = function (...args) {
      first(this);
      const point = pointOf(args);
      const call = () => original.apply(this, args);
      const part = partOf(args, (bytes) => original.call(this, bytes));
      return point === undefined ? call() : around({ point, call, part });
    };
  };
  // A query that is an object of its own is a COPY, whose steps are seen below.
  const textOf = (query) => (typeof query === 'string' ? query : query.text);
  const sqlPoint = ([query]) => textOf(query) && `SQL ${/\w+/.exec(textOf(query))[0].toUpperCase()}`;
  wrap(Client.prototype, 'query', { pointOf: sqlPoint });
  wrap(Connection.prototype, 'query', { pointOf: ([sql]) => (sql.startsWith('COPY') ? 'COPY begin' : undefined) });
  wrap(Client.prototype, 'end', { pointOf: () => 'connection end' });
  // By the first byte of a message. A part of a message goes to the socket before the call returns.
  const copySteps = { d: 'COPY rows', c: 'COPY end', f: 'COPY fail' };
  const partOf =
    ([bytes], write) =>
    (share) =>
      Promise.resolve(write(bytes.subarray(0, Math.max(1, Math.floor(bytes.length * share)))));
  const pointOf = ([bytes]) => copySteps[String.fromCharCode(bytes[0])];
  // A socket gets its `write` anew when it connects.
  const whenConnected = ({ connection: { stream } }) => stream.once('connect', () => wrap(stream, 'write', { pointOf, partOf }));
  wrap(Client.prototype, 'connect', { pointOf: () => 'connection open', first: whenConnected });
}
