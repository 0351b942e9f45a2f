import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { TableBuilder } from '../columns/table-builder.ts';
import { MAX_JSON_DEPTH } from '../core/json-too-deep.ts';
import type { ColumnSchema, TableSchema } from '../core/schema.ts';
import type { ContractCase } from './contract-case.ts';
import { columns, DATASET, type DestinationSubject, openScene, rootTable, type Scene } from './destination-scene.ts';
import { assertKept, assertKeptOrRefused, type ColumnValues, printed } from './destination-values.ts';

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** Every control character, alone and between others. U+0000 is none that a text may have: `ColumnData` tells. */
const CONTROLS = range(1, 160)
  .filter((code) => code < 32 || code > 126)
  .flatMap((code) => [String.fromCharCode(code), `a${String.fromCharCode(code)}b`, `${String.fromCharCode(code)}\n`]);

/** All characters of the first plane but NUL and the halves of pairs, and some of each other plane. */
const ALL_CHARACTERS = [
  ...range(1, 0xd800),
  ...range(0xe000, 0x10000),
  ...range(1, 17).flatMap((plane) => [plane << 16, (plane << 16) + 0xffff]),
]
  .map((code) => String.fromCodePoint(code))
  .join('');

const SCRIPTS = [
  '\ufeff',
  '\ufeffwith BOM',
  '\u00e9 e\u0301',
  'Z\u0351\u036b\u0343\u032aalgo',
  '\u202eoverride\u202c',
  '\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627',
  '\u200b',
  '\u00a0',
  '\u2028\u2029',
  '\ufffd',
  '\ufffe\uffff',
  '👨‍👩‍👧‍👦',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  '𝔘𝔫𝔦',
  '\u{10ffff}',
  'İıſK',
  'ẞß',
];

/** What CSV, COPY, JSON, SQL, templates and readers that guess types take for something else. */
const SPECIALS = [
  '',
  ' ',
  '  both  ',
  ',',
  ';',
  '|',
  '\t',
  '\n',
  '\r',
  '\r\n',
  'a,b\r\nc',
  '"',
  '""',
  '"""',
  'a"b',
  '"a"',
  "'",
  "''",
  '`',
  '\\',
  '\\\\',
  '\\N',
  '\\.',
  '\n\\.\n',
  '\\n',
  '\\x00',
  '\\u0000',
  '\\u0041',
  'ends with \\',
  '#',
  '--',
  '/* */',
  '$1',
  '$$',
  '%',
  '%s',
  '{}',
  '{0}',
  '${x}',
  '<&>',
  'NULL',
  'null',
  'None',
  'nan',
  'NaN',
  'inf',
  'true',
  'False',
  '0',
  '-0',
  '007',
  '1e5',
  '0x1F',
  '1_000',
  '2024-02-30',
  '2024-01-01T00:00:00Z',
  '{"a":1}',
  '[1',
  '=1+1',
  '@x',
  '\u0001',
];

/** Texts about as long as what databases keep inside of a row's slot, of characters of one to four bytes. */
const LENGTHS = ['a', 'é', '€', '🎈'].flatMap((character) => range(1, 18).map((length) => character.repeat(length)));

const TEXTS = [...CONTROLS, ...SCRIPTS, ...SPECIALS, ...LENGTHS, ALL_CHARACTERS];

/** JSON texts that are read as what they say, whatever spaces and order of keys a database gives them. */
const DOCUMENTS = [
  '{}',
  '[]',
  '""',
  '0',
  'false',
  '[[]]',
  '[{}]',
  '{"":""}',
  '{"a":1,"A":2,"a ":3,"\u00e1":4,"a\u0301":5}',
  '{"1":1,"01":2,"__proto__":{"x":1},"constructor":null}',
  '[9223372036854775808,-9223372036854775809]',
  '[1.5,-2.25,0.1,100,1e2,1.0]',
  '{"a":{"b":[1,{"c":null}]}}',
];

/** The deepest text that is read. */
const DEEPEST = `${'[{"a":'.repeat(MAX_JSON_DEPTH / 2)}1${'}]'.repeat(MAX_JSON_DEPTH / 2)}`;

/** JSON texts say the same when their values are equal, with all digits of integers that no double holds. */
function saysTheSame(read: string, wanted: string): boolean {
  const long = (text: string) => text.match(/\d{17,}/g);
  return isDeepStrictEqual([JSON.parse(read), long(read)], [JSON.parse(wanted), long(wanted)]);
}

function documents(list: readonly string[]): ColumnValues {
  return { ...printed({ data_type: 'json' }, list), says: saysTheSame };
}

