// As `opencc-js-data.ts`, for CommonJS, which cannot await.
import * as glue from '../../wasm/targets.js';
import { CONFIGS } from '../files.js';
import { initNow } from '../load-now.js';

initNow(glue, [...CONFIGS, 'dictionaries']);
