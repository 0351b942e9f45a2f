import type { RunEvent } from '../core/events.ts';
import { count, createRunProgress, type ResourceProgress, rowRate, seconds, stateText } from './run-progress.ts';

/** Shows a run while it goes on. Always on stderr: stdout is for the report. */
export interface Output {
  event(event: RunEvent): void;
  /** Removes what is transient and stops redrawing. */
  close(): void;
}

/** Where and how output goes. */
export interface OutputOptions {
  readonly write: (text: string) => void;
  readonly redact: (text: string) => string;
  readonly debug: boolean;
  readonly quiet: boolean;
  /** Redraw lines in place: stderr is a terminal. */
  readonly live: boolean;
  readonly resources: readonly string[];
  readonly width?: number;
}

const REDRAW_MS = 100;
const LOG_EVERY_MS = 2000;

/** The output that the options ask for. */
export function createOutput(options: OutputOptions): Output {
  const { write, redact, quiet } = options;
  const messages = (event: RunEvent): void => {
    if (event.type === 'warning') write(`${redact(`Warning: ${event.message}`)}\n`);
    if (event.type === 'waiting' && !quiet) write(`${redact(event.message)}\n`);
    if (event.type === 'log_kept' && !quiet)
      write(`${redact(`The pages are kept in ${event.dir}; \`syncline replay\` loads them again.`)}\n`);
    if (event.type === 'debug' && options.debug) write(`${redact(event.message)}\n`);
  };
  if (quiet) return { event: messages, close: () => undefined };
  return options.live ? liveOutput(options, messages) : lineOutput(options, messages);
}

/** A line a resource, redrawn in place. */
function liveOutput({ write, redact, resources, width = 80 }: OutputOptions, messages: (event: RunEvent) => void): Output {
  const progress = createRunProgress(resources, Date.now);
  const nameWidth = Math.max(...resources.map((r) => r.length), 8);
  let drawn = 0;
  const erase = (): void => {
    if (drawn > 0) write(`\u001B[${drawn}A\u001B[0J`);
    drawn = 0;
  };
  const draw = (): void => {
    const lines = progress.resources
      .filter((r) => r.walks > 0 || !progress.loading)
      .map((r) => redact(resourceLine(r, nameWidth)).slice(0, width - 1));
    if (progress.loading) lines.push(`loading: ${count([...progress.loaded.values()].reduce((a, b) => a + b, 0))} rows`);
    erase();
    write(lines.map((line) => `${line}\n`).join(''));
    drawn = lines.length;
  };
  const timer = setInterval(draw, REDRAW_MS);
  timer.unref();
  return {
    event(event) {
      progress.add(event);
      if (event.type === 'warning' || event.type === 'debug' || event.type === 'waiting' || event.type === 'log_kept') {
        erase();
        messages(event);
      }
    },
    close() {
      clearInterval(timer);
      draw();
    },
  };
}

function resourceLine(r: ResourceProgress, nameWidth: number): string {
  const name = r.name.padEnd(nameWidth);
  if (r.walks === 0) return `${name}  ${r.state}`;
  const now = Date.now();
  return `${name}  ${count(r.pages).padStart(7)} pages  ${count(r.rows).padStart(10)} rows  ${count(rowRate(r, now)).padStart(9)} rows/s  ${stateText(r, now)}`;
}

/** Plain log lines: what starts, ends and is retried, and progress now and then. */
function lineOutput({ write, redact, resources }: OutputOptions, messages: (event: RunEvent) => void): Output {
  const progress = createRunProgress(resources, Date.now);
  const lastLog = new Map<string, number>();
  const line = (text: string): void => write(`${new Date().toISOString()} ${redact(text)}\n`);
  return {
    event(event) {
      progress.add(event);
      messages(event);
      if (event.type === 'run_started')
        line(`${event.resumed ? 'resuming' : 'starting'} load ${event.loadId} of pipeline ${event.pipeline} into dataset ${event.dataset}`);
      if (event.type === 'retry') line(`${event.resource}: retrying in ${seconds(event.waitMs)} (${event.reason})`);
      if (event.type === 'pause') line(`${event.resource}: next request in ${seconds(event.waitMs)} (${event.reason})`);
      if (event.type === 'load_started' && event.isPart) line('loading what has come so far');
      if (event.type === 'load_started' && !event.isPart)
        for (const r of progress.resources) if (r.walks > 0) line(`${r.name}: ${count(r.pages)} pages, ${count(r.rows)} rows, done`);
      if (event.type === 'committed') line(`committed load ${event.loadId}`);
      if (event.type === 'page') {
        const resource = progress.resources.find((r) => r.name === event.resource);
        const now = Date.now();
        const last = lastLog.get(event.resource);
        if (last === undefined) lastLog.set(event.resource, now);
        else if (resource !== undefined && now - last >= LOG_EVERY_MS) {
          lastLog.set(event.resource, now);
          line(`${resource.name}: ${count(resource.pages)} pages, ${count(resource.rows)} rows, ${count(rowRate(resource, now))} rows/s`);
        }
      }
    },
    close: () => undefined,
  };
}
