import { checkHeaders } from './check-client.ts';
import { checkJsonPath } from './check-json-path.ts';
import { isIncrementalParam } from './check-incremental.ts';
import type { ConfigPath, Findings } from './findings.ts';
import { INCREMENTAL_ATTRIBUTES } from './incremental-attributes.ts';
import type { Draft } from './merge-defaults.ts';
import { parentField } from './parent-fields.ts';
import type { ParentField } from './parent-fields.ts';
import { didYouMean, oneOf, sentence } from '../core/suggest.ts';
import { bindPath } from './templates-bind.ts';
import { fieldsOf } from './templates-fields.ts';

/** A field of a parent and where the configuration asks for it. */
export interface ParentUse extends ParentField {
  readonly at: ConfigPath;
}

/** Finds what is wrong with the placeholders of a request. Returns the fields of parents that it needs. */
export function checkRequest(draft: Draft, out: Findings): ParentUse[] {
  const { endpoint, locate, unsure } = draft;
  const hasIncremental = (endpoint.incremental !== undefined && endpoint.incremental !== null) || unsure('endpoint', 'incremental');
  const path = endpoint.path ?? '';
  const params = Object.fromEntries(Object.entries(endpoint.params ?? {}).filter(([, value]) => value !== undefined));
  const bound = bindPath({ path, params, hasIncremental });
  const doubtful = unsure('endpoint', 'params');
  for (const { message, hint, param } of bound.problems) {
    if (doubtful || path === '') continue;
    out.error(
      param === undefined ? locate('endpoint', 'path') : locate('endpoint', 'params', param),
      sentence(message),
      hint && sentence(hint),
    );
  }
  const uses: ParentUse[] = bound.resolved.map(({ name, ...rest }) => ({
    ...rest,
    expression: name,
    at: locate('endpoint', 'params', name),
  }));
  const query = Object.fromEntries(Object.entries(bound.params).filter(([, value]) => !isIncrementalParam(value)));
  const parts = { path, params: query, json: endpoint.json, data: endpoint.data, headers: endpoint.headers };
  for (const [part, value] of Object.entries(parts)) {
    const { fields, problems } = fieldsOf(value);
    const found = part === 'path' ? [] : problems;
    for (const { path: inner, message, hint } of found)
      out.error(locate('endpoint', part, ...inner), sentence(message), hint && sentence(hint));
    for (const { field, path: inner } of fields) {
      const use = checkField(field, { at: locate('endpoint', part, ...inner), part, hasIncremental }, out);
      if (use) uses.push(use);
    }
  }
  for (const { field, at } of uses) checkJsonPath(field, at, out);
  checkHeaders(endpoint.headers, (name) => locate('endpoint', 'headers', name), out);
  return uses;
}

interface Place {
  readonly at: ConfigPath;
  readonly part: string;
  readonly hasIncremental: boolean;
}

/** Judges one placeholder. What binds to a parameter in a path was judged with the path. */
function checkField(field: string, { at, part, hasIncremental }: Place, out: Findings): ParentUse | undefined {
  if (field.startsWith('resources.')) {
    const use = parentField(field);
    if (use) return { ...use, at };
    out.error(at, `\`{${field}}\` names no field of a resource.`, 'Write `{resources.<resource>.<field>}`.');
  } else if (field.startsWith('incremental.') && hasIncremental) {
    const attribute = field.slice('incremental.'.length).replace(/[.[].*$/s, '');
    if (!INCREMENTAL_ATTRIBUTES.includes(attribute))
      out.error(at, `An incremental has no \`${attribute}\`.`, didYouMean(attribute, INCREMENTAL_ATTRIBUTES));
  } else if (part !== 'path') {
    if (field.startsWith('incremental.'))
      out.error(at, `\`{${field}}\` needs an incremental, which the endpoint does not have.`, 'Add `endpoint.incremental`.');
    else {
      const contexts = ['{resources.…}', ...(hasIncremental ? ['{incremental.…}'] : [])];
      out.error(
        at,
        `\`{${field}}\` is no placeholder that \`${part}\` can have.`,
        `Use ${oneOf(contexts)}; double braces that are meant as such: \`{{\` and \`}}\`.`,
      );
    }
  }
  return undefined;
}
