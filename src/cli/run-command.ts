import { loadConfig } from '../config/load-config.ts';
import { redactStrings } from '../core/redact-strings.ts';
import { createSecrets } from '../core/secret.ts';
import type { Source } from '../core/source.ts';
import { openDestination } from '../destinations/built-in.ts';
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
  const signals = watchSignals();
  let output: Output | undefined;
  try {
    const { config, sourceName, pipeline: name, destination: spec, dataset, workDir } = await target();
    const loaded = await loadConfig(config, { sourceName });
    for (const secret of loaded.secrets) secrets.add(secret);
    for (const credential of loaded.credentials) secrets.addCredential(credential);
    await using source = restApi(loaded.config, { name: sourceName, secrets });
    await using destination = await openDestination(spec);
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
    const report = await run(pipeline({ name, destination, dataset, workDir }), source, {
      signal: signals.signal,
      emit: (event) => output?.event(event),
    });
    output.close();
    process.stdout.write(flags.json ? `${JSON.stringify(redactStrings(report, redact), null, 2)}\n` : redact(reportText(report)));
    return exitCode(report);
  } catch (error) {
    output?.close();
    if (signals.signal.aborted) {
      process.stderr.write(`${STOPPED}\n`);
      if (flags.json)
        process.stdout.write(`${JSON.stringify({ complete: false, error: { code: 'interrupted', message: STOPPED } }, null, 2)}\n`);
      return EXIT.interrupted;
    }
    if (flags.json) process.stdout.write(`${JSON.stringify({ complete: false, error: errorJson(error, redact) }, null, 2)}\n`);
    else process.stderr.write(`${errorText(error, { debug: flags.debug ?? false, redact })}\n`);
    return exitCodeOf(error);
  } finally {
    signals.close();
  }
}

function completeness(report: RunReport): number {
  return report.complete ? EXIT.ok : EXIT.incomplete;
}
