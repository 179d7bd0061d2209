// For tests and tools of this repository: nothing that the package promises.
export { CONFIGS, DATA, filesFor, TARGETS, WASM } from './files.js';
export { loaded } from './load.js';
export { keyOf } from './options.js';
