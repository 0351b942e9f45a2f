import assert from 'node:assert/strict';
import { z } from 'zod';
import type { JsonObject } from '../core/json.ts';
import type { Plugin } from '../core/plugin.ts';
import type { ContractCase } from './contract-case.ts';

/** A plug-in and configurations of it. */
export interface OptionsSubject {
  readonly plugin: Plugin<unknown, unknown>;
  /** Options that are valid. */
  readonly options: JsonObject;
  /** Options that must be refused, each with the key that the finding is at (`''`: the options as a whole). */
  readonly refused: readonly { readonly options: JsonObject; readonly at: string }[];
}

/** What every plug-in's `options` must do. */
export const optionsContract: readonly ContractCase<OptionsSubject>[] = [
  {
    name: 'takes valid options',
    run({ plugin, options }) {
      assert.ok(plugin.options.safeParse(options).success);
    },
  },
  {
    name: 'refuses an unknown option',
    run({ plugin, options }) {
      const result = plugin.options.safeParse({ ...options, no_such_option: 1 });
      assert.equal(result.error?.issues[0]?.code, 'unrecognized_keys');
    },
  },
  {
    name: 'refuses bad options, saying at which key',
    run({ plugin, refused }) {
      for (const { options, at } of refused) {
        const result = plugin.options.safeParse(options);
        const keys = result.error?.issues.map((issue) => String(issue.path[0] ?? ''));
        assert.ok(keys?.includes(at), `${JSON.stringify(options)}: findings at ${JSON.stringify(keys)}, wanted ${at}`);
      }
    },
  },
  {
    name: 'describes itself and every option',
    run({ plugin }) {
      const schema = z.toJSONSchema(plugin.options, { io: 'input' });
      assert.ok(schema.description, 'the options as a whole');
      for (const [key, option] of Object.entries(schema.properties ?? {})) {
        assert.ok(typeof option === 'object' && option.description, key);
      }
    },
  },
];
