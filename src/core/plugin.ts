import type { z } from 'zod';

/**
 * A paginator, auth or destination that configuration can name by `type`. The one zod schema gives
 * the TypeScript type, the validation and the JSON Schema. `options` does not hold `type`.
 */
export interface Plugin<Options, Instance> {
  readonly type: string;
  readonly options: z.ZodType<Options>;
  create(options: Options): Instance;
}
