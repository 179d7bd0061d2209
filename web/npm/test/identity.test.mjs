import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { convert, Converter, init } from 'fanjian';

before(() => init());

// `cargo xtask web --check` writes what the native library makes of texts in the tree.
const path = process.env.FANJIAN_EXPECTED;
const skip = path === undefined && 'FANJIAN_EXPECTED is not set';
const expected = () => JSON.parse(readFileSync(path, 'utf8'));

test('conversions are those of the native library', { skip }, () => {
  const { texts, conversions } = expected();
  assert.ok(texts.length > 5 && conversions.length >= 20);
  for (const { options, converted } of conversions) {
    const converter = new Converter(options);
    texts.forEach((text, index) => {
      assert.equal(converter.convert(text), converted[index], JSON.stringify(options));
      // Line by line, which goes the way of short texts; these are texts of their own.
      const lines = text.split('\n').slice(0, 50);
      assert.deepEqual(lines.map((line) => converter.convert(line)), converted[texts.length + index].split('\n'));
    });
  }
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
