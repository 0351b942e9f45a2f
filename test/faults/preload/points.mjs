// The points of a run at which something can go wrong: every call that changes a file of the work
// directory or of a dataset in files, and every call of the database's driver. They are wrapped from outside, so that the product needs no hooks.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { basename, relative, sep } from 'node:path';

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

/** What a file of a dataset is; undefined for all others. */
function datasetKind(root, path) {
  if (root === undefined || typeof path !== 'string') return undefined;
  const [first, second, third] = relative(root, path).split(sep);
  if (first === '..') return undefined;
  if (first === '') return 'dataset';
  if (first === '_syncline_staging') {
    if (third !== undefined) return `staged ${/^\.?[a-z]+/.exec(third)?.[0] ?? 'file'}`;
    return second === undefined ? 'staging folder' : 'folder of a load';
  }
  if (second === undefined) return /init/.test(first) ? 'init' : 'folder of a table';
  return first === '_dlt_loads' ? 'load file' : first.startsWith('_') ? 'system file' : 'data file';
}

/**
 * Calls `around({ point, call, part, isChange })` instead of each call; `call` does it, `part` does a part of
 * it where that can be. `isChange`: it changes the dataset in files in the folder `root`.
 */
export async function wrapPoints({ driver, root }, around) {
  await wrapFiles(root, around);
  if (driver === 'postgres') wrapPostgres(around);
  else wrapDuckDb(around);
}

async function wrapFiles(root, around) {
  const files = require('node:fs/promises');
  const originals = { ...files };
  /** What the open files of a dataset are. */
  const kinds = new WeakMap();
  const wrap = (name, { point = (args) => fileKind(args[0]), part = () => undefined } = {}) => {
    files[name] = (...args) => {
      const inDataset = kindInDataset(args[0]);
      const kind = inDataset === undefined || (name === 'open' && !isWriting(args)) ? point(args) : inDataset;
      const call = () => originals[name](...args);
      const isChange = kind !== undefined && kind === inDataset;
      return kind === undefined ? call() : around({ point: `${name} ${kind}`, call, part: part(args), isChange });
    };
  };
  const kindInDataset = (path) => datasetKind(root, path);
  const isWriting = ([, flags]) => flags !== undefined && !String(flags).startsWith('r');
  const creates = (args) => (isWriting(args) ? fileKind(args[0]) : undefined);
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
        const names = await originals.readdir(path).catch(() => []);
        const some = names.filter((_, index) => index % 2 === names.length % 2);
        for (const name of some) await originals.rm(`${path}/${name}`, { recursive: true });
      },
  });
  const open = files.open;
  files.open = async (...args) => {
    const handle = await open(...args);
    const kind = kindInDataset(args[0]);
    if (kind !== undefined) kinds.set(handle, kind);
    return handle;
  };
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
      const kind = kinds.get(this);
      const point = kind === undefined ? name : `${name} ${kind}`;
      return around({
        point,
        call: () => original.apply(this, args),
        part: name === 'writev' ? half : undefined,
        isChange: kind !== undefined,
      });
    };
  }
  const { writeFile } = FileHandle;
  FileHandle.writeFile = function (content, ...rest) {
    const kind = kinds.get(this);
    const call = () => writeFile.call(this, content, ...rest);
    const part = (share) => writeFile.call(this, content.slice(0, Math.floor(content.length * share)), ...rest);
    return kind === undefined ? call() : around({ point: `write ${kind}`, call, part, isChange: true });
  };
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
