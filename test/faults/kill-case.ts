import { setTimeout as delay } from 'node:timers/promises';
import type { ChildProcess } from 'node:child_process';
import { crc32 } from 'node:zlib';
import type { Strike } from './cli-process.ts';
import { compareDumps, type DatasetDump, stableReport } from './dataset-dump.ts';
import { isOuter, isStored, type ReferenceRun, WHENS } from './reference.ts';
import { seededRandom } from './random.ts';
import type { Scenario } from './scenario.ts';
import { type LeftLog, Stage, type StagedRun, type StagedStart } from './stage.ts';
import type { StagedDestination } from './staged-database.ts';

/** One scenario, disturbed as a seed says. */
export interface KillCase {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly destination: StagedDestination;
  readonly reference: readonly ReferenceRun[];
  /** Where the first kill hits; the others are drawn. */
  readonly first: Pick<Strike, 'point' | 'when'>;
}

/** What a case came to. */
export interface KillTally {
  kills: number;
  /** Pages that were whole in a log that was gone on with, and not asked for again. */
  resumed: number;
  askedTwice: number;
  lost: number;
  doubled: number;
  /** Strikes that hit, as `point when`. */
  readonly hits: string[];
  readonly problems: string[];
}

/** A tally at zero. */
export const emptyTally = (): KillTally => ({ kills: 0, resumed: 0, askedTwice: 0, lost: 0, doubled: 0, hits: [], problems: [] });

/** Runs a scenario to its end through a number of kills, and compares with the undisturbed one. */
export async function runKillCase(kase: KillCase): Promise<KillTally> {
  const { scenario, destination, seed } = kase;
  await using stage = await Stage.open(scenario, { destination, seed });
  const player = new KillPlayer(kase, stage);
  await player.play();
  return player.tally;
}

/** Any change of a dataset in files, or in a bucket. */
const CHANGES = ['change', 'S3 change'];
/** So many changes are enough to complete or undo a load. */
const FIRST_CHANGES = 16;

class KillPlayer {
  readonly tally = emptyTally();
  readonly #case: KillCase;
  readonly #stage: Stage;
  readonly #random: () => number;
  /** What was done so far, for messages. */
  readonly #history: string[] = [];

  constructor(kase: KillCase, stage: Stage) {
    this.#case = kase;
    this.#stage = stage;
    // Scenarios of one seed draw different numbers.
    this.#random = seededRandom(crc32(kase.scenario.name, kase.seed));
  }

  async play(): Promise<void> {
    const { reference, first } = this.#case;
    const aims = reference.flatMap(({ points }, run) => (first.point in points ? [run] : []));
    // The last one is where most is to be changed.
    const aim = (this.#below(2) === 0 ? aims.at(-1) : aims[this.#below(aims.length)]) ?? 0;
    for (const [run, expected] of reference.entries()) {
      this.#stage.run = run;
      const strikes = run === aim ? 1 + this.#below(3) : this.#below(2);
      const wasEnded = await this.#playRun(expected, { strikes, first: run === aim ? first : undefined });
      if (this.tally.problems.length > 0) return;
      await this.#compare(expected);
      if (run === reference.length - 1) await this.#tidyUp(expected, wasEnded);
      if (this.tally.problems.length > 0) return;
    }
  }

  /** Starts processes until the run is done. False when the last one was killed after that, before it ended. */
  async #playRun(
    expected: ReferenceRun,
    plan: { readonly strikes: number; readonly first: KillCase['first'] | undefined },
  ): Promise<boolean> {
    const { tally } = this;
    let left: LeftLog = { pages: new Set(), isBegun: false };
    /** Pages that were whole at any kill: those of a load that was committed are in no log any more. */
    let whole: ReadonlySet<string> = left.pages;
    // A run that is repeated when it is done finds its load there.
    let state: 'before' | 'after' = expected.before.loads === expected.after.loads ? 'after' : 'before';
    for (let nth = 0; ; nth += 1) {
      const strike = nth < plan.strikes ? this.#aim(expected, nth === 0 ? plan.first : undefined) : undefined;
      if (nth > 0 && this.#below(2) === 0) this.#stage.database.age?.();
      const ended = await this.#start(expected, strike);
      const again = ended.asked.filter((page, i) => whole.has(page) || ended.asked.indexOf(page) < i);
      tally.askedTwice += again.length;
      tally.resumed += left.pages.size;
      if (again.length > 0) this.#problem(`asked again for ${again.slice(0, 3).join(', ')}`);
      if (ended.signal === null) {
        this.#history.push('it ran through');
        // The report of a run that was committed is the one that was committed with it.
        const isLoading = state === 'before' && expected.after.loads > expected.before.loads;
        this.#checkEnd(expected, ended, isLoading ? left.isBegun : undefined);
        return true;
      }
      if (ended.stderr.includes('hung')) this.#problem(ended.stderr);
      tally.kills += 1;
      if (strike) tally.hits.push(`${strike.point} ${strike.when}`);
      if (strike) this.#history.push(`a kill ${strike.when} ${strike.point} ${strike.nth}`);
      state = await this.#stateAfterKill(expected);
      // What is carried from load to load is on disk before each commit: no power loss takes it.
      const isTorn = !this.#case.scenario.isCut && state === 'before' && this.#below(6) === 0 && this.#stage.cutLog(this.#random());
      if (isTorn) this.#history.push('a cut of the log');
      left = await this.#stage.leftLog();
      whole = isTorn ? left.pages : new Set([...whole, ...left.pages]);
      if (tally.problems.length > 0) return true;
      if (state === 'after' && !left.isBegun && !this.#case.scenario.isRepeated) return false;
    }
  }

  /** A dataset is as it was before the load or as it is after it, at any instant (invariant 2). */
  async #stateAfterKill({ before, after }: ReferenceRun): Promise<'before' | 'after'> {
    const dump = await this.#stage.dump();
    if (this.#case.scenario.isCut) return this.#stateOfCut(after, dump);
    const expected = dump.loads === after.loads ? after : before;
    const { problems, lost, doubled } = compareDumps(expected, dump);
    this.tally.lost += lost;
    this.tally.doubled += doubled;
    for (const problem of problems) this.#problem(`half a load is visible: ${problem}`);
    return expected === after ? 'after' : 'before';
  }

  /** Of a run with several loads a part may be there, and nothing else. */
  #stateOfCut(after: DatasetDump, dump: DatasetDump): 'before' | 'after' {
    const { problems, extra, doubled } = compareDumps(after, dump);
    this.tally.doubled += doubled;
    if (extra > 0 || dump.flaws.length > 0) for (const problem of problems) this.#problem(`what is loaded so far is wrong: ${problem}`);
    return problems.length === 0 ? 'after' : 'before';
  }

  #checkEnd(expected: ReferenceRun, { code, stdout, stderr }: StagedRun, wasBegun: boolean | undefined): void {
    if (code !== 0) {
      this.#problem(`exit code ${code}: ${stdout}${stderr}`);
      return;
    }
    const { resumed } = JSON.parse(stdout) as { resumed: boolean };
    if (wasBegun !== undefined && resumed !== wasBegun) this.#problem(`the report says resumed: ${resumed}`);
    const report = JSON.stringify(stableReport(stdout));
    if (report !== expected.report) this.#problem(`the report says ${report}, not ${expected.report}`);
  }

