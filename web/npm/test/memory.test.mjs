import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, test } from 'node:test';
import { Converter, init } from 'fanjian';
import { loaded } from '../dist/internal.js';

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

/** Runs a module in a process of its own, and returns what it prints. */
function run(flags, code) {
  const source = `import { Converter, init } from 'fanjian'; import { loaded } from './dist/internal.js'; await init(); ${code}`;
  const cwd = new URL('..', import.meta.url);
  return execFileSync(process.execPath, [...flags, '--input-type=module', '-e', source], { cwd, encoding: 'utf8' }).trim();
}

test('converters and streams that are never freed are, with the garbage', () => {
  const printed = run(['--expose-gc'], `
    const collect = async () => {
      // Finalizers run as tasks of their own.
      for (let i = 0; i < 5; i++) { gc(); await new Promise((resolve) => setTimeout(resolve, 5)); }
    };
    const make = async () => {
      for (let i = 0; i < 30; i++) {
        const converter = new Converter({ config: 's2twp', dict: [['云原生', '雲端原生']] });
        converter.convert('云原生的头发'.repeat(100));
        converter.stream();
      }
      await collect();
    };
    await make();
    const before = loaded().memory.buffer.byteLength;
    for (let i = 0; i < 10; i++) await make();
    console.log(loaded().memory.buffer.byteLength - before);`);
  // They take about 250 MB together. What is left is between what is taken: it does not become more.
  assert.ok(Number(printed) < 5e6, printed);
});

/**
 * Takes all memory that WebAssembly can have, after what is free of what it has: how much that is depends on the data that was
 * loaded. `print` then prints the errors of calls.
 */
const WITHOUT_MEMORY = `
  const { memory } = loaded();
  const words = Array.from({ length: 5000 }, (_, index) => ['头' + index, '頭']);
  const kept = [];
  const { byteLength } = memory.buffer;
  while (memory.buffer.byteLength === byteLength) kept.push(new Converter({ config: 's2t', dict: words }));
  for (let pages = 4096; pages >= 1; pages /= 2) try { for (;;) memory.grow(pages); } catch {}
  const print = async (calls) => {
    for (const call of calls) {
      try { await call(); console.log('done'); } catch ({ name, code, message }) { console.log(name, code, /start the worker/.test(message)); }
    }
  };`;
const stopped = (times) => Array(times).fill('FanjianError aborted true').join('\n');

test('without memory, a call fails, and all later ones do with the way out', () => {
  const printed = run([], `
    const [converter, other] = [new Converter({ config: 's2t' }), new Converter({ to: 'zh-TW' })];
    converter.convert('头发');
    ${WITHOUT_MEMORY}
    await print([() => converter.convert('头发'.repeat(500_000)), () => other.convert('头'), () => new Converter({ config: 't2s' })]);`);
  assert.equal(printed, stopped(3));
});

test('without memory, a text of two pieces fails so, too, and what it was converted by can be freed', () => {
  const printed = run(['--expose-gc'], `
    let converter = new Converter({ config: 's2t' });
    converter.convert('头发');
    ${WITHOUT_MEMORY}
    await print([() => converter.convert('头发'.repeat(1_000_000)), () => converter.convert('头'), () => converter.free()]);
    converter = undefined;
    gc();
    await new Promise((resolve) => setTimeout(resolve, 20));`);
  assert.equal(printed, `${stopped(2)}\ndone`);
});

test('without memory, a stream fails so, too', () => {
  const printed = run([], `
    const converter = new Converter({ config: 's2t' });
    const [first, second, third] = [converter.stream(), converter.stream(), converter.stream()];
    ${WITHOUT_MEMORY}
    const converted = async (stream, text) => {
      const writer = stream.writable.getWriter();
      await Promise.all([writer.write(text), stream.readable.getReader().read()]);
    };
    await print([() => converted(first, '头发'.repeat(1_000_000)), () => converted(second, '头'), () => third.readable.cancel()]);`);
  assert.equal(printed, `${stopped(2)}\ndone`);
});

test('without memory, own words fail so, too', () => {
  const printed = run([], `
    const dict = Array.from({ length: 200_000 }, (_, index) => ['头' + index, '頭'.repeat(20)]);
    ${WITHOUT_MEMORY}
    await print([() => new Converter({ config: 's2t', dict }), () => new Converter({ config: 's2t' })]);`);
  assert.equal(printed, stopped(2));
});

test('a converter that was freed is an error, and writes nowhere', () => {
  const converter = new Converter({ config: 's2twp' });
  assert.equal(converter.convert('头发'), '頭髮');
  converter.free();
  converter.free();
  for (const text of ['头发', TEXT]) {
    assert.throws(() => converter.convert(text), { code: 'freed', message: /has been freed/ });
  }
  assert.throws(() => converter.stream(), { name: 'FanjianError' });
});
