export { convert, Converter, type DocumentOptions } from './converter.js';
export { detect, detectSpans, type Detection, type DetectionSpan } from './detect.js';
export { formatOf, formats, type DocumentFormat } from './documents.js';
export { FanjianError, type ErrorCode } from './errors.js';
export { CONFIGS, TARGETS, type Purpose } from './files.js';
export { init, type DataSource, type InitOptions, type WasmSource } from './load.js';
export type { ConverterOptions } from './options.js';
export type { Candidate, Decision, KeptWord, Replacement, Segment, Step } from './segments.js';
