import { looksRandom } from '../core/is-distinctive.ts';
import { isJsonObject, type Json } from '../core/json.ts';
import type { Secrets } from '../core/secret.ts';
import { userinfoSecrets } from '../core/userinfo.ts';
import { addHeaderSecrets } from './credentials.ts';
import type { EndpointSetup, ResolvedConfig } from './resolved-config.ts';
import { isCredentialName, isSecretName } from './secret-names.ts';

/** A shorter value under a name that may stand for something else may be a word. */
const SHORTEST = 8;

/** Makes known what is secret in a configuration: by its place or, in headers, parameters and bodies, by its name. */
export function addConfigSecrets({ client, resources, secrets: known }: ResolvedConfig, secrets: Secrets): void {
  for (const credential of known.credentials) secrets.addCredential(credential);
  for (const identifier of known.identifiers) secrets.add(identifier);
  addHeaderSecrets(client.headers, secrets);
  for (const setup of resources) if (setup.kind === 'endpoint') addRequestSecrets(setup.request, secrets);
}

function addRequestSecrets({ path, headers, params, json, data }: EndpointSetup['request'], secrets: Secrets): void {
  for (const secret of userinfoSecrets(unescaped(path.text))) secrets.addCredential(secret);
  addHeaderSecrets(Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value && unescaped(value)])), secrets);
  const pairs = Array.isArray(data) ? (data as readonly (readonly [string, Json])[]) : [];
  for (const [name, value] of pairs) addNamed(name, value, secrets);
  const objects = [params, json, data];
  for (const object of objects) if (isJsonObject(object)) addFields(object, secrets);
}

function addFields(value: Json, secrets: Secrets): void {
  if (Array.isArray(value)) for (const item of value) addFields(item, secrets);
  else if (isJsonObject(value)) for (const [name, item] of Object.entries(value)) addNamed(name, item, secrets);
}

function addNamed(name: string, value: Json, secrets: Secrets): void {
  if (typeof value !== 'string') return addFields(value, secrets);
  if (!isSecretName(name)) return;
  const text = unescaped(value);
  if (isCredentialName(name) || looksRandom(text)) secrets.addCredential(text);
  else if (text.length >= SHORTEST) secrets.add(text);
}

/** Templates double their braces. */
function unescaped(template: string): string {
  return template.replaceAll('{{', '{').replaceAll('}}', '}');
}
