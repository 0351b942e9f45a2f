import { expect, it } from 'vitest';
import { runCampaign } from './kill-campaign.ts';
import { SCENARIOS } from './scenarios.ts';
import { DUCKDB } from './staged-duckdb.ts';
import { FILES } from './staged-files.ts';

it.each([
  ['a run of three levels', 'parents', DUCKDB, 4],
  ['a replacement of files', 'replace-nested', FILES, 2],
])(
  'killed a few times, %s loses nothing, doubles nothing and asks for no logged page again',
  {
    timeout: 120_000,
  },
  async (_, scenario, destination, kills) => {
    const scenarios = SCENARIOS.filter(({ name }) => name === scenario);
    // More of them: npm run test:faults.
    const [tally] = await runCampaign({ kills, seed: 1, scenarios, destination, parallel: 2, failed: () => undefined });
    expect(tally).toMatchObject({ problems: [], askedTwice: 0, lost: 0, doubled: 0 });
    expect(tally?.kills).toBeGreaterThanOrEqual(kills);
  },
);
