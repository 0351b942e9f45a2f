import type { DatasetView } from './dataset-view.ts';

/** How a view differs from what it should be: a line a difference. */
export function differences(expected: DatasetView, actual: DatasetView): string[] {
  return [...differencesAt('', expected, actual)];
}

function* differencesAt(path: string, expected: unknown, actual: unknown): Iterable<string> {
  if (Object.is(expected, actual)) return;
  if (areTexts(expected) && areTexts(actual)) {
    for (const row of without(expected, actual)) yield `${path} lacks ${row}`;
    for (const row of without(actual, expected)) yield `${path} has ${row}`;
    return;
  }
  if (typeof expected === 'object' && expected !== null && typeof actual === 'object' && actual !== null) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const [one, other] = [expected, actual].map((object) => (object as Readonly<Record<string, unknown>>)[key]);
      yield* differencesAt(path === '' ? key : `${path}.${key}`, one, other);
    }
    return;
  }
  yield `${path} is ${textOf(actual)}, not ${textOf(expected)}`;
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function textOf(value: unknown): string {
  if (value === undefined) return 'absent';
  return typeof value === 'string'
    ? value
    : JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner));
}

/** The elements of a list that another one lacks, as often as it lacks them. */
function without(list: readonly string[], other: readonly string[]): string[] {
  const left = [...other];
  return list.filter((item) => {
    const at = left.indexOf(item);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
