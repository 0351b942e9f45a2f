import type { z } from 'zod';
import type { Finding } from '../core/errors.ts';
import { explainIssue } from './explain-issue.ts';
import { sentence } from '../core/suggest.ts';

type Issue = z.core.$ZodIssue;

/** Keys whose value decides which branch of a union is meant. */
const DISCRIMINATORS: readonly PropertyKey[] = ['type', 'rows'];

/** Everything that a schema finds wrong with a value, with unions reduced to the branch that was meant. */
export function schemaFindings(schema: z.ZodType, value: unknown): Finding[] {
  const result = schema.safeParse(value, { error: explainIssue, reportInput: true });
  return result.success ? [] : result.error.issues.flatMap((issue) => findingsOf(issue, []));
}

function findingsOf(issue: Issue, above: readonly PropertyKey[]): Finding[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union') {
    const meant = branchMeant(issue.errors);
    if (meant !== undefined) return meant.flatMap((inner) => findingsOf(inner, path));
  }
  const texts = issue.message.split('\n\n');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key, i) => ({ ...finding([...path, key], texts[i] ?? ''), atKey: true }));
  }
  return [finding(path, texts[0] ?? '')];
}

function finding(path: readonly PropertyKey[], text: string): Finding {
  const [message = '', hint] = text.split('\n');
  const place = path.map((key) => (typeof key === 'number' ? key : String(key)));
  const said = { path: place, message: sentence(message) };
  return hint === undefined ? said : { ...said, hint };
}

/** The branch that fits best, `undefined` when the value is of none of their kinds. */
function branchMeant(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const ranked = branches.map((issues) => ({ issues, rank: rankOf(issues) })).filter(({ rank }) => rank < MISMATCH);
  ranked.sort((a, b) => a.rank - b.rank || a.issues.length - b.issues.length);
  return ranked[0]?.issues;
}

const FITS = 0;
const OTHER_BRANCH = 1;
const MISMATCH = 2;

function rankOf(issues: readonly Issue[]): number {
  return Math.max(...issues.map(rankOfIssue));
}

function rankOfIssue(issue: Issue): number {
  const [key] = issue.path;
  if (key !== undefined) return issue.path.length === 1 && DISCRIMINATORS.includes(key) ? OTHER_BRANCH : FITS;
  switch (issue.code) {
    case 'invalid_type':
      return MISMATCH;
    case 'invalid_value':
      return typeof issue.input === 'string' ? OTHER_BRANCH : MISMATCH;
    case 'custom':
      return issue.params?.['mismatch'] === true ? MISMATCH : FITS;
    case 'invalid_union':
      return Math.min(...issue.errors.map(rankOf), MISMATCH);
    default:
      return FITS;
  }
}
