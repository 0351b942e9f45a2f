import { DestinationError } from '../../core/errors.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { parseJson } from '../../core/parse-json.ts';
import type { FileStore } from './file-store.ts';

/** dlt's file that says that a folder is a dataset. */
const INIT = 'init';

/** The version of dlt's file layout that is written. In the first, files in gzip were not called so. */
const VERSION = 2;

/** Makes the dataset's folder with its init file, or reads the one that is there. Resolves to the version that it was made with. */
export async function openDatasetFolder(store: FileStore): Promise<number> {
  const content = await store.read(INIT);
  if (content !== undefined) return versionOf(Buffer.from(content).toString('utf8'), store.location);
  await store.write(INIT, `{"initial_version":${VERSION},"current_version":${VERSION}}`);
  return VERSION;
}

function versionOf(text: string, location: string): number {
  if (text.trim() === '') return 1;
  const document = readVersions(text);
  const initial = isJsonObject(document) ? document['initial_version'] : undefined;
  const current = isJsonObject(document) ? document['current_version'] : undefined;
  if ((initial === 1 || initial === VERSION) && current === VERSION) return initial;
  throw new DestinationError(
    'dataset_version_unknown',
    `${location}/${INIT} names a version of dlt's file layout that is not known here.`,
    {
      hint: 'Update syncline, or load into a new dataset.',
      context: { folder: location },
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
