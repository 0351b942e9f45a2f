import { type Document, isMap, isNode, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { ConfigError } from '../core/errors.ts';
import type { ConfigDocument } from './document.ts';

/** Reads YAML 1.2, merge keys and anchors included. */
export function readYaml(file: string, text: string): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  if (document.errors.length > 0) {
    throw new ConfigError('config_syntax', `${file} is not valid YAML.`, {
      findings: document.errors.map((e) => ({
        path: [],
        message: `Not valid YAML: ${e.message.replace(/\.?$/, '.')}`,
        hint: 'Correct the YAML at this place.',
        position: at(e.pos[0]),
      })),
    });
  }
  return {
    file,
    value: plainValue(document, file),
    position(path, atKey = false) {
      for (let depth = path.length; depth > 0; depth--) {
        const key = atKey && depth === path.length ? keyNode(document.getIn(path.slice(0, -1), true), path.at(-1)) : undefined;
        const node = key ?? document.getIn(path.slice(0, depth), true);
        if (isNode(node) && node.range) return at(node.range[0]);
      }
      return at(document.contents?.range?.[0] ?? 0);
    },
  };
}

/** Aliases of aliases can make gigabytes of a few lines. */
function plainValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 }) as unknown;
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    throw new ConfigError('config_syntax', `${file} has aliases that stand for too much.`, {
      hint: 'Write out what the aliases stand for.',
      cause,
    });
  }
}

function keyNode(map: unknown, key: string | number | undefined): Node | undefined {
  if (!isMap(map)) return undefined;
  const pair = map.items.find((item: Pair) => isNode(item.key) && String((item.key as { value?: unknown }).value) === String(key));
  return isNode(pair?.key) ? pair.key : undefined;
}
