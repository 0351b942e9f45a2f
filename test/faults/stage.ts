import { type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLog } from '../../src/page-log/read-log.ts';
import { type FakeApi, startFakeApi } from '../../src/testing/fake-api.ts';
import type { FakeRequest } from '../../src/testing/fake-request.ts';
import { type CliEnd, runCli } from './cli-process.ts';
import { type DatasetDump, describeDatabase, withoutCuts } from './dataset-dump.ts';
import type { Scenario } from './scenarios.ts';
import type { OpenDatabase, StagedDatabase } from './staged-database.ts';
import { openDuckDb } from './staged-duckdb.ts';

/** Told of a request before and after it is answered, counted from 1 in each process. */
export interface RequestWatch {
  asked(nth: number): void;
  answered(nth: number): void;
}

/** A finished process, and what it asked the API for. */
export interface StagedRun extends CliEnd {
  readonly asked: readonly string[];
  /** How often each point was reached, where that was counted. */
  readonly counts: Readonly<Record<string, number>>;
}

/** What a process is given. */
export interface StagedStart {
  /** Which preload; `kill-at` when left out. */
  readonly preload?: string;
  readonly orders?: object;
  readonly flags?: readonly string[];
  /** What runs the command, and its first arguments: `['sh', '-c', …]`. */
  readonly shell?: readonly string[];
  readonly watch?: Partial<RequestWatch>;
  readonly started?: (child: ChildProcess) => void;
  /** Another configuration for the same pipeline, which brings nothing. */
  readonly tidy?: boolean;
}

/** Pages that are whole in the logs that a process left. */
export interface LeftLog {
  readonly pages: ReadonlySet<string>;
  /** At least one log has its first record. */
  readonly isBegun: boolean;
}

const DATASET = 'data';
const FLAGS = `--json --quiet --pipeline p --dataset ${DATASET} --work-dir work`.split(' ');
/** So small that a short run changes segments, and syncs between its pages. */
const LOG = { segmentBytes: 6000, queueBytes: 3000, syncMs: 2 };

/** A scenario with its API, its database and a folder that its processes run in. */
export class Stage implements AsyncDisposable {
  readonly folder: string;
  readonly database: StagedDatabase;
  readonly #isCut: boolean;
  #api: FakeApi | undefined;
  #watch: Partial<RequestWatch> = {};
  #nth = 0;
  /** The state that the API is in. */
  run = 0;

  private constructor(folder: string, database: StagedDatabase, isCut: boolean) {
    this.folder = folder;
    this.database = database;
    this.#isCut = isCut;
  }

  static async open(scenario: Scenario, openDatabase: OpenDatabase = openDuckDb): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'syncline-faults-'));
    const stage = new Stage(folder, await openDatabase(folder), scenario.isCut ?? false);
    const routes = [...scenario.routes(() => stage.run), { path: '/nothing', reply: { json: { data: [] } } }];
    const api = await startFakeApi(
      routes.map((route) => ({
        ...route,
        reply: async (request) => {
          const nth = (stage.#nth += 1);
          stage.#watch.asked?.(nth);
          const reply = typeof route.reply === 'function' ? await route.reply(request) : route.reply;
          stage.#watch.answered?.(nth);
          return reply;
        },
      })),
    );
    stage.#api = api;
    writeFileSync(join(stage.folder, 'config.json'), JSON.stringify(scenario.config(api.url)));
    const nothing = {
      client: { base_url: api.url },
      resources: [{ name: 'nothing', endpoint: { path: 'nothing', data_selector: 'data' } }],
    };
    writeFileSync(join(stage.folder, 'nothing.json'), JSON.stringify(nothing));
    return stage;
  }

  /** Runs the command line once. */
  async start({ preload = 'kill-at', orders = {}, flags = [], shell, watch = {}, started, tidy }: StagedStart = {}): Promise<StagedRun> {
    this.#watch = watch;
    this.#nth = 0;
    const from = this.#requests.length;
    const counts = join(this.folder, 'counts.json');
    const { destination, driver } = this.database;
    const end = await runCli({
      folder: this.folder,
      args: ['run', tidy ? 'nothing.json' : 'config.json', ...FLAGS, '--destination', destination, ...flags],
      preload: { name: preload, orders: { driver, ...(preload === 'kill-at' && { log: LOG, counts }), ...orders } },
      ...(shell && { shell }),
      ...(started && { started }),
    });
    this.#watch = {};
    const counted = existsSync(counts) ? (JSON.parse(readFileSync(counts, 'utf8')) as Record<string, number>) : {};
    rmSync(counts, { force: true });
    return { ...end, asked: this.#requests.slice(from).map(pageOf), counts: counted };
  }

  async dump(): Promise<DatasetDump> {
    const dump = describeDatabase(await this.database.read(), DATASET);
    return this.#isCut ? withoutCuts(dump) : dump;
  }

  /** Reads what the next process will find. */
  async leftLog(): Promise<LeftLog> {
    const pages = new Set<string>();
    let isBegun = false;
    for (const dir of this.#logs()) {
      for await (const { record } of readLog(dir)) {
        isBegun = true;
        if (record.kind === 'page') pages.add(pageOfUrl(record.url));
      }
    }
    return { pages, isBegun };
  }

  /** Takes the end of the log away, as a power loss may what was not synced. False where there is none. */
  cutLog(share: number): boolean {
    const segment = this.#logs()
      .flatMap((dir) => readdirSync(dir).map((name) => join(dir, name)))
      .toSorted()
      .at(-1);
    if (segment === undefined) return false;
    truncateSync(segment, Math.floor(statSync(segment).size * share));
    return true;
  }

  /** Removes a file that a test has made. */
  remove(path: string): void {
    rmSync(join(this.folder, path), { recursive: true, force: true });
  }

  /** Files that should be gone after a run that ended well. */
  leftovers(): string[] {
    const expected = new Set([...this.database.files, 'config.json', 'nothing.json', 'work', 'work/.gitignore', 'work/p']);
    return readdirSync(this.folder, { recursive: true, encoding: 'utf8' }).filter((path) => !expected.has(path));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#api?.[Symbol.asyncDispose]();
    await this.database[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #logs(): string[] {
    const dir = join(this.folder, 'work', 'p');
    const names = existsSync(dir) ? readdirSync(dir) : [];
    return names.filter((name) => /^\d+\.\d+$/.test(name)).map((name) => join(dir, name));
  }

  get #requests(): readonly FakeRequest[] {
    return this.#api?.requests ?? [];
  }
}

function pageOf({ path, query }: Pick<FakeRequest, 'path' | 'query'>): string {
  const sorted = [...query].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${path}?${new URLSearchParams(sorted).toString()}`;
}

function pageOfUrl(url: string): string {
  const { pathname, searchParams } = new URL(url);
  return pageOf({ path: pathname, query: searchParams });
}
