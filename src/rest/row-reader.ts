import { compileJsonPath } from '../core/jsonpath.ts';
import type { Json } from '../core/json.ts';
import type { RowReader, WalkPlan } from '../core/source.ts';
import { selectRows } from './data-selector.ts';
import { documentOf } from './decoded-page.ts';
import { includeInRows } from './include-from-parent.ts';
import { createCursorFilter } from './incremental-filter.ts';
import type { IncrementalOptions } from './incremental-options.ts';
import type { RunSteps } from './processing-steps.ts';

/** What a resource does to the rows of its pages. */
export interface ReaderSetup {
  readonly resource: string;
  readonly steps: RunSteps | undefined;
  readonly incremental: IncrementalOptions | undefined;
}

/** Makes the reader of one walk: it selects, includes, runs the steps and filters, in dlt's order. `snapshot` is an earlier reader's. */
export function createRowReader({ resource, steps, incremental }: ReaderSetup, plan: WalkPlan, snapshot?: Json): RowReader {
  const { include, incremental: bounds, parentKey } = plan;
  const filter = incremental && bounds ? createCursorFilter({ options: incremental, bounds, resource, snapshot }) : undefined;
  return {
    read(page) {
      const { rows: selected } = selectRows(documentOf(page), compileJsonPath(page.selector));
      if (include) includeInRows(selected, include, resource);
      const rows = steps ? steps(selected) : selected;
      return filter ? rows.filter((row) => filter.keep(row)) : rows;
    },
    get exhausted() {
      return filter?.exhausted ?? false;
    },
    progress() {
      const moved = filter?.progress();
      return moved && { incremental: moved, ...(parentKey === undefined ? {} : { parentKey }) };
    },
    snapshot: () => filter?.snapshot(),
  };
}
