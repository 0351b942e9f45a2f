import { ofItems, type Scenario } from './scenario.ts';

/** What the schema and its evolution are about. */
export const SCHEMA_SCENARIOS: readonly Scenario[] = [
  ofItems({
    name: 'append',
    hints: { write_disposition: 'append' },
    rows: [
      [
        { id: 1, title: 'eins', score: 1.5, ok: true, at: '2024-01-01T10:00:00+02:00', tags: ['a', 'b'] },
        { id: 2, title: 'grüße, 世界 ☃', score: 2, ok: false, at: '2024-01-02 10:00:00', tags: [] },
        { id: 3, title: 'quote \' " \\ \n tab\t', score: -0.25, at: null, tags: ['c'] },
      ],
      [
        { id: 1, title: 'eins', score: 1.5, ok: true, at: '2024-01-01T10:00:00+02:00', tags: ['a', 'b'] },
        { id: 4, title: '', score: 1e-7, tags: [] },
      ],
      [],
    ],
  }),
  ofItems({
    name: 'replace',
    hints: { write_disposition: 'replace' },
    rows: [
      [
        { id: 1, tags: ['a', 'b'] },
        { id: 2, tags: [] },
        { id: 3, tags: ['c'] },
      ],
      [
        { id: 2, tags: ['d'], extra: 'new' },
        { id: 5, tags: [] },
      ],
      [{ id: 9 }],
    ],
  }),
  ofItems({
    name: 'evolving',
    hints: { write_disposition: 'append' },
    rows: [
      [{ id: 1, name: 'ann', void: null }],
      [{ id: 2, name: 'bob', age: 7, address: { city: 'Ulm', geo: { lat: 1.5, lon: 2.5 } }, tags: ['a'], void: null }],
      [{ age: 8, id: 3, 'Weird Name!': true, tags: ['b'], parts: [{ sku: 's', marks: [1] }], address: { zip: '89073' }, void: 'text' }],
    ],
  }),
  ofItems({
    name: 'nested',
    hints: { write_disposition: 'append' },
    rows: [
      [
        {
          id: 1,
          o1: { x: 1, y: { z: 'deep' } },
          after: true,
          o2: { q: 2.5 },
          list: [[1, 2], [3], []],
          mixed: [1, 'x', { k: 1 }, [2]],
          empty: { a: null, b: [] },
        },
      ],
      [{ id: 2, list: [[{ n: 1 }]], children: [{ name: 'c', children: [{ name: 'g', tags: ['t'] }] }] }],
      [{ id: 3, o1: { y: { z: 'more' } }, children: [{ name: 'd' }, {}] }],
    ],
  }),
  ofItems({
    name: 'max-nesting',
    hints: { write_disposition: 'append', max_table_nesting: 1 },
    rows: [
      [{ id: 1, o: { p: { q: 1 } }, l: [{ m: [1], oo: { pp: 2 } }], s: [1, 2] }],
      [{ id: 2, o: { p: [1, 2], r: 'text' }, l: [{ n: { k: 'ü' } }] }],
      [{ id: 3, s: [3], o: { p: { z: 1.5, a: null } } }],
    ],
  }),
  ofItems({
    name: 'variants',
    hints: { write_disposition: 'append' },
    rows: [
      [
        { id: 1, v: 1, w: '2024-01-01T00:00:00Z', b: true, list: [1, 'x'] },
        { id: 2, v: 'text', w: 'N/A', b: 'maybe' },
      ],
      [
        { id: 3, v: 1.5, w: 17, b: '2024-05-05T00:00:00Z', list: [2.5, true] },
        { id: 'four', v: '12', w: '2024-01-02', b: 0 },
      ],
      [{ id: 5, v: { a: 1 }, w: true, b: [1] }],
    ],
  }),
  ofItems({
    name: 'columns',
    hints: {
      write_disposition: 'append',
      primary_key: 'id',
      columns: {
        id: { data_type: 'bigint', precision: 32 },
        small: { data_type: 'bigint', precision: 16 },
        code: { data_type: 'text', precision: 8 },
        price: { data_type: 'decimal', precision: 12, scale: 3 },
        amount: { data_type: 'decimal' },
        day: { data_type: 'date' },
        clock: { data_type: 'time' },
        local: { data_type: 'timestamp', timezone: false },
        doc: { data_type: 'json' },
        raw: { data_type: 'binary' },
        later: { data_type: 'double', nullable: true, description: 'comes with the second run' },
        untyped: { cluster: true },
      },
    },
    rows: [
      [
        {
          id: 1,
          small: 7,
          code: 'ab',
          price: '12.5',
          amount: 0.1,
          day: '2024-02-29',
          clock: '13:14:15.5',
          local: '2024-01-01T10:00:00+02:00',
          doc: { b: [1, { c: null }], a: 'ü' },
          raw: 'aGVsbG8=',
        },
      ],
      [{ id: 2, later: 1.5, doc: [1, 2], untyped: 'typed' }],
      [{ id: 3, small: -7, price: 3, doc: null }],
    ],
  }),
  ofItems({
    name: 'digits',
    hints: {
      write_disposition: 'append',
      columns: {
        huge: { data_type: 'wei' },
        rough: { data_type: 'timestamp', precision: 3 },
        exact: { data_type: 'decimal', precision: 38, scale: 18 },
      },
    },
    rows: [
      [{ id: 1, huge: '123456789012345678901234567890', rough: '2024-01-01T10:00:00.123456Z', exact: '0.000000000000000001' }],
      [{ id: 9007199254740991, huge: 12, rough: '2024-01-01T10:00:00.5+01:00', exact: 3 }],
      [{ id: -3, exact: '12345678901234567890.5' }],
    ],
  }),
  ofItems({
    name: 'contract',
    hints: { write_disposition: 'append', schema_contract: { tables: 'evolve', columns: 'discard_row', data_type: 'discard_value' } },
    rows: [
      [{ id: 1, n: 1, tags: ['a'] }],
      [
        { id: 2, n: 2, extra: true },
        { id: 3, n: 'text', tags: ['b'] },
      ],
      [{ id: 4, n: 4, parts: [{ sku: 's' }] }],
    ],
  }),
  ofItems({
    name: 'contract-nothing-left',
    hints: { write_disposition: 'append', schema_contract: { columns: 'discard_row' } },
    rows: [[{ id: 1 }], [{ id: 2, extra: true }], [{ id: 3, o: { more: 1 } }]],
  }),
  ofItems({
    name: 'names',
    hints: { write_disposition: 'append' },
    rows: [
      [{ ID: 1, userName: 'a', 'a b': 1, 'kebab-case': 2, _private: 3, Trailing_: 4, ünï: 5, '1st': 6 }],
      [
        {
          ID: 2,
          veryLongColumnNameThatCertainlyExceedsSixtyThreeCharactersInTotalLength: 'x',
          nestedThing: { innerValue: 1, listOfThings: [1] },
        },
      ],
      [{ ID: 3, select: 'order', 'dot.name': true }],
    ],
  }),
];
