/** Reads a file of the package: in Node and Bun from the disk, where it is there, and by `fetch` everywhere else. */
export async function read(url: URL): Promise<Response | Uint8Array> {
  if (url.protocol === 'file:') {
    // No import: bundlers for browsers would look for it, and modules in browsers, too.
    const files = globalThis.process?.getBuiltinModule?.('node:fs/promises');
    if (files !== undefined) {
      return files.readFile(url);
    }
  }
  return checked(await fetch(url));
}

/** A response that has what was asked for. */
export function checked(response: Response): Response {
  if (!response.ok) {
    throw new Error(`${response.status} ${response.statusText}`);
  }
  return response;
}