  /** Nothing may be left in the end, but for what other loads clear away that come later. */
  async #tidyUp(expected: ReferenceRun, wasEnded: boolean): Promise<void> {
    const tell = (left: readonly string[]): void => left.forEach((path) => this.#problem(`left behind: ${path}`));
    const first = await this.#stage.leftovers();
    if (wasEnded) tell(first.now);
    if (wasEnded && first.later.length === 0) return;
    this.#stage.database.age?.();
    await this.#tidy(expected);
    const { now, later } = await this.#stage.leftovers();
    tell([...now, ...later]);
  }

  /** A run that brings nothing removes what the kill left, and changes nothing but the list of runs. */
  async #tidy(expected: ReferenceRun): Promise<void> {
    const { code, stdout, stderr } = await this.#stage.start({ tidy: true });
    if (code !== 0) this.#problem(`tidying: exit code ${code}: ${stdout}${stderr}`);
    await this.#compare(expected, '_syncline_runs');
  }

  async #compare(expected: ReferenceRun, ignored?: string): Promise<void> {
    const { lost, doubled, problems } = compareDumps(expected.after, await this.#stage.dump(), ignored);
    this.tally.lost += lost;
    this.tally.doubled += doubled;
    for (const problem of problems) this.#problem(problem);
  }

  #aim({ points }: ReferenceRun, first: KillCase['first'] | undefined): Strike {
    const names = Object.keys(points).toSorted();
    // A run that is gone on with first completes or undoes what was broken off.
    const change = CHANGES.find((each) => each in points);
    if (first === undefined && change !== undefined && this.#below(2) === 0) {
      const nth = 1 + this.#below(Math.min(points[change] ?? 1, FIRST_CHANGES));
      return { point: change, nth, when: WHENS[this.#below(WHENS.length)] ?? 'after', share: this.#random() };
    }
    const point = first?.point ?? names[this.#below(names.length)] ?? 'moment';
    const count = points[point] ?? 1;
    return {
      point,
      // A run that is gone on with has fewer.
      nth: 1 + this.#below(first ? count : Math.ceil(count / 2)),
      when: first?.when ?? (isOuter(point) ? 'after' : (WHENS[this.#below(WHENS.length)] ?? 'after')),
      share: this.#random(),
    };
  }

  async #start({ durationMs }: ReferenceRun, strike: Strike | undefined): Promise<StagedRun> {
    if (strike === undefined) return this.#stage.start();
    if (!isOuter(strike.point) && !isStored(strike.point)) return this.#stage.start({ orders: { kill: strike } });
    let child: ChildProcess | undefined;
    const kill = (): void => void child?.kill('SIGKILL');
    const start: StagedStart = { started: (process) => (child = process) };
    if (strike.point === 'request') return this.#stage.start({ ...start, watch: { asked: (nth) => nth === strike.nth && kill() } });
    if (isStored(strike.point)) {
      const stored = (point: string, nth: number): boolean => {
        if (point !== strike.point || nth !== strike.nth) return false;
        if (strike.when === 'before') kill();
        // Carried out in this turn.
        else setImmediate(kill);
        return strike.when === 'before';
      };
      return this.#stage.start({ ...start, stored });
    }
    const waited = new AbortController();
    const killSoon = (ms: number): void => void delay(ms, undefined, { signal: waited.signal }).then(kill, () => undefined);
    if (strike.point === 'moment') killSoon(durationMs * strike.share);
    const watch = { answered: (nth: number) => strike.point === 'response' && nth === strike.nth && killSoon(strike.share * 4) };
    try {
      return await this.#stage.start({ ...start, watch });
    } finally {
      waited.abort();
    }
  }

  #problem(problem: string): void {
    this.tally.problems.push(`after ${this.#history.join(', ')}: ${problem}`);
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}
