import type { Finding } from '../core/errors.ts';
import { pathText } from './document.ts';

/** Findings as lines that editors and terminals make clickable, in the order of the file. */
export function formatFindings(findings: readonly Finding[]): string {
  return findings.toSorted(byPosition).map(formatFinding).join('\n');
}

function formatFinding({ position, path, message, hint }: Finding): string {
  const place = position === undefined ? '' : `${position.file}:${position.line}:${position.column}  `;
  const where = path.length === 0 ? '' : `${pathText(path)}: `;
  return `${place}${where}${message}${hint === undefined ? '' : `\n    ${hint}`}`;
}

function byPosition(a: Finding, b: Finding): number {
  return (a.position?.line ?? 0) - (b.position?.line ?? 0) || (a.position?.column ?? 0) - (b.position?.column ?? 0);
}
