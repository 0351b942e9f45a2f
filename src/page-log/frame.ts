import { crc32 } from 'node:zlib';

/*
 * segment  = header frame*
 * header   = magic (8 bytes) version (u32) crc32 of both (u32)
 * frame    = length of metadata (u32) length of body (u32) crc32 of both lengths, metadata and body (u32) metadata body
 *
 * All integers are little-endian. Metadata is JSON in UTF-8, the body is what an API sent.
 */

const MAGIC = Buffer.from('SYNCLOG\n', 'latin1');
/**
 * Version of the page log's format. Every older one stays readable (invariant 9).
 * 1: pages in the order of their walk. 2: pages in the order of arrival, and how many of them count.
 */
export const FORMAT_VERSION = 2;
/** Bytes before a segment's first frame. */
export const HEADER_BYTES = 16;
/** Bytes of a frame before its metadata. */
export const FRAME_HEAD_BYTES = 12;

/** What the first bytes of a segment say. */
export type HeaderVerdict = { readonly version: number } | 'torn' | 'foreign';

/** The first bytes of a segment. */
export function encodeHeader(): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(FORMAT_VERSION, 8);
  header.writeUInt32LE(crc32(header.subarray(0, 12)), 12);
  return header;
}

/** Reads the first bytes of a segment: `torn` when they were never wholly written, `foreign` when they are something else. */
export function decodeHeader(bytes: Buffer): HeaderVerdict {
  if (bytes.length < HEADER_BYTES || bytes.subarray(0, HEADER_BYTES).every((byte) => byte === 0)) return 'torn';
  if (!bytes.subarray(0, 8).equals(MAGIC)) return 'foreign';
  return crc32(bytes.subarray(0, 12)) === bytes.readUInt32LE(12) ? { version: bytes.readUInt32LE(8) } : 'torn';
}

/** A frame without its body, which follows on disk: the body is not copied. */
export function encodeFrame(metadata: string, body: Uint8Array): Buffer {
  const metadataBytes = Buffer.byteLength(metadata);
  const head = Buffer.allocUnsafe(FRAME_HEAD_BYTES + metadataBytes);
  head.writeUInt32LE(metadataBytes, 0);
  head.writeUInt32LE(body.length, 4);
  head.write(metadata, FRAME_HEAD_BYTES, 'utf8');
  head.writeUInt32LE(checksum(head, head.subarray(FRAME_HEAD_BYTES), body), 8);
  return head;
}

/** Lengths that the head of a frame promises; `undefined` where no frame can be. */
export function decodeFrameHead(head: Buffer): { readonly metadata: number; readonly body: number } | undefined {
  const metadata = head.readUInt32LE(0);
  return metadata === 0 ? undefined : { metadata, body: head.readUInt32LE(4) };
}

/** True when a frame is what was written. */
export function isWhole(head: Buffer, metadata: Buffer, body: Buffer): boolean {
  return head.readUInt32LE(8) === checksum(head, metadata, body);
}

function checksum(head: Buffer, metadata: Uint8Array, body: Uint8Array): number {
  return crc32(body, crc32(metadata, crc32(head.subarray(0, 8))));
}
