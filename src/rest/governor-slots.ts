/** How many requests may be under way: the setting, and less for a while after the API refused one. */
export interface Slots {
  readonly limit: number;
  /** The API said that too much was asked: one at a time from here. `sent` requests were sent so far. */
  refused(sent: number): void;
  /** A request was answered well. `nth` is its number in the order of sending. */
  succeeded(nth: number): void;
}

/** Slots with slow start: after a refusal one more request at a time for each full round of good answers. */
export function createSlots(most: number): Slots {
  let limit = most;
  let good = 0;
  let refusedAt = 0;
  return {
    get limit() {
      return limit;
    },
    refused(sent) {
      limit = 1;
      good = 0;
      refusedAt = sent;
    },
    succeeded(nth) {
      // What was sent before the refusal says nothing about the pace after it.
      if (limit === most || nth <= refusedAt) return;
      good += 1;
      if (good < limit) return;
      limit += 1;
      good = 0;
    },
  };
}
