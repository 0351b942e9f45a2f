import { blockField, type BlockField, type Field } from './binary-fields.ts';

/** Rows that are measured together. */
const BLOCK_ROWS = 2048;
/** Bytes of a chunk; a row that is longer has one of its own. */
const CHUNK_BYTES = 256 * 1024;
/** `d` and the length: every chunk is a whole message of the protocol. */
const MESSAGE_HEAD = 5;
const COPY_DATA = 0x64;
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Signature, flags, length of the extension. */
const FILE_HEAD = SIGNATURE.length + 8;
const FILE_END = 2;

/** What is encoded, and who is told of a value that does not fit its column. */
export interface BinaryRows {
  readonly fields: readonly Field[];
  readonly rowCount: number;
  readonly refuse: (column: string) => Error;
}

/** The rows of a batch as CopyData messages in the binary format of COPY, header and trailer included. */
export function* binaryRows({ fields, rowCount, refuse }: BinaryRows): Generator<Buffer> {
  yield message(FILE_HEAD, (bytes, at) => SIGNATURE.copy(bytes.fill(0, at), at));
  const sizes = new Uint32Array(BLOCK_ROWS);
  for (let start = 0; start < rowCount; start += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, rowCount - start);
    const columns = fields.map((field) => blockField(field, { start, count }));
    sizes.fill(2);
    for (const column of columns) column.measure(sizes);
    for (let from = 0; from < count; ) {
      let bytes = sizes[from] as number;
      let to = from + 1;
      while (to < count && bytes + (sizes[to] as number) <= CHUNK_BYTES) {
        bytes += sizes[to] as number;
        to += 1;
      }
      yield chunkOf(columns, { sizes, from, to, bytes, wrong: (column) => refuse(fields[column]?.column.schema.name ?? '') });
      from = to;
    }
  }
  yield message(FILE_END, (bytes, at) => bytes.writeInt16BE(-1, at));
}

interface ChunkPlan {
  readonly sizes: Uint32Array;
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
  readonly wrong: (column: number) => Error;
}

/** Writes rows column by column: each is a loop over values of one kind. */
function chunkOf(columns: readonly BlockField[], { sizes, from, to, bytes, wrong }: ChunkPlan): Buffer {
  return message(bytes, (target, first) => {
    const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
    const at = new Uint32Array(to);
    for (let row = from, position = first; row < to; row += 1) {
      view.setInt16(position, columns.length);
      at[row] = position + 2;
      position += sizes[row] as number;
    }
    columns.forEach((column, index) => {
      if (column.write({ bytes: target, view, at }, from, to) !== undefined) throw wrong(index);
    });
  });
}

function message(length: number, fill: (bytes: Buffer, at: number) => void): Buffer {
  const bytes = Buffer.allocUnsafeSlow(MESSAGE_HEAD + length);
  bytes[0] = COPY_DATA;
  bytes.writeInt32BE(length + 4, 1);
  fill(bytes, MESSAGE_HEAD);
  return bytes;
}
