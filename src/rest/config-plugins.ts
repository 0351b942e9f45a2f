import { z } from 'zod';
import { builtInAuths } from '../auth/built-in.ts';
import type { Auth } from '../core/auth.ts';
import type { Paginator } from '../core/paginator.ts';
import type { Plugin } from '../core/plugin.ts';
import { builtInPaginators } from '../paginators/built-in.ts';
import { instance } from './config-callable.ts';
import { allOf, didYouMean, oneOf } from '../core/suggest.ts';

/** The paginators and auths that a configuration can name by `type`. */
export interface Plugins {
  readonly paginators: Readonly<Record<string, Plugin<unknown, Paginator>>>;
  readonly auths: Readonly<Record<string, Plugin<unknown, Auth>>>;
}

/** The plug-ins that come with syncline. */
export const builtInPlugins: Plugins = { paginators: builtInPaginators, auths: builtInAuths };

type Registry = Readonly<Record<string, Plugin<unknown, unknown>>>;
/** The options of a plug-in; without the index signature that zod gives an object that has no keys. */
type OptionsOf<P extends Plugin<unknown, unknown>> = {
  [K in keyof z.input<P['options']> as string extends K ? never : K]: z.input<P['options']>[K];
};
/** An object with the `type` of a plug-in and its options. */
type ByType<R extends Registry> = { [T in keyof R & string]: { readonly type: T } & Readonly<OptionsOf<R[T]>> }[keyof R & string];
type NoOptions = { readonly [option: string]: never };
/** Types of plug-ins that need no options. */
type ByName<R extends Registry> = {
  [T in keyof R & string]: NoOptions extends OptionsOf<R[T]> ? T : never;
}[keyof R & string];

/** A paginator by name, as an object with `type`, or as an instance. */
export type PaginatorConfig =
  | 'auto'
  | { readonly type: 'auto' }
  | ByName<typeof builtInPaginators>
  | ByType<typeof builtInPaginators>
  | Paginator;

/** An auth as an object with `type` (`bearer` when it is left out), or as an instance. */
export type AuthConfig =
  | ByType<typeof builtInAuths>
  | ({ readonly type?: null | undefined } & Readonly<OptionsOf<typeof builtInAuths.bearer>>)
  | Auth;

/** A key that takes a paginator of one of the given types. */
export function paginatorSchema({ paginators }: Plugins): z.ZodType<PaginatorConfig, PaginatorConfig> {
  const auto = z.strictObject({ type: z.literal('auto') }).describe('Found out on the first page.');
  const schema = z.union([...forms('paginator', paginators, [auto]), instance<Paginator>('first', 'apply', 'next')], {
    error: 'Expected the name of a paginator or an object with `type`.',
  });
  return schema as z.ZodType as z.ZodType<PaginatorConfig, PaginatorConfig>;
}

/** A key that takes an auth of one of the given types. */
export function authSchema({ auths }: Plugins): z.ZodType<AuthConfig, AuthConfig> {
  const { bearer } = auths;
  const shorthand = bearer === undefined ? [] : [withType(bearer, z.null().optional())];
  const schema = z.union([...forms('auth', auths, []), ...shorthand, instance<Auth>('apply')], {
    error: 'Expected an object with `type`, or with `token`.',
  });
  return schema as z.ZodType as z.ZodType<AuthConfig, AuthConfig>;
}

/** The ways to name a plug-in: by its type alone where it needs no options, and as an object. */
function forms(kind: string, registry: Registry, more: readonly z.ZodObject[]): z.ZodType[] {
  const plugins = Object.values(registry);
  const types = [...plugins.map((p) => p.type), ...(more.length > 0 ? ['auto'] : [])];
  const alone = types.filter((type) => needs(registry, type).length === 0);
  const name = z
    .string()
    .refine((word) => alone.includes(word), {
      error: (issue) => {
        const word = String(issue.input);
        const options = needs(registry, word);
        if (options.length === 0) return `There is no ${kind} of this name.\n${didYouMean(word, types)}`;
        const written = options.map((option) => `"${option}": …`).join(', ');
        return `The ${kind} \`${word}\` needs ${allOf(options)}.\nWrite { "type": "${word}", ${written} }.`;
      },
    })
    .meta(alone.length > 0 ? { enum: alone } : { not: {} });
  const [first, ...rest] = [...plugins.map((p) => withType(p, z.literal(p.type))), ...more];
  if (first === undefined) return [name];
  const object = z.discriminatedUnion('type', [first, ...rest], {
    error: (issue) => {
      const type: unknown = Object(issue.input).type;
      if (type === undefined || type === null) return `The ${kind} has no \`type\`.\nUse ${oneOf(types)}.`;
      return `There is no ${kind} of this type.\n${didYouMean(typeof type === 'string' ? type : '', types)}`;
    },
  });
  return [name, object];
}

/** The options that a plug-in cannot do without. */
function needs(registry: Registry, type: string): readonly string[] {
  const plugin = Object.hasOwn(registry, type) ? registry[type] : undefined;
  const result = plugin?.options.safeParse({});
  return result?.success === false ? [...new Set(result.error.issues.map((issue) => String(issue.path[0])))] : [];
}

function withType(plugin: Plugin<unknown, unknown>, type: z.ZodType): z.ZodObject {
  if (!(plugin.options instanceof z.ZodObject)) throw new TypeError(`The options of the plug-in ${plugin.type} are not a zod object.`);
  return plugin.options.safeExtend({ type });
}
