import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DestinationError } from '../../core/errors.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { parseJson } from '../../core/parse-json.ts';
import { makeFolder, moveDurably, unlessMissing, writeDurably } from './durable-files.ts';

/** dlt's file that says that a folder is a dataset. */
const INIT = 'init';

/** The version of dlt's file layout that is written. In the first, files in gzip were not called so. */
const VERSION = 2;

/** Makes the dataset's folder with its init file, or reads the one that is there. Resolves to the version that it was made with. */
export async function openDatasetFolder(root: string): Promise<number> {
  const path = join(root, INIT);
  const text = await unlessMissing(readFile(path, 'utf8'));
  if (text !== undefined) return versionOf(text, root);
  await makeFolder(root);
  const draft = join(root, `.${INIT}-${process.pid}`);
  await writeDurably(draft, `{"initial_version":${VERSION},"current_version":${VERSION}}`);
  await moveDurably([[draft, path]]);
  return VERSION;
}

function versionOf(text: string, root: string): number {
  if (text.trim() === '') return 1;
  const document = readVersions(text);
  const initial = isJsonObject(document) ? document['initial_version'] : undefined;
  const current = isJsonObject(document) ? document['current_version'] : undefined;
  if ((initial === 1 || initial === VERSION) && current === VERSION) return initial;
  throw new DestinationError(
    'dataset_version_unknown',
    `${join(root, INIT)} names a version of dlt's file layout that is not known here.`,
    {
      hint: 'Update syncline, or load into a new dataset.',
      context: { folder: root },
    },
  );
}

function readVersions(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    // Not JSON: another version, whatever it is.
    return undefined;
  }
}
