import { z } from 'zod';
import type { AuthPlugin } from './auth-plugin.ts';
import { headerCredentialOption } from './credential-option.ts';
import { withHeader } from './with-header.ts';

const options = z
  .strictObject({
    token: headerCredentialOption.describe('The token.'),
  })
  .describe('Sends a token that is known already: `Authorization: Bearer …`.');

/** A fixed bearer token. */
export const bearer = {
  type: 'bearer',
  options,
  credentials: ['token'],
  create: (o) => ({ apply: (request) => withHeader(request, 'Authorization', `Bearer ${o.token}`) }),
} as const satisfies AuthPlugin<z.output<typeof options>>;
