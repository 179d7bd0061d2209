// The keys by which `convert` keeps converters.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyOf } from '../dist/internal.js';

const key = (dictionaries) => keyOf({ config: 's2t', dictionaries });

test('dictionaries of any type of bytes have a key of their own, without their bytes', () => {
  const types = [() => new Uint8Array(10_000), () => new ArrayBuffer(10_000), () => Buffer.alloc(10_000)];
  const keys = new Set();
  for (const make of types) {
    const [one, other] = [make(), make()];
    assert.equal(key(one), key(one));
    assert.notEqual(key(one), key(other), one.constructor.name);
    assert.ok(key(one).length < 100, `${one.constructor.name}: ${key(one).length} code units`);
    keys.add(key(one)).add(key(other));
  }
  assert.equal(keys.size, 2 * types.length);
  assert.ok(!keys.has(keyOf({ config: 's2t' })));
});

test('dictionaries that are no bytes are an error', () => {
  for (const wrong of [null, 1, 'opencc-1.1.9', {}, [1], new Uint16Array(2)]) {
    assert.throws(() => key(wrong), { code: 'type', message: /^dictionaries must be a Uint8Array/ });
  }
});

test('equal options have equal keys, and others have others', () => {
  assert.equal(keyOf({ to: 'zh-TW', from: 'zh-CN' }), keyOf({ from: 'zh-CN', to: 'zh-TW', dict: undefined }));
  assert.notEqual(keyOf({ config: 's2t' }), keyOf({ config: 't2s' }));
  assert.notEqual(keyOf({ config: 's2t' }), keyOf({ to: 's2t' }));
  class Options {
    constructor(name) {
      Object.defineProperty(this, 'name', { value: name });
    }
    get config() {
      return this.name;
    }
  }
  assert.notEqual(keyOf(new Options('s2t')), keyOf(new Options('t2s')));
});
