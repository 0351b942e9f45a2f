import { lintJsonPath } from '../core/jsonpath-lint.ts';
import type { ConfigPath, Findings } from './findings.ts';
import { sentence } from '../core/suggest.ts';

/** Finds a JSONPath that cannot be read, or that can never match what its author means. */
export function checkJsonPath(expression: string, at: ConfigPath, out: Findings): void {
  for (const { message, hint } of lintJsonPath(expression)) {
    out.error(at, message.startsWith('is not') ? `This ${message}.` : sentence(message), hint === undefined ? undefined : sentence(hint));
  }
}
