import { CONFIGS } from '../files.js';
import { init } from '../load.js';

// `opencc-js` has no function that would have to be awaited.
await init({ for: [...CONFIGS, 'dictionaries'] });
