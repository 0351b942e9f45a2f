import { expect, it } from 'vitest';
import { redactStrings } from './redact-strings.ts';

it('replaces texts and nothing else, so that JSON stays JSON', () => {
  const report = { rows: 100, ok: true, at: null, messages: ['took 100', { code: '100' }] };
  expect(redactStrings(report, (text) => text.replaceAll('100', '***'))).toEqual({ ...report, messages: ['took ***', { code: '***' }] });
});
