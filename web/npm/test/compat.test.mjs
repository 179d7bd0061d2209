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
