import { z } from 'zod';
import type { Auth } from '../core/auth.ts';
import type { Paginator } from '../core/paginator.ts';
import type { Plugin } from '../core/plugin.ts';
import { instance } from './config-callable.ts';

/** The paginators and auths that a configuration can name by `type`. */
export interface Plugins {
  readonly paginators: Readonly<Record<string, Plugin<unknown, Paginator>>>;
  readonly auth: Readonly<Record<string, Plugin<unknown, Auth>>>;
}

/** A paginator by name, as an object with `type`, or as an instance. */
export type PaginatorConfig = string | { readonly type: string; readonly [option: string]: unknown } | Paginator;

/** An auth by name, as an object (without `type` it is `bearer`), or as an instance. */
export type AuthConfig = string | { readonly type?: string; readonly [option: string]: unknown } | Auth;

/** A key that takes a paginator of one of the given types. */
export function paginatorSchema(_plugins: Plugins): z.ZodType<PaginatorConfig, PaginatorConfig> {
  return z.union([z.string(), z.looseObject({ type: z.string() }), instance<Paginator>('first', 'apply', 'next')]);
}

/** A key that takes an auth of one of the given types. */
export function authSchema(_plugins: Plugins): z.ZodType<AuthConfig, AuthConfig> {
  return z.union([z.string(), z.looseObject({ type: z.string().optional() }), instance<Auth>('apply')]);
}
