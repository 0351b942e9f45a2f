import { describe, expect, it } from 'vitest';
import { announcedLimits, askedWait, readQuotas } from './rate-limit-headers.ts';

const now = Date.UTC(2024, 5, 1, 12);

describe('askedWait', () => {
  it.each([
    [{}, undefined],
    [{ 'retry-after': '120' }, 120_000],
    [{ 'retry-after': ' 0 ' }, 0],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': 'Sat, 01 Jun 2024 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Saturday, 01-Jun-24 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sat Jun  1 12:00:30 2024' }, 30_000],
    [{ 'retry-after': '2024-06-01T12:00:30Z' }, 30_000],
    [{ 'retry-after': 'Sat, 01 Jun 2024 11:59:00 GMT' }, -60_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': 'soon', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9' }, 9000],
    [{ 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '9' }, undefined],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 60) }, 60_000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now + 60_000) }, 60_000],
    [{ 'ratelimit-remaining': '0', 'ratelimit-reset': '2024-06-01T12:01:00Z' }, 60_000],
    [{ ratelimit: '"minute";r=0;t=30' }, 30_000],
    [{ ratelimit: '"minute";r=3;t=30' }, undefined],
    [{ ratelimit: '"minute";t=30;r=0' }, 30_000],
    [{ ratelimit: '"a, b;c";r=0;t=3, "hour";r=0;t=600;pk=:cHM=:' }, 600_000],
    [{ ratelimit: '"second";r=0;t=1, "hour";r=7;t=600' }, 1000],
    [{ ratelimit: 'limit=100, remaining=0, reset=30' }, 30_000],
    [{ ratelimit: 'limit=100, remaining=1, reset=30' }, undefined],
    [{ 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': String(now / 1000 + 60) }, 60_000],
    [{ 'x-ratelimit-remaining': '0.0', 'x-ratelimit-reset-after': '1.25' }, 1250],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'Sat, 01 Jun 2024 12:00:30 GMT' }, 30_000],
    [{ 'x-ratelimit-remaining': '0', 'ratelimit-reset': '9' }, 9000],
    [{ 'x-ratelimit-remaining': '0' }, undefined],
    [{ 'x-ratelimit-remaining': 'none', 'x-ratelimit-reset': '9' }, undefined],
    [{ 'ratelimit-remaining': '0', 'ratelimit-reset': 'never' }, undefined],
  ])('reads %j', (headers, wait) => {
    expect(askedWait(headers, now)).toBe(wait);
  });
});

describe('readQuotas', () => {
  it.each([
    [{}, []],
    [{ 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '12', 'x-ratelimit-reset': '5' }, [{ remaining: 12, resetMs: 5000 }]],
    [{ ratelimit: 'limit=100, remaining=50, reset=30' }, [{ remaining: 50, resetMs: 30_000 }]],
    [
      { ratelimit: '"burst";r=3;t=1, "daily";r=50;t=3600' },
      [
        { remaining: 3, resetMs: 1000 },
        { remaining: 50, resetMs: 3_600_000 },
      ],
    ],
    [{ ratelimit: '"default";r=3' }, []],
  ])('reads %j', (headers, quotas) => expect(readQuotas(headers, now)).toEqual(quotas));
});

describe('announcedLimits', () => {
  it.each([
    [{}, []],
    [{ 'ratelimit-policy': '"default";q=100;w=60' }, [{ requests: 100, per: 60 }]],
    [{ 'ratelimit-policy': '100;w=60' }, [{ requests: 100, per: 60 }]],
    [
      { 'ratelimit-policy': '10;w=1, "an; hour, maybe";w=3600;q=1000;pk=:YQ==:' },
      [
        { requests: 10, per: 1 },
        { requests: 1000, per: 3600 },
      ],
    ],
    [{ 'ratelimit-policy': '"bytes";q=65535;qu="content-bytes";w=10, "calls";q=5;qu="requests";w=1' }, [{ requests: 5, per: 1 }]],
    [{ 'ratelimit-policy': '"forever";q=100' }, []],
    [{ 'ratelimit-policy': '"nothing";q=0;w=60, "half";q=0.5;w=1, "no time";q=5;w=0' }, []],
    [{ 'ratelimit-limit': '100' }, []],
    [{ 'ratelimit-limit': '100, 100;w=60;comment="a minute"' }, [{ requests: 100, per: 60 }]],
    [
      { 'x-ratelimit-limit-second': '5', 'x-ratelimit-limit-hour': '1000' },
      [
        { requests: 5, per: 1 },
        { requests: 1000, per: 3600 },
      ],
    ],
  ])('reads %j', (headers, limits) => expect(announcedLimits(headers)).toEqual(limits));
});
