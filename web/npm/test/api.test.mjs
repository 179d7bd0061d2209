import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { convert, Converter, detect, detectSpans, FanjianError, formatOf, formats, init } from 'fanjian';

before(() => init());

/** Asserts that a call throws the package's error, with this code and with this in its message. */
function fails(call, code, message) {
  assert.throws(call, (error) => {
    assert.ok(error instanceof FanjianError && error instanceof Error, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

test('init is idempotent', async () => {
  assert.equal(init(), init());
  await init();
});

test('configurations and targets convert', () => {
  assert.equal(convert('鼠标里的头发', { config: 's2twp' }), '滑鼠裡的頭髮');
  assert.equal(convert('这里的头发很乾净', { to: 'zh-TW' }), '這裡的頭髮很乾淨');
  assert.equal(new Converter({ to: 'tw', vocabulary: 'local' }).convert('软件和鼠标'), '軟體和滑鼠');
  assert.equal(convert('他說：「走」', { to: 'zh-CN', punctuation: 'local' }), '他说：“走”');
  assert.equal(convert('制', { to: 'zh-TW', from: 'zh-CN' }), '製');
  assert.equal(convert('', { config: 's2t' }), '');
});

test('own words, protected terms and preferred characters count', () => {
  const converter = new Converter({ config: 's2twp', dict: [['云原生', '雲端原生']], protect: ['钉钉'] });
  assert.equal(converter.convert('钉钉的云原生软件'), '钉钉的雲端原生軟體');
  assert.equal(convert('云原生', { config: 's2twp', dict: '云原生\t雲端原生\n' }), '雲端原生');
  assert.equal(convert('台湾的台风，家里', { to: 'zh-TW', prefer: ['臺', '裏'] }), '臺灣的颱風，家裏');
  const kept = { to: 'zh-TW', vocabulary: 'local', keepWords: ['persons'] };
  assert.equal(convert('特朗普的网络视频', kept), '特朗普的網路影片');
});

test('a configuration can be JSON', () => {
  const config = '{"conversion_chain": [{"dict": {"type": "text", "file": "STCharacters.txt"}}]}';
  assert.equal(convert('头发', { config }), '頭發');
});

test('segments cover the text, in code units', () => {
  const text = '𠮷的头发，一只';
  const segments = new Converter({ to: 'zh-TW' }).segments(text);
  assert.equal(segments.map(({ start, end }) => text.slice(start, end)).join(''), text);
  assert.ok(segments.every(({ start, end, input }) => text.slice(start, end) === input));
  assert.equal(segments.map(({ output }) => output).join(''), '𠮷的頭髮，一隻');
  const choice = segments.find(({ input }) => input === '发');
  assert.equal(choice.kind, 'choice');
  assert.deepEqual(choice.candidates.map(({ text: candidate }) => candidate), ['髮', '發']);
  assert.ok(choice.probability > 0.99 && choice.lead > 0);
});

test('replacements decide what a part becomes', () => {
  const converter = new Converter({ to: 'zh-TW' });
  const output = (replacements) => converter.segments('𠮷词汇', replacements).map((segment) => segment.output).join('');
  assert.equal(output([{ start: 3, end: 4, output: '彙' }]), '𠮷詞彙');
  for (const [places, message] of [
    [[[1, 2]], /^replacements\[0\], from 1 to 2, is not at boundaries of characters: 1 is within one$/],
    [[[0, 1]], /boundaries of characters: 1 is/],
    [[[2, 2]], /^replacements\[0\], from 2 to 2, is empty$/],
    [[[0, 0], [0, 2]], /^replacements\[0\].* is empty$/],
    [[[3, 2]], /ends before it starts$/],
    [[[2, 5]], /ends behind the text, which has 4 code units$/],
    [[[0, 2], [3, 4], [2, 3]], /^replacements\[2\], from 2 to 3, is before replacements\[1\], from 3 to 4: they must be in order$/],
    [[[0, 3], [2, 4]], /^replacements\[1\], from 2 to 4, overlaps replacements\[0\], from 0 to 3$/],
    [[[2, 3], [2, 3]], /^replacements\[1\], .* overlaps replacements\[0\]/],
  ]) {
    fails(() => output(places.map(([start, end]) => ({ start, end, output: '彙' }))), 'config', message);
  }
  assert.equal(output([{ start: 0, end: 2, output: 'a' }, { start: 2, end: 4, output: 'b' }]), 'ab');
});

test('kept words have their reasons', () => {
  const converter = new Converter({ to: 'zh-TW', vocabulary: 'local' });
  const [word] = converter.keptWords('這個視頻');
  assert.deepEqual(word, { start: 2, end: 4, input: '視頻', value: '影片', reason: 'shared' });
});

test('scripts are detected', () => {
  const found = detect('頭髮裡');
  assert.deepEqual([found.script, found.region], ['taiwan', 'TW']);
  assert.equal(detect('皇后的头发').counts.simplified, 2);
  const text = '𠮷的头发\n頭髮裡的\n';
  const spans = detectSpans(text);
  assert.equal(spans.map(({ start, end }) => text.slice(start, end)).join(''), text);
});

test('documents stay whole', () => {
  const page = new TextEncoder().encode('<p lang=zh-CN>她的头<b>发</b>');
  const converter = new Converter({ to: 'zh-TW' });
  for (const options of [{ as: 'html' }, { name: 'page.htm' }]) {
    const converted = new TextDecoder().decode(converter.convertDocument(page, options));
    assert.equal(converted, '<p lang=zh-TW>她的頭<b>髮</b>');
  }
  assert.ok(formats().some(({ name, archive }) => name === 'epub' && archive));
  assert.equal(formatOf('a.srt'), 'srt');
  assert.equal(formatOf('a.txt'), undefined);
  fails(() => converter.convertDocument(page), 'config', /'as'/);
  fails(() => converter.convertDocument(page, { name: 'a.bin' }), 'not-found', /a\.bin/);
  fails(() => converter.convertDocument(page, { as: 'epub' }), 'damaged', /archive/);
  fails(() => converter.convertDocument('<p>', { as: 'html' }), 'type', /Uint8Array/);
});

test('documents in another encoding become UTF-8, but for those in archives', () => {
  const converter = new Converter({ config: 's2t' });
  /** 头发 in GBK, within ASCII. */
  const gbk = (before, after) => Uint8Array.from([...Buffer.from(before), 0xcd, 0xb7, 0xb7, 0xa2, ...Buffer.from(after)]);
  const converted = (bytes, options) => new TextDecoder().decode(converter.convertDocument(bytes, options));
  const page = gbk('<meta charset="gbk"><p>', '</p>');
  assert.equal(converted(page, { as: 'html', encoding: 'gb18030' }), '<meta charset="utf-8"><p>頭髮</p>');
  assert.equal(converted(gbk('{"a": "', '"}'), { name: 'a.json', encoding: 'GBK' }), '{"a": "頭髮"}');
  // A byte order mark is surer.
  assert.equal(converted(new TextEncoder().encode('\ufeff<p>头发'), { as: 'html', encoding: 'big5' }), '<p>頭髮');
  fails(() => converted(page, { as: 'html', encoding: 'klingon' }), 'not-found', /unknown encoding 'klingon'/);
  fails(() => converted(Uint8Array.of(0x3c, 0x70, 0x3e, 0xff), { name: 'a.html', encoding: 'big5' }), 'damaged', /a\.html: not Big5/);
  fails(() => converted(gbk('<p>', ''), { name: 'a.html' }), 'invalid-utf8', /a\.html/);
});

test('errors are the library\'s', () => {
  fails(() => new Converter({ config: 's2tx' }), 'not-found', /did you mean 's2tw'/);
  fails(() => new Converter({ to: 'zh-TV' }), 'not-found', /did you mean 'zh-TW'/);
  fails(() => new Converter({ config: 's2t', to: 'zh-TW' }), 'config', /cannot be combined with/);
  fails(() => new Converter({ config: 's2t', dict: 'a\tb\na\tc\n' }), 'duplicate-key', /dict:2/);
  fails(() => new Converter({ config: 's2t', protect: [''] }), 'empty-key', /protected/);
});

test('U+FFFD stays in texts of any length, and is no lone surrogate', () => {
  for (const options of [{ config: 's2t' }, { to: 'zh-TW' }]) {
    const converter = new Converter(options);
    for (const length of [1, 100, 200, 1000, 600_000]) {
      const text = `${'头发'.repeat(length)}\ufffd`;
      assert.equal(converter.convert(text), `${'頭髮'.repeat(length)}\ufffd`);
      assert.equal(converter.convert('\ufffd'.repeat(length)), '\ufffd'.repeat(length));
      fails(() => converter.convert(`${text}\udc00`), 'lone-surrogate', new RegExp(`at ${2 * length + 1},`));
    }
  }
});

test('wrong arguments are errors', () => {
  const converter = new Converter({ config: 's2t' });
  for (const wrong of [undefined, null, 3, {}, ['头']]) {
    fails(() => converter.convert(wrong), 'type', /^text must be a string, not /);
  }
  fails(() => converter.convert('头\ud842发'), 'lone-surrogate', /at 1/);
  fails(() => new Converter(), 'type', /options of a converter must be an object/);
  fails(() => new Converter({}), 'config', /a configuration is needed/);
  fails(() => new Converter({ configuration: 's2t' }), 'type', /no option 'configuration'/);
  fails(() => new Converter({ config: 's2t', protect: '头' }), 'type', /protect must be an array/);
  fails(() => new Converter({ config: 's2t', dict: [['头']] }), 'type', /dict\[0\] must be a pair/);
});
