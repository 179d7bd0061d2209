// Every function of the package with arguments that it cannot take: all errors are the package's, with a code and a message.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { parseHTML } from 'linkedom';
import { convert, Converter, detect, detectSpans, FanjianError, formatOf, formats, init } from 'fanjian';
import * as OpenCC from 'fanjian/compat/opencc-js';
import { simplecc } from 'fanjian/compat/simplecc';
import { convertDom } from 'fanjian/dom';

let converter, target, freed, body;
before(async () => {
  await init();
  converter = new Converter({ config: 's2t' });
  target = new Converter({ to: 'zh-TW' });
  freed = new Converter({ to: 'zh-TW' });
  freed.free();
  body = parseHTML('<html><body><p>头发</p></body></html>').document.body;
});

const NO_STRINGS = [undefined, null, 3, 3n, true, {}, ['头'], () => '头', Symbol('头'), new Date(0), new String('头')];
const NO_OBJECTS = [null, 3, 'config', true, [], () => {}, Symbol('s2t')];
const LONE = ['\ud842', '头\udc00发', '\ud842\ud842'];
const HUGE = 'a'.repeat((1 << 26) + 1);
const circle = {};
circle.config = circle;

/** For each function: calls with each of some arguments, and the code of the error. */
const WRONG = {
  convert: [
    [(wrong) => convert(wrong, { config: 's2t' }), NO_STRINGS, 'type'],
    [(wrong) => convert(wrong, { config: 's2t' }), LONE, 'lone-surrogate'],
    [(wrong) => convert('头', wrong), [undefined, ...NO_OBJECTS, circle, { config: () => {} }, { config: 3n }], 'type'],
    [(wrong) => convert('头', { config: 's2t', dict: wrong }), [() => {}, Symbol('头'), 3n], 'type'],
  ],
  'new Converter': [
    [(wrong) => new Converter(wrong), [undefined, ...NO_OBJECTS], 'type'],
    [(wrong) => new Converter({ config: wrong }), [null, 3, {}, []], 'type'],
    [(wrong) => new Converter({ config: wrong }), [undefined, '{'], 'config'],
    [(wrong) => new Converter({ config: wrong }), ['', 's2x', 's2t.jsonc', '../s2t'], 'not-found'],
    [(wrong) => new Converter({ to: wrong }), ['', 'fr', 'zh'], 'not-found'],
    [(wrong) => new Converter({ to: 'zh-TW', from: wrong }), ['fr'], 'not-found'],
    [(wrong) => new Converter({ to: 'zh-TW', vocabulary: wrong }), ['none', ''], 'not-found'],
    [(wrong) => new Converter({ to: 'zh-TW', punctuation: wrong }), ['none', ''], 'not-found'],
    [(wrong) => new Converter({ to: 'zh-TW', [wrong]: 3 }), ['from', 'vocabulary', 'punctuation', 'dict', 'protect', 'prefer', 'keepWords'], 'type'],
    [(wrong) => new Converter({ to: 'zh-TW', bothScripts: wrong }), [null, 'yes', 1], 'type'],
    [(wrong) => new Converter({ config: 's2t', tofuRisk: wrong }), [null, 'yes', 1], 'type'],
    [(wrong) => new Converter({ config: 's2t', dict: wrong }), [null, 3, {}, ['头'], [['头']], [['头', '頭', '头']], [[3, '頭']], [,]], 'type'],
    [(wrong) => new Converter({ config: 's2t', dict: wrong }), ['头\t頭\n头\t頭\n'], 'duplicate-key'],
    [(wrong) => new Converter({ config: 's2t', dict: wrong }), [[['', '頭']]], 'empty-key'],
    [(wrong) => new Converter({ config: 's2t', dict: wrong }), ['头頭\n'], 'syntax'],
    [(wrong) => new Converter({ config: 's2t', dict: wrong }), [HUGE], 'too-large'],
    [(wrong) => new Converter({ config: 's2t', protect: wrong }), [null, '头', {}, [3], [,]], 'type'],
    [(wrong) => new Converter({ config: 's2t', protect: [wrong] }), LONE, 'lone-surrogate'],
    [(wrong) => new Converter({ to: 'zh-TW', prefer: [wrong] }), ['', '臺灣'], 'config'],
    [(wrong) => new Converter({ to: 'zh-TW', keepWords: [wrong] }), ['all'], 'not-found'],
    [(wrong) => new Converter({ config: 's2t', language: wrong }), ['zh'], 'type'],
  ],
  'Converter.convert': [
    [(wrong) => converter.convert(wrong), NO_STRINGS, 'type'],
    [(wrong) => converter.convert(wrong), [...LONE, `${'头'.repeat(1000)}\ud842`], 'lone-surrogate'],
    [(text) => freed.convert(text), ['', '头', '头'.repeat(1000), HUGE], 'freed'],
  ],
  'Converter.segments': [
    [(wrong) => target.segments(wrong), NO_STRINGS, 'type'],
    [(wrong) => target.segments(wrong), LONE, 'lone-surrogate'],
    [(wrong) => target.segments(wrong), [HUGE, 'a'.repeat((1 << 18) + 1)], 'too-large'],
    [(wrong) => target.segments('头发', wrong), [null, {}, 'a', [3], [null], [{}], [[0, 1, '头']], [,]], 'type'],
    [(wrong) => target.segments('头发', [{ start: wrong, end: 1, output: '头' }]), [undefined, '0', -1, 0.5, NaN, Infinity, 2 ** 32], 'type'],
    [(wrong) => target.segments('头发', [{ start: 0, end: 1, output: wrong }]), NO_STRINGS, 'type'],
    [(wrong) => target.segments('头发', [{ start: 0, end: wrong, output: '头' }]), [3, 100], 'config'],
    [(wrong) => target.segments('头发', wrong), [[{ start: 1, end: 0, output: '' }], [{ start: 1, end: 2, output: '' }, { start: 0, end: 1, output: '' }]], 'config'],
    [(text) => freed.segments(text), ['头'], 'freed'],
  ],
  'Converter.keptWords': [
    [(wrong) => target.keptWords(wrong), NO_STRINGS, 'type'],
    [(wrong) => target.keptWords(wrong), [HUGE], 'too-large'],
    [(text) => freed.keptWords(text), ['头'], 'freed'],
  ],
  'Converter.convertPieces': [
    [(wrong) => target.convertPieces(wrong), [undefined, null, '头', {}, [3], ['头', undefined], [,]], 'type'],
    [(wrong) => target.convertPieces([wrong]), LONE, 'lone-surrogate'],
    [(wrong) => target.convertPieces(['头', wrong]), [HUGE], 'too-large'],
    [(pieces) => freed.convertPieces(pieces), [['头']], 'freed'],
  ],
  'Converter.convertDocument': [
    [(wrong) => target.convertDocument(wrong, { as: 'html' }), [undefined, null, '<p>', [1], new Uint16Array(2), new DataView(new ArrayBuffer(1))], 'type'],
    [(wrong) => target.convertDocument(new Uint8Array(), wrong), NO_OBJECTS, 'type'],
    [(wrong) => target.convertDocument(new Uint8Array(), { as: wrong }), [null, 3, []], 'type'],
    [(wrong) => target.convertDocument(new Uint8Array(), { as: wrong }), ['', 'pdf'], 'not-found'],
    [(wrong) => target.convertDocument(new Uint8Array(), wrong), [undefined, {}], 'config'],
    [(wrong) => target.convertDocument(Uint8Array.of(0xff), { as: wrong }), ['html', 'srt'], 'invalid-utf8'],
    [(wrong) => target.convertDocument(new TextEncoder().encode(wrong), { as: 'epub' }), ['', 'PK', '<p>'], 'damaged'],
    [(bytes) => freed.convertDocument(bytes, { as: 'html' }), [new Uint8Array()], 'freed'],
  ],
  'Converter.stream': [[() => freed.stream(), [undefined], 'freed']],
  detect: [
    [detect, NO_STRINGS, 'type'],
    [detect, LONE, 'lone-surrogate'],
    [detect, [HUGE], 'too-large'],
  ],
  detectSpans: [
    [detectSpans, NO_STRINGS, 'type'],
    [detectSpans, [HUGE], 'too-large'],
  ],
  formatOf: [
    [formatOf, NO_STRINGS, 'type'],
    [(wrong) => formatOf('a.html', wrong), [null, '<p>', [1]], 'type'],
  ],
  init: [
    [init, NO_OBJECTS, 'type'],
    [(wrong) => init({ for: wrong }), [null, 's2t', [3], {}], 'type'],
    [(wrong) => init({ for: wrong }), [['s2x'], ['']], 'not-found'],
    [(wrong) => init({ data: wrong }), [null, 'data/', 3], 'type'],
  ],
  convertDom: [
    [(wrong) => convertDom(wrong, { config: 's2t' }), [undefined, null, 'body', {}], 'type'],
    [() => convertDom(body.ownerDocument, { config: 's2t' }), [undefined], 'type'],
    [(wrong) => convertDom(body, wrong), [undefined, ...NO_OBJECTS], 'type'],
    [(wrong) => convertDom(body, converter, wrong), NO_OBJECTS, 'type'],
    [(wrong) => convertDom(body, converter, { ignore: wrong }), ['p[', ''], 'syntax'],
    [(wrong) => convertDom(body, converter, { [wrong]: 3 }), ['ignore', 'attributes', 'lang', 'observe', 'root'], 'type'],
    [() => convertDom(body, freed), [undefined], 'freed'],
  ],
  'opencc-js': [
    [OpenCC.Converter, NO_OBJECTS, 'type'],
    [(wrong) => OpenCC.Converter({ from: wrong }), [null, 3], 'type'],
    [(wrong) => OpenCC.Converter({ from: wrong }), ['xx', 'toString', ''], 'not-found'],
    [(wrong) => OpenCC.Converter()(wrong), NO_STRINGS, 'type'],
    [(wrong) => OpenCC.Converter({ from: 't', to: 't' })(wrong), NO_STRINGS, 'type'],
    [OpenCC.CustomConverter, [null, 3, {}, ['头'], [['头']], [['头', 3]]], 'type'],
    [OpenCC.ConverterFactory, [null, 3, {}, '头'], 'type'],
    [(wrong) => OpenCC.HTMLConverter(wrong, body, 'zh-HK', 'zh-CN'), [undefined, '头', {}], 'type'],
    [(wrong) => OpenCC.HTMLConverter(String, wrong, 'zh-HK', 'zh-CN'), [undefined, null, {}], 'type'],
    [(wrong) => OpenCC.HTMLConverter(String, body, wrong, wrong), [undefined, null, 3], 'type'],
  ],
  simplecc: [
    [(wrong) => simplecc(wrong, 's2t'), NO_STRINGS, 'type'],
    [(wrong) => simplecc('头', wrong), [undefined], 'config'],
    [(wrong) => simplecc('头', wrong), ['', 's2x'], 'not-found'],
  ],
};

for (const [name, calls] of Object.entries(WRONG)) {
  test(`${name}: all errors are the package's`, () => {
    for (const [call, arguments_, code] of calls) {
      for (const wrong of arguments_) {
        const shown = `${call} of ${typeof wrong === 'string' ? JSON.stringify(wrong.slice(0, 20)) : String(Object(wrong).constructor?.name)}`;
        assert.throws(() => call(wrong), (error) => {
          assert.ok(error instanceof FanjianError, `${shown}: ${error.stack}`);
          assert.equal(error.code, code, `${shown}: ${error.message}`);
          assert.equal(error.name, 'FanjianError');
          assert.ok(error.message.length > 15 && !error.message.includes('undefined is not'), error.message);
          return true;
        }, shown);
      }
    }
  });
}

test('after all of that, conversions are right', () => {
  assert.equal(convert('头发', { config: 's2t' }), '頭髮');
  assert.deepEqual(target.convertPieces(['头', '发']), ['頭', '髮']);
  assert.equal(target.segments('头发').map(({ output }) => output).join(''), '頭髮');
  assert.ok(formats().length > 20);
});

test('a text may be longer than what is converted at once', () => {
  assert.equal(converter.convert(HUGE), HUGE);
});
