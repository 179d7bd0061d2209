import { readFileSync } from 'node:fs';
import { cannotLoad, useNow, type Glue } from './load.js';
import { DATA, filesFor, WASM, type Purpose } from './files.js';

/** As `init`, with code that is there already, and at once: for Node, where files can be read so. */
export function initNow(glue: unknown, purposes: readonly Purpose[]): void {
  const { variant, data } = filesFor(purposes);
  const { initSync } = glue as Glue;
  const { memory } = initSync({ module: new WebAssembly.Module(readNow(WASM[variant]())) });
  const files = data.map((name) => {
    const url = DATA[name].url();
    return [name, { place: url.href, bytes: readNow(url) }] as const;
  });
  useNow({ glue: glue as Glue, memory, variant, data: new Set() }, files);
}

function readNow(url: URL): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(url));
  } catch (error) {
    throw cannotLoad(url.href, error);
  }
}
