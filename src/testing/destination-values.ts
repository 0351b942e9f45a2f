import assert from 'node:assert/strict';
import { SynclineError } from '../core/errors.ts';
import type { ColumnSchema } from '../core/schema.ts';
import { batchOf, type CellValue } from './batch-of.ts';
import { columns, DATASET, rootTable, type Scene } from './destination-scene.ts';

/** What is special about a column, and values for it, each with what `read` may tell of it. */
export interface ColumnValues {
  readonly column: Omit<ColumnSchema, 'name'>;
  readonly values: readonly (readonly [value: CellValue, ...read: readonly (string | null)[]])[];
  /** True when a text that is read says what was to be read; it must be the same text when this is left out. */
  readonly says?: (read: string, wanted: string) => boolean;
}

/** Values that are read as they are printed. */
export function printed(column: ColumnValues['column'], values: readonly (string | number | bigint | boolean)[]): ColumnValues {
  return { column, values: values.map((value) => [value, String(value)] as const) };
}

/**
 * Loads columns side by side, a value of each a row and nulls below the shorter ones, and compares what
 * is read. Merged rows take another way in than appended ones: both are gone.
 */
export async function assertKept(scene: Scene, all: Readonly<Record<string, ColumnValues>>): Promise<void> {
  const longest = Math.max(...Object.values(all).map(({ values }) => values.length));
  const data = columns(Object.fromEntries(Object.entries(all).map(([name, { column }]) => [name, column])));
  const canMerge = scene.place.destination.capabilities.mergeStrategies.includes('delete-insert');
  for (const disposition of canMerge ? (['append', 'merge'] as const) : (['append'] as const)) {
    const table = rootTable(`${disposition}_values`, structuredClone(data), { write_disposition: disposition });
    const rows = Array.from({ length: longest + 1 }, (_, i) => ({
      ...Object.fromEntries(Object.entries(all).map(([name, { values }]) => [name, values[i]?.[0]])),
      _dlt_load_id: disposition,
      _dlt_id: String(i).padStart(4, '0'),
    }));
    await scene.load({ id: disposition, tables: [table], rows: { [table.name]: rows } });
    const stored = (await scene.place.read(DATASET, table.name))?.rows ?? [];
    const inOrder = stored.toSorted((a, b) => ((a['_dlt_id'] ?? '') < (b['_dlt_id'] ?? '') ? -1 : 1));
    assert.equal(inOrder.length, rows.length);
    for (const [name, { values, says }] of Object.entries(all)) {
      const got = inOrder.map((row) => row[name] ?? null);
      const want = got.map((read, i) => {
        const [, ...accepted] = values[i] ?? [undefined, null];
        const isRight = accepted.some((each) => each === read || (each !== null && read !== null && says?.(read, each) === true));
        return isRight ? read : accepted[0];
      });
      assert.deepEqual(got, want, `${name}, ${disposition}`);
    }
  }
}

/**
 * Loads values that a column may be too narrow for. Each is kept as it is read, or the load is refused with
 * an error that names the column, or at least the table, and not the value, and leaves nothing.
 */
export async function assertKeptOrRefused(scene: Scene, all: Readonly<Record<string, ColumnValues>>): Promise<void> {
  let count = 0;
  for (const [name, { column, values }] of Object.entries(all)) {
    for (const [value, ...accepted] of values) {
      count += 1;
      const table = rootTable(`t_${count}`, columns({ id: { data_type: 'bigint' }, [name]: column }));
      const load = await scene.begin(`load_${count}`);
      try {
        await scene.declare(load, table);
        await load.write(
          batchOf(
            table,
            [1, 2].map((id) => ({ id, [name]: id === 1 ? value : null, _dlt_load_id: 'l', _dlt_id: `${id}` })),
          ),
        );
        await load.commit({ schema: scene.settle(), state: undefined });
      } catch (error) {
        await load.rollback();
        delete scene.schema.tables[table.name];
        assert.ok(
          error instanceof SynclineError && (error.message.includes(name) || error.message.includes(table.name)),
          `${name} of ${String(value)}: ${String(error)}`,
        );
        assert.ok(String(value).length < 4 || !error.message.includes(String(value)), `${error.message} tells the value`);
        assert.equal(await scene.place.read(DATASET, table.name), undefined);
        continue;
      }
      const stored = (await scene.place.read(DATASET, table.name))?.rows.map((row) => row[name] ?? null);
      const ofValue = stored?.find((each) => each !== null) ?? null;
      assert.equal(stored?.length, 2);
      assert.ok(accepted.includes(ofValue), `${name}: ${String(value)} became ${ofValue}`);
    }
  }
}
