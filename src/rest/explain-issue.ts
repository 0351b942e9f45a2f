import { z } from 'zod';
import { endpointSchema } from './config-endpoint.ts';
import { hintKeys } from './config-hints.ts';
import { builtInPlugins } from './config-plugins.ts';
import { closest, didYouMean, oneOf } from '../core/suggest.ts';

type Issue = Parameters<z.core.$ZodErrorMap>[0];

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  tuple: 'a list',
  null: 'null',
  undefined: 'nothing',
};

/** Words that other tools have for our keys and values. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  url: ['base_url', 'path'],
  query: ['params'],
  body: ['json'],
  form: ['data'],
  selector: ['data_selector'],
  pagination: ['paginator'],
  authentication: ['auth'],
  transform: ['convert', 'map'],
  retries: ['max_retries', 'retry'],
  int: ['bigint'],
  integer: ['bigint'],
  float: ['double'],
  number: ['double'],
  string: ['text'],
  varchar: ['text'],
  boolean: ['bool'],
  datetime: ['timestamp'],
  object: ['json'],
  array: ['json'],
};

/** Keys that people write one level too high or too low, and where they belong. */
const MISPLACED: readonly { readonly beside: string; readonly keys: readonly string[]; readonly advice: string }[] = [
  { beside: 'endpoint', keys: Object.keys(endpointSchema(builtInPlugins).shape), advice: 'Move it into `endpoint`.' },
  {
    beside: 'data_selector',
    keys: [...Object.keys(hintKeys), 'include_from_parent', 'processing_steps'],
    advice: 'Move it to the resource, beside `endpoint`.',
  },
  { beside: 'base_url', keys: Object.keys(endpointSchema(builtInPlugins).shape), advice: 'Move it into `resource_defaults.endpoint`.' },
  {
    beside: 'client',
    keys: ['base_url', 'headers', 'auth', 'paginator', 'retry', 'timeout', 'concurrency', 'rate_limit'],
    advice: 'Move it into `client`.',
  },
  { beside: 'client', keys: [...Object.keys(hintKeys), 'endpoint'], advice: 'Move it into `resource_defaults`.' },
];

/**
 * Zod's issue in our words: a sentence, and after a line break the hint if there is one. Several
 * unknown keys give one such pair each, with a blank line between them. Values are not repeated:
 * they may be secret.
 */
export function explainIssue(issue: Issue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, shapeOf(issue.inst), Object.keys(Object(issue.input)))).join('\n\n');
    case 'invalid_type':
      if (issue.input === undefined) return required(issue);
      return `Expected ${KINDS[issue.expected] ?? issue.expected}, got ${kindOf(issue.input)}.`;
    case 'invalid_value': {
      if (issue.input === undefined) return required(issue);
      const words = issue.values.map(String);
      const message = `Expected ${oneOf(words)}.`;
      if (typeof issue.input !== 'string') return message;
      const near = synonym(issue.input, words) ?? closest(issue.input, words);
      return near === undefined ? message : `${message}\nDid you mean \`${near}\`?`;
    }
    case 'too_small':
      return issue.origin === 'string'
        ? 'Expected a text that is not empty.'
        : `Expected ${issue.inclusive === true ? 'at least' : 'more than'} ${issue.minimum}.`;
    case 'too_big':
      return `Expected at most ${issue.maximum}.`;
    default:
      return 'This value is not valid.';
  }
}

function unknownKey(key: string, known: readonly string[], given: readonly string[]): string {
  const message = `There is no key \`${key}\` here.`;
  const home = MISPLACED.find(({ beside, keys }) => known.includes(beside) && keys.includes(key));
  if (home) return `${message}\n${home.advice}`;
  const free = known.filter((k) => !given.includes(k));
  const other = synonym(key, free);
  return `${message}\n${other === undefined ? didYouMean(key, free) : `Did you mean \`${other}\`?`}`;
}

function synonym(word: string, candidates: readonly string[]): string | undefined {
  return Object.hasOwn(SYNONYMS, word) ? SYNONYMS[word]?.find((candidate) => candidates.includes(candidate)) : undefined;
}

function shapeOf(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape).toSorted() : [];
}

/** What a value is, in words. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'a text';
    case 'number':
      return Number.isInteger(value) ? 'a whole number' : 'a number';
    case 'boolean':
      return String(value);
    case 'function':
      return 'a function';
    default:
      return 'an object';
  }
}

function required({ path }: Issue): string {
  return `This key is required.\nAdd \`${String(path?.at(-1) ?? '')}\`.`;
}
