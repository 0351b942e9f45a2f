import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Json } from '../core/json.ts';
import { EntryReader } from './entry-reader.ts';
import type { LogIndex, OpenPage, WalkIndex } from './index-log.ts';
import { damaged, type PageEntry } from './log-entry.ts';
import { PageLog } from './page-log.ts';
import type { CarriedRecord, RunRecord, WalkBeginning } from './records.ts';
import type { LogPosition } from './segment.ts';
import { syncDirectory } from './sync-directory.ts';

/** What is carried over, and where to. */
export interface CarryOverOptions {
  /** Folder of the log whose rows have been read and loaded. */
  readonly dir: string;
  readonly index: LogIndex;
  /** Folder of the log that goes on. */
  readonly newDir: string;
  /** Its first record, with a load id of its own. */
  readonly run: RunRecord;
  /** What the readers of the open walks remember, by walk. */
  readonly snapshots: ReadonlyMap<number, Json | undefined>;
}

/** A log that is being written. */
const PART = '.part';

/**
 * Writes the log that a run goes on in after a part of it was loaded: of each open walk how far it has
 * come, the pages that walks below depend on, and the pages that came before their turn. It appears
 * whole or not at all, and says which log it continues, so that what is left of the other can go.
 */
export async function carryOver({ dir, index, newDir, run, snapshots }: CarryOverOptions): Promise<void> {
  const part = newDir + PART;
  await rm(part, { recursive: true, force: true });
  {
    await using pages = new EntryReader(dir);
    await using log = await PageLog.create(part, { ...run, continues: index.run.loadId });
    await log.append(carriedRecord(index));
    const carrying = new CarryOver({ dir, pages, log, snapshots });
    for (const known of index.walks.values()) if (known !== 'ended') await carrying.walk(known);
  }
  await rename(part, newDir);
  await syncDirectory(dirname(newDir));
}

function carriedRecord({ nextWalk, pages, gaps, walks }: LogIndex): CarriedRecord {
  const counts = new Map(pages);
  const leave = (walk: WalkIndex | 'ended'): void => {
    if (walk === 'ended') return;
    // These are in the new log, too.
    if (walk.ahead.size > 0) counts.set(walk.resource, (counts.get(walk.resource) ?? 0) - walk.ahead.size);
    for (const { children } of walk.open) for (const child of children.values()) leave(child);
  };
  for (const walk of walks.values()) leave(walk);
  return {
    kind: 'carried',
    nextWalk,
    pages: Object.fromEntries(counts),
    gaps: Object.fromEntries(gaps),
    ended: [...walks].flatMap(([resource, walk]) => (walk === 'ended' ? [resource] : [])),
  };
}

interface Carrying {
  readonly dir: string;
  readonly pages: EntryReader;
  readonly log: PageLog;
  readonly snapshots: CarryOverOptions['snapshots'];
}

class CarryOver {
  readonly #carrying: Carrying;

  constructor(carrying: Carrying) {
    this.#carrying = carrying;
  }

  async walk(index: WalkIndex): Promise<void> {
    const { log, snapshots } = this.#carrying;
    const { walk, resource, plan, parent, branches, last, open } = index;
    const beginning = beginningOf(index, snapshots.get(walk));
    await log.append({
      kind: 'walk',
      walk,
      resource,
      plan,
      ...(parent && { parent }),
      ...(branches && { branches }),
      ...(beginning && { beginning }),
    });
    for (const page of open) await this.#openPage(page);
    if (last && open.at(-1)?.page !== index.pages - 1) {
      const { record, body } = await this.#page(last);
      await log.append({ ...record, read: {} }, body);
    }
    for (const { place } of [...index.ahead.values()].toSorted((a, b) => a.page.index - b.page.index)) {
      const { record, body } = await this.#page(place);
      await log.append(record, body);
    }
  }

  async #openPage({ position, children }: OpenPage): Promise<void> {
    const { record, body } = await this.#page(position);
    const ended = [...children].flatMap(([key, child]) => (child === 'ended' ? [key] : []));
    await this.#carrying.log.append({ ...record, read: { ended } }, body);
    for (const child of children.values()) if (child !== 'ended') await this.walk(child);
  }

  async #page(position: LogPosition): Promise<PageEntry> {
    const { record, body } = await this.#carrying.pages.read(position);
    if (record.kind !== 'page') throw damaged(this.#carrying.dir, position);
    return { record, body };
  }
}

function beginningOf({ pages, next, stop, facts, open }: WalkIndex, snapshot: Json | undefined): WalkBeginning | undefined {
  if (pages === 0) return undefined;
  return {
    pages,
    facts,
    open: open.map(({ page }) => page),
    ...(next && { next }),
    ...(stop && { stop }),
    ...(snapshot !== undefined && { snapshot }),
  };
}
