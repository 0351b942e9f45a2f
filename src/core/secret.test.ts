import { describe, expect, it } from 'vitest';
import { createSecrets } from './secret.ts';

const secretsOf = (...values: string[]) => {
  const secrets = createSecrets();
  for (const value of values) secrets.add(value);
  return secrets;
};

describe('createSecrets', () => {
  it('redacts a secret in every form that it travels in, the longest first', () => {
    const secrets = secretsOf('a/b c"', 'a/b c"-longer', 'no');
    expect(secrets.redact(`a/b c" a%2Fb%20c%22 a%2Fb+c%22 {"k":"a/b c\\""} ${Buffer.from('a/b c"').toString('base64')}`)).toBe(
      '*** *** *** {"k":"***"} ***',
    );
    expect(secrets.redact('a/b c"-longer, no')).toBe('***, no');
  });

  it('seals what it opens again', () => {
    const text = 'https://api.example.com/bottoken%2F1/x?k=hush&next=hush2&n=***';
    const secrets = secretsOf('token/1', 'hush', 'hush2');
    const sealed = secrets.seal(text);
    expect(sealed).not.toMatch(/token|hush/);
    expect(secrets.open(sealed)).toBe(text);
    expect(secretsOf('token/1', 'hush', 'hush2').open(sealed)).toBe(text);
  });

  it('opens nothing with secrets that are not there any more', () => {
    expect(createSecrets().open(secretsOf('hush').seal('a hush b'))).toBeUndefined();
  });
});
