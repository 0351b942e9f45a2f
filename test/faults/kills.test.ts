import { expect, it } from 'vitest';
import { runCampaign } from './kill-campaign.ts';
import { SCENARIOS } from './scenarios.ts';
import { openDuckDb } from './staged-duckdb.ts';

it('killed a few times, a run of three levels loses nothing, doubles nothing and asks for no logged page again', {
  timeout: 120_000,
}, async () => {
  const scenarios = SCENARIOS.filter(({ name }) => name === 'parents');
  // More of them: npm run test:faults.
  const [tally] = await runCampaign({ kills: 4, seed: 1, scenarios, openDatabase: openDuckDb, parallel: 2, failed: () => undefined });
  expect(tally).toMatchObject({ problems: [], askedTwice: 0, lost: 0, doubled: 0 });
  expect(tally?.kills).toBeGreaterThanOrEqual(4);
});
