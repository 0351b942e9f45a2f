import type { S3 } from '@aws-sdk/client-s3';
import { DestinationError } from '../../core/errors.ts';

/** The class of the driver's clients. */
export type ClientClass = typeof S3;

/** Loads the driver, which is installed by those who load into object storage only. */
export async function loadDriver(
  importing: () => Promise<{ readonly S3: ClientClass }> = () => import('@aws-sdk/client-s3'),
): Promise<ClientClass> {
  try {
    return (await importing()).S3;
  } catch (cause) {
    throw new DestinationError('driver_missing', 'Loading into S3 needs the package @aws-sdk/client-s3, which is not installed.', {
      hint: 'Run npm install @aws-sdk/client-s3',
      cause,
    });
  }
}
