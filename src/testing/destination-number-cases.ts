import type { CellValue } from './batch-of.ts';
import type { ContractCase } from './contract-case.ts';
import { type DestinationSubject, openScene } from './destination-scene.ts';
import { assertKept, assertKeptOrRefused, type ColumnValues, printed } from './destination-values.ts';

/** Precision and scale: where databases change from one size of integer to the next, and all scales that are odd. */
const DECIMALS: readonly (readonly [number, number])[] = [
  [1, 0],
  [1, 1],
  [3, 2],
  [4, 0],
  [4, 4],
  [5, 1],
  [9, 0],
  [9, 9],
  [10, 3],
  [18, 6],
  [18, 18],
  [19, 0],
  [19, 19],
  [28, 5],
  [37, 2],
  [38, 0],
  [38, 9],
  [38, 19],
  [38, 37],
  [38, 38],
];

/** An unscaled decimal in plain digits, all of its scale shown. */
function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return unscaled < 0n ? `-${text}` : text;
}

function decimals(precision: number, scale: number, unscaled: readonly bigint[]): ColumnValues {
  return {
    column: { data_type: 'decimal', precision, scale },
    values: unscaled.map((value) => [value, decimalText(value, scale)] as const),
  };
}

function integers(precision: number | undefined, values: readonly bigint[]): ColumnValues {
  return printed({ data_type: 'bigint', ...(precision === undefined ? {} : { precision }) }, values);
}

/** The ends of an integer of so many bits, and what is beside them. */
function ends(bits: bigint): bigint[] {
  const highest = 2n ** (bits - 1n) - 1n;
  return [highest, highest - 1n, -highest - 1n, -highest, 0n, 1n, -1n];
}

const WHOLE_DOUBLES = [2 ** 53, -(2 ** 53), 2 ** 53 + 2, 2 ** 63, 2 ** 64, 1e15, 1e16, 1e17, 1e21, 1e22, 123456789012345680000];
const FRACTIONS = [0.1, -0.1, 0.30000000000000004, 1 / 3, 1e-5, 1e-6, 1e-7, 1.0000000000000002, 4.35, 100.5, 1e23];
const EXTREMES = [
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  Number.MIN_VALUE,
  -Number.MIN_VALUE,
  2 ** -1022,
  2 ** -1022 - 2 ** -1074,
  Number.EPSILON,
];

/** Numbers at the ends of what each type can hold, and beyond. */
export const destinationNumberCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'keeps integers up to the ends of each size',
    async run(subject) {
      await using scene = await openScene(subject);
      await assertKept(scene, {
        whole: integers(undefined, ends(64n)),
        'whole of 64 bits': integers(64, ends(64n)),
        'whole of 32 bits': integers(32, ends(32n)),
        'whole of 16 bits': integers(16, ends(16n)),
        'whole of 8 bits': integers(8, ends(8n)),
      });
    },
  },
  {
    name: 'keeps doubles to the last bit; infinities and NaN too, or as null',
    async run(subject) {
      await using scene = await openScene(subject);
      const wide: readonly (readonly [CellValue, ...(string | null)[]])[] = [
        [-0, '-0'],
        [Number.NaN, 'NaN', null],
        [Number.POSITIVE_INFINITY, 'Infinity', null],
        [Number.NEGATIVE_INFINITY, '-Infinity', null],
      ];
      const plain = printed({ data_type: 'double' }, [0, 1, -1, ...WHOLE_DOUBLES, ...FRACTIONS, ...EXTREMES]);
      await assertKept(scene, { number: { ...plain, values: [...plain.values, ...wide] } });
    },
  },
  {
    name: 'keeps decimals of every size to the last digit',
    async run(subject) {
      await using scene = await openScene(subject);
      const all = DECIMALS.map(([precision, scale]) => {
        const highest = 10n ** BigInt(precision) - 1n;
        const values = [highest, -highest, 0n, 1n, -1n, highest / 3n, 10n ** BigInt(precision - 1), -(10n ** BigInt(precision >> 1))];
        return [`d_${precision}_${scale}`, decimals(precision, scale, values)] as const;
      });
      const wei = [10n ** 38n - 1n, 1n - 10n ** 38n, 2n ** 64n, 2n ** 63n, -(2n ** 64n), 0n, 1n, 100n, -1n];
      await assertKept(scene, { ...Object.fromEntries(all), wei: printed({ data_type: 'wei' }, wei) });
    },
  },
  {
    name: 'keeps a number that is too wide for its column, or refuses it and names the column',
    async run(subject) {
      await using scene = await openScene(subject);
      await assertKeptOrRefused(scene, {
        'whole of 8 bits': integers(8, [128n, -129n]),
        'whole of 16 bits': integers(16, [32_768n, 2n ** 40n + 5n]),
        'whole of 32 bits': integers(32, [-(2n ** 31n) - 1n, 2n ** 32n + 5n]),
        'whole of 128 bits': integers(128, [-(2n ** 100n), 2n ** 127n - 1n]),
        'whole of 200 bits': integers(200, [1n]),
        'small decimal': decimals(3, 1, [-1000n]),
        'decimal of 9 digits': decimals(9, 2, [10n ** 9n]),
        'decimal of 18 digits': decimals(18, 2, [10n ** 37n]),
        'decimal of 38 digits': decimals(38, 9, [-(10n ** 38n)]),
        'decimal of 40 digits': decimals(40, 2, [12_345n]),
        'wei of 39 digits': printed({ data_type: 'wei' }, [10n ** 38n]),
        'wei of 5 digits': printed({ data_type: 'wei', precision: 5 }, [100_000n]),
      });
    },
  },
];
