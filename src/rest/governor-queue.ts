/** Those who wait, in fair order: the kinds take turns, and within one kind who came first goes first. */
export interface FairQueue<T> {
  /** Who is next; `undefined` when nobody waits. */
  peek(): T | undefined;
  push(kind: string, item: T): void;
  /** Takes the next one out. */
  shift(): T | undefined;
  /** Takes one out wherever it stands. */
  remove(kind: string, item: T): void;
}

/** An empty queue. */
export function createFairQueue<T>(): FairQueue<T> {
  /** The kinds in the order of their turns; none is empty. */
  const kinds = new Map<string, T[]>();
  const firstKind = () => kinds.entries().next().value;
  return {
    peek: () => firstKind()?.[1][0],
    push(kind, item) {
      const items = kinds.get(kind);
      if (items) items.push(item);
      else kinds.set(kind, [item]);
    },
    shift() {
      const entry = firstKind();
      if (!entry) return undefined;
      const [kind, items] = entry;
      const item = items.shift();
      kinds.delete(kind);
      if (items.length > 0) kinds.set(kind, items);
      return item;
    },
    remove(kind, item) {
      const rest = kinds.get(kind)?.filter((other) => other !== item) ?? [];
      // A kind that is left keeps its turn: setting a key that is there does not move it.
      if (rest.length > 0) kinds.set(kind, rest);
      else kinds.delete(kind);
    },
  };
}
