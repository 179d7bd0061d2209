import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { Converter, init } from 'fanjian';

before(() => init());

// `cargo xtask web --check` writes what the native library makes of texts in the tree.
const path = process.env.FANJIAN_EXPECTED;

test('conversions are those of the native library', { skip: path === undefined && 'FANJIAN_EXPECTED is not set' }, () => {
  const { texts, conversions } = JSON.parse(readFileSync(path, 'utf8'));
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
