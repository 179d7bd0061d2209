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

test('modules that load what they need cannot be required, and the error says so', () => {
  assert.match(run("require('fanjian/compat/opencc-js');"), requires ? /ERR_REQUIRE_ASYNC_MODULE.*import\(\)/s : /ERR_REQUIRE_ESM/);
});
