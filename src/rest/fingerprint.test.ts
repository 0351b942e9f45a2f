import { describe, expect, it } from 'vitest';
import { createSecrets } from '../core/secret.ts';
import { fingerprint } from './fingerprint.ts';

describe('fingerprint', () => {
  it('changes with an address that came from the environment, not with a credential', () => {
    const secrets = createSecrets();
    for (const address of ['https://one.example.com', 'https://two.example.com']) secrets.add(address);
    for (const token of ['hunter-2-hunter', 'hunter-3-hunter']) secrets.addCredential(token);
    const of = (address: string, token: string): string => fingerprint({ base_url: address, auth: { token } }, secrets);
    const first = of('https://one.example.com', 'hunter-2-hunter');
    expect(of('https://one.example.com', 'hunter-3-hunter')).toBe(first);
    expect(of('https://two.example.com', 'hunter-2-hunter')).not.toBe(first);
  });
});
