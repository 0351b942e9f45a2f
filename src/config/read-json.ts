import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode, getNodeValue } from 'jsonc-parser';
import { ConfigError, type Finding } from '../core/errors.ts';
import { type ConfigDocument, lineColumn } from './document.ts';

/** Reads JSON; comments and trailing commas only where `comments` is true (a `.jsonc` file). */
export function readJson(file: string, text: string, comments: boolean): ConfigDocument {
  const errors: ParseError[] = [];
  const root = parseTree(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: comments, disallowComments: !comments });
  const findings = errors.map((e): Finding => {
    const code = printParseErrorCode(e.error);
    const hint = code === 'InvalidCommentToken' ? 'Name the file .jsonc to use comments.' : 'Correct the JSON at this place.';
    return { path: [], message: `Not valid JSON: ${spaced(code)}.`, hint, position: { file, ...lineColumn(text, e.offset) } };
  });
  if (root !== undefined) findings.push(...duplicateKeys(root, file, text));
  if (findings.length > 0 || root === undefined) {
    throw new ConfigError('config_syntax', `${file} is not valid JSON.`, {
      findings:
        findings.length > 0
          ? findings
          : [
              {
                path: [],
                message: 'The file is empty.',
                hint: 'Write a configuration with client and resources.',
                position: { file, line: 1, column: 1 },
              },
            ],
    });
  }
  return {
    file,
    value: getNodeValue(root) as unknown,
    position(path, atKey = false) {
      const node = nearest(root, path);
      const exact = node.depth === path.length;
      const key = atKey && exact && node.node.parent?.type === 'property' ? node.node.parent : node.node;
      return { file, ...lineColumn(text, key.offset) };
    },
  };
}

/** `PropertyNameExpected` as words. */
function spaced(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

function nearest(root: Node, path: readonly (string | number)[]): { readonly node: Node; readonly depth: number } {
  for (let depth = path.length; depth > 0; depth--) {
    const node = findNodeAtLocation(root, path.slice(0, depth));
    if (node !== undefined) return { node, depth };
  }
  return { node: root, depth: 0 };
}

/** JSON.parse would keep the last of two equal keys silently; in a configuration that hides a mistake. */
function duplicateKeys(root: Node, file: string, text: string): Finding[] {
  const found: Finding[] = [];
  const visit = (node: Node, path: (string | number)[]): void => {
    if (node.type === 'array') node.children?.forEach((child, i) => visit(child, [...path, i]));
    if (node.type !== 'object') return;
    const seen = new Set<string>();
    for (const property of node.children ?? []) {
      const [key, value] = property.children ?? [];
      if (key === undefined) continue;
      const name = String(key.value);
      if (seen.has(name)) {
        found.push({
          path: [...path, name],
          message: `The key '${name}' stands twice in one object.`,
          hint: 'Keep one of them.',
          position: { file, ...lineColumn(text, key.offset) },
        });
      }
      seen.add(name);
      if (value !== undefined) visit(value, [...path, name]);
    }
  };
  visit(root, []);
  return found;
}
