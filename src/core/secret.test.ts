import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDistinctive, looksRandom } from './is-distinctive.ts';
import { createSecrets } from './secret.ts';

const secretsOf = (...values: string[]) => {
  const secrets = createSecrets();
  for (const value of values) secrets.addCredential(value);
  return secrets;
};
/** Characters that encodings change, and some that they do not. */
const text = (minLength: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from('aZ09._-%/+=&"\\ é漢😀$?#<>\'\n\t()[]{}|^,;:@!~`')), minLength, maxLength: 60 });
const json = (value: string) => JSON.stringify(value).slice(1, -1);
const ways: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => json(secret),
  (secret) => json(json(secret)),
  (secret) => json(secret).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  (secret) => json(secret).replaceAll('/', '\\/'),
  (secret) => encodeURIComponent(secret),
  (secret) => encodeURIComponent(secret).replace(/%../g, (escape) => escape.toLowerCase()),
  (secret) => encodeURIComponent(encodeURIComponent(secret)),
  (secret) => encodeURI(secret),
  (secret) => new URLSearchParams({ x: secret }).toString().slice(2),
  (secret) => new URL(`http://h/?${secret.replace(/[#\s]/g, '-')}`).search.slice(1),
  (secret) =>
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
];
const masked = /^\**$/;

describe('redact', () => {
  it('knows a secret in every way that it is written', () => {
    fc.assert(
      fc.property(text(3), fc.nat(ways.length - 1), (given, way) => {
        const secret = given.trim().replace(/[#\s]/g, (c) => (way === 10 ? '-' : c));
        fc.pre(secret.length >= 3 && !masked.test(secret));
        const written = (ways[way] as (secret: string) => string)(secret);
        expect(secretsOf(secret).redact(`<< ${written} >>`)).toBe('<< *** >>');
      }),
    );
  });

  it('knows its base64, plain and for addresses, also without the padding', () => {
    fc.assert(
      fc.property(text(3), (given) => {
        fc.pre(given.trim().length >= 3);
        const bytes = Buffer.from(given.trim());
        for (const written of [bytes.toString('base64'), bytes.toString('base64url'), encodeURIComponent(bytes.toString('base64'))])
          expect(secretsOf(given).redact(written)).toMatch(/^\*\*\*(=|%3D)*$/);
      }),
    );
  });

  it('replaces the longest first, and values of less than three characters never', () => {
    const secrets = secretsOf('a/b c"', 'a/b c"-longer', 'no');
    expect(secrets.redact('a/b c"-longer, a/b c", no')).toBe('***, ***, no');
  });

  it('knows long ones in capitals and small letters', () => {
    expect(secretsOf('Hush-Hush', 'Abc').redact('https://hush-hush.example.com abc')).toBe('https://***.example.com abc');
  });

  it('does not hang on secrets of backslashes', () => {
    const secret = `${'\\'.repeat(60)}x`;
    expect(secretsOf(secret).redact('\\'.repeat(5000))).toHaveLength(5000);
    expect(secretsOf(secret).redact(json(json(secret)))).toBe('***');
  });
});

describe('seal', () => {
  it('stores no secret, and opens to the same text in another process', () => {
    const part = fc.oneof(fc.constantFrom('***', '*', '***s0.***', '***-***', '***?***', '&next=', 'https://h/'), text(0));
    fc.assert(
      fc.property(
        fc.array(text(3), { minLength: 1, maxLength: 3 }),
        fc.array(fc.tuple(part, fc.nat(), fc.nat()), { maxLength: 4 }),
        (secrets, parts) => {
          fc.pre(secrets.every((secret) => secret.trim().length >= 3 && !/\*|^[s0-9?.-]+$/.test(secret)));
          const before = parts.map(([between, which, way]) => {
            const secret = (secrets[which % secrets.length] as string).trim().replace(/[#\s]/g, '-');
            return `${between}${(ways[way % ways.length] as (secret: string) => string)(secret)}`;
          });
          const known = secrets.map((secret) => secret.trim().replace(/[#\s]/g, '-'));
          const stored = secretsOf(...known).seal(before.join(''));
          for (const secret of known) expect(stored).not.toContain(secret);
          // What is written in no known way, such as two secrets that overlap, is lost rather than stored.
          expect([before.join(''), undefined]).toContain(secretsOf(...known).open(stored));
        },
      ),
    );
  });

  it('keeps the way in which a secret was written', () => {
    fc.assert(
      fc.property(text(3), fc.nat(ways.length - 1), (given, way) => {
        const secret = given.trim().replace(/[#\s]/g, '-');
        fc.pre(secret.length >= 3);
        const url = `https://h/?page=2&key=<${(ways[way] as (secret: string) => string)(secret)}>&***`;
        expect(secretsOf(secret).open(secretsOf(secret).seal(url))).toBe(url);
      }),
    );
  });

  it('does not take the marks of others for its own', () => {
    const secrets = secretsOf('hush-hush-1');
    expect(secrets.seal('***s0.***')).not.toBe('***s0.***');
    expect(secrets.open(secrets.seal('***s0.*** and ****'))).toBe('***s0.*** and ****');
  });

  it('opens nothing with secrets that are not there any more, and no token of another process', () => {
    expect(createSecrets().open(secretsOf('hush').seal('a hush b'))).toBeUndefined();
    const secrets = secretsOf('hush');
    secrets.addToken('token-1234');
    expect(secrets.open(secrets.seal('x=token-1234'))).toBeUndefined();
  });
});

describe('what rows are freed of', () => {
  it('is a credential that no row holds by chance', () => {
    const secrets = secretsOf('password', 'tok-"1234"');
    secrets.add('env-value-1');
    const body = JSON.stringify({ a: 'password', b: 'env-value-1', c: 'x tok-"1234" y' });
    expect(secrets.isCredentialIn(body)).toBe(true);
    expect(secrets.redactData('password env-value-1 tok-"1234"')).toBe('password env-value-1 ***');
    expect(secrets.isCredentialIn('{"a":"password","b":"env-value-1"}')).toBe(false);
  });

  it('finds what an API writes in its own way', () => {
    const secrets = secretsOf('k/é+"\\&x1');
    for (const way of ways.slice(0, 10)) expect(secrets.isCredentialIn(`{"next":"${way('k/é+"\\&x1')}"}`)).toBe(true);
    expect(secrets.isCredentialIn(`{"next":"${Buffer.from('k/é+"\\&x1').toString('base64')}"}`)).toBe(true);
  });
});

describe('isDistinctive', () => {
  it.each([
    ['password', false],
    ['20240131', false],
    ['a1', false],
    ['hunter-2', true],
    ['abcdefghijklmnop', true],
  ])('%s: %s', (value, expected) => expect(isDistinctive(value)).toBe(expected));

  it('and looksRandom wants more', () => {
    expect(['customers_by_country2', 'https://h/v1/long', 'AIzaSyD3-1k2jhXXYz9'].map(looksRandom)).toEqual([false, false, true]);
  });
});
