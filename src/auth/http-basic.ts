import { z } from 'zod';
import type { AuthPlugin } from './auth-plugin.ts';
import { withHeader } from './with-header.ts';

const options = z
  .strictObject({
    username: z.string().describe('User name; some APIs want the key here.'),
    password: z.string().meta({ format: 'password', writeOnly: true }).describe('Password; empty when the API wants none.'),
  })
  .describe('Sends user name and password: `Authorization: Basic …`, in UTF-8.');

/** User name and password. */
export const httpBasic = {
  type: 'http_basic',
  options,
  credentials: ['password'],
  create(o) {
    const encoded = Buffer.from(`${o.username}:${o.password}`).toString('base64');
    return {
      secrets: o.password === '' ? [encoded, o.username] : [encoded],
      apply: (request) => withHeader(request, 'Authorization', `Basic ${encoded}`),
    };
  },
} as const satisfies AuthPlugin<z.output<typeof options>>;
