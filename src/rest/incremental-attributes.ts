/** What `{incremental.…}` placeholders can ask for. */
export const INCREMENTAL_ATTRIBUTES: readonly string[] = [
  'start_value',
  'initial_value',
  'last_value',
  'end_value',
  'cursor_path',
  'row_order',
  'lag',
  'on_cursor_value_missing',
  'range_start',
  'range_end',
];
