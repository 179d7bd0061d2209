// As `simplecc-data.ts`, for CommonJS, which cannot await.
import * as glue from '../../wasm/engine.js';
import { CONFIGS } from '../files.js';
import { initNow } from '../load-now.js';

initNow(glue, [...CONFIGS]);
