import { z } from 'zod';
import { compileJsonPath } from '../core/jsonpath.ts';

/** A JSONPath as option of a paginator: one that does not parse is found when the configuration is read. */
export const jsonPathOption = z.string().superRefine((path, context) => {
  const message = problemOf(path);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

/** A JSONPath that may be absent, null or empty, all of which mean that there is none. */
export const optionalJsonPath = z
  .string()
  .superRefine((path, context) => {
    const message = path === '' ? undefined : problemOf(path);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .nullish();

function problemOf(path: string): string | undefined {
  try {
    compileJsonPath(path);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
