import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Converter, init } from 'fanjian';
import { loaded } from '../dist/load.js';

before(() => init());

const size = () => loaded().memory.buffer.byteLength;

const TEXT = '皇后的头发干了，他不是只有一只猫。'.repeat(20);

test('conversions take no memory that stays', () => {
  const converters = [new Converter({ config: 's2twp' }), new Converter({ to: 'zh-TW', dict: [['云', '雲']] })];
  const run = (times) => {
    for (let i = 0; i < times; i++) {
      for (const converter of converters) {
        converter.convert(TEXT);
        converter.convert('头发');
        if (i % 100 === 0) {
          converter.segments(TEXT);
        }
      }
    }
  };
  run(100);
  const before = size();
  run(10_000);
  assert.equal(size(), before);
});

test('converters that are freed take no memory that stays', () => {
  const make = (times) => {
    for (let i = 0; i < times; i++) {
      const converter = new Converter({ config: 's2twp', dict: [['云原生', '雲端原生']], protect: ['钉钉'] });
      converter.convert(TEXT);
      converter.free();
      new Converter({ to: 'zh-TW' }).free();
      assert.throws(() => new Converter({ config: 's2t', dict: 'a\tb\na\tb\n' }));
    }
  };
  make(20);
  const before = size();
  make(1000);
  assert.equal(size(), before);
});

test('a converter that was freed is an error, and writes nowhere', () => {
  const converter = new Converter({ config: 's2twp' });
  assert.equal(converter.convert('头发'), '頭髮');
  converter.free();
  converter.free();
  for (const text of ['头发', TEXT]) {
    assert.throws(() => converter.convert(text), { name: 'FanjianError', message: /has been freed/ });
  }
  assert.throws(() => converter.stream(), { name: 'FanjianError' });
});
