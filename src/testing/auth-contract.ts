import assert from 'node:assert/strict';
import type { Auth } from '../core/auth.ts';
import type { HttpRequest } from '../core/http.ts';
import type { JsonObject } from '../core/json.ts';
import type { Plugin } from '../core/plugin.ts';
import type { ContractCase } from './contract-case.ts';
import { deepFreeze } from './deep-freeze.ts';
import { type OptionsSubject, optionsContract } from './options-contract.ts';
import { tokenContract } from './token-contract.ts';
import { tokenDesk } from './token-desk.ts';

/** An auth and what its contract needs to know of it. */
export interface AuthSubject {
  /** With the names of the options that hold secrets. */
  readonly plugin: Plugin<unknown, Auth> & { readonly credentials: readonly string[] };
  readonly options: JsonObject;
  readonly refused: OptionsSubject['refused'];
  /** What the API reads as proof of who asks; `undefined` when the request holds none, or more than one. */
  readonly proofIn: (request: HttpRequest) => string | undefined;
  /** The proof that the options stand for; `undefined` when a token endpoint grants it. */
  readonly proof: string | undefined;
  /** A request that has another proof in the same place already. */
  readonly occupied: Partial<HttpRequest>;
}

const bare: HttpRequest = {
  method: 'POST',
  url: 'https://api.example.com/v1/rows?own=kept',
  headers: { 'X-Own': 'kept' },
  params: { own: 'kept' },
  json: { own: 'kept' },
};

/** What every auth must do. */
export const authContract: readonly ContractCase<AuthSubject>[] = [
  ...optionsContract,
  {
    name: 'names its secret options, and no finding quotes their values',
    run({ plugin, options, refused }) {
      for (const key of plugin.credentials) {
        const result = plugin.options.safeParse({ ...options, [key]: 17_171_717 });
        assert.ok(!result.success && !JSON.stringify(result.error.issues).includes('17171717'), key);
      }
      for (const bad of refused) {
        const findings = JSON.stringify(plugin.options.safeParse(bad.options).error?.issues);
        for (const key of plugin.credentials) {
          const value = bad.options[key];
          if (typeof value === 'string' && value.length > 3) assert.ok(!findings.includes(JSON.stringify(value).slice(1, -1)), key);
        }
      }
    },
  },
  {
    name: 'proves who asks, and keeps the rest of the request',
    async run(subject) {
      const { auth, desk } = open(subject);
      const request = await auth.apply(deepFreeze(bare), desk.context);
      assert.equal(subject.proofIn(request), wanted(subject, desk.last()));
      assert.deepEqual(
        [request.method, request.json, request.params['own'], request.headers['X-Own']],
        ['POST', bare.json, 'kept', 'kept'],
      );
      assert.ok(request.url.startsWith(bare.url));
    },
  },
  {
    name: 'replaces what stands in its place',
    async run(subject) {
      const { auth, desk } = open(subject);
      const request = await auth.apply(deepFreeze({ ...bare, ...subject.occupied }), desk.context);
      assert.equal(subject.proofIn(request), wanted(subject, desk.last()));
    },
  },
  {
    name: 'adds nothing when it is applied to its own request',
    async run(subject) {
      const { auth, desk } = open(subject);
      const once = await auth.apply(bare, desk.context);
      assert.deepEqual(await auth.apply(deepFreeze(once), desk.context), once);
    },
  },
  {
    name: 'lists the query parameters that carry credentials',
    async run(subject) {
      const { auth, desk } = open(subject);
      const request = await auth.apply(bare, desk.context);
      const added = Object.keys(request.params).filter((name) => !(name in bare.params));
      assert.deepEqual(added, auth.queryNames ?? []);
    },
  },
  {
    name: 'a refused proof that cannot be renewed is not tried again',
    applies: ({ proof }) => proof !== undefined,
    async run(subject) {
      const { auth, desk } = open(subject);
      assert.ok(!auth.rejected?.(await auth.apply(bare, desk.context)));
    },
  },
  ...tokenContract.map(({ name, run }) => ({
    name,
    applies: ({ proof }: AuthSubject) => proof === undefined,
    run: (subject: AuthSubject) => run({ create: () => open(subject).auth, proofIn: subject.proofIn }),
  })),
];

function open({ plugin, options }: AuthSubject) {
  return { auth: plugin.create(plugin.options.parse(options)), desk: tokenDesk() };
}

function wanted({ proof }: AuthSubject, granted: string | undefined): string | undefined {
  return proof ?? granted;
}
