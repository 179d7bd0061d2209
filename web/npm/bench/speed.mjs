// Compares this package with opencc (native code), opencc-js and simplecc-wasm: in one process, in turns, on the same texts,
// with their outputs. PACKAGES is a folder with these packages; the argument is a text in Simplified Chinese.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Converter, init } from '../dist/index.js';

const require = createRequire(join(process.env.PACKAGES, 'package.json'));
const OpenCC = (await import(pathToFileURL(require.resolve('opencc-js')))).default;
const { OpenCC: NativeOpenCC } = require('opencc');
const { simplecc } = require('simplecc-wasm');
await init();

/** As much of the text as there is, again and again: at most so many bytes. */
function long(text, bytes) {
  const size = Buffer.byteLength(text);
  return text.repeat(Math.ceil(bytes / size)).slice(0, Math.round((bytes * text.length) / size));
}

const [, , path] = process.argv;
const simplified = readFileSync(path, 'utf8');
const traditional = new Converter({ config: 's2t' }).convert(simplified);

/** The least time of a call in some rounds, in nanoseconds. */
function time(call, times) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < times; i++) {
    call(i);
  }
  return Number(process.hrtime.bigint() - start) / times;
}

/** Compares converters on calls, in turns, so that what else the machine does is shared. */
function compare(converters, call, times) {
  const best = converters.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    converters.forEach(([, convert], index) => {
      best[index] = Math.min(best[index], time((i) => call(convert, i), times));
    });
  }
  return best;
}

const LINES = 2000;
const ROUNDS = 25;

console.log('| conversion | text | package | time | times ours | lines that differ |');
console.log('|---|---|---|---:|---:|---:|');
for (const [config, from, to, text] of [
  ['s2t', 'cn', 't', simplified],
  ['s2twp', 'cn', 'twp', simplified],
  ['t2s', 't', 'cn', traditional],
]) {
  const own = new Converter({ config });
  const native = new NativeOpenCC(`${config}.json`);
  const converters = [
    ['fanjian', (text) => own.convert(text)],
    ['opencc', (text) => native.convertSync(text)],
    ['opencc-js', OpenCC.Converter({ from, to })],
    ['simplecc-wasm', (text) => simplecc(text, config)],
  ];
  const megabyte = long(text, 1_000_000);
  const short = [...megabyte.replace(/[\s\x00-\x7f]+/g, '').matchAll(/.{10}/gu)].map(([part]) => part).slice(0, LINES);
  const lines = text.split('\n');
  const expected = lines.map((line) => own.convert(line));
  for (const [name, times, call] of [
    ['1 MB', 1, (convert) => convert(megabyte)],
    ['10 characters', LINES, (convert, i) => convert(short[i % short.length])],
  ]) {
    const best = compare(converters, call, times);
    converters.forEach(([label, convert], index) => {
      const shown = name === '1 MB' ? `${(best[index] / 1e6).toFixed(2)} ms` : `${Math.round(best[index])} ns`;
      const differ = lines.filter((line, i) => convert(line) !== expected[i]).length;
      const ratio = (best[index] / best[0]).toFixed(1);
      console.log(`| ${config} | ${name} | ${label} | ${shown} | ${ratio} | ${differ} of ${lines.length} |`);
    });
  }
}
