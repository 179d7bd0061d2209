import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Converter } from 'fanjian';

/** What `cargo xtask web --check` has written: what the native library makes of texts in the tree. */
export const expected = () => JSON.parse(readFileSync(process.env.FANJIAN_EXPECTED, 'utf8'));

/** Compares the conversions with these options, and returns how many they are. */
export function compare(isAsked = () => true) {
  const { texts, conversions } = expected();
  assert.ok(texts.length > 5);
  const asked = conversions.filter(({ options }) => isAsked(options));
  for (const { options, converted } of asked) {
    const converter = new Converter(options);
    texts.forEach((text, index) => {
      assert.equal(converter.convert(text), converted[index], JSON.stringify(options));
      // Line by line, which goes the way of short texts; these are texts of their own.
      const lines = text.split('\n').slice(0, 50);
      assert.deepEqual(lines.map((line) => converter.convert(line)), converted[texts.length + index].split('\n'));
    });
  }
  return asked.length;
}
