/** True for an absolute http address, which `base_url` is not put before. */
export function isAbsoluteUrl(path: string): boolean {
  return /^https?:/i.test(path);
}
