import { ConfigError } from '../core/errors.ts';
import { closest } from '../core/suggest.ts';

/** How a destination is written, and what it is. */
export interface DestinationForm {
  readonly form: string;
  readonly what: string;
}

/** Forms in a column, what they are beside it. */
export function listForms(forms: readonly DestinationForm[]): string {
  const width = Math.max(...forms.map(({ form }) => form.length));
  return forms.map(({ form, what }) => `  ${form.padEnd(width)}  ${what}`).join('\n');
}

/** The error for a text that names no destination: what was meant, as far as one can tell, and all that there is. */
export function unknownDestination(spec: string, forms: readonly DestinationForm[]): ConfigError {
  const hint = [advice(spec, forms), `Write the destination as one of\n${listForms(forms)}`].join(' ').trimStart();
  return new ConfigError('unknown_destination', whatIsWrong(spec), { hint });
}

function whatIsWrong(spec: string): string {
  if (spec === '') return 'The destination has no scheme.';
  // A URL of a database may hold a password: only its scheme is shown.
  return isPath(spec) ? `The destination ${spec} has no scheme.` : `There is no destination ${schemeOf(spec)}:.`;
}

/** True for a text without a scheme, and where the scheme would be the letter of a drive. */
function isPath(spec: string): boolean {
  return !spec.includes(':') || /^(?:[A-Za-z]:|\.{0,2}[/\\])/.test(spec);
}

function advice(spec: string, forms: readonly DestinationForm[]): string {
  const near = closest(
    schemeOf(spec),
    forms.map(({ form }) => schemeOf(form)),
  );
  const meant = forms.find(({ form }) => schemeOf(form) === near);
  if (meant !== undefined) return `Did you mean ${meant.form}?`;
  if (spec === '' || !isPath(spec)) return '';
  if (/\.(?:duckdb|ddb|db)$/i.test(spec)) return `For a DuckDB database write duckdb:${spec}.`;
  return `For a DuckDB database write duckdb:${spec}, for a folder of files file:${spec}.`;
}

const schemeOf = (spec: string): string => spec.replace(/:.*/s, '');
