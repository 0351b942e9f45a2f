import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import type { LoadSize } from '../../core/load-size.ts';
import { destinationForms } from '../../destinations/built-in.ts';
import { listForms } from '../../destinations/unknown-destination.ts';
import { EXIT } from '../exit-code.ts';
import { loadSize, nameList, positiveInteger, secondsFrom0, waitMs } from '../option-values.ts';
import { type OutputFlags, runCommand } from '../run-command.ts';

interface RunFlags extends OutputFlags {
  readonly destination?: string;
  readonly dataset?: string;
  readonly pipeline?: string;
  readonly sourceName: string;
  readonly resources?: readonly string[];
  readonly fullRefresh?: boolean;
  readonly limit?: number;
  readonly discard?: boolean;
  readonly runId?: string;
  readonly wait?: number | true;
  readonly strict?: boolean;
  readonly commitEvery?: LoadSize;
  readonly keepLog?: boolean;
  readonly workDir?: string;
}

const DESTINATIONS = `\nDestinations:\n${listForms(destinationForms)}`;

/** Adds `syncline run CONFIG`. */
export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('Load what a configuration describes, or finish a run that was stopped.')
    .argument('<config>', 'configuration file: .json, .jsonc, .yaml, .yml, .ts, .mts, .js or .mjs')
    .option('--destination <spec>', 'where to load to, see below (default: duckdb:<pipeline>.duckdb)')
    .option('--dataset <name>', 'dataset, a schema of the database (default: <pipeline>_data)')
    .option('--pipeline <name>', "name that the state is kept under (default: the configuration file's name)")
    .option('--source-name <name>', 'name of the source and of its schema', 'rest_api')
    .option('--resources <names>', 'load only these resources, separated by commas', nameList)
    .option('--full-refresh', 'forget the state of the resources and replace their tables')
    .option('--limit <pages>', 'ask for at most this many pages a resource; the run is then not complete', positiveInteger)
    .option('--discard', 'abandon an unfinished run instead of finishing it')
    .option('--run-id <id>', 'name of the run: one that is committed already is not run again')
    .option('--wait [seconds]', 'wait while another process runs the pipeline (without a number: until it ends)', secondsFrom0)
    .option('--strict', 'load nothing when the run is not complete')
    .option('--commit-every <size>', 'cut a long run into loads of about so many rows, or bytes of pages as 256MB', loadSize)
    .option('--keep-log', 'keep the pages after the load, for `syncline replay`')
    .option('--work-dir <dir>', 'folder for the pages of an unfinished run (default: $SYNCLINE_DIR or .syncline)')
    .option('--json', 'print one report object on stdout (on stderr where stdout has rows)')
    .option('--quiet', 'print no progress')
    .option('--debug', 'print requests and the stack of an error')
    .addHelpText('after', DESTINATIONS)
    .action(async (config: string, flags: RunFlags) => {
      process.exitCode = await run(config, flags);
    });
}

function run(config: string, flags: RunFlags): Promise<number> {
  const name = flags.pipeline ?? pipelineName(config);
  return runCommand({
    flags,
    target: () => ({
      config,
      sourceName: flags.sourceName,
      pipeline: name,
      destination: flags.destination ?? `duckdb:${name}.duckdb`,
      dataset: flags.dataset ?? `${name}_data`,
      workDir: flags.workDir,
    }),
    run: (pipeline, source, watching) =>
      pipeline.run(source, {
        resources: flags.resources,
        fullRefresh: flags.fullRefresh,
        limit: flags.limit,
        discard: flags.discard,
        runId: flags.runId,
        wait: waitMs(flags.wait),
        strict: flags.strict,
        commitEvery: flags.commitEvery,
        keepLog: flags.keepLog,
        origin: resolve(config),
        ...watching,
      }),
    // Another run that was finished first is not the one that was asked for.
    exitCode: ({ complete, run_id }) => (complete && (flags.runId ?? run_id) === run_id ? EXIT.ok : EXIT.incomplete),
  });
}

/** The file's name without its ending, with what a pipeline's name cannot have replaced. */
function pipelineName(file: string): string {
  return basename(file)
    .replace(/\.[^.]+$/, '')
    .replace(/[^A-Za-z0-9_-]+/g, '_');
}
