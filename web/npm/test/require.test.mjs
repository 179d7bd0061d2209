// CommonJS.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

function run(code) {
  const cwd = new URL('..', import.meta.url);
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=commonjs', '-e', code], { cwd, encoding: 'utf8' });
  return (stdout + stderr).trim();
}

const [major, minor] = process.versions.node.split('.').map(Number);
/** Whether this version can require modules. */
const requires = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);

test('CommonJS can import the package', () => {
  const printed = run(`import('fanjian').then(async ({ convert, init }) => {
    await init({ for: ['s2t'] });
    console.log(convert('头发', { config: 's2t' }));
  });`);
  assert.equal(printed, '頭髮');
});

test('require works, or the error says what does', () => {
  const printed = run(`const { convert, init } = require('fanjian');
    init({ for: ['s2t'] }).then(() => console.log(convert('头发', { config: 's2t' })));`);
  assert.match(printed, requires ? /頭髮/ : /ERR_REQUIRE_ESM.*import\(\)/s);
});

test('modules that load what they need can be required, and convert alike', async () => {
  const converted = (OpenCC, { simplecc }) => [
    OpenCC.Converter({ from: 'cn', to: 'twp' })('鼠标里的头发'), OpenCC.CustomConverter([['头', '首']])('头发'),
    OpenCC.ConverterFactory(OpenCC.Locale.from.cn, [[['头发', '髮']]])('头发'), OpenCC.default.Locale.to.cn.length,
    simplecc('头发', 's2t'),
  ];
  const printed = run(`console.log((${converted})(require('fanjian/compat/opencc-js'), require('fanjian/compat/simplecc')).join());`);
  assert.equal(printed, converted(await import('fanjian/compat/opencc-js'), await import('fanjian/compat/simplecc')).join());
  assert.match(printed, /^滑鼠裡的頭髮,首发,頭髮,/);
});

test('required modules that lack their files say which', () => {
  const printed = run(`const { readFileSync } = require('node:fs');
    require('node:fs').readFileSync = (place, ...more) => { if (String(place).endsWith('configs.bin')) throw new Error('gone'); return readFileSync(place, ...more); };
    try { require('fanjian/compat/simplecc'); } catch ({ code, message }) { console.log(code, message); }`);
  assert.match(printed, /^io cannot load file:\/\/\S+configs\.bin: Error: gone$/);
});
