import { createHash } from 'node:crypto';
import type { S3 } from '@aws-sdk/client-s3';

/**
 * Puts an MD5 on requests that delete many objects, in place of the SDK's newer checksums: these requests
 * need one, and older servers know no other. Amazon takes both.
 */
export function addMd5ToDeletes(client: S3): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const { request } = args;
      if (context['commandName'] !== 'DeleteObjectsCommand' || !isRequest(request)) return next(args);
      for (const name of Object.keys(request.headers)) if (/^x-amz-(?:sdk-)?checksum-/i.test(name)) delete request.headers[name];
      request.headers['content-md5'] = createHash('md5').update(request.body).digest('base64');
      return next(args);
    },
    // Before the request is signed.
    { step: 'build', priority: 'low', name: 'md5OfDeletes' },
  );
}

interface DeleteRequest {
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
}

function isRequest(request: unknown): request is DeleteRequest {
  return typeof request === 'object' && request !== null && 'headers' in request && 'body' in request;
}
