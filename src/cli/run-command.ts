import type { Writable } from 'node:stream';
import { loadConfig } from '../config/load-config.ts';
import { redactStrings } from '../core/redact-strings.ts';
import { createSecrets } from '../core/secret.ts';
import type { Source } from '../core/source.ts';
import { openDestination } from '../destinations/built-in.ts';
import { plainLines } from '../destinations/console/plain-text.ts';
import { isOutputClosed, writeOut } from '../destinations/stdout/write-out.ts';
import { type Pipeline, pipeline } from '../pipeline/pipeline.ts';
import type { RunOptions } from '../pipeline/run-options.ts';
import type { RunReport } from '../pipeline/run-report.ts';
import { restApi } from '../rest/rest-api.ts';
import { errorJson, errorText } from './error-text.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { createOutput, type Output } from './output.ts';
import { reportText } from './report-text.ts';
import { watchSignals } from './watch-signals.ts';

/** Flags of every command that loads. */
export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

/** What a command loads, and where to. */
export interface Target {
  readonly config: string;
  readonly sourceName: string;
  readonly pipeline: string;
  readonly destination: string;
  readonly dataset: string;
  readonly workDir: string | undefined;
}

/** What the commands give each run. */
export type Watching = Pick<RunOptions, 'signal' | 'emit'>;

/** A command that loads: finds its target, then runs. */
export interface LoadCommand {
  readonly flags: OutputFlags;
  readonly target: () => Promise<Target> | Target;
  readonly run: (pipeline: Pipeline, source: Source, watching: Watching) => Promise<RunReport>;
  /** The exit code of a run that went through; by default whether it is complete. */
  readonly exitCode?: (report: RunReport) => number;
}

const STOPPED = 'Stopped. The pages that came are kept: run the same command again to go on.';

/** Runs a command that loads, shows what happens and returns its exit code. Nothing is shown unredacted. */
export async function runCommand({ flags, target, run, exitCode = completeness }: LoadCommand): Promise<number> {
  const secrets = createSecrets();
  const redact = (text: string): string => secrets.redact(text);
  /** For people: what an API has written gives no orders to their terminal. */
  const shown = (text: string): string => plainLines(redact(text));
  const signals = watchSignals();
  let output: Output | undefined;
  let ownsStdout = false;
  const say = (error: unknown): boolean => process.stderr.write(`${errorText(error, { debug: flags.debug ?? false, redact: shown })}\n`);
  const report = (content: unknown): Promise<void> =>
    writeReport(
      ownsStdout ? process.stderr : process.stdout,
      typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`,
    );
  try {
    const { config, sourceName, pipeline: name, destination: spec, dataset, workDir } = await target();
    await using destination = await openDestination(spec);
    ownsStdout = destination.ownsStdout ?? false;
    const loaded = await loadConfig(config, { sourceName });
    for (const secret of loaded.secrets) secrets.add(secret);
    for (const credential of loaded.credentials) secrets.addCredential(credential);
    await using source = restApi(loaded.config, { name: sourceName, secrets });
    const resources = source.resources.map((r) => r.name);
    // The report has the warnings too: on the same stream they would be in its way.
    if (!(ownsStdout && flags.json && flags.quiet)) output = progressOutput({ flags, ownsStdout, redact: shown, resources });
    for (const warning of loaded.warnings) output?.event({ type: 'warning', code: 'config', message: warning.message });
    const done = await run(pipeline({ name, destination, dataset, workDir }), source, {
      signal: signals.signal,
      emit: (event) => output?.event(event),
    });
    output?.close();
    await report(flags.json ? redactStrings(done, redact) : shown(reportText(done, ownsStdout)));
    return exitCode(done);
  } catch (error) {
    output?.close();
    const isStopped = signals.signal.aborted;
    const json = isStopped ? { code: 'interrupted', message: STOPPED } : errorJson(error, redact);
    if (flags.json) await report({ complete: false, error: json }).catch(say);
    if (isStopped) {
      process.stderr.write(`${STOPPED}\n`);
      if (ownsStdout) await exitNow(EXIT.interrupted);
      return EXIT.interrupted;
    }
    if (!flags.json && !isOutputClosed(error)) say(error);
    return exitCodeOf(error);
  } finally {
    signals.close();
  }
}

/** Progress is redrawn in place where a person looks at it, and no rows come in between. */
function progressOutput(shown: {
  readonly flags: OutputFlags;
  readonly ownsStdout: boolean;
  readonly redact: (text: string) => string;
  readonly resources: readonly string[];
}): Output {
  const { flags, ownsStdout, redact, resources } = shown;
  const { json = false, debug = false, quiet = false } = flags;
  const isShared = ownsStdout && process.stdout.isTTY;
  return createOutput({
    write: (text) => process.stderr.write(text),
    redact,
    debug,
    quiet,
    live: process.stderr.isTTY && process.env.CI === undefined && !json && !debug && !isShared,
    resources,
    width: process.stderr.columns || undefined,
  });
}

/** Whoever closes the pipe early (`| head`) has read enough of a report. */
async function writeReport(stream: Writable, text: string): Promise<void> {
  await writeOut(stream, text).catch((error: unknown) => {
    if (!isOutputClosed(error)) throw error;
  });
}

/** Rows that wait for a reader would keep the process. */
async function exitNow(code: number): Promise<void> {
  await writeReport(process.stderr, '');
  process.exit(code);
}

function completeness(report: RunReport): number {
  return report.complete ? EXIT.ok : EXIT.incomplete;
}
