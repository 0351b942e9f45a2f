import { describe, expect, it } from 'vitest';
import { createSecrets } from '../core/secret.ts';
import { redactUrl } from './redact-url.ts';

describe('redactUrl', () => {
  const secrets = createSecrets();
  secrets.add('hush hush');

  it.each([
    ['https://a.example/x?page=2', 'https://a.example/x?page=2'],
    ['https://me:pw@a.example/x', 'https://a.example/x'],
    ['https://a.example/x?API_KEY=1&token=2&pwd=3&page=4', 'https://a.example/x?API_KEY=***&token=***&pwd=***&page=4'],
    ['https://a.example/x?api_key=', 'https://a.example/x?api_key='],
    ['https://a.example/x?own=1&X-Amz-Signature=ab#frag', 'https://a.example/x?own=***&X-Amz-Signature=***'],
    ['https://a.example/hush%20hush/x?q=hush+hush', 'https://a.example/***/x?q=***'],
    ['https://me:p@ss@a.example/x', 'https://a.example/x'],
    [
      'https://a.example/x?api%5Fkey=1&auth[token]=2&x-api-key=3&o+wn=4',
      'https://a.example/x?api%5Fkey=***&auth[token]=***&x-api-key=***&o+wn=***',
    ],
    ['https://a.example/x?page_token=1&next_token=2&sort_key=3', 'https://a.example/x?page_token=1&next_token=2&sort_key=3'],
    ['https://a.example/x@y?mail=a@b', 'https://a.example/x@y?mail=a@b'],
  ])('shows %s', (url, shown) => {
    expect(redactUrl(url, secrets, new Set(['own', 'o wn']))).toBe(shown);
  });
});
