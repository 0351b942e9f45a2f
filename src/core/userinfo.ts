/** User name and password that an address holds, decoded. */
export interface Userinfo {
  readonly username: string;
  readonly password: string;
}

/** What stands between an address's scheme and its last `@` before the path. */
const USERINFO = /^([a-z][a-z0-9+.-]*:[/\\]{2})([^/?#\\]*)@/i;

/** Reads user name and password out of an address; `undefined` when there are none, or it is no address. */
export function userinfoOf(address: string): Userinfo | undefined {
  const [, , text] = USERINFO.exec(address) ?? [];
  if (text === undefined || text === '') return undefined;
  const colon = text.indexOf(':');
  const [username, password] = colon === -1 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
  return { username: decoded(username), password: decoded(password) };
}

/** An address without user name and password. */
export function withoutUserinfo(address: string): string {
  return address.replace(USERINFO, '$1');
}

/** The secrets among user name and password: with an empty password, the name is the key. */
export function userinfoSecrets(address: string): readonly string[] {
  const found = userinfoOf(address);
  if (found === undefined) return [];
  const encoded = Buffer.from(`${found.username}:${found.password}`).toString('base64');
  return [found.password === '' ? found.username : found.password, encoded];
}

/** A stray `%` stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'));
  } catch {
    return text;
  }
}
