import type { ContractCase } from './contract-case.ts';
import { type DestinationSubject, openScene } from './destination-scene.ts';
import { assertKept, assertKeptOrRefused, type ColumnValues } from './destination-values.ts';

const SECOND = 1_000_000n;
const DAY_SECONDS = 86_400;
const FIRST_MICRO = -62_135_596_800_000_000n;
const LAST_MICRO = 253_402_300_799_999_999n;

/** Moments that calendars and epochs make difficult, in microseconds. */
const MOMENTS: readonly bigint[] = [
  0n,
  1n,
  -1n,
  999_999n,
  -999_999n,
  FIRST_MICRO,
  FIRST_MICRO + 1n,
  LAST_MICRO,
  at('0001-12-31T23:59:59'),
  at('0099-03-01T00:00:00'),
  at('1582-10-04T23:59:59'),
  at('1582-10-15T00:00:00'),
  at('1600-02-29T12:00:00'),
  at('1752-09-03T00:00:00'),
  at('1883-11-18T12:03:58'),
  at('1899-12-31T23:59:59'),
  at('1999-12-31T23:59:59') + 999_999n,
  at('2000-01-01T00:00:00'),
  at('2000-02-29T00:00:00') - 1n,
  at('2016-12-31T23:59:59') + 999_999n,
  at('2017-01-01T00:00:00'),
  at('2024-03-31T02:30:00'),
  at('2024-10-27T02:30:00'),
  at('2038-01-19T03:14:08'),
  at('2262-04-11T23:47:17'),
  at('9999-12-31T00:00:00'),
];

function at(iso: string): bigint {
  return BigInt(Date.parse(`${iso}Z`)) * 1000n;
}

/** A moment in ISO form, with six digits of a second. */
function iso(micros: bigint): string {
  const seconds = micros / SECOND - (micros % SECOND < 0n ? 1n : 0n);
  const date = new Date(Number(seconds) * 1000).toISOString().replace(/^\+0/, '').slice(0, -5);
  return `${date}.${String(micros - seconds * SECOND).padStart(6, '0')}`;
}

/** A timestamp column; with a precision, a moment may be kept whole or rounded either way. */
function timestamps(timezone: boolean, precision: number | undefined, moments: readonly bigint[]): ColumnValues {
  const zone = timezone ? 'Z' : '';
  const unit = 10n ** BigInt(6 - Math.min(precision ?? 6, 6));
  const read = (micros: bigint): string[] => {
    const below = micros - (((micros % unit) + unit) % unit);
    return [...new Set([micros, below, below === micros ? micros : below + unit])].map((each) => `${iso(each)}${zone}`);
  };
  return {
    column: { data_type: 'timestamp', ...(timezone ? {} : { timezone }), ...(precision === undefined ? {} : { precision }) },
    values: moments.map((micros) => [micros, ...read(micros)] as const),
  };
}

const days = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 1000 / DAY_SECONDS;
const DATES = [
  '0001-01-01',
  '0004-02-29',
  '1582-10-10',
  '1899-12-31',
  '1969-12-31',
  '1970-01-01',
  '1999-12-31',
  '2000-02-29',
  '9999-12-31',
];

/** Times of a day in microseconds, and how they are read. */
const TIMES: readonly (readonly [bigint, string])[] = [
  [0n, '00:00:00.000000'],
  [1n, '00:00:00.000001'],
  [59_999_999n, '00:00:59.999999'],
  [43_200_000_000n, '12:00:00.000000'],
  [86_399_000_000n, '23:59:59.000000'],
  [86_399_999_999n, '23:59:59.999999'],
];

/** Dates and times at the ends of calendars. */
export const destinationTimeCases: readonly ContractCase<DestinationSubject>[] = [
  {
    name: 'keeps moments of the years 1 to 9999 to the microsecond, dates and times of a day',
    async run(subject) {
      await using scene = await openScene(subject);
      await assertKept(scene, {
        moment: timestamps(true, undefined, MOMENTS),
        'local moment': timestamps(false, undefined, MOMENTS),
        'local moment of 6 digits': timestamps(false, 6, MOMENTS),
        date: { column: { data_type: 'date' }, values: DATES.map((text) => [days(text), text] as const) },
        time: { column: { data_type: 'time' }, values: TIMES },
      });
    },
  },
  {
    name: 'rounds a moment to the digits that its column has, never further',
    async run(subject) {
      await using scene = await openScene(subject);
      const halves = [
        500_000n,
        499_999n,
        500_500n,
        -500_000n,
        -1_500_500n,
        at('2024-02-29T23:59:59') + 999_500n,
        at('1985-01-01T00:00:00') - 500n,
      ];
      const coarse = MOMENTS.filter((micros) => micros < LAST_MICRO);
      await assertKept(scene, {
        seconds: timestamps(false, 0, [...coarse, ...halves]),
        milliseconds: timestamps(false, 3, [...coarse, ...halves]),
        'seconds with time zone': timestamps(true, 0, [...coarse, ...halves]),
        'milliseconds with time zone': timestamps(true, 3, [...coarse, ...halves]),
      });
    },
  },
  {
    name: 'keeps a moment that its column is too narrow for, or refuses it and names the column',
    async run(subject) {
      await using scene = await openScene(subject);
      const years = [LAST_MICRO + 1n, at('2262-04-11T23:47:17')];
      const odd = [at('2262-04-11T23:47:16') + 1n];
      await assertKeptOrRefused(scene, {
        moment: timestamps(true, undefined, years),
        'local moment': timestamps(false, undefined, years),
        seconds: timestamps(false, 0, [LAST_MICRO + 1n]),
        nanoseconds: timestamps(false, 9, [...years, ...odd, at('1677-09-21T00:12:43')]),
        'nanoseconds with time zone': timestamps(true, 9, odd),
        'picoseconds of a local moment': timestamps(false, 12, [1n]),
      });
    },
  },
];
