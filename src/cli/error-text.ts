import { formatFindings } from '../config/format-findings.ts';
import { ConfigError, SynclineError } from '../core/errors.ts';
import { redactStrings } from '../core/redact-strings.ts';

/** How much of an error is told. */
export interface ErrorTextOptions {
  readonly debug: boolean;
  readonly redact: (text: string) => string;
}

/** An error as a person reads it: what happened, where, what to do. Stacks only with `debug`. */
export function errorText(error: unknown, { debug, redact }: ErrorTextOptions): string {
  return redact([...paragraphs(error), ...(debug ? [stackOf(error)] : [])].join('\n'));
}

/** An error as `--json` prints it. */
export function errorJson(error: unknown, redact: (text: string) => string): Record<string, unknown> {
  const known = error instanceof SynclineError ? error : undefined;
  const plain = {
    code: known?.code ?? 'unexpected',
    kind: known?.name ?? 'Error',
    message: messageOf(error),
    ...(known?.hint === undefined ? {} : { hint: known.hint }),
    ...(known === undefined || Object.keys(known.context).length === 0 ? {} : { context: known.context }),
    ...(error instanceof ConfigError && error.findings.length > 0 ? { findings: error.findings } : {}),
  };
  return redactStrings(plain, redact);
}

function paragraphs(error: unknown): string[] {
  if (!(error instanceof SynclineError)) {
    return [
      `Unexpected error: ${messageOf(error)}`,
      '    Run again with --debug and report what it prints: this is a mistake in syncline.',
    ];
  }
  const lines = [`Error: ${error.message}`];
  if (error instanceof ConfigError && error.findings.length > 0) lines.push(formatFindings(error.findings));
  if (error.hint !== undefined) lines.push(`    ${error.hint.replaceAll('\n', '\n    ')}`);
  return lines;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  const lines: string[] = [];
  for (let at: unknown = error; at instanceof Error && lines.length < 5; at = at.cause) lines.push(at.stack ?? at.message);
  return lines.join('\ncaused by ');
}
