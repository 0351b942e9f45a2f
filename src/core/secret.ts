const MASK = '***';
/** Shorter values are not replaced in free text: they would match everywhere and tell nothing. */
const SHORTEST = 3;

/** The secret values of one run, and how text is freed of them (invariant 7). */
export interface Secrets {
  add(value: string): void;
  /** `text` with every known secret, also URL-encoded or base64, replaced by `***`. */
  redact(text: string): string;
  /** `text` with every known secret replaced by a mark that {@link Secrets.open} turns back: for cursors that are stored. */
  seal(text: string): string;
  /** The text that was sealed by secrets that were added in the same order; `undefined` when a mark is unknown. */
  open(text: string): string | undefined;
}

/** A mark of {@link Secrets.seal} holds the number of a form. */
const SEAL = /\*\*\*(\d+)\*\*\*/g;

/** An empty collection of secrets. */
export function createSecrets(): Secrets {
  const forms = new Set<string>();
  let ordered: string[] | undefined;
  const replace = (text: string, mark: (form: string) => string) => {
    ordered ??= [...forms].toSorted((a, b) => b.length - a.length);
    let out = text;
    for (const form of ordered) if (out.includes(form)) out = out.replaceAll(form, () => mark(form));
    return out;
  };
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
    redact: (text) => replace(text, () => MASK),
    seal(text) {
      const all = [...forms];
      return replace(text, (form) => `***${all.indexOf(form)}***`);
    },
    open(text) {
      const all = [...forms];
      let complete = true;
      const opened = text.replaceAll(SEAL, (mark, number: string) => {
        const form = all[Number(number)];
        complete &&= form !== undefined;
        return form ?? mark;
      });
      return complete ? opened : undefined;
    },
  };
}
