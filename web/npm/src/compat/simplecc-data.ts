import { CONFIGS } from '../files.js';
import { init } from '../load.js';

// `simplecc-wasm` has no function that would have to be awaited in Node.
await init({ for: [...CONFIGS] });
