import { expect, it, vi } from 'vitest';
import type { RunEvent } from '../core/events.ts';
import { createOutput } from './output.ts';

const events: readonly RunEvent[] = [
  { type: 'run_started', pipeline: 'p', dataset: 'd', loadId: '1.5', resumed: false },
  { type: 'walk_started', resource: 'messages' },
  { type: 'page', resource: 'messages', rows: 100, bytes: 1000 },
  { type: 'retry', resource: 'messages', waitMs: 4000, reason: '503 secret-word', attempt: 1 },
  { type: 'warning', code: 'w', message: 'look at secret-word' },
  { type: 'debug', message: 'GET secret-word' },
];

function outputOf(more: { readonly live?: boolean; readonly quiet?: boolean; readonly debug?: boolean }): string {
  let text = '';
  const options = { live: false, quiet: false, debug: false, resources: ['messages'], width: 200, ...more };
  const output = createOutput({ write: (t) => (text += t), redact: (t) => t.replaceAll('secret-word', '***'), ...options });
  for (const event of events) output.event(event);
  output.close();
  return text;
}

it('writes log lines where there is no terminal', () => {
  const text = outputOf({});
  expect(text).toMatch(/^\d{4}-.*Z starting load 1\.5 of pipeline p into dataset d$/m);
  expect(text).toMatch(/messages: retrying in 4 s \(503 \*\*\*\)/);
  expect(text).not.toContain('GET');
});

it('draws a line a resource on a terminal, and counts a wait down', () => {
  vi.useFakeTimers({ now: 1_000_000 });
  try {
    expect(outputOf({ live: true })).toMatch(/messages +1 pages +100 rows .*retrying in 4 s \(503 \*\*\*\)/);
  } finally {
    vi.useRealTimers();
  }
});

it('says why nothing is asked for', () => {
  const pause: RunEvent = { type: 'pause', resource: 'messages', waitMs: 30_000, reason: 'asked for by the API' };
  for (const live of [false, true]) {
    let text = '';
    const output = createOutput({
      write: (t) => (text += t),
      redact: (t) => t,
      live,
      quiet: false,
      debug: false,
      resources: ['messages'],
      width: 200,
    });
    for (const event of [...events, pause]) output.event(event);
    output.close();
    expect(text).toMatch(/messages.* next request in 30 s \(asked for by the API\)/);
  }
});

it('does not call a walk done that goes on after a part of the run was loaded', () => {
  const part: readonly RunEvent[] = [
    { type: 'load_started', loadId: '1.5', isPart: true },
    { type: 'committed', loadId: '1.5' },
    { type: 'walk_started', resource: 'messages' },
    { type: 'page', resource: 'messages', rows: 50, bytes: 500 },
  ];
  const last: readonly RunEvent[] = [
    { type: 'walk_ended', resource: 'messages', reason: 'empty_page' },
    { type: 'load_started', loadId: '1.6', isPart: false },
  ];
  let text = '';
  const options = { redact: (t: string) => t, live: false, quiet: false, debug: false, resources: ['messages'] };
  const output = createOutput({ ...options, write: (t) => (text += t) });
  for (const event of [...events, ...part]) output.event(event);
  expect(text).toContain('loading what has come so far');
  expect(text).not.toContain('done');
  for (const event of last) output.event(event);
  output.close();
  expect(text).toContain('messages: 2 pages, 150 rows, done');
});

it('keeps warnings when quiet, and tells requests when debugging', () => {
  expect(outputOf({ quiet: true })).toBe('Warning: look at ***\n');
  expect(outputOf({ quiet: true, debug: true })).toBe('Warning: look at ***\nGET ***\n');
});
