import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Auth } from '../../src/core/auth.ts';
import type { HttpRequest } from '../../src/core/http.ts';
import type { Json } from '../../src/core/json.ts';
import type { Paginator } from '../../src/core/paginator.ts';
import {
  type AuthSubject,
  authContract,
  type ContractCase,
  casesFor,
  type PaginatorSubject,
  paginatorContract,
} from '../../src/testing/index.ts';
import { authSubjects } from './auth-subjects.ts';
import { paginatorSubjects } from './paginator-subjects.ts';

/** Names of the cases that a subject does not hold. */
async function failures<S>(contract: readonly ContractCase<S>[], subject: S): Promise<string[]> {
  const failed: string[] = [];
  for (const { title, run } of casesFor(contract, subject)) {
    try {
      await run();
    } catch {
      failed.push(title);
    }
  }
  return failed;
}

const { offset } = paginatorSubjects;

/** The offset paginator with something wrong about it. */
function broken(change: (paginator: Paginator) => Partial<Paginator>): PaginatorSubject {
  const { plugin } = offset;
  return {
    ...offset,
    plugin: {
      ...plugin,
      create(options) {
        const paginator = plugin.create(options);
        return { ...paginator, ...change(paginator) };
      },
    },
  };
}

function withOptions<S extends { readonly plugin: { readonly options: z.ZodType } }>(subject: S, options: z.ZodType): S {
  return { ...subject, plugin: { ...subject.plugin, options } };
}

describe('the paginator contract finds', () => {
  it.each<[string, PaginatorSubject, string]>([
    ['options that valid ones do not fit', withOptions(offset, z.strictObject({}).describe('x')), 'takes valid options'],
    ['loose options', withOptions(offset, z.looseObject({}).describe('x')), 'refuses an unknown option'],
    [
      'unchecked options',
      withOptions(offset, z.strictObject({ limit: z.any(), total_path: z.any() })),
      'refuses bad options, saying at which key',
    ],
    ['undescribed options', withOptions(offset, z.strictObject({ limit: z.int() })), 'describes itself and every option'],
    [
      'a skipped row',
      broken((intact) => ({ apply: (request, cursor) => intact.apply(request, cursor === 0 ? 1 : cursor) })),
      'the pages are the data set, in order and once',
    ],
    ['a walk without an end', broken(() => ({ next: (_, cursor) => ({ cursor }) })), 'ends, and says why'],
    ['a memory', broken(remembering), 'remembers nothing: a walk is the same after another one'],
    ['a cursor that is not all', broken(remembering), 'goes on from any cursor with exactly the rest'],
    [
      'a lost header',
      broken((intact) => ({ apply: (request, cursor) => ({ ...intact.apply(request, cursor), headers: {} }) })),
      "keeps the request's method, headers and body",
    ],
    [
      'cursors that are not those of next()',
      broken(() => ({ ahead: () => ({ cursors: [7], certain: false }) })),
      'ahead() begins with the cursors that next() gives, and has no more of them where it is certain',
    ],
    [
      'more cursors than there are, called certain',
      broken((intact) => ({
        ahead: (page, cursor) => ({ cursors: [...(intact.ahead?.(page, cursor)?.cursors ?? []), 1000], certain: true }),
      })),
      'ahead() begins with the cursors that next() gives, and has no more of them where it is certain',
    ],
    [
      'a changed request',
      broken((intact) => ({
        apply(request, cursor) {
          Object.assign(request.params, { touched: true });
          return intact.apply(request, cursor);
        },
      })),
      'the pages are the data set, in order and once',
    ],
  ])('%s', async (_, subject, name) => {
    expect(await failures(paginatorContract, subject)).toContain(name);
  });
});

/** Counts pages by itself instead of by the cursor. */
function remembering(intact: Paginator): Partial<Paginator> {
  let at = 0;
  return {
    apply: (request) => intact.apply(request, at),
    next(page) {
      const step = intact.next(page, at);
      if ('cursor' in step) at = step.cursor as number;
      return step;
    },
  };
}

const { bearer, api_key: apiKey, oauth2_client_credentials: oauth } = authSubjects;

function brokenAuth(subject: AuthSubject, change: (auth: Auth) => Partial<Auth>): AuthSubject {
  const { plugin } = subject;
  return {
    ...subject,
    plugin: {
      ...plugin,
      create(options) {
        const auth = plugin.create(options);
        return { ...auth, ...change(auth) };
      },
    },
  };
}

const header = (request: HttpRequest, name: string, value: string): HttpRequest => ({
  ...request,
  headers: { ...request.headers, [name]: value },
});
const echo = z.strictObject({
  token: z.any().superRefine((token: Json, ctx) => ctx.addIssue({ code: 'custom', message: `bad ${JSON.stringify(token)}` })),
});

describe('the auth contract finds', () => {
  it.each<[string, AuthSubject, string]>([
    ['a finding that quotes a secret', withOptions(bearer, echo), 'names its secret options, and no finding quotes their values'],
    ['no proof', brokenAuth(bearer, () => ({ apply: (request) => request })), 'proves who asks, and keeps the rest of the request'],
    [
      'a lost parameter',
      brokenAuth(bearer, (intact) => ({ apply: (request, context) => intact.apply({ ...request, params: {} }, context) })),
      'proves who asks, and keeps the rest of the request',
    ],
    [
      'a second header',
      brokenAuth(bearer, () => ({ apply: (request) => header(request, 'Authorization', 'Bearer some-token') })),
      'replaces what stands in its place',
    ],
    [
      'a parameter that is appended',
      brokenAuth(apiKey, () => ({ apply: (request) => ({ ...request, url: `${request.url}&api_key=some-key` }) })),
      'adds nothing when it is applied to its own request',
    ],
    ['an unlisted parameter', brokenAuth(apiKey, () => ({ queryNames: [] })), 'lists the query parameters that carry credentials'],
    [
      'a useless new try',
      brokenAuth(bearer, () => ({ rejected: () => true })),
      'a refused proof that cannot be renewed is not tried again',
    ],
    [
      'a token for each request',
      brokenAuth(oauth, (auth) => ({
        apply(request, context) {
          auth.rejected?.(request);
          return oauth.plugin.create(oauth.plugin.options.parse(oauth.options)).apply(request, context);
        },
      })),
      'asks once for requests side by side',
    ],
    [
      'a token that is kept for ever',
      brokenAuth(oauth, (intact) => ({ apply: (request, context) => intact.apply(request, { ...context, now: () => 0 }) })),
      'keeps a token while it is good, and asks again before it expires',
    ],
    [
      'a token that any refusal takes away',
      brokenAuth(oauth, (intact) => {
        let auth = intact;
        return {
          apply: (request, context) => auth.apply(request, context),
          rejected() {
            auth = oauth.plugin.create(oauth.plugin.options.parse(oauth.options));
            return true;
          },
        };
      }),
      'keeps a new token when the API refuses the old one once more',
    ],
    ['a refused token that is kept', brokenAuth(oauth, () => ({ rejected: () => false })), 'asks again when the API refuses the token'],
    [
      'a token in the open',
      brokenAuth(oauth, (intact) => ({ apply: (request, context) => intact.apply(request, { ...context, addSecret: () => {} }) })),
      'makes every token a secret',
    ],
    [
      'a made-up token',
      brokenAuth(oauth, () => ({ apply: (request) => header(request, 'Authorization', 'Bearer None') })),
      'says so when the token endpoint gives no token, and asks again for the next request',
    ],
  ])('%s', async (_, subject, name) => {
    expect(await failures(authContract, subject)).toContain(name);
  });
});
