import { describe, expect, it } from 'vitest';
import { createSecrets } from '../core/secret.ts';
import { decodeBody } from './decode-body.ts';

const place = { resource: 'posts', page: 0, request: 'GET https://api.example.com/posts' };
const decode = (body: Uint8Array, contentType?: string) =>
  decodeBody(
    { status: 200, headers: contentType === undefined ? {} : { 'content-type': contentType }, body, url: '' },
    place,
    createSecrets(),
  );
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('decodeBody', () => {
  it.each<[string, Uint8Array, string | undefined, string | undefined]>([
    ['UTF-8', Buffer.from('{"a":"é"}'), 'application/json', undefined],
    ['UTF-8 with a byte order mark', Buffer.from('\ufeff{"a":"é"}'), 'application/json; charset=utf-16', undefined],
    ['JSON called text', Buffer.from('{"a":"é"}'), 'text/plain', undefined],
    ['UTF-8 called ASCII', Buffer.from('{"a":"é"}'), 'text/plain; charset=US-ASCII', undefined],
    ['Latin-1 by its content type', Buffer.from('{"a":"é"}', 'latin1'), 'application/json; charset="ISO-8859-1"', 'iso-8859-1'],
    ['UTF-16 with a byte order mark', Buffer.from('\ufeff{"a":"é"}', 'utf16le'), 'application/json', 'utf-16le'],
    ['UTF-16 by its content type', utf16be('{"a":"é"}'), 'application/json; charset=utf-16', 'utf-16be'],
    ['UTF-16 without a word', Buffer.from('{"a":"é"}', 'utf16le'), undefined, 'utf-16le'],
    ['big-endian UTF-16 without a word', utf16be('{"a":"é"}'), undefined, 'utf-16be'],
  ])('reads %s', (_, body, contentType, charset) => {
    expect(decode(body, contentType)).toMatchObject({ document: { a: 'é' }, charset });
  });

  it('lets the last of duplicate keys win', () => {
    expect(decode(Buffer.from('{"a":1,"a":2}')).document).toEqual({ a: 2 });
  });
});
