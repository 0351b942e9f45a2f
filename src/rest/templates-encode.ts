/** Characters that may stand in a segment of a path as they are (RFC 3986, `pchar`). */
const IN_PATH = /%(?:3A|40|24|26|2B|2C|3B|3D)/g;
/** Characters that may stand in the value of a query parameter as they are. */
const IN_QUERY = /%(?:3A|40|24|2C|3B|2F)/g;

/** A value as one segment of a path, or a part of one: a slash in it starts no new segment. */
export function encodePathValue(value: string): string {
  return encode(value).replace(IN_PATH, decodeURIComponent);
}

/** A value in the query that a path may end with. */
export function encodeQueryValue(value: string): string {
  return encode(value).replace(IN_QUERY, decodeURIComponent);
}

/** True for an address or an absolute path, as rows hold them to link to other resources. */
export function isAddress(value: string): boolean {
  return /^(?:https?:\/\/|\/)/i.test(value);
}

function encode(value: string): string {
  return encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\u{fffd}'));
}
