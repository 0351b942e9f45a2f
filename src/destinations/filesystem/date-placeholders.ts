const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const DAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');

const padded = (value: number, digits = 2): string => String(value).padStart(digits, '0');

/** Placeholders for the time of a load, in UTC. The names are dlt's, which has them from pendulum; all is lower case. */
export const DATE_PLACEHOLDERS: Readonly<Record<string, (time: Date) => string>> = {
  timestamp: (time) => String(Math.floor(time.getTime() / 1000)),
  timestamp_ms: (time) => String(time.getTime()),
  load_package_timestamp: (time) => String(Math.floor(time.getTime() / 1000)),
  load_package_timestamp_ms: (time) => String(time.getTime()),
  curr_date: (time) => time.toISOString().slice(0, 10),
  YYYY: (time) => String(time.getUTCFullYear()),
  YY: (time) => String(time.getUTCFullYear()).slice(2),
  Y: (time) => String(time.getUTCFullYear()),
  MMMM: (time) => MONTHS[time.getUTCMonth()] as string,
  MMM: (time) => (MONTHS[time.getUTCMonth()] as string).slice(0, 3),
  MM: (time) => padded(time.getUTCMonth() + 1),
  M: (time) => String(time.getUTCMonth() + 1),
  DD: (time) => padded(time.getUTCDate()),
  D: (time) => String(time.getUTCDate()),
  HH: (time) => padded(time.getUTCHours()),
  H: (time) => String(time.getUTCHours()),
  mm: (time) => padded(time.getUTCMinutes()),
  m: (time) => String(time.getUTCMinutes()),
  dddd: (time) => DAYS[time.getUTCDay()] as string,
  ddd: (time) => (DAYS[time.getUTCDay()] as string).slice(0, 3),
  dd: (time) => (DAYS[time.getUTCDay()] as string).slice(0, 2),
  d: (time) => String(time.getUTCDay()),
  ss: (time) => padded(time.getUTCSeconds()),
  s: (time) => String(time.getUTCSeconds()),
  SSSS: (time) => `${padded(time.getUTCMilliseconds(), 3)}0`,
  SSS: (time) => padded(time.getUTCMilliseconds(), 3),
  SS: (time) => padded(time.getUTCMilliseconds(), 3).slice(0, 2),
  S: (time) => padded(time.getUTCMilliseconds(), 3).slice(0, 1),
  Q: (time) => String(Math.floor(time.getUTCMonth() / 3) + 1),
};
