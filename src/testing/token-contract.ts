import assert from 'node:assert/strict';
import type { Auth } from '../core/auth.ts';
import { AuthError } from '../core/errors.ts';
import type { HttpRequest } from '../core/http.ts';
import type { ContractCase } from './contract-case.ts';
import { tokenDesk } from './token-desk.ts';

/** An auth that gets its tokens from a token endpoint. */
export interface TokenSubject {
  readonly create: () => Auth;
  readonly proofIn: (request: HttpRequest) => string | undefined;
}

const request: HttpRequest = { method: 'GET', url: 'https://api.example.com/v1/rows', headers: {}, params: {} };

/** What every auth that asks for tokens must do. */
export const tokenContract: readonly ContractCase<TokenSubject>[] = [
  {
    name: 'asks once for requests side by side',
    async run({ create, proofIn }) {
      const auth = create();
      const desk = tokenDesk();
      const sent = await Promise.all(Array.from({ length: 8 }, async () => auth.apply(request, desk.context)));
      assert.equal(desk.requests.length, 1);
      assert.deepEqual(sent.map(proofIn), Array(8).fill(desk.last()));
    },
  },
  {
    name: 'keeps a token while it is good, and asks again before it expires',
    async run({ create, proofIn }) {
      const auth = create();
      const desk = tokenDesk();
      await auth.apply(request, desk.context);
      desk.pass(60);
      await auth.apply(request, desk.context);
      assert.equal(desk.requests.length, 1);
      desk.pass(39);
      assert.equal(proofIn(await auth.apply(request, desk.context)), desk.last());
      assert.equal(desk.requests.length, 2);
    },
  },
  {
    name: 'asks again when the API refuses the token',
    async run({ create, proofIn }) {
      const auth = create();
      const desk = tokenDesk();
      const refused = await auth.apply(request, desk.context);
      assert.equal(auth.rejected?.(refused), true);
      assert.equal(proofIn(await auth.apply(request, desk.context)), desk.last());
      assert.equal(desk.requests.length, 2);
    },
  },
  {
    name: 'keeps a new token when the API refuses the old one once more',
    async run({ create, proofIn }) {
      const auth = create();
      const desk = tokenDesk();
      const refused = await auth.apply(request, desk.context);
      auth.rejected?.(refused);
      await auth.apply(request, desk.context);
      assert.equal(auth.rejected?.(refused), true);
      assert.equal(proofIn(await auth.apply(request, desk.context)), desk.last());
      assert.equal(desk.requests.length, 2);
    },
  },
  {
    name: 'makes every token a secret',
    async run({ create }) {
      const desk = tokenDesk();
      await create().apply(request, desk.context);
      assert.ok(desk.secrets.has(desk.last() as string));
    },
  },
  {
    name: 'says so when the token endpoint gives no token, and asks again for the next request',
    async run({ create, proofIn }) {
      const auth = create();
      const closed = tokenDesk(() => ({ scope: 'read' }));
      await assert.rejects(async () => auth.apply(request, closed.context), AuthError);
      const desk = tokenDesk();
      assert.equal(proofIn(await auth.apply(request, desk.context)), desk.last());
    },
  },
];
