import { readFile } from 'node:fs/promises';

/** Reads a file of the package: from the disk. */
export async function read(url: URL): Promise<Uint8Array> {
  return readFile(url);
}
