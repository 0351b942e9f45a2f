import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../core/errors.ts';
import { guardBucket, isPassing } from './failure.ts';

const failureWith = (members: object): Error => Object.assign(new Error('it says'), members);

describe('failures of object storage', () => {
  it.each<[object, string, boolean]>([
    [{ name: 'TimeoutError', $metadata: { attempts: 3 } }, 's3_unreachable', true],
    [{ code: 'ENOTFOUND', $metadata: { attempts: 3 } }, 's3_unreachable', true],
    [{ code: 'EAI_AGAIN' }, 's3_unreachable', true],
    [{ code: 'CERT_HAS_EXPIRED' }, 's3_tls_failed', false],
    [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 's3_tls_failed', false],
    [{ code: 'HPE_INVALID_CONSTANT' }, 'endpoint_not_s3', false],
    [{ name: 'CredentialsProviderError' }, 's3_credentials_missing', false],
    [{ name: 'CredentialsProviderError', message: 'The SSO session of this profile has expired.' }, 's3_credentials_expired', false],
    [{ name: 'Unknown', $metadata: { httpStatusCode: 503 } }, 's3_throttled', true],
    [{ name: 'Unknown', $metadata: { httpStatusCode: 401 } }, 's3_credentials_invalid', false],
    [{ name: 'KeyTooLongError' }, 'file_name_too_long', false],
    [{ code: 'ENOSPC' }, 'disk_full', false],
  ])('are explained: %j', async (members, code, passes) => {
    const failure = failureWith(members);
    await expect(guardBucket('s3://lake', () => Promise.reject(failure))).rejects.toMatchObject({ name: 'DestinationError', code });
    expect(isPassing(failure)).toBe(passes);
  });

  it('lets errors of a user through', async () => {
    const error = new ConfigError('file_format_unknown', 'x', { hint: 'y' });
    await expect(guardBucket('s3://lake', () => Promise.reject(error))).rejects.toBe(error);
  });
});
