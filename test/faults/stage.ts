import { type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { readLog } from '../../src/page-log/read-log.ts';
import { type FakeApi, startFakeApi } from '../../src/testing/fake-api.ts';
import type { FakeRequest } from '../../src/testing/fake-request.ts';
import { type CliEnd, runCli } from './cli-process.ts';
import { type DatasetDump, describeDatabase, withoutCuts } from './dataset-dump.ts';
import type { Scenario } from './scenario.ts';
import { DATASET, type Leftovers, type StagedDatabase, type StagedDestination } from './staged-database.ts';
import { DUCKDB } from './staged-duckdb.ts';

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
  /** Told of each request to a storage, counted from 1 for each point; one that returns true keeps it from being carried out. */
  readonly stored?: (point: string, nth: number) => boolean;
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

const FLAGS = `--json --quiet --pipeline p --dataset ${DATASET} --work-dir work`.split(' ');
/** So small that a short run changes segments, and syncs between its pages. */
const LOG = { segmentBytes: 6000, queueBytes: 3000, syncMs: 2 };

/** What a stage is made with, besides its scenario. */
export interface StageOptions {
  /** DuckDB when left out. */
  readonly destination?: StagedDestination | undefined;
  readonly seed?: number;
}

/** A scenario with its API, its database and a folder that its processes run in. */
export class Stage implements AsyncDisposable {
  readonly folder: string;
  readonly database: StagedDatabase;
  readonly #scenario: Scenario;
  #api: FakeApi | undefined;
  #watch: Partial<RequestWatch> = {};
  #nth = 0;
  /** The state that the API is in. */
  run = 0;

  private constructor(folder: string, database: StagedDatabase, scenario: Scenario) {
    this.folder = folder;
    this.database = database;
    this.#scenario = scenario;
  }

  static async open(scenario: Scenario, { destination = DUCKDB, seed = 0 }: StageOptions = {}): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'syncline-faults-'));
    const stage = new Stage(folder, await destination.open(folder, seed), scenario);
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
    const config = scenario.config(api.url);
    writeFileSync(join(folder, configName(scenario)), typeof config === 'string' ? config : JSON.stringify(config));
    const nothing = {
      client: { base_url: api.url },
      resources: [{ name: 'nothing', endpoint: { path: 'nothing', data_selector: 'data' } }],
    };
    writeFileSync(join(folder, 'nothing.json'), JSON.stringify(nothing));
    if (scenario.before) {
      const { code, stderr } = await runCli({ folder, args: [...scenario.before, '--quiet', '--work-dir', 'work'] });
      if (code !== 0) throw new Error(`${scenario.name}: what comes before ended with ${code}: ${stderr}`);
    }
    return stage;
  }

  /** Runs the command line once. */
  async start({
    preload = 'kill-at',
    orders = {},
    flags = [],
    shell,
    watch = {},
    stored,
    started,
    tidy,
  }: StagedStart = {}): Promise<StagedRun> {
    this.#watch = watch;
    this.#nth = 0;
    const from = this.#requests.length;
    const counts = join(this.folder, 'counts.json');
    const { destination, driver, root, env } = this.database;
    const requests: Record<string, number> = {};
    this.database.watch?.((points) => {
      for (const point of points) requests[point] = (requests[point] ?? 0) + 1;
      return points.some((point) => stored?.(point, requests[point] ?? 0));
    });
    const end = await runCli({
      folder: this.folder,
      env,
      args: [...(tidy ? ['run', 'nothing.json'] : this.#command()), ...FLAGS, '--destination', destination, ...flags],
      preload: { name: preload, orders: { driver, root, ...(preload === 'kill-at' && { log: LOG, counts }), ...orders } },
      ...(shell && { shell }),
      ...(started && { started }),
    });
    this.#watch = {};
    this.database.watch?.(undefined);
    const counted = existsSync(counts) ? (JSON.parse(readFileSync(counts, 'utf8')) as Record<string, number>) : {};
    rmSync(counts, { force: true });
    return { ...end, asked: this.#requests.slice(from).map(pageOf), counts: { ...counted, ...requests } };
  }

  async dump(): Promise<DatasetDump> {
    const dump = describeDatabase(await this.database.read(), DATASET);
    return this.#scenario.isCut ? withoutCuts(dump) : dump;
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

  /** What should be gone after a run that ended well, or after a while. */
  async leftovers(): Promise<Leftovers> {
    const { database } = this;
    const { files } = database;
    const expected = new Set([...files, configName(this.#scenario), 'nothing.json', 'work', 'work/.gitignore', 'work/p']);
    const isTold = (path: string): boolean => database.leftovers !== undefined && files.some((file) => path.startsWith(`${file}/`));
    const found = readdirSync(this.folder, { recursive: true, encoding: 'utf8' });
    const left = (await database.leftovers?.()) ?? { now: [], later: [] };
    const isExpected = (path: string): boolean => expected.has(path) || isTold(path) || this.#scenario.kept?.test(path) === true;
    return { now: [...left.now, ...found.filter((path) => !isExpected(path))], later: left.later };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#api?.[Symbol.asyncDispose]();
    await this.database[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The command of the run. Of `*` there is one. */
  #command(): readonly string[] {
    const command = this.#scenario.command?.(this.run) ?? ['run', configName(this.#scenario)];
    return command.map((part) => (part.includes('*') ? this.#find(part) : part));
  }

  #find(pattern: string): string {
    const name = readdirSync(join(this.folder, dirname(pattern))).find((each) => each.endsWith(basename(pattern).slice(1)));
    if (name === undefined) throw new Error(`There is no ${pattern}.`);
    return join(dirname(pattern), name);
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

function configName(scenario: Scenario): string {
  return typeof scenario.config('') === 'string' ? 'config.mjs' : 'config.json';
}

function pageOf({ path, query }: Pick<FakeRequest, 'path' | 'query'>): string {
  const sorted = [...query].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${path}?${new URLSearchParams(sorted).toString()}`;
}

function pageOfUrl(url: string): string {
  const { pathname, searchParams } = new URL(url);
  return pageOf({ path: pathname, query: searchParams });
}
