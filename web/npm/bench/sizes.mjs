// Prints what a program loads for each purpose, in bytes, as it is and compressed by Brotli: WebAssembly, data and JavaScript.
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { DATA, filesFor, TARGETS, CONFIGS } from '../dist/internal.js';

const known = new Map();

function size(path) {
  if (!known.has(path)) {
    known.set(path, measured(path));
  }
  return known.get(path);
}

function measured(path) {
  const bytes = readFileSync(new URL(path, import.meta.url));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return { raw: bytes.length, brotli: brotliCompressSync(bytes, { params }).length };
}

const sum = (sizes) =>
  sizes.reduce((all, { raw, brotli }) => ({ raw: all.raw + raw, brotli: all.brotli + brotli }), { raw: 0, brotli: 0 });

/** A script, and those that it imports. */
function withImports(name, found = new Set()) {
  if (!found.has(name)) {
    found.add(name);
    const source = readFileSync(new URL(`../dist/${name}`, import.meta.url), 'utf8');
    for (const [, imported] of source.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) withImports(imported, found);
  }
  return found;
}

/** The scripts that `import 'fanjian'` loads, but for the glue of the WebAssembly. */
const scripts = sum([...withImports('index.js')].map((name) => size(`../dist/${name}`)));

const purposes = [
  ...CONFIGS.map((config) => [config]),
  ...TARGETS.map((target) => [target]),
  [...CONFIGS],
  ['t2s', 'dictionaries'],
  ['detection'],
  ['zh-TW', 'documents'],
  undefined,
];

const kilobytes = (bytes) => (bytes / 1000).toFixed(1);
console.log('| purpose | WebAssembly | data | JavaScript | all, brotli (kB) | all, raw (kB) |');
console.log('|---|---:|---:|---:|---:|---:|');
for (const wanted of purposes) {
  const { variant, data } = filesFor(wanted);
  const code = size(`../wasm/${variant}_bg.wasm`);
  const files = sum(data.map((name) => size(`../data/${DATA[name].url().pathname.split('/').at(-1)}`)));
  const glue = sum([scripts, size(`../wasm/${variant}.js`)]);
  const all = sum([code, files, glue]);
  const name = wanted === undefined ? 'everything' : wanted.length === CONFIGS.length ? 'all configurations' : wanted.join(', ');
  const columns = [code.brotli, files.brotli, glue.brotli, all.brotli, all.raw].map(kilobytes);
  console.log(`| ${name} | ${columns.join(' | ')} |`);
}
