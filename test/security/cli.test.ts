import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cliFolder } from '../cli/run-cli.ts';
import { MISDEEDS, startEchoingApi } from './echoing-api.ts';
import { filesIn, leaksIn, tablesIn } from './leaks.ts';

const secret = fc
  .string({ unit: fc.constantFrom(...Array.from('%+/=&"\\ é漢😀$?#<>\'()[]|^,;:@!~`aZ09._-')), minLength: 8, maxLength: 80 })
  .map((text) => `T${text.trim()}1`);
const scenario = fc.record({ secret, misdeed: fc.constantFrom(...MISDEEDS), json: fc.boolean() });

describe('the command line shows no secret of the environment', () => {
  it('with --debug, with --json, and whatever the API does', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ secret: token, misdeed, json }) => {
        // In the path, where nothing but the environment says that it is one, and as a token.
        await using api = await startEchoingApi({
          known: () => [token],
          inRows: () => [],
          tokensInRows: false,
          misdeed,
          times: 9,
          paging: 'header',
        });
        using folder = cliFolder();
        folder.write('c.json', {
          client: { base_url: `${api.url}/v1`, headers: { 'X-Echo': 'a${MISSING_NOTHING}' }, retry: { max_retries: 0 } },
          resources: [
            {
              name: 'things',
              endpoint: { path: 't/{key}/rows', params: { key: '${API_TOKEN}' }, data_selector: 'rows', paginator: 'header_link' },
            },
          ],
        });
        const args = ['run', 'c.json', '--debug', '--keep-log', ...(json ? ['--json'] : [])];
        const { code, stdout, stderr } = await folder.run(args, { API_TOKEN: token.replaceAll('{', '{{'), MISSING_NOTHING: '' });
        expect([0, 1, 2, 3, 4]).toContain(code);
        expect(json ? typeof JSON.parse(stdout) : 'object').toBe('object');
        const work = filesIn(`${folder.path}/.syncline`);
        expect(leaksIn({ stdout, stderr, ...work, tables: await tablesIn(`${folder.path}/c.duckdb`) }, [token])).toEqual([]);
      }),
      { numRuns: Number(process.env['SECRET_RUNS'] ?? 4) },
    );
  });
});
