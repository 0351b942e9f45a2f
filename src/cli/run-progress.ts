import type { RunEvent } from '../core/events.ts';

/** What a run has done so far for one resource. */
export interface ResourceProgress {
  readonly name: string;
  pages: number;
  rows: number;
  retries: number;
  /** Walks that have started and not ended. */
  openWalks: number;
  walks: number;
  state: 'waiting' | 'fetching' | 'retrying' | 'paused' | 'done';
  /** While retrying or paused: when it goes on, in milliseconds since the epoch, and why. */
  wait: { readonly at: number; readonly reason: string } | undefined;
  startedAt: number;
  endedAt: number | undefined;
}

/** Folds a run's events into a line a resource. */
export interface RunProgress {
  readonly resources: readonly ResourceProgress[];
  /** What happens after extraction: undefined before, then rows a table. */
  readonly loaded: ReadonlyMap<string, number>;
  readonly loading: boolean;
  add(event: RunEvent): void;
}

/** An empty progress for the named resources. `now` gives milliseconds. */
export function createRunProgress(names: readonly string[], now: () => number): RunProgress {
  const resources = names.map(
    (name): ResourceProgress => ({
      name,
      pages: 0,
      rows: 0,
      retries: 0,
      openWalks: 0,
      walks: 0,
      state: 'waiting',
      wait: undefined,
      startedAt: 0,
      endedAt: undefined,
    }),
  );
  const byName = new Map(resources.map((r) => [r.name, r]));
  const loaded = new Map<string, number>();
  let loading = false;
  return {
    resources,
    loaded,
    get loading() {
      return loading;
    },
    add(event) {
      if (event.type === 'load_started') {
        loading = true;
        for (const r of resources) {
          // Walks that are not over begin again after a part.
          r.openWalks = 0;
          if (r.walks > 0 && !event.isPart) finish(r, now());
        }
      }
      if (event.type === 'walk_started') loading = false;
      if (event.type === 'rows_loaded') loaded.set(event.table, (loaded.get(event.table) ?? 0) + event.rows);
      const resource = 'resource' in event && event.resource !== undefined ? byName.get(event.resource) : undefined;
      if (resource !== undefined) addTo(resource, event, now());
    },
  };
}

function addTo(resource: ResourceProgress, event: RunEvent, now: number): void {
  switch (event.type) {
    case 'walk_started':
      if (resource.walks === 0) resource.startedAt = now;
      resource.walks++;
      resource.openWalks++;
      resource.endedAt = undefined;
      resource.state = 'fetching';
      break;
    case 'page':
      resource.pages++;
      resource.rows += event.rows;
      resource.state = 'fetching';
      break;
    case 'retry':
      resource.retries++;
      resource.state = 'retrying';
      resource.wait = { at: now + event.waitMs, reason: event.reason };
      break;
    case 'pause':
      resource.state = 'paused';
      resource.wait = { at: now + event.waitMs, reason: event.reason };
      break;
    case 'walk_ended':
      resource.openWalks--;
      if (resource.openWalks === 0) finish(resource, now);
      break;
    default:
  }
}

function finish(resource: ResourceProgress, now: number): void {
  resource.state = 'done';
  resource.endedAt ??= now;
}

/** What a resource is doing: `waiting`, `fetching`, `retrying in 4 s (429 …)`, `next request in 30 s (…)`, `done`. */
export function stateText({ state, wait }: ResourceProgress, now: number): string {
  if (wait === undefined || (state !== 'retrying' && state !== 'paused')) return state;
  return `${state === 'retrying' ? 'retrying' : 'next request'} in ${seconds(Math.max(0, wait.at - now))} (${wait.reason})`;
}

/** Rows a second of a resource, over the time that it has been walked. */
export function rowRate(resource: ResourceProgress, now: number): number {
  const elapsed = ((resource.endedAt ?? now) - resource.startedAt) / 1000;
  return elapsed <= 0 ? 0 : resource.rows / elapsed;
}

/** Milliseconds as seconds with at most one decimal. */
export function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

/** A count with thousands separated. */
export function count(n: number): string {
  return Math.round(n).toLocaleString('en-US');
}
