const LOAD_ID = /^(\d{1,12})(?:\.(\d+))?$/;

/**
 * A load id as dlt makes it: seconds since the epoch with a fraction. It is greater than every one of
 * `present`, as a number and as text, because the newest state is found by the greatest id; so the
 * clock may go back. `now` is in milliseconds.
 */
export function newLoadId(now: number, present: readonly string[] = []): string {
  const known = present.map(microseconds).filter((value) => value !== undefined);
  const next = known.reduce((max, value) => (value >= max ? value + 1n : max), BigInt(Math.floor(now * 1000)));
  return `${next / 1_000_000n}.${String(next % 1_000_000n).padStart(6, '0')}`;
}

/** A load id in microseconds, digits beyond them rounded up; `undefined` when it is of another kind. */
function microseconds(loadId: string): bigint | undefined {
  const [, seconds, fraction = ''] = LOAD_ID.exec(loadId) ?? [];
  if (seconds === undefined) return undefined;
  return BigInt(seconds + fraction.slice(0, 6).padEnd(6, '0')) + (fraction.length > 6 ? 1n : 0n);
}
