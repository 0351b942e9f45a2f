/** A format specification of Python: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`. */
export interface FormatSpec {
  readonly fill: string;
  readonly align: '<' | '>' | '^' | '=' | undefined;
  readonly sign: '-' | '+' | ' ' | undefined;
  /** Zeros between sign and digits, unless an alignment is given. */
  readonly zero: boolean;
  /** Negative zero loses its sign. */
  readonly noNegativeZero: boolean;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: ',' | '_' | undefined;
  readonly precision: number | undefined;
  readonly type: string | undefined;
}

/** Widest field and longest fraction: a typing error must not fill the memory. */
const LARGEST = 10_000;
const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/su;

/** Reads a format specification. Throws an Error that says what is wrong with it. */
export function parseFormatSpec(text: string): FormatSpec {
  const match = SPEC.exec(text);
  if (!match) throw new Error(`\`${text}\` is not a format`);
  const [, fill, align, sign, z, alternate, zero, width, grouping, precision, type] = match;
  if (Number(width ?? 0) > LARGEST || Number(precision ?? 0) > LARGEST) throw new Error(`\`${text}\` is too wide`);
  return {
    fill: fill ?? (zero ? '0' : ' '),
    align: align as FormatSpec['align'],
    sign: sign as FormatSpec['sign'],
    zero: zero !== undefined,
    noNegativeZero: z !== undefined,
    alternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping: grouping as FormatSpec['grouping'],
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
}

/** The sign that is written before a number. */
export function signOf(negative: boolean, { sign }: FormatSpec): string {
  return negative ? '-' : sign === '-' ? '' : (sign ?? '');
}

/** A number in the parts that filling and grouping tell apart. */
export interface NumberText {
  readonly sign: string;
  readonly prefix: string;
  readonly digits: string;
  /** Point, fraction and exponent. */
  readonly rest: string;
}
