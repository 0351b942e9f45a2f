import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { ConfigError, type Finding } from '../core/errors.ts';
import { looksRandom } from '../core/is-distinctive.ts';
import { createSecrets } from '../core/secret.ts';
import type { RestApiConfig } from '../rest/rest-api-config.ts';
import { validateConfig } from '../rest/validate-config.ts';
import { type ConfigDocument, pathText } from './document.ts';
import { fillCredentials } from './fill-credentials.ts';
import { interpolate } from './interpolate.ts';
import { readJson } from './read-json.ts';
import { readModule } from './read-module.ts';
import { readYaml } from './read-yaml.ts';

/** A configuration that is ready to run. */
export interface LoadedConfig {
  readonly config: RestApiConfig;
  /** Values that came from the environment. */
  readonly secrets: readonly string[];
  /** Those of them that prove who asks, by the names of their variables or by their looks. */
  readonly credentials: readonly string[];
  /** Findings that do not stop a run. */
  readonly warnings: readonly Finding[];
  /** The file's name without its ending: the default name of the pipeline. */
  readonly name: string;
}

/** Where a configuration is read from. */
export interface LoadConfigOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Name of the source, `rest_api` when left out: part of the variables that dlt takes credentials from. */
  readonly sourceName?: string;
}

/** Endings that a configuration file may have. */
const CONFIG_ENDINGS = ['.json', '.jsonc', '.yaml', '.yml', '.ts', '.mts', '.js', '.mjs'] as const;

/**
 * Reads a configuration file, fills `${NAME}` from the environment or the `.env` beside the file
 * (the environment wins), and validates. Throws a ConfigError with every finding and its position.
 */
export async function loadConfig(file: string, options: LoadConfigOptions = {}): Promise<LoadedConfig> {
  try {
    return await load(file, options);
  } catch (cause) {
    // What walks a configuration counts on the depth that people write.
    if (!(cause instanceof RangeError)) throw cause;
    throw new ConfigError('config_too_deep', `${file} is nested too deep, or a part of it contains itself.`, {
      hint: 'Write it with fewer levels, and no anchor around its own alias.',
    });
  }
}

async function load(
  file: string,
  { env = process.env, cwd = process.cwd(), sourceName = 'rest_api' }: LoadConfigOptions,
): Promise<LoadedConfig> {
  const absolute = resolve(cwd, file);
  const document = await readDocument(file, absolute);
  const variables = { ...(await readDotEnv(dirname(absolute))), ...env };
  const filled = interpolate(document.value, variables);
  const credentials = fillCredentials(filled.value, variables, sourceName);
  const checked = validateConfig(credentials.value);
  const findings = [...filled.findings, ...checked.findings.filter((f) => !filled.findings.some((g) => samePath(f, g)))];
  const secrets = [...filled.variables.values(), ...credentials.secrets];
  if (findings.length > 0 || checked.config === undefined) {
    const count = findings.length === 1 ? 'one mistake' : `${findings.length} mistakes`;
    throw new ConfigError('config_invalid', `${file} has ${count}; nothing was requested.`, {
      findings: findings.map((f) => redacted(placed(document, f), secrets)),
    });
  }
  return {
    config: checked.config,
    secrets,
    credentials: [...filled.variables].filter(isCredential).map(([, text]) => text),
    warnings: checked.warnings.map((f) => placed(document, f)),
    name: basename(file).replace(/\.[^.]+$/, ''),
  };
}

function placed(document: ConfigDocument, finding: Finding): Finding {
  return finding.position === undefined ? { ...finding, position: document.position(finding.path, finding.atKey) } : finding;
}

/** Nobody else knows the secrets yet. The path is made of keys, which are never filled in. */
function redacted(finding: Finding, values: readonly string[]): Finding {
  const secrets = createSecrets();
  for (const value of values) secrets.add(value);
  const { message, hint } = finding;
  return { ...finding, message: secrets.redact(message), ...(hint === undefined ? {} : { hint: secrets.redact(hint) }) };
}

const CREDENTIAL_VARIABLE = /(?:^|_)(?:token|secret|password|passwd|pwd|passphrase|(?:api|access|private|secret)_?key|credentials?)$/i;

/** Others may hold what rows have too: a date, a host, a column. */
function isCredential([name, value]: readonly [string, string]): boolean {
  return CREDENTIAL_VARIABLE.test(name) || looksRandom(value);
}

function samePath(a: Finding, b: Finding): boolean {
  return pathText(a.path) === pathText(b.path);
}

async function readDocument(file: string, absolute: string): Promise<ConfigDocument> {
  const ending = extname(absolute).toLowerCase();
  if (!(CONFIG_ENDINGS as readonly string[]).includes(ending)) {
    throw new ConfigError('config_file_type', `${file} is of no type that a configuration can have.`, {
      hint: `Use one of ${CONFIG_ENDINGS.join(', ')}.`,
    });
  }
  const text = await readText(file, absolute);
  if (ending === '.json' || ending === '.jsonc') return readJson(file, text, ending === '.jsonc');
  if (ending === '.yaml' || ending === '.yml') return readYaml(file, text);
  return readModule(file, absolute, text);
}

async function readText(file: string, absolute: string): Promise<string> {
  try {
    return await readFile(absolute, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const why = code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : `cannot be read (${code ?? 'unknown error'})`;
    throw new ConfigError('config_not_readable', `${file} ${why}.`, {
      hint: 'Name a configuration file that exists and can be read.',
      cause,
    });
  }
}

async function readDotEnv(folder: string): Promise<Record<string, string | undefined>> {
  try {
    return parseEnv(await readFile(join(folder, '.env'), 'utf8'));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ConfigError('config_dotenv', `The .env file beside the configuration cannot be read.`, {
      hint: 'Make it readable, or remove it.',
      cause,
    });
  }
}
