/**
 * Does something with each of many, some of them at once. After the first failure no more are begun; it is
 * thrown when nothing is under way any more.
 */
export async function eachAtOnce<T>(most: number, items: Iterable<T>, action: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items].values();
  let hasFailed = false;
  const work = async (): Promise<void> => {
    for (const item of waiting) {
      if (hasFailed) return;
      try {
        await action(item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: most }, work));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
