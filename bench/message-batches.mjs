// Rows of the demo's shape, a message with three nested tables, as column batches: what normalize would make.
export const PER_BATCH = 8192;

const column = (name, data_type, extra = {}) => [name, { name, data_type, nullable: true, ...extra }];
const rowId = column('_dlt_id', 'text', { nullable: false, unique: true, row_key: true });
const nestedKeys = [
  column('_dlt_root_id', 'text', { nullable: false, root_key: true }),
  column('_dlt_parent_id', 'text', { nullable: false, parent_key: true }),
  column('_dlt_list_idx', 'bigint', { nullable: false }),
  rowId,
];
const rootOf = (disposition) => ({
  name: 'messages',
  write_disposition: disposition,
  resource: 'messages',
  columns: Object.fromEntries([
    column('id', 'text', { nullable: false, primary_key: true }),
    ...['subject', 'body', 'thread_id', 'from__email', 'from__name', 'status', 'channel', 'language'].map((name) => column(name, 'text')),
    column('created_at', 'timestamp'),
    column('updated_at', 'timestamp'),
    column('size', 'bigint'),
    column('score', 'double'),
    column('is_read', 'bool'),
    column('_dlt_load_id', 'text', { nullable: false }),
    rowId,
  ]),
});
const nested = [
  ['messages__to', ['email', 'name'], 2],
  ['messages__attachments', ['file_name', 'content_type'], 1],
  ['messages__tags', ['value'], 1.5],
].map(([name, texts, perMessage]) => ({
  perMessage,
  table: { name, parent: 'messages', columns: Object.fromEntries([...texts.map((text) => column(text, 'text')), ...nestedKeys]) },
}));

/** The four tables, and how many rows each has for a message. */
export const messageTables = (disposition) => [{ table: rootOf(disposition), perMessage: 1 }, ...nested];

/** Batches of all tables for some thousand messages at a time, the first of which has the number `shift`. */
export function* messageBatches(tables, { messages, shift }) {
  for (let first = 0; first < messages; first += PER_BATCH) {
    const count = Math.min(PER_BATCH, messages - first);
    yield tables.map(({ table, perMessage }) => batch(table, Math.floor(count * perMessage), Math.floor((first + shift) * perMessage)));
  }
}

/** The rows of one batch: texts differ a row, ids are random-like. */
function batch(table, rows, first) {
  const columns = Object.values(table.columns).map((schema) => {
    if (schema.data_type === 'double')
      return { schema, data: { kind: 'double', values: Float64Array.from({ length: rows }, (_, i) => (first + i) / 7) } };
    if (schema.data_type === 'bool') return { schema, data: { kind: 'bool', values: Uint8Array.from({ length: rows }, (_, i) => i & 1) } };
    if (schema.data_type !== 'text')
      return {
        schema,
        data: {
          kind: 'int64',
          values: new Uint32Array(BigInt64Array.from({ length: rows }, (_, i) => BigInt(first + i) * 1_000_003n).buffer),
        },
      };
    const heap = [];
    const views = new Uint32Array(rows * 2);
    let at = 0;
    for (let i = 0; i < rows; i += 1) {
      const key = (Math.imul(first + i, 2_654_435_761) >>> 0).toString(36).padStart(7, '0');
      const text = schema.name.startsWith('_dlt')
        ? `${key}${key}`
        : schema.name === 'body'
          ? `${key} ${'lorem ipsum dolor '.repeat(20)}`
          : `${schema.name} ${schema.name === 'id' ? first + i : key}`;
      heap.push(text);
      views[i * 2] = at;
      views[i * 2 + 1] = text.length;
      at += text.length;
    }
    return { schema, data: { kind: 'bytes', views, heap: Buffer.from(heap.join('')) } };
  });
  return { table: table.name, rowCount: rows, columns: columns.map((c) => ({ validity: undefined, ...c })) };
}
