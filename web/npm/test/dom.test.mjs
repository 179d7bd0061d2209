import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { parseHTML } from 'linkedom';
import { Converter, init } from 'fanjian';
import { convertDom } from 'fanjian/dom';

before(() => init());

function page(body) {
  const window = parseHTML(`<html><body>${body}</body></html>`);
  globalThis.MutationObserver = window.MutationObserver;
  return window.document;
}

test('words are converted over elements within a line', () => {
  const document = page('<p>她的<b>头</b><i>发</i></p><div>头</div>发<p>用<b>打印</b>机，<b>U</b>盘</p>');
  const source = document.body.innerHTML;
  const converted = convertDom(document.body, { config: 's2twp' });
  assert.equal(document.body.innerHTML, '<p>她的<b>頭</b><i>髮</i></p><div>頭</div>發<p>用<b>印表</b>機，<b>隨身碟</b></p>');
  converted.restore();
  assert.equal(document.body.innerHTML, source);
});

test('what is no prose, and other languages, stay', () => {
  const document = page(
    '<p title="头发">头<code>头</code><span lang="ja">国</span><textarea>头</textarea><img alt="头发"></p><pre>头</pre>' +
      '<p class="own">头</p><p lang="zh-CN">头</p>',
  );
  convertDom(document.body, { config: 's2t' }, { ignore: '.own', lang: 'zh-Hant' });
  assert.equal(
    document.body.innerHTML,
    '<p title="頭髮">頭<code>头</code><span lang="ja">国</span><textarea>头</textarea><img alt="頭髮"></p><pre>头</pre>' +
      '<p class="own">头</p><p lang="zh-Hant">頭</p>',
  );
});

test('changes are converted by update, and only once', () => {
  const document = page('<p>头发</p>');
  const converter = new Converter({ to: 'zh-TW' });
  const converted = convertDom(document.body, converter);
  document.querySelector('p').append('干了');
  converted.update();
  converted.update();
  assert.equal(document.body.textContent, '頭髮乾了');
  document.querySelector('p').firstChild.data = '别的';
  converted.restore();
  assert.equal(document.body.textContent, '别的干了');
  assert.equal(converter.convert('头'), '頭');
});

test('changes are observed', async () => {
  const document = page('<p>头发</p>');
  const converted = convertDom(document.body, { config: 's2t' }, { observe: true });
  document.body.append('干了');
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(document.body.textContent, '頭髮幹了');
  converted.restore();
  document.body.append('头');
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(document.body.textContent, '头发干了头');
});
