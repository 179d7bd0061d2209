import { read } from '#read';
import * as glue from '../wasm/fanjian.js';
import { options as checked } from './check.js';
import { FanjianError } from './errors.js';

/** Where compiled WebAssembly comes from. */
export type WasmSource = URL | BufferSource | Response | WebAssembly.Module;

export interface InitOptions {
  /** The file `fanjian_bg.wasm`, where it is not beside the package's own files. */
  wasm?: WasmSource | Promise<WasmSource>;
}

let pending: Promise<void> | undefined;
let isReady = false;

/**
 * Loads the WebAssembly. Must have been awaited before anything else is called. A second call returns the first one's promise,
 * unless that failed.
 */
export function init(options: InitOptions = {}): Promise<void> {
  const { wasm } = checked(options, 'the argument of init', ['wasm']);
  pending ??= load(wasm).catch((error: unknown) => {
    pending = undefined;
    throw error;
  });
  return pending;
}

async function load(wasm: InitOptions['wasm']): Promise<void> {
  const source = (await wasm) ?? new URL('../wasm/fanjian_bg.wasm', import.meta.url);
  try {
    await glue.default({ module_or_path: source instanceof URL ? await read(source) : source });
  } catch (error) {
    const place = source instanceof URL ? source.href : 'what was given';
    throw new FanjianError('io', `cannot load WebAssembly from ${place}: ${String(error)}`, { cause: error });
  }
  isReady = true;
}

/** The functions of the WebAssembly. */
export function loaded(): typeof glue {
  if (!isReady) {
    throw new FanjianError('not-initialized', "the WebAssembly is not loaded: 'await init()' comes before anything else");
  }
  return glue;
}
