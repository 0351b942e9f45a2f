import { basename } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../../config/load-config.ts';
import { createSecrets } from '../../core/secret.ts';
import { openDestination } from '../../destinations/built-in.ts';
import { pipeline } from '../../pipeline/pipeline.ts';
import { restApi } from '../../rest/rest-api.ts';
import { errorJson, errorText } from '../error-text.ts';
import { EXIT, exitCodeOf } from '../exit-code.ts';
import { createOutput, type Output } from '../output.ts';
import { reportText } from '../report-text.ts';
import { watchSignals } from '../watch-signals.ts';

interface RunFlags {
  readonly destination?: string;
  readonly dataset?: string;
  readonly pipeline?: string;
  readonly sourceName: string;
  readonly resources?: readonly string[];
  readonly fullRefresh?: boolean;
  readonly limit?: number;
  readonly discard?: boolean;
  readonly workDir?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

/** Adds `syncline run CONFIG`. */
export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('Load what a configuration describes, or finish a run that was stopped.')
    .argument('<config>', 'configuration file: .json, .jsonc, .yaml, .yml, .ts, .mts, .js or .mjs')
    .option('--destination <spec>', 'where to load to: duckdb:FILE (default: duckdb:<pipeline>.duckdb)')
    .option('--dataset <name>', 'dataset, a schema of the database (default: <pipeline>_data)')
    .option('--pipeline <name>', "name that the state is kept under (default: the configuration file's name)")
    .option('--source-name <name>', 'name of the source and of its schema', 'rest_api')
    .option('--resources <names>', 'load only these resources, separated by commas', list)
    .option('--full-refresh', 'forget the state of the resources and replace their tables')
    .option('--limit <pages>', 'ask for at most this many pages a resource; the run is then not complete', pages)
    .option('--discard', 'abandon an unfinished run instead of finishing it')
    .option('--work-dir <dir>', 'folder for the pages of an unfinished run (default: $SYNCLINE_DIR or .syncline)')
    .option('--json', 'print one report object on stdout')
    .option('--quiet', 'print no progress')
    .option('--debug', 'print requests and the stack of an error')
    .action(async (config: string, flags: RunFlags) => {
      process.exitCode = await run(config, flags);
    });
}

function list(text: string): readonly string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new InvalidArgumentError('Name at least one resource.');
  return names;
}

function pages(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return value;
}

async function run(file: string, flags: RunFlags): Promise<number> {
  const secrets = createSecrets();
  const redact = (text: string): string => secrets.redact(text);
  const signals = watchSignals();
  let output: Output | undefined;
  try {
    const loaded = await loadConfig(file, { sourceName: flags.sourceName });
    for (const secret of loaded.secrets) secrets.add(secret);
    const name = flags.pipeline ?? pipelineName(file);
    await using source = restApi(loaded.config, { name: flags.sourceName, secrets });
    await using destination = await openDestination(flags.destination ?? `duckdb:${name}.duckdb`);
    output = createOutput({
      write: (text) => process.stderr.write(text),
      redact,
      debug: flags.debug ?? false,
      quiet: flags.quiet ?? false,
      live: process.stderr.isTTY && process.env.CI === undefined && !flags.json && !flags.debug,
      resources: source.resources.map((r) => r.name),
      width: process.stderr.columns || undefined,
    });
    for (const warning of loaded.warnings) output.event({ type: 'warning', code: 'config', message: warning.message });
    const report = await pipeline({
      name,
      destination,
      dataset: flags.dataset ?? `${name}_data`,
      workDir: flags.workDir ?? process.env.SYNCLINE_DIR ?? '.syncline',
    }).run(source, {
      resources: flags.resources,
      fullRefresh: flags.fullRefresh,
      limit: flags.limit,
      discard: flags.discard,
      signal: signals.signal,
      emit: (event) => output?.event(event),
    });
    output.close();
    process.stdout.write(redact(flags.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report)));
    return report.complete ? EXIT.ok : EXIT.incomplete;
  } catch (error) {
    output?.close();
    if (signals.signal.aborted) {
      process.stderr.write('Stopped. The pages that came are kept: run the same command again to go on.\n');
      return EXIT.interrupted;
    }
    if (flags.json) process.stdout.write(`${JSON.stringify({ complete: false, error: errorJson(error, redact) }, null, 2)}\n`);
    else process.stderr.write(`${errorText(error, { debug: flags.debug ?? false, redact })}\n`);
    return exitCodeOf(error);
  } finally {
    signals.close();
  }
}

/** The file's name without its ending, with what a pipeline's name cannot have replaced. */
function pipelineName(file: string): string {
  return basename(file)
    .replace(/\.[^.]+$/, '')
    .replace(/[^A-Za-z0-9_-]+/g, '_');
}