/** The rows of a table in the order of their ids, after a load of batches that a builder made. */
async function loadBuilt(scene: Scene, table: TableSchema, build: (builder: TableBuilder) => void) {
  const builder = new TableBuilder(table.name);
  build(builder);
  const load = await scene.begin(table.name);
  await scene.declare(load, table);
  await load.write(builder.take());
  await load.commit({ schema: scene.settle(), state: undefined });
  const rows = (await scene.place.read(DATASET, table.name))?.rows ?? [];
  return rows.toSorted((a, b) => Number(a['_dlt_id']) - Number(b['_dlt_id']));
}

/** Texts, JSON and binary data that break what is written or read carelessly. */
export const destinationTextCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'keeps every character, in texts and in JSON',
    async run(subject) {
      await using scene = await openScene(subject);
      await assertKept(scene, { text: printed({ data_type: 'text' }, TEXTS), json: documents(TEXTS.map((text) => JSON.stringify(text))) });
    },
  },
  {
    name: 'keeps what JSON documents say, however deep',
    async run(subject) {
      await using scene = await openScene(subject);
      await assertKept(scene, { json: documents(DOCUMENTS) });
      await scene.load({
        id: 'deep',
        tables: [rootTable('deep', columns({ json: { data_type: 'json' } }))],
        rows: { deep: [{ json: DEEPEST, _dlt_load_id: 'deep', _dlt_id: 'a' }] },
      });
      assert.equal((await scene.cells('deep', 'json')).join('').replaceAll(' ', ''), DEEPEST);
    },
  },
  {
    name: 'takes texts without NUL and lone surrogates, as a batch has them',
    async run(subject) {
      await using scene = await openScene(subject);
      const texts = ['\0', 'a\0b', '\ud800', 'a\udfffb', '\udc00\ud800', `${'long \0 '.repeat(20)}\ud83c`, '🎈\0'];
      const table = rootTable('texts', columns({ text: { data_type: 'text' } }));
      const rows = await loadBuilt(scene, table, (builder) => {
        const all = ['text', '_dlt_load_id', '_dlt_id'].map((name) => builder.addColumn(table.columns[name] as ColumnSchema));
        for (const [i, text] of texts.entries()) {
          [text, 'texts', String(i)].forEach((value, column) => all[column]?.setText(i, value));
          builder.endRow();
        }
      });
      assert.deepEqual(
        rows.map((row) => row['text']),
        texts.map((text) => text.replaceAll('\0', '').replace(/\p{Cs}/gu, '\ufffd')),
      );
    },
  },
  {
    name: 'keeps NUL characters of JSON as escapes, or leaves them out',
    async run(subject) {
      await using scene = await openScene(subject);
      const list = [['\0'], ['a\0b'], ['\\\0'], ['\\u0000'], { 'k\0': 1 }].map((value) => JSON.stringify(value));
      const without = (text: string) => JSON.stringify(JSON.parse(text)).replace(/(?<=(?:^|[^\\])(?:\\\\)*)\\u0000/g, '');
      await assertKept(scene, {
        json: { ...documents(list), says: (read, wanted) => saysTheSame(read, wanted) || saysTheSame(read, without(wanted)) },
      });
    },
  },
  {
    name: 'takes a text of 10 MB and binary data of 4 MB, and every byte',
    async run(subject) {
      await using scene = await openScene(subject);
      const table = rootTable('large', columns({ text: { data_type: 'text' }, data: { data_type: 'binary' } }));
      const text = 'ż"\\\n,'.repeat(1_750_000);
      const bytes = Uint8Array.from(range(0, 256));
      const data = [Uint8Array.of(), bytes, new Uint8Array(4 * 1024 * 1024).fill(0xfe), Uint8Array.of(0), Uint8Array.of(0, 0, 0)];
      const ids = { _dlt_load_id: 'l1' };
      const rows = [{ text, ...ids, _dlt_id: '5' }, ...data.map((each, i) => ({ data: each, ...ids, _dlt_id: String(i) }))];
      await scene.load({ id: 'l1', tables: [table], rows: { large: rows } });
      const stored = (await scene.place.read(DATASET, 'large'))?.rows ?? [];
      const inOrder = stored.toSorted((a, b) => Number(a['_dlt_id']) - Number(b['_dlt_id']));
      // Compared here: a message with such texts in it would take longer than the load.
      assert.ok(inOrder[5]?.['text'] === text, 'the text is another one');
      for (const [i, each] of data.entries()) {
        assert.ok(inOrder[i]?.['data'] === Buffer.from(each).toString('hex'), `the data of ${each.length} bytes are others`);
        assert.equal(inOrder[i]['text'], null);
      }
    },
  },
  {
    name: 'refuses a text that is longer than its column, or keeps all of it',
    async run(subject) {
      await using scene = await openScene(subject);
      const column = { data_type: 'text', precision: 5 } as const;
      await assertKept(scene, { short: printed(column, ['', 'abcde', 'żółwi', '🎈🎈🎈🎈🎈']) });
      await assertKeptOrRefused(scene, { short: printed(column, ['abcdef', '🎈🎈🎈🎈🎈🎈', 'long '.repeat(20)]) });
    },
  },
];
