import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An object as it is stored. */
export interface StoredObject {
  readonly body: Buffer;
  /** When it was written last, in milliseconds. */
  readonly time: number;
}

/** The objects of a bucket by key. */
export type Bucket = Map<string, StoredObject>;

/** A request on its way to the server, for those who break it off. */
export interface Asked {
  readonly method: string;
  /** `copy` for a PUT that copies, `delete-many` for a POST that deletes, else the method in small letters. */
  readonly action: string;
  readonly key: string;
}

/** What a way to the server does with a request before it is carried out; an answer is sent in its place. */
export type Before = (asked: Asked) => Answer | undefined | Promise<Answer | undefined>;

/** What the server says. */
export interface Answer {
  readonly status: number;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A way to the server: an address of its own, so that one process can be cut off. */
export interface Line extends AsyncDisposable {
  readonly endpoint: string;
  /** Cuts all connections; nothing that comes later is carried out. */
  cut(): void;
}

/**
 * A server that speaks as much of S3 as loads and readers need, in memory. Those that can be installed are
 * not faithful where loads depend on it: pages of a list lose and repeat keys, large bodies are refused.
 */
export class S3Server {
  readonly buckets = new Map<string, Bucket>();
  /** The most keys in a page of a list. */
  pageSize = 1000;

  /** The objects of a bucket, which is made. */
  bucket(name: string): Bucket {
    const bucket = this.buckets.get(name) ?? new Map<string, StoredObject>();
    this.buckets.set(name, bucket);
    return bucket;
  }

