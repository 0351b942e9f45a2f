import { expect, it } from 'vitest';
import { loadDriver } from './driver.ts';

it('says how to install the driver', async () => {
  await expect(loadDriver(() => Promise.reject(new Error('not found')))).rejects.toMatchObject({
    name: 'DestinationError',
    code: 'driver_missing',
    hint: 'Run npm install @aws-sdk/client-s3',
  });
});
