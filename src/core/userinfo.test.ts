import { describe, expect, it } from 'vitest';
import { userinfoOf, userinfoSecrets, withoutUserinfo } from './userinfo.ts';

describe('userinfo', () => {
  it.each([
    ['https://u:p@h/x', { username: 'u', password: 'p' }, 'https://h/x'],
    ['https://u:p@ss@h?x=@', { username: 'u', password: 'p@ss' }, 'https://h?x=@'],
    ['HTTPS:\\\\u%40v:%zz:%C3%A9@h', { username: 'u@v', password: '%zz:é' }, 'HTTPS:\\\\h'],
    ['https://u:%ff@h', { username: 'u', password: '%ff' }, 'https://h'],
    ['https://key@h', { username: 'key', password: '' }, 'https://h'],
    ['https://@h', undefined, 'https://h'],
    ['https://h/u:p@x', undefined, 'https://h/u:p@x'],
  ])('of %s', (address, userinfo, bare) => {
    expect(userinfoOf(address)).toEqual(userinfo);
    expect(withoutUserinfo(address)).toBe(bare);
  });

  it('has secrets: the password, or a name without one, and what is sent of them', () => {
    expect(userinfoSecrets('https://u:p@h')).toEqual(['p', 'dTpw']);
    expect(userinfoSecrets('https://key:@h')).toEqual(['key', 'a2V5Og==']);
    expect(userinfoSecrets('https://h')).toEqual([]);
  });
});
