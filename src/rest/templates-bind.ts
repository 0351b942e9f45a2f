import { isJsonObject, type Json } from '../core/json.ts';
import { pythonStr } from '../core/python-text.ts';
import { TemplateError } from './templates-error.ts';
import { parseTemplate, type Template, type TemplatePart } from './templates-parse.ts';
import { expandText } from './templates.ts';

/** What a path takes from `params` when the configuration is read. */
export interface PathToBind {
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** `endpoint.incremental` is there, so `{incremental.…}` may be used. */
  readonly hasIncremental: boolean;
}

/** A path parameter that is a field of the parent's row. */
export interface ResolvedParam {
  readonly name: string;
  readonly resource: string;
  readonly field: string;
}

/** Something wrong with a path or with the parameters it names. */
export interface PathProblem {
  readonly message: string;
  readonly hint?: string;
  /** The parameter that is wrong; `undefined` for the path. */
  readonly param?: string;
  /** Where in the path, from 1. */
  readonly column?: number;
}

/** A path whose plain parameters are filled in. */
export interface BoundPath {
  /** Placeholders that are left: `resources.…`, `incremental.…` and the names in `resolved`. */
  readonly template: Template;
  /** Parameters that are sent: those not in the path. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly resolved: readonly ResolvedParam[];
  readonly problems: readonly PathProblem[];
}

/** Fills a path's `{name}` placeholders with the plain parameters of that name, and takes those out of the query. */
export function bindPath({ path, params, hasIncremental }: PathToBind): BoundPath {
  const resolved = Object.entries(params).flatMap(([name, value]) => resolvedParam(name, value));
  const binding: Binding = {
    params,
    contexts: hasIncremental ? ['resources', 'incremental'] : ['resources'],
    resolved: new Set(resolved.map(({ name }) => name)),
    used: new Set(),
    problems: [],
  };
  const template = bindTemplate(path, binding);
  const { used, problems } = binding;
  for (const { name } of resolved) {
    if (used.has(name)) continue;
    const hint = 'write {resources.<parent>.<field>} where the value is sent';
    problems.push({ message: `the parameter \`${name}\` resolves a field for the path, but the path has no {${name}}`, hint, param: name });
  }
  const sent = Object.entries(params).filter(([name]) => !used.has(name) && !binding.resolved.has(name));
  return { template, params: Object.fromEntries(sent), resolved, problems };
}

interface Binding {
  readonly params: Readonly<Record<string, unknown>>;
  /** What placeholders of the road may start with. */
  readonly contexts: readonly string[];
  readonly resolved: ReadonlySet<string>;
  /** Parameters that the path has taken. */
  readonly used: Set<string>;
  readonly problems: PathProblem[];
}

function resolvedParam(name: string, value: unknown): ResolvedParam[] {
  if (!isJsonObject(value) || value['type'] !== 'resolve') return [];
  return [{ name, resource: pythonStr(value['resource'] ?? null), field: pythonStr(value['field'] ?? null) }];
}

function bindTemplate(path: string, binding: Binding): Template {
  try {
    const { parts } = parseTemplate(path);
    return { text: path, parts: parts.map((part) => bindPart(part, binding)) };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { message, hint, column } = error;
    binding.problems.push({ message, column, ...(hint === undefined ? {} : { hint }) });
    return { text: path, parts: [path] };
  }
}

function bindPart(part: TemplatePart, binding: Binding): TemplatePart {
  if (typeof part === 'string') return part;
  // A placeholder without a name vanishes, as in dlt.
  if (part.field === '') return '';
  const { field, column, spec } = part;
  const bound = spec ? { ...part, spec: { ...spec, parts: spec.parts.map((inner) => bindPart(inner, binding)) } } : part;
  if (binding.contexts.some((context) => field.startsWith(`${context}.`))) return bound;
  binding.used.add(field);
  if (binding.resolved.has(field)) return bound;
  const problem = checkPlain(field, binding);
  if (!problem) return expandText({ text: '', parts: [bound] }, { [field]: binding.params[field] as Json });
  binding.problems.push({ ...problem, column });
  return bound;
}

/** What keeps a parameter from being put into a path when the configuration is read. */
function checkPlain(field: string, { params, contexts }: Binding): PathProblem | undefined {
  if (Object.hasOwn(params, field)) {
    const value = params[field];
    if (typeof value !== 'function' && !isJsonObject(value)) return undefined;
    const type = isJsonObject(value) ? `of type \`${pythonStr(value['type'] ?? null)}\`` : 'that is a function';
    return {
      message: `a path cannot take the parameter \`${field}\` ${type}`,
      hint: 'use a plain value or the type `resolve`',
      param: field,
    };
  }
  if (!field.includes('.')) return { message: `the path needs a parameter \`${field}\``, hint: `add \`${field}\` to \`params\`` };
  if (field.startsWith('incremental.')) {
    return { message: `the path uses {${field}}, but the endpoint has no incremental`, hint: 'add `incremental` to the endpoint' };
  }
  const known = contexts.map((context) => `{${context}.…}`).join(' or ');
  return { message: `\`${field}\` is not a placeholder that a path can have`, hint: `use ${known}, or the name of a parameter` };
}
