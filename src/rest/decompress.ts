import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { ResponseError } from '../core/errors.ts';
import { type Place, placeContext, where } from './place.ts';

type Unpack = (body: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

/** Only newer versions of Node have it. */
const zstd = (zlib as { readonly zstdDecompress?: typeof zlib.brotliDecompress }).zstdDecompress;

const UNPACK: Readonly<Record<string, Unpack>> = {
  gzip: promisify(zlib.gunzip),
  'x-gzip': promisify(zlib.gunzip),
  // Some servers send the bare stream under this name: the header of a zlib stream tells them apart.
  deflate: (body, options) => promisify(((body[0] as number) & 0x0f) === 8 ? zlib.inflate : zlib.inflateRaw)(body, options),
  br: promisify(zlib.brotliDecompress),
  ...(zstd ? { zstd: promisify(zstd) } : {}),
};

/** The value of `Accept-Encoding`: what {@link decompress} can read. */
export const ACCEPTED_ENCODINGS = ['gzip', 'deflate', 'br', ...(zstd ? ['zstd'] : [])].join(', ');

/** More layers than this are a mistake or an attack. */
const MAX_LAYERS = 3;
/** Up to this size any ratio is harmless. */
const FREE_BYTES = 32 * 1024 * 1024;
/** JSON compresses some 10 times, repetitive JSON some 100 times. */
const MAX_RATIO = 1000;

/** A body that ended before it was complete: asking again may help. */
export class CutShort extends Error {
  override readonly name = 'CutShort';
}

/** What {@link decompress} has to know of a response. */
export interface CompressedBody {
  readonly contentEncoding: string | undefined;
  readonly maxBytes: number;
  readonly place: Place;
}

/**
 * Undoes `Content-Encoding`. `maxBytes` bounds what comes out, and the ratio of out to in is bounded
 * too. Rejects with a ResponseError, or with {@link CutShort}.
 */
export async function decompress(body: Uint8Array, about: CompressedBody): Promise<Uint8Array> {
  const layers = (about.contentEncoding ?? '').split(',').map((name) => name.trim().toLowerCase());
  const packed = layers.filter((name) => name !== '' && name !== 'identity');
  if (packed.length === 0 || body.length === 0) return body;
  if (packed.length > MAX_LAYERS) throw unreadable(about, 'in too many layers');
  let out = body;
  for (const name of packed.toReversed()) {
    const unpack = UNPACK[name];
    if (!unpack) throw unreadable(about, 'which syncline cannot read');
    const maxOutputLength = Math.min(about.maxBytes, Math.max(FREE_BYTES, body.length * MAX_RATIO));
    try {
      out = await unpack(out, { maxOutputLength });
    } catch (error) {
      throw unpackError(error, about, maxOutputLength);
    }
  }
  return out;
}

function unreadable(about: CompressedBody, why: string): ResponseError {
  return new ResponseError(
    'content_encoding',
    `${where(about.place)} sent its body as "Content-Encoding: ${about.contentEncoding}", ${why}.`,
    {
      hint: 'Ask for a plain body with the header "Accept-Encoding: identity" in client.headers.',
      context: placeContext(about.place),
    },
  );
}

function unpackError(error: unknown, about: CompressedBody, maxOutputLength: number): Error {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'Z_BUF_ERROR') return new CutShort('the compressed body was cut short');
  if (code !== 'ERR_BUFFER_TOO_LARGE') return unreadable(about, 'but its bytes are something else');
  if (maxOutputLength === about.maxBytes) return bodyTooLarge(about.place, about.maxBytes);
  return new ResponseError(
    'decompression_bomb',
    `${where(about.place)} sent a body that decompresses to more than ${MAX_RATIO} times its size.`,
    {
      hint: 'If you trust the API, ask for a plain body with the header "Accept-Encoding: identity" in client.headers.',
      context: placeContext(about.place),
    },
  );
}

/** The error of a body over `client.max_body_bytes`. */
export function bodyTooLarge(place: Place, maxBytes: number): ResponseError {
  return new ResponseError('body_too_large', `${where(place)} sent more than ${maxBytes} bytes, the limit of client.max_body_bytes.`, {
    hint: 'Ask for smaller pages, or raise client.max_body_bytes.',
    context: placeContext(place),
  });
}
