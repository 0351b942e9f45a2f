import { describe, expect, it } from 'vitest';
import { access } from './reach.ts';

const HOME = 'https://api.example.com';
const at = (url: string, allowedHosts: readonly string[] = [], home = HOME, named?: string) =>
  access(new URL(url), { home, named, allowedHosts });

describe('access', () => {
  it.each([
    ['https://api.example.com/x', 'credentials'],
    ['https://API.Example.COM:443/x', 'credentials'],
    ['https://u:p@api.example.com/x', 'credentials'],
    ['http://api.example.com/x', 'refused'],
    ['https://api.example.com:8443/x', 'refused'],
    ['https://api.example.com./x', 'refused'],
    ['https://api.example.com@evil.example/x', 'refused'],
    ['https://evil.example/api.example.com', 'refused'],
    ['https://api.example.com.evil.example/', 'refused'],
    ['https://api.example.com%2eevil.example/', 'refused'],
    ['https:\\\\evil.example\\x', 'refused'],
    ['https://sub.api.example.com/', 'refused'],
    ['https://ａｐｉ.example.com/', 'credentials'],
  ])('of %s is %s', (url, granted) => {
    expect(at(url)).toBe(granted);
  });

  it('takes http with TLS for the same host, on its own port only', () => {
    expect(at('https://api.example.com', [], 'http://api.example.com')).toBe('credentials');
    expect(at('https://api.example.com:8443', [], 'http://api.example.com')).toBe('refused');
    expect(at('https://api.example.com', [], 'http://api.example.com:8080')).toBe('refused');
  });

  it.each([
    ['https://b.example', 'b.example', 'credentials'],
    ['https://b.example:8443', 'B.Example', 'credentials'],
    ['https://b.example:8443', 'b.example:8443', 'credentials'],
    ['https://b.example', 'b.example:443', 'credentials'],
    ['https://b.example', 'b.example:8443', 'refused'],
    ['http://b.example', 'b.example', 'refused'],
    ['http://b.example', 'b.example:80', 'credentials'],
    ['https://xn--bcher-kva.example', 'bücher.example', 'credentials'],
    ['https://bücher.example', 'XN--bcher-kva.example', 'credentials'],
    ['https://[::1]:8443', '[0:0:0:0:0:0:0:1]', 'credentials'],
    ['https://[::1]:8443', '[::1]:8443', 'credentials'],
    ['https://sub.b.example', 'b.example', 'refused'],
    ['https://b.example.evil.example', 'b.example', 'refused'],
  ])('of %s where %s is allowed is %s', (url, host, granted) => {
    expect(at(url, [host])).toBe(granted);
  });

  it('of an allowed host is in the clear where home is', () => {
    expect(at('http://b.example', ['b.example'], 'http://api.example.com')).toBe('credentials');
  });

  it('of what the configuration names is without credentials', () => {
    expect(at('https://b.example/x', [], HOME, 'https://b.example')).toBe('bare');
    expect(at('http://b.example/x', [], HOME, 'https://b.example')).toBe('refused');
  });
});
