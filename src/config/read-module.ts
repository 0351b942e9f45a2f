import { pathToFileURL } from 'node:url';
import { ConfigError } from '../core/errors.ts';
import { type ConfigDocument, type ConfigPath, lineColumn } from './document.ts';

/**
 * Reads the default export of a JavaScript or TypeScript module. TypeScript is compiled on the fly.
 * A module has no positions of its own: a finding points at the only place where its key is
 * written, or else at the first line.
 */
export async function readModule(file: string, absolute: string, text: string): Promise<ConfigDocument> {
  const value = await importDefault(file, absolute);
  if (value === undefined) {
    throw new ConfigError('config_no_default_export', `${file} has no default export.`, {
      hint: 'Write `export default { client: …, resources: […] }`.',
      findings: [
        {
          path: [],
          message: 'The module has no default export.',
          hint: 'Export the configuration as default.',
          position: { file, line: 1, column: 1 },
        },
      ],
    });
  }
  return { file, value, position: (path) => ({ file, ...keyPosition(text, path) }) };
}

async function importDefault(file: string, absolute: string): Promise<unknown> {
  try {
    if (/\.m?ts$/.test(absolute)) {
      const { createJiti } = await import('jiti');
      return await createJiti(pathToFileURL(absolute).href, { fsCache: false, interopDefault: true }).import(absolute, { default: true });
    }
    return ((await import(pathToFileURL(absolute).href)) as { default?: unknown }).default;
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new ConfigError('config_module_failed', `${file} could not be run: ${message}`, {
      hint: 'Correct the module; run it with node to see where it fails.',
      cause,
    });
  }
}

function keyPosition(text: string, path: ConfigPath): { readonly line: number; readonly column: number } {
  for (let depth = path.length; depth > 0; depth--) {
    const key = path[depth - 1];
    if (typeof key !== 'string') continue;
    const escaped = key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const hits = [...text.matchAll(new RegExp(`(?<![\\w$])['"]?${escaped}['"]?\\s*:`, 'g'))];
    if (hits.length === 1) return lineColumn(text, hits[0]?.index ?? 0);
  }
  return { line: 1, column: 1 };
}
