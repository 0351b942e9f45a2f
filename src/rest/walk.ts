import type { HttpRequest } from '../core/http.ts';
import type { WalkedPage, WalkOptions } from '../core/source.ts';
import { openCursor } from './checkpoint-seal.ts';
import { createPageReader, type PageAsk } from './page-reader.ts';
import { PagesUnderWay } from './pages-under-way.ts';
import { WalkFront } from './walk-front.ts';
import type { WalkSetup } from './walk-setup.ts';

/**
 * Walks the pages that start at a request: the one pagination loop, for all paginators. A page comes
 * with the checkpoint behind it or with the reason why it is the last (invariants 1 and 5). Where the
 * paginator can name pages ahead, as many as the client may ask for at once are under way, and they
 * come in the order of their arrival; a window of 1 is the walk that asks for one after the other.
 * Nothing is asked for while the consumer has not come back for a window of pages (invariant 10).
 */
export async function* walk(setup: WalkSetup, base: HttpRequest, options: WalkOptions = {}): AsyncGenerator<WalkedPage> {
  const { index = 0, have = new Map(), paused, signal } = options;
  const sequential = options.sequential ?? true;
  const window = sequential ? 1 : setup.concurrency.limit;
  const reader = createPageReader(setup, base, { ...options, sequential });
  const front = new WalkFront({
    index,
    cursor: reader.start,
    have,
    open: (sealed) => openCursor(sealed, setup.secrets, setup.resource),
    window,
    guesses: setup.concurrency.explicit,
  });
  await using pages = new PagesUnderWay(reader, front, signal);
  const nextAsk = (): PageAsk | undefined => (pages.open < window && paused?.() !== true ? front.nextAsk() : undefined);
  for (;;) {
    signal?.throwIfAborted();
    for (let ask = nextAsk(); ask; ask = nextAsk()) pages.start(ask);
    const page = await pages.take();
    if (!page) return;
    yield page;
  }
}
