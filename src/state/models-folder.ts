/** A model in files that the person chose or dropped: finds its model.json and what lies beside it. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../core/failure.ts';

export interface FolderFile {
  /** With the folders above it, e.g. `stick/models/house-slm/model.json`. */
  path: string;
  file: Blob;
}

const MANIFEST = 'model.json';
const NAMED = v.object({ id: v.pipe(v.string(), v.minLength(1)) });

/** The files of an `<input webkitdirectory>` or of a plain choice of several files. */
export const filesOfInput = (list: FileList): FolderFile[] =>
  Array.from(list, (file) => ({ path: file.webkitRelativePath || file.name, file }));

/** Everything that was dropped, folders included. Has to be called within the drop event. */
export async function filesOfDrop(items: DataTransferItemList): Promise<FolderFile[]> {
  // The list is empty after the event; the entries stay.
  const entries = Array.from(items, (item) => item.webkitGetAsEntry()).filter(
    (one) => one !== null,
  );
  return (await Promise.all(entries.map((entry) => filesBelow(entry, '')))).flat();
}

async function filesBelow(entry: FileSystemEntry, above: string): Promise<FolderFile[]> {
  const path = above + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FolderFile[] = [];
  // It gives at most a hundred entries a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return found;
    for (const one of some) found.push(...(await filesBelow(one, `${path}/`)));
  }
}

/** The model of a folder, its paths relative to its model.json. Fails with file_missing, file_corrupt. */
export async function modelInFolder(
  files: readonly FolderFile[],
): Promise<Result<{ id: string; files: FolderFile[] }>> {
  const manifests = files.filter(({ path }) => path === MANIFEST || path.endsWith(`/${MANIFEST}`));
  const [manifest] = manifests.sort((a, b) => a.path.length - b.path.length);
  if (!manifest)
    return fail('file_missing', `There is no ${MANIFEST} among the ${files.length} files.`);
  const parsed = v.safeParse(NAMED, jsonOrNull(await manifest.file.text()));
  if (!parsed.success) return fail('file_corrupt', `${manifest.path} does not describe a model.`);
  const folder = manifest.path.slice(0, -MANIFEST.length);
  const own = files.filter(({ path }) => path.startsWith(folder));
  return ok({
    id: parsed.output.id,
    files: own.map(({ path, file }) => ({ path: path.slice(folder.length), file })),
  });
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