  /** Opens a way to the server. */
  async line(before: Before = () => undefined): Promise<Line> {
    let isCut = false;
    const server = createServer((request, response) => {
      answer(request, async (body) => {
        const given = await before(askedBy(request));
        if (isCut) throw new Error('cut');
        return given ?? carryOut(this, request, body);
      }).then(
        ({ status, headers, body }) =>
          send(request, response, { status, ...(headers && { headers }), ...(body !== undefined && { body }) }),
        () => response.destroy(),
      );
    });
    // A connection that the server ends while the client uses it again is an error that no test is about.
    server.keepAliveTimeout = 0;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const cut = (): void => {
      isCut = true;
      server.close();
      server.closeAllConnections();
    };
    return { endpoint: `http://127.0.0.1:${portOf(server)}`, cut, [Symbol.asyncDispose]: async () => cut() };
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function answer(request: IncomingMessage, reply: (body: Buffer) => Promise<Answer>): Promise<Answer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return reply(Buffer.concat(parts));
}

function send(request: IncomingMessage, response: ServerResponse, { status, body = '', headers = {} }: Answer): void {
  const content = Buffer.from(body as string);
  response.writeHead(status, { 'content-length': String(content.length), ...headers });
  response.end(request.method === 'HEAD' ? undefined : content);
}

function askedBy(request: IncomingMessage): Asked {
  const method = request.method ?? '';
  const { key } = placeOf(request);
  const isCopy = request.headers['x-amz-copy-source'] !== undefined;
  return { method, key, action: isCopy ? 'copy' : method === 'POST' ? 'delete-many' : key === '' ? 'list' : method.toLowerCase() };
}

function placeOf(request: IncomingMessage): { bucket: string; key: string; query: URLSearchParams } {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const [, bucket = '', ...rest] = path.split('/');
  return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(rest.join('/')), query: new URLSearchParams(query) };
}

function carryOut(server: S3Server, request: IncomingMessage, body: Buffer): Answer {
  const { bucket: name, key, query } = placeOf(request);
  if (request.headers.authorization === undefined) return failure(403, 'AccessDenied');
  if (Buffer.byteLength(key) > 1024) return failure(400, 'KeyTooLongError');
  const sent = request.headers['x-amz-content-sha256'];
  if (typeof sent === 'string' && /^[0-9a-f]{64}$/.test(sent) && sent !== createHash('sha256').update(body).digest('hex')) {
    return failure(400, 'XAmzContentSHA256Mismatch');
  }
  const bucket = server.buckets.get(name);
  if (bucket === undefined) return failure(404, 'NoSuchBucket');
  if (key === '' && request.method === 'POST' && query.has('delete')) return deleteMany(bucket, request, body);
  if (key === '' && request.method === 'GET') return list(bucket, query, server.pageSize);
  if (key === '' && request.method === 'HEAD') return { status: 200 };
  switch (request.method) {
    case 'PUT':
      return put(server, bucket, {
        key,
        body,
        source: request.headers['x-amz-copy-source'],
        directive: request.headers['x-amz-metadata-directive'],
      });
    case 'GET':
    case 'HEAD':
      return get(bucket, key, request.headers.range);
    case 'DELETE':
      bucket.delete(key);
      return { status: 204 };
    default:
      return failure(501, 'NotImplemented');
  }
}

interface Put {
  readonly key: string;
  readonly body: Buffer;
  readonly source: string | readonly string[] | undefined;
  readonly directive: string | readonly string[] | undefined;
}

function put(server: S3Server, bucket: Bucket, { key, body, source, directive }: Put): Answer {
  if (typeof source !== 'string') {
    bucket.set(key, { body, time: Date.now() });
    return { status: 200, headers: { etag: etagOf(body) } };
  }
  const [, fromBucket = '', fromKey = ''] = /^\/?([^/]+)\/(.*)$/s.exec(decodeURIComponent(source)) ?? [];
  const from = server.buckets.get(fromBucket)?.get(fromKey);
  if (from === undefined) return failure(404, 'NoSuchKey');
  if (from === bucket.get(key) && directive !== 'REPLACE') return failure(400, 'InvalidRequest');
  bucket.set(key, { body: from.body, time: Date.now() });
  return xml(
    `<CopyObjectResult><ETag>${etagOf(from.body)}</ETag><LastModified>${new Date().toISOString()}</LastModified></CopyObjectResult>`,
  );
}

function get(bucket: Bucket, key: string, range: string | undefined): Answer {
  const object = bucket.get(key);
  if (object === undefined) return failure(404, 'NoSuchKey');
  const headers = { etag: etagOf(object.body), 'last-modified': new Date(object.time).toUTCString() };
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (from === undefined) return { status: 200, body: object.body, headers };
  const last = Math.min(to ? Number(to) : Infinity, object.body.length - 1);
  return {
    status: 206,
    body: object.body.subarray(Number(from), last + 1),
    headers: { ...headers, 'content-range': `bytes ${from}-${last}/${object.body.length}` },
  };
}

function deleteMany(bucket: Bucket, request: IncomingMessage, body: Buffer): Answer {
  if (request.headers['content-md5'] !== createHash('md5').update(body).digest('base64')) return failure(400, 'InvalidDigest');
  const keys = [...body.toString('utf8').matchAll(/<Key>(.*?)<\/Key>/gs)].map(([, key = '']) => unescapeXml(key));
  if (keys.length > 1000) return failure(400, 'MalformedXML');
  for (const key of keys) bucket.delete(key);
  return xml('<DeleteResult></DeleteResult>');
}

/** Keys in the order of their bytes. */
function list(bucket: Bucket, query: URLSearchParams, pageSize: number): Answer {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const most = Math.min(Number(query.get('max-keys') ?? 1000), pageSize);
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64').toString('utf8');
  const sorted = [...bucket.keys()]
    .filter((key) => key.startsWith(prefix))
    .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const entries = new Map<string, string>();
  let last = after;
  let isTruncated = false;
  for (const key of sorted) {
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const entry = cut < 0 ? key : key.slice(0, cut + delimiter.length);
    if (Buffer.compare(Buffer.from(entry), Buffer.from(after)) <= 0 || entries.has(entry)) continue;
    if (entries.size === most) {
      isTruncated = true;
      break;
    }
    last = entry;
    const { body, time } = bucket.get(key) as StoredObject;
    entries.set(
      entry,
      cut < 0
        ? `<Contents><Key>${escapeXml(key)}</Key><LastModified>${new Date(time).toISOString()}</LastModified><ETag>${escapeXml(etagOf(body))}</ETag><Size>${body.length}</Size></Contents>`
        : `<CommonPrefixes><Prefix>${escapeXml(entry)}</Prefix></CommonPrefixes>`,
    );
  }
  const next = isTruncated ? `<NextContinuationToken>${Buffer.from(last).toString('base64')}</NextContinuationToken>` : '';
  return xml(
    `<ListBucketResult><IsTruncated>${isTruncated}</IsTruncated><KeyCount>${entries.size}</KeyCount>${next}${[...entries.values()].join('')}</ListBucketResult>`,
  );
}

const etagOf = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`;

/** What S3 answers when it refuses something. */
export function failure(status: number, code: string, more = ''): Answer {
  return { ...xml(`<Error><Code>${code}</Code><Message>${code} it is</Message>${more}<RequestId>1</RequestId></Error>`), status };
}

function xml(content: string): Answer {
  return { status: 200, body: `<?xml version="1.0" encoding="UTF-8"?>\n${content}`, headers: { 'content-type': 'application/xml' } };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|(\w+));/gi, (whole, hex?: string, name = '') =>
    hex === undefined ? (ENTITIES[name as string] ?? whole) : String.fromCodePoint(Number.parseInt(hex, 16)),
  );
}
