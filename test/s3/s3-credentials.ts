/** Credentials for the SDK, which looks nowhere else then, and tries nothing twice. */
export function setS3Credentials(): void {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'AKIATESTTESTTEST0000',
    AWS_SECRET_ACCESS_KEY: 'the-secret-key-of-the-tests',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_MAX_ATTEMPTS: '1',
  });
  for (const name of ['AWS_SESSION_TOKEN', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3']) {
    delete process.env[name];
  }
}
