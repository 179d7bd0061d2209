/** Files of a drop, of folders with all that is in them. */

/** A file with its path below what was dropped. */
export interface Found {
  readonly path: string;
  readonly file: File;
}

/** As people number files: 2 comes before 10. */
const { compare } = new Intl.Collator(undefined, { numeric: true });

/** The files of a drop, in the order of their paths. It must be called within the event: the browser forgets them afterwards. */
export function droppedFiles(transfer: DataTransfer): Promise<Found[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  // Some sources, such as other programs, have files without entries.
  if (entries.length === 0) return Promise.resolve([...transfer.files].map(named));
  return Promise.all(entries.map(filesOf)).then((found) => found.flat().sort((one, other) => compare(one.path, other.path)));
}

/** The files of an input. Those of a folder have their paths. */
export const chosenFiles = (list: FileList): Found[] => [...list].map(named);

const named = (file: File): Found => ({ path: file.webkitRelativePath || file.name, file });

async function filesOf(entry: FileSystemEntry): Promise<Found[]> {
  const path = entry.fullPath.replace(/^\//, "");
  // Browsers do not all have the classes of entries by name.
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ path, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: Found[] = [];
  // A reader returns some of the entries at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const inner of some) found.push(...(await filesOf(inner)));
  }
}

/** The paths, each once: a second file of a path gets a number before its extension. */
export function distinctPaths(taken: ReadonlySet<string>, paths: readonly string[]): string[] {
  const all = new Set(taken);
  return paths.map((path) => {
    let distinct = path;
    for (let number = 2; all.has(distinct); number += 1) {
      distinct = path.replace(/(\.[^./]*)?$/, (extension) => ` (${number})${extension}`);
    }
    all.add(distinct);
    return distinct;
  });
}
