import type { Finding, SourcePosition } from '../core/errors.ts';

/** Keys and indexes from the top of a configuration. */
export type ConfigPath = Finding['path'];

/** A configuration file as read: its plain value and where each part of it stands. */
export interface ConfigDocument {
  /** As the user named it. */
  readonly file: string;
  readonly value: unknown;
  /** Where the value at `path`, or its key, stands; the nearest part around it when it is absent. */
  position(path: ConfigPath, atKey?: boolean): SourcePosition;
}

/** Line and column of an offset, both from 1. */
export function lineColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - start + 1 };
}

/** A path as people write it: `resources[0].endpoint.path`. */
export function pathText(path: ConfigPath): string {
  let out = '';
  for (const part of path) {
    if (typeof part === 'number') out += `[${part}]`;
    else if (/^[\w$-]+$/.test(part)) out += out === '' ? part : `.${part}`;
    else out += `[${JSON.stringify(part)}]`;
  }
  return out;
}
