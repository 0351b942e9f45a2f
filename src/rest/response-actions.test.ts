import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../core/http.ts';
import { createSecrets } from '../core/secret.ts';
import { createInspect } from './response-actions.ts';
import type { ResponseAction } from './response-hook.ts';

const response = (status: number, text = '{"a":1}'): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=latin1' },
  body: Buffer.from(text, 'latin1'),
  url: 'https://api.example.com/x',
});
const inspect = async (actions: readonly ResponseAction[], to: HttpResponse) => {
  const seen = await createInspect(actions, createSecrets())?.(to);
  return seen === undefined || seen === 'ignore'
    ? seen
    : { status: seen.status, headers: seen.headers, text: Buffer.from(seen.body).toString() };
};

describe('createInspect', () => {
  it.each<[string, ResponseAction, HttpResponse, boolean]>([
    ['status', { status_code: 404, action: 'ignore' }, response(404), true],
    ['another status', { status_code: 404, action: 'ignore' }, response(500), false],
    ['status as text', { status_code: '404', action: 'ignore' }, response(404), true],
    ['content', { content: 'é not found', action: 'ignore' }, response(200, 'é not found here'), true],
    ['status and content', { status_code: 400, content: 'gone', action: 'ignore' }, response(400, 'gone'), true],
    ['status without content', { status_code: 400, content: 'gone', action: 'ignore' }, response(400, 'here'), false],
    ['content without status', { status_code: 400, content: 'gone', action: 'ignore' }, response(200, 'gone'), false],
    ['no condition', { action: 'ignore' }, response(404), false],
    ['a function that says so', () => 'ignore', response(404), true],
  ])('ignores by %s', async (_, action, to, ignored) => {
    expect((await inspect([action], to)) === 'ignore').toBe(ignored);
  });

  it('is nothing without actions', () => {
    expect([createInspect([], createSecrets()), createInspect(null, createSecrets())]).toEqual([undefined, undefined]);
  });

  it('runs all that match, in order, each on what the one before left', async () => {
    const calls: string[] = [];
    const note = (name: string) => () => void calls.push(name);
    const result = await inspect(
      [
        note('all'),
        { status_code: 503, action: note('503') },
        { status_code: 500, action: [() => ({ status: 503 }), note('second')] },
        { status_code: 503, action: note('now 503') },
      ],
      response(500),
    );
    expect([calls, result?.valueOf()]).toEqual([['all', 'second', 'now 503'], expect.objectContaining({ status: 503 })]);
  });

  it('replaces parts of a response', async () => {
    const json = { 'content-type': 'application/json' };
    expect(await inspect([(r) => ({ json: { wrapped: r.json() } })], response(200))).toEqual({
      status: 200,
      headers: json,
      text: '{"wrapped":{"a":1}}',
    });
    expect(await inspect([async (r) => ({ body: r.text().toUpperCase() })], response(200, '"é"'))).toMatchObject({
      headers: json,
      text: '"É"',
    });
    expect(await inspect([() => ({ headers: { 'X-A': '1' } })], response(200))).toMatchObject({ headers: { 'x-a': '1' }, text: '{"a":1}' });
    expect(await inspect([(r) => ({ ...r, status: 204 })], response(200))).toMatchObject({ status: 204, text: '{"a":1}' });
  });

  it('says which function failed, without secrets', async () => {
    const secrets = createSecrets();
    secrets.add('hush');
    const run = createInspect(
      [
        () => {
          throw new Error('no hush here');
        },
      ],
      secrets,
    );
    await expect(run?.(response(200))).rejects.toMatchObject({
      code: 'response_action_failed',
      message: 'A function of response_actions failed on the response from https://api.example.com/x: no *** here',
    });
  });
});
