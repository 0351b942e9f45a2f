import { z } from 'zod';

/** Address of a token endpoint as option. */
export const tokenUrlOption = z.url({ protocol: /^https?$/, error: 'This is not an http address.' });

/** Life of a token as option, in seconds. */
export const defaultExpirationOption = z
  .int()
  .min(0)
  .default(3600)
  .describe('Seconds that a token is good for when the token endpoint does not say.');
