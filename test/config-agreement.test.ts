import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { configJsonSchema } from '../src/config/json-schema.ts';
import { validateConfig } from '../src/rest/validate-config.ts';

interface Golden {
  readonly name: string;
  readonly config: unknown;
  /** For bad ones: the JSON Schema and the types see the mistake too. */
  readonly schema?: boolean;
}

const root = resolve(import.meta.dirname, '..');
const read = (folder: string): Golden[] =>
  readdirSync(join(root, 'test/golden/configs', folder)).map((file) => ({
    name: `${folder}/${file}`,
    ...(JSON.parse(readFileSync(join(root, 'test/golden/configs', folder, file), 'utf8')) as Omit<Golden, 'name'>),
  }));
const good = read('good');
const bad = read('bad');

/** The names of the configurations that `satisfies RestApiConfig` refuses: one program, a statement a configuration. */
function refusedByTypes(configs: readonly Golden[]): Set<string> {
  const file = join(root, 'test/configs-under-test.ts');
  const lines = configs.map((c, i) => `export const c${i} = ${JSON.stringify(c.config)} satisfies RestApiConfig;`);
  const source = `import type { RestApiConfig } from '../src/index.ts';\n${lines.join('\n')}\n`;
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const withSource: ts.CompilerHost = {
    ...host,
    fileExists: (path) => path === file || host.fileExists(path),
    readFile: (path) => (path === file ? source : host.readFile(path)),
    getSourceFile: (path, ...rest) =>
      path === file ? ts.createSourceFile(path, source, ts.ScriptTarget.ES2023) : host.getSourceFile(path, ...rest),
  };
  const program = ts.createProgram([file], options, withSource);
  const sourceFile = program.getSourceFile(file);
  const found = program.getSemanticDiagnostics(sourceFile);
  const at = found.map((d) => (sourceFile as ts.SourceFile).getLineAndCharacterOfPosition(d.start ?? 0).line);
  if (at.includes(0)) throw new Error(ts.flattenDiagnosticMessageText(found[0]?.messageText, '\n'));
  return new Set(at.map((line) => configs[line - 1]?.name ?? `line ${line}`));
}

/** What the JSON Schema sees and TypeScript cannot say: ranges of numbers and patterns of texts. */
const BEYOND_TYPES: readonly string[] = [
  'bad/retry-negative.json',
  'bad/timeout-zero.json',
  'bad/concurrency-zero.json',
  'bad/rate-limit-zero.json',
  'bad/commit-every-zero.json',
  'bad/commit-every-text.json',
];

describe('validation, JSON Schema and types agree', () => {
  const validate = new Ajv2020({ strict: false }).compile(configJsonSchema());
  const refused = refusedByTypes([...good, ...bad]);

  it.each(good)('accept $name', ({ name, config }) => {
    expect(validateConfig(config).findings).toEqual([]);
    expect(validate(config), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
    expect(refused.has(name)).toBe(false);
  });

  it.each(bad.filter((b) => b.schema))('refuse $name', ({ name, config }) => {
    expect(validateConfig(config).findings).not.toEqual([]);
    expect(validate(config)).toBe(false);
    expect(refused.has(name)).toBe(!BEYOND_TYPES.includes(name));
  });
});
