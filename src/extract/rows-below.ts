import type { PageBody, Resource, Row, RowReader } from '../core/source.ts';
import { readPage } from '../page-log/entry-reader.ts';
import type { OpenPage } from '../page-log/index-log.ts';
import { childKey } from '../page-log/records.ts';
import type { LogPosition } from '../page-log/segment.ts';
import { TaskGroup } from './task-group.ts';
import type { WalkContext, WalkStart } from './walk-context.ts';

/** Where a page is: it has just come, or it is in the log. */
export type PagePlace = (PageBody & { readonly url: string }) | LogPosition;

/** A page whose rows are read. */
export interface PageBelow {
  readonly index: number;
  readonly place: PagePlace;
  /** Walks that an earlier process began from its rows. */
  readonly begun?: OpenPage['children'];
  /** Reads it instead of the walk's reader, which knows it already. */
  readonly reader?: RowReader;
}

/** The walk whose pages are read, and how far it may be ahead of that. */
export interface RowsBelowOptions {
  readonly context: WalkContext;
  readonly walk: number;
  readonly tree: number;
  readonly reader: RowReader;
  /** Resources whose walks start from its rows. */
  readonly children: readonly Resource[];
  /** `queue`: a few pages wait for their turn. `read`: each page is read before the next is asked for. */
  readonly pace: 'queue' | 'read';
}

/** Pages of a walk that may wait to be read. */
const QUEUE_PAGES = 2;

/** Reads the rows of one walk's pages, in order, and walks everything below them. */
export class RowsBelow {
  readonly #options: RowsBelowOptions;
  readonly #tasks: TaskGroup;
  readonly #unread: Promise<void>[] = [];
  #reading: Promise<void> = Promise.resolve();
  #whole = true;

  constructor(options: RowsBelowOptions) {
    this.#options = options;
    this.#tasks = new TaskGroup((error) => options.context.fail(error));
  }

  /** Adds the next page. */
  add(page: PageBelow): void {
    this.#reading = this.#reading.then(() => this.#read(page));
    this.#unread.push(this.#reading);
    this.#tasks.add(this.#reading);
  }

  /** Resolves when another page may come. */
  async room(): Promise<void> {
    if (this.#options.context.sequential) await this.#tasks.end();
    const most = this.#options.pace === 'read' ? 0 : QUEUE_PAGES;
    while (this.#unread.length > most) await this.#unread.shift();
  }

  /** Resolves when nothing goes on any more, to true when all below the pages has ended. */
  async end(): Promise<boolean> {
    await this.#tasks.end();
    return this.#whole;
  }

  async #read(page: PageBelow): Promise<void> {
    const { context, children } = this.#options;
    if (context.paused()) {
      this.#whole = false;
      return;
    }
    const reader = page.reader ?? this.#options.reader;
    const rows = reader.read(await bodyOf(page.place, context.log.dir));
    if (children.length > 0) await this.#begin(page, rows);
  }

  /** Resolves when all walks below the page have begun. */
  async #begin({ index, begun }: PageBelow, rows: readonly Row[]): Promise<void> {
    const { context, walk, tree, children } = this.#options;
    const walks = new WalksBelow(context);
    for (const [row, parentRow] of rows.entries()) {
      for (const resource of children) {
        const known = begun?.get(childKey(row, resource.name));
        if (known === 'ended') continue;
        await walks.begin({ resource, known, tree, parent: { walk, page: index, row }, parentRow });
      }
    }
    this.#tasks.add(this.#settle(index, walks));
  }

  async #settle(page: number, walks: WalksBelow): Promise<void> {
    const { context, walk } = this.#options;
    if (await walks.end()) await context.log.append({ kind: 'settled', walk, page });
    else this.#whole = false;
  }
}

/** The walks that start from the rows of one page. */
class WalksBelow {
  readonly #context: WalkContext;
  readonly #tasks: TaskGroup;
  #whole = true;

  constructor(context: WalkContext) {
    this.#context = context;
    this.#tasks = new TaskGroup((error) => context.fail(error));
  }

  /** Resolves when the walk has begun, or nothing new is to begin; with everything in order, when it has ended. */
  async begin(start: WalkStart): Promise<void> {
    if (!this.#whole) return;
    const leave = await this.#context.enter(start.resource, start.tree);
    if (!leave) {
      this.#whole = false;
      return;
    }
    this.#tasks.add(this.#walk(start).finally(leave));
    if (this.#context.sequential) await this.#tasks.end();
  }

  /** Resolves to true when all have ended. */
  async end(): Promise<boolean> {
    await this.#tasks.end();
    return this.#whole;
  }

  async #walk(start: WalkStart): Promise<void> {
    if (!(await this.#context.walk(start))) this.#whole = false;
  }
}

/** The body of a page, from the log where it is not at hand. */
export async function bodyOf(place: PagePlace, dir: string): Promise<PageBody & { readonly url: string }> {
  if ('body' in place) return place;
  const { record, body } = await readPage(dir, place);
  return { ...record, body };
}
