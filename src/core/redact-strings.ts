/** A copy of a plain value with every text in it replaced, keys excepted: for reports and errors that are printed as JSON. */
export function redactStrings<T>(value: T, redact: (text: string) => string): T {
  return copy(value, redact) as T;
}

function copy(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => copy(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item, redact)]));
}
