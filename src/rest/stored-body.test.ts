import { describe, expect, it } from 'vitest';
import { createSecrets } from '../core/secret.ts';
import { decodeBody } from './decode-body.ts';

const place = { resource: 'posts', page: 0, request: 'GET https://api.example.com/posts' };
const KEY = 'k/é+"1&x';

function stored(body: Uint8Array, contentType = 'application/json') {
  const secrets = createSecrets();
  secrets.addCredential(KEY);
  secrets.add('env-value-1');
  return { body, ...decodeBody({ status: 200, headers: { 'content-type': contentType }, body, url: '' }, place, secrets) };
}

describe('the body that is stored', () => {
  it('is the one that came where no credential is in it', () => {
    const { body, document, stored: kept } = stored(Buffer.from('{"a": 1.0, "b":"env-value-1"}'));
    expect(kept.body).toBe(body);
    expect(kept.document).toBe(document);
  });

  it.each([
    ['raw', Buffer.from(JSON.stringify({ next: `x${KEY}y` })), undefined, 'x***y'],
    ['escaped', Buffer.from('{"next":"k\\/\\u00e9\\u002B\\u00221\\u0026x"}'), undefined, '***'],
    ['in an address', Buffer.from(JSON.stringify({ next: `/?key=${encodeURIComponent(KEY)}&page=2` })), undefined, '/?key=***&page=2'],
    ['in another charset', Buffer.from(JSON.stringify({ next: KEY }), 'latin1'), 'application/json; charset=latin1', '***'],
    ['in UTF-16', Buffer.from(JSON.stringify({ next: KEY }), 'utf16le'), undefined, '***'],
  ])('has no credential: %s', (_, body, contentType, next) => {
    const { document, stored: kept } = stored(body, contentType);
    expect(document).not.toEqual(kept.document);
    expect(kept).toEqual({ body: Buffer.from(JSON.stringify({ next })), document: { next }, charset: undefined });
  });

  it('keeps every number, key and level around it', () => {
    const deep = '['.repeat(9000) + ']'.repeat(9000);
    const text = `{"f":1.0,"n":12345678901234567890,"i":1e999,"j":-1e400,"z":-0.0,"__proto__":{"a":[null,true,"é"]},"d":${deep},"${KEY.replace('"', '\\"')}":1,"s":"${KEY.replace('"', '\\"')}"}`;
    const { stored: kept } = stored(Buffer.from(text));
    const expected = text.replaceAll(KEY.replace('"', '\\"'), '***').replace('-1e400', '-1e999');
    expect(Buffer.from(kept.body).toString()).toBe(expected);
  });
});
