import { isJsonObject } from '../core/json.ts';
import { TemplateError } from './templates-error.ts';
import { parseTemplate, type Template } from './templates-parse.ts';

/** Where in a value a template stands. */
export interface TemplatePlace {
  readonly path: readonly (string | number)[];
  /** The template is the key, not its value. */
  readonly atKey: boolean;
  /** Where in the text, from 1. */
  readonly column: number;
}

/** A placeholder and where it is used. */
export interface FieldUse extends TemplatePlace {
  readonly field: string;
}

/** A text that is no template. */
export interface TemplateProblem extends TemplatePlace {
  readonly message: string;
  readonly hint: string | undefined;
}

/** All placeholders of a value's texts, keys and format specifications included, in order. */
export interface FieldUses {
  readonly fields: readonly FieldUse[];
  readonly problems: readonly TemplateProblem[];
}

/** Finds the placeholders in `json`, `params`, `data` or `headers` as they are configured. */
export function fieldsOf(value: unknown): FieldUses {
  const uses: { fields: FieldUse[]; problems: TemplateProblem[] } = { fields: [], problems: [] };
  collect(value, [], uses);
  return uses;
}

interface Uses {
  readonly fields: FieldUse[];
  readonly problems: TemplateProblem[];
}

function collect(value: unknown, path: readonly (string | number)[], uses: Uses): void {
  if (typeof value === 'string') collectText(value, { path, atKey: false }, uses);
  else if (Array.isArray(value)) value.forEach((item, i) => collect(item, [...path, i], uses));
  else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      collectText(key, { path: [...path, key], atKey: true }, uses);
      collect(item, [...path, key], uses);
    }
  }
}

function collectText(text: string, place: Omit<TemplatePlace, 'column'>, { fields, problems }: Uses): void {
  try {
    for (const { field, column } of templateFields(parseTemplate(text))) {
      if (field !== '') fields.push({ field, ...place, column });
      else problems.push({ message: 'a placeholder has no name', hint: 'write {{}} for braces that are meant as such', ...place, column });
    }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    problems.push({ message: error.message, hint: error.hint, ...place, column: error.column });
  }
}

/** The placeholders of one template, those in format specifications included. */
function templateFields(template: Template): { readonly field: string; readonly column: number }[] {
  return template.parts.flatMap((part) =>
    typeof part === 'string' ? [] : [{ field: part.field, column: part.column }, ...(part.spec ? templateFields(part.spec) : [])],
  );
}
