import type { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { readLoggedRun } from '../../pipeline/replay-log.ts';
import { secondsFrom0, waitMs } from '../option-values.ts';
import { type OutputFlags, runCommand, type Target } from '../run-command.ts';

interface ReplayFlags extends OutputFlags {
  readonly config?: string;
  readonly destination?: string;
  readonly dataset?: string;
  readonly pipeline?: string;
  readonly runId?: string;
  readonly wait?: number | true;
  readonly strict?: boolean;
  readonly workDir?: string;
}

/** Adds `syncline replay LOG`. */
export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .description('Normalize and load the pages that a run with --keep-log kept, without asking the API.')
    .argument('<log>', 'folder of the pages')
    .option('--config <file>', 'configuration file (default: the one that the run had)')
    .option('--destination <spec>', 'where to load to, see `syncline run --help` (default: where the run loaded to)')
    .option('--dataset <name>', 'dataset (default: that of the run)')
    .option('--pipeline <name>', 'name that the state is kept under (default: that of the run)')
    .option('--run-id <id>', 'name of the replay: one that is committed already is not loaded again')
    .option('--wait [seconds]', 'wait while another process runs the pipeline (without a number: until it ends)', secondsFrom0)
    .option('--strict', 'load nothing when the run was not complete')
    .option('--work-dir <dir>', 'folder of the lock of the pipeline (default: $SYNCLINE_DIR or .syncline)')
    .option('--json', 'print one report object on stdout (on stderr where stdout has rows)')
    .option('--quiet', 'print no progress')
    .option('--debug', 'print the stack of an error')
    .action(async (log: string, flags: ReplayFlags) => {
      process.exitCode = await runCommand({
        flags,
        target: () => targetOf(log, flags),
        run: (pipeline, source, watching) =>
          pipeline.replay(source, log, { runId: flags.runId, wait: waitMs(flags.wait), strict: flags.strict, ...watching }),
      });
    });
}

async function targetOf(log: string, flags: ReplayFlags): Promise<Target> {
  const run = await readLoggedRun(log);
  const config = flags.config ?? run.origin;
  if (config === undefined) {
    throw new ConfigError('replay_config', `The page log in ${log} does not say which configuration it is of.`, {
      hint: 'Name it with `--config FILE`.',
    });
  }
  return {
    config,
    sourceName: run.source,
    pipeline: flags.pipeline ?? run.pipeline,
    destination: flags.destination ?? run.destination,
    dataset: flags.dataset ?? run.dataset,
    workDir: flags.workDir,
  };
}
