/** Column of a staged table that numbers its rows in the order in which they came. */
export const STAGE_ROW = '_syncline_row';

/** Column of a staged table that has the numbers of `ColumnBatch.roots`. */
export const STAGE_ROOT = '_syncline_root';
