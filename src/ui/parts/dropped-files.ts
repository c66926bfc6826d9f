/** The files of a drop: those that were dropped, and those inside dropped folders, in the order of their paths. */

/** A folder may hold more than anybody meant; what is beyond is left out, and the count says so. */
const MOST_FILES = 5000;
/** Files that systems leave behind in folders. */
const NOISE = /^(?:\.|Thumbs\.db$|desktop\.ini$)/u;

export async function filesOfDrop(data: DataTransfer | null): Promise<File[]> {
  if (!data) return [];
  // Entries must be asked for before the first await: the list is empty afterwards.
  const entries = [...data.items].flatMap((item) => {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
    return entry ? [entry] : [];
  });
  if (!entries.some((entry) => entry.isDirectory)) return [...data.files];
  const found: File[] = [];
  for (const entry of entries) await collect(entry, found);
  return found;
}

async function collect(entry: FileSystemEntry, found: File[]): Promise<void> {
  if (found.length >= MOST_FILES || NOISE.test(entry.name)) return;
  if (entry.isFile) {
    found.push(
      await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject),
      ),
    );
    return;
  }
  const children = await childrenOf(entry as FileSystemDirectoryEntry);
  for (const child of children.sort((a, b) => a.name.localeCompare(b.name)))
    await collect(child, found);
}

/** The browser gives the entries of a folder in parts. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) return all;
    all.push(...part);
  }
}

/** Files of a chosen folder, without what systems leave behind. */
export const withoutNoise = (files: Iterable<File>): File[] =>
  [...files].filter(({ name }) => !NOISE.test(name));
