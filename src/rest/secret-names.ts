/** Names that stand for credentials and for nothing else. */
const CERTAIN =
  /^(?:x[_-])?(?:(?:api|app|user|access|private|subscription|consumer|signing|account|auth)[_-]?(?:key|token|secret)|(?:refresh|id|bearer|session|security|oauth|csrf)[_-]?token|client[_-]?secret|h?api[_-]?key|ocp-apim-subscription-key|secret(?:[_-]?key)?|password|passwd|passphrase|pwd|authorization|credentials?|jwt|bearer|signature|(?:amz|goog)-(?:signature|credential|security-token))$/i;
/** Names that others use too: `key` may be a column to sort by. */
const POSSIBLE = /^(?:key|token|auth|sig|hmac|sid|session(?:[_-]?(?:id|key))?)$/i;

/** True for names of parameters whose values are never shown. */
export function isSecretName(name: string): boolean {
  return isCredentialName(name) || POSSIBLE.test(lastWord(name));
}

/** True for names of parameters and fields that hold a credential, whatever the value looks like. */
export function isCredentialName(name: string): boolean {
  return CERTAIN.test(lastWord(name));
}

/** `token` of `token[]` and of `auth[token]`. */
function lastWord(name: string): string {
  return /([^[\]]+)[[\]]*$/.exec(name)?.[1] ?? name;
}
