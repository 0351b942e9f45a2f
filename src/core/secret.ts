const MASK = '***';
/** Shorter values are not replaced in free text: they would match everywhere and tell nothing. */
const SHORTEST = 3;

/** The secret values of one run, and how text is freed of them (invariant 7). */
export interface Secrets {
  add(value: string): void;
  /** `text` with every known secret, also URL-encoded or base64, replaced by `***`. */
  redact(text: string): string;
}

/** An empty collection of secrets. */
export function createSecrets(): Secrets {
  const forms = new Set<string>();
  let ordered: string[] | undefined;
  return {
    add(value) {
      if (value.length < SHORTEST) return;
      const json = JSON.stringify(value).slice(1, -1);
      for (const form of [
        value,
        json,
        encodeURIComponent(value),
        encodeURIComponent(value).replaceAll('%20', '+'),
        Buffer.from(value).toString('base64'),
      ])
        forms.add(form);
      ordered = undefined;
    },
    redact(text) {
      ordered ??= [...forms].toSorted((a, b) => b.length - a.length);
      let out = text;
      for (const form of ordered) if (out.includes(form)) out = out.replaceAll(form, MASK);
      return out;
    },
  };
}
