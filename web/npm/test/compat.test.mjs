// The examples in the documentation of the packages whose API this is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHTML } from 'linkedom';
import OpenCC, * as named from 'fanjian/compat/opencc-js';
import ready, { simplecc } from 'fanjian/compat/simplecc';

test('simplecc', async () => {
  await ready();
  assert.equal(simplecc('发财了去植发', 's2t'), '發財了去植髮');
  assert.throws(() => simplecc('发', 'klingon'), /unknown configuration/);
});

test('lone surrogates stay, and what is around them is converted', () => {
  const converters = [
    OpenCC.Converter({ from: 'cn', to: 't' }),
    OpenCC.CustomConverter([['头发', '頭髮']]),
    (text) => simplecc(text, 's2t'),
  ];
  for (const convert of converters) {
    assert.equal(convert('\ud83d头发'), '\ud83d頭髮');
    assert.equal(convert('头\udc00发𠮷头发\ud842\ud842'), convert('头') + '\udc00' + convert('发𠮷头发') + '\ud842\ud842');
    const long = '头发'.repeat(1000);
    assert.equal(convert(`${long}\ud842`), `${convert(long)}\ud842`);
  }
  assert.equal(OpenCC.Converter({ from: 't', to: 't' })('\ud83d头'), '\ud83d头');
});

test('opencc-js: Converter', () => {
  assert.equal(OpenCC.Converter({ from: 'hk', to: 'cn' })('漢語'), '汉语');
  assert.equal(OpenCC.Converter({ from: 'cn', to: 'tw' })('汉语'), '漢語');
  assert.equal(named.Converter()('漢語'), '汉语');
  assert.equal(OpenCC.Converter({ from: 'tw', to: 'hk' })('裡面'), '裏面');
  assert.throws(() => OpenCC.Converter({ from: 'xx', to: 'cn' }), /unknown locale 'xx'/);
});

test('opencc-js: CustomConverter', () => {
  const pairs = [['香蕉', 'banana'], ['蘋果', 'apple'], ['梨', 'pear']];
  assert.equal(OpenCC.CustomConverter(pairs)('香蕉 蘋果 梨'), 'banana apple pear');
  assert.equal(OpenCC.CustomConverter('香蕉 banana|蘋果 apple|梨 pear')('香蕉 蘋果 梨'), 'banana apple pear');
  assert.equal(OpenCC.CustomConverter([])('香蕉'), '香蕉');
});

test('opencc-js: ConverterFactory', () => {
  const own = [['“', '「'], ['”', '」'], ['‘', '『'], ['’', '』']];
  const text = '悟空道：“师父又来了。怎么叫做‘水中捞月’？”';
  const expected = '悟空道：「師父又來了。怎麼叫做『水中撈月』？」';
  const { from, to } = OpenCC.Locale;
  assert.equal(OpenCC.ConverterFactory(from.cn, to.tw.concat([own]))(text), expected);
  assert.equal(OpenCC.ConverterFactory(from.cn, to.tw, [own])(text), expected);
  assert.equal(OpenCC.ConverterFactory(from.hk, to.cn)('漢語'), '汉语');
});

test('opencc-js: HTMLConverter', () => {
  const { document } = parseHTML(
    '<html><body><span lang="zh-HK">漢語<b class="ignore-opencc">漢語</b><input placeholder="漢語"></span><p>漢語</p></body></html>',
  );
  const source = document.toString();
  const converter = OpenCC.Converter({ from: 'hk', to: 'cn' });
  const handler = OpenCC.HTMLConverter(converter, document.documentElement, 'zh-HK', 'zh-CN');
  handler.convert();
  assert.equal(
    document.querySelector('span').outerHTML,
    '<span lang="zh-CN">汉语<b class="ignore-opencc">漢語</b><input placeholder="汉语"></span>',
  );
  assert.equal(document.querySelector('p').textContent, '漢語');
  handler.restore();
  assert.equal(document.toString(), source);
});

test('opencc-js: HTMLConverter leaves the page as it was after an error, and as an earlier conversion made it', () => {
  const { document } = parseHTML('<html lang="zh-CN"><head></head><body><p title="头">头发</p><p>坏</p></body></html>');
  const root = document.documentElement;
  root.querySelector('p').setAttribute('aria-label', '头');
  const source = document.toString();
  let isBroken = true;
  const converter = OpenCC.Converter({ from: 'cn', to: 'tw' });
  const handler = OpenCC.HTMLConverter((text) => {
    if (isBroken && text === '坏') throw new Error('broken');
    return converter(text);
  }, root, 'zh-CN', 'zh-TW');
  assert.throws(() => handler.convert(), /broken/);
  assert.equal(document.toString(), source);
  isBroken = false;
  handler.convert();
  const converted = document.toString();
  assert.match(converted, /lang="zh-TW".*aria-label="頭".*頭髮.*壞/s);
  isBroken = true;
  const added = document.createElement('p');
  added.setAttribute('lang', 'zh-CN');
  added.innerHTML = '头发<b>坏</b>';
  document.body.append(added);
  const before = document.toString();
  assert.throws(() => handler.convert(), /broken/);
  assert.equal(document.toString(), before);
  added.remove();
  handler.restore();
  assert.equal(document.toString(), source);
});
