import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };

/** How requests name the program that sends them. */
export const USER_AGENT = `syncline/${version}`;
