import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, test } from 'node:test';
import { convert, Converter, init } from 'fanjian';
import { compare, expected } from './same.mjs';

before(() => init());

const skip = process.env.FANJIAN_EXPECTED === undefined && 'FANJIAN_EXPECTED is not set';

test('conversions are those of the native library', { skip }, () => {
  assert.ok(compare() >= 20);
});

test('so are those of the small build of plain configurations', { skip }, () => {
  // In a process of its own, which has no other build; and without `Buffer`, as a browser has none.
  const code = `import { expected, compare } from './test/same.mjs';
    import { init } from 'fanjian';
    import { loaded } from './dist/internal.js';
    const isPlain = (options) => Object.keys(options).join() === 'config';
    const { conversions } = expected();
    await init({ for: conversions.map(({ options }) => options).filter(isPlain).map(({ config }) => config) });
    globalThis.Buffer = undefined;
    console.log(compare(isPlain), loaded().variant);`;
  const cwd = new URL('..', import.meta.url);
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd, encoding: 'utf8' });
  assert.equal(printed.trim(), '16 engine');
});

test('a long text with a byte order mark and pairs is the same without Node\'s Buffer', () => {
  const text = '\ufeff𠮷头发\ufffd'.repeat(1000);
  const { Buffer } = globalThis;
  const converter = new Converter({ config: 's2t' });
  const converted = converter.convert(text);
  globalThis.Buffer = undefined;
  try {
    assert.equal(converter.convert(text), converted);
  } finally {
    globalThis.Buffer = Buffer;
  }
  assert.equal(converted, text.replaceAll('头发', '頭髮'));
});

test('the dictionaries of a release take the place of the built-in ones', { skip }, () => {
  const dictionaries = Uint8Array.from(expected().release);
  const converter = new Converter({ config: 's2t', dictionaries });
  assert.equal(converter.convert('头发'), '首髮');
  assert.equal(converter.segments('头发')[0].decisions[0].dictionary, 'Words');
  assert.equal(convert('头发', { config: 's2t', dictionaries }), '首髮');
  assert.equal(convert('头发', { config: 's2t' }), '頭髮');
  assert.equal(convert('头发', { config: 's2t', dictionaries: dictionaries.buffer }), '首髮');
  assert.throws(() => convert('头发', { config: 's2t', dictionaries: new ArrayBuffer(8) }), { code: 'damaged' });
  const fails = (options, code, message) => {
    assert.throws(() => new Converter(options), (error) => error.code === code && error.message.includes(message));
  };
  fails({ config: 't2s', dictionaries }, 'not-found', "the dictionaries 'mine-1' have no configuration t2s, but s2t");
  fails({ to: 'zh-TW', dictionaries }, 'config', 'cannot be combined with a target');
  fails({ config: 's2t', dictionaries: dictionaries.subarray(1) }, 'damaged', 'dictionaries: not a sound file');
  fails({ config: 's2t', dictionaries: 'opencc-1.1.9' }, 'type', 'dictionaries must be a Uint8Array, not string');
});
