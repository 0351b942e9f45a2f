import { describe, expect, it } from 'vitest';
import { cutToWidth, displayWidth } from './display-width.ts';
import { plainLines, plainText } from './plain-text.ts';
import { textTable } from './text-table.ts';

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['grüße', 5],
    ['日本語', 6],
    ['한국어', 6],
    ['ひらカタ', 8],
    ['ｶﾀｶﾅ', 4],
    ['（）', 4],
    ['e\u0301', 1],
    ['👍', 2],
    ['👩‍💻', 2],
    ['🇩🇪', 2],
    ['❤️', 2],
    ['❤', 1],
    ['é…─', 3],
  ])('of %j is %i', (text, width) => expect(displayWidth(text)).toBe(width));

  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['👩‍💻👩‍💻', 3, '👩‍💻…'],
    ['ab', 1, '…'],
  ])('is what %j is cut to', (text, width, cut) => expect(cutToWidth(text, width)).toBe(cut));
});

describe('plainText', () => {
  it.each([
    ['a\u001b[31mb', String.raw`a\u001b[31mb`],
    ['\r\n\t\0', String.raw`\r\n\t\u0000`],
    ['\u007f\u009b', String.raw`\u007f\u009b`],
    ['\u202eevil\u2066\ufeff', String.raw`\u202eevil\u2066\ufeff`],
    ['\u{e0041}', String.raw`\udb40\udc41`],
    ['\ud800', String.raw`\ud800`],
    ['👩‍💻 ok ❤️', '👩‍💻 ok ❤️'],
  ])('of %j', (text, plain) => expect(plainText(text)).toBe(plain));

  it('of several lines keeps them', () => expect(plainLines('a\n\u001bb\r\n')).toBe('a\n\\u001bb\\r\n'));
});

describe('textTable', () => {
  const columns = [
    { name: 'id', type: 'bigint' },
    { name: 'name', type: 'text' },
  ];

  it('has names and types above the rows, numbers to the right and nothing for null', () => {
    const rows = [
      ['1', 'a\u001b[0m'],
      ['1000', null],
      [null, '日本'],
    ];
    expect(textTable({ columns, rows }, 80)).toEqual([
      '    id  name',
      'bigint  text',
      '──────  ──────────',
      String.raw`     1  a\u001b[0m`,
      '  1000',
      '        日本',
    ]);
  });

  it('tells numbers from their texts where no types are', () => {
    const untyped = [{ name: 'tag' }, { name: 'count' }, { name: 'none' }];
    expect(
      textTable(
        {
          columns: untyped,
          rows: [
            ['vip', '1,234', null],
            ['b', '-1.5e3', null],
          ],
        },
        80,
      ),
    ).toEqual(['tag   count  none', '───  ──────  ────', 'vip   1,234', 'b    -1.5e3']);
    expect(textTable({ columns: untyped, rows: [] }, 80)).toEqual(['tag  count  none', '───  ─────  ────']);
  });

  it('cuts texts as little as it must', () => {
    const long = 'x'.repeat(100);
    const texts = ['a', 'b'].map((name) => ({ name, type: 'text' }));
    const widths = (width: number) => textTable({ columns: texts, rows: [[long, long]] }, width)[2];
    expect(widths(202)).toBe(`${'─'.repeat(100)}  ${'─'.repeat(100)}`);
    expect(widths(201)).toBe(`${'─'.repeat(60)}  ${'─'.repeat(60)}`);
    expect(widths(121)).toBe(`${'─'.repeat(40)}  ${'─'.repeat(40)}`);
    expect(widths(42)).toBe(`${'─'.repeat(20)}  ${'─'.repeat(20)}`);
    const times = { name: 'at', type: 'timestamp' };
    expect(textTable({ columns: [times, { name: 'b' }], rows: [['2026-01-01 00:00:00+00', long]] }, 44)[3]).toMatch(
      /^2026-01-01 00:00:00\+00 {2}x{19}…$/,
    );
  });

  it('names the columns below that find no place, and is never wider than it may be', () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ name: `column_${i}`, type: 'text' }));
    const rows = [many.map(({ name }) => `value of ${name} 日本語`)];
    for (const width of [20, 40, 80, 200]) {
      const lines = textTable({ columns: many, rows }, width);
      expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
      const [names = ''] = lines;
      const text = lines.join(' ').replaceAll(/\s+/g, ' ');
      for (const { name } of many) expect(names.split(/\s+/).includes(name) || `${text},`.includes(`${name} text,`)).toBe(true);
    }
    expect(textTable({ columns: many, rows }, 44).slice(0, 5)).toEqual([
      'column_0             column_1',
      'text                 text',
      '───────────────────  ───────────────────',
      'value of column_0 …  value of column_1 …',
      'and column_2 text, column_3 text,',
    ]);
  });

  it('shows a column however wide its name is', () => {
    expect(textTable({ columns: [{ name: 'x'.repeat(50) }, { name: 'y' }], rows: [['1', '2']] }, 10)).toEqual([
      `${'x'.repeat(9)}…`,
      '─'.repeat(10),
      '         1',
      'and y',
    ]);
  });
});
