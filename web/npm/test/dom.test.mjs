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

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

test('readings do not divide words, and buttons and fields have their labels', () => {
  const document = page(
    '<p><ruby>头<rp>(</rp><rt>tóu</rt><rp>)</rp>发<rt>发音</rt></ruby></p><input type="submit" value="发送"><input value="发"><textarea placeholder="头发">发</textarea>',
  );
  const source = document.body.innerHTML;
  const converted = convertDom(document.body, { config: 's2t' });
  assert.equal(
    document.body.innerHTML,
    '<p><ruby>頭<rp>(</rp><rt>tóu</rt><rp>)</rp>髮<rt>發音</rt></ruby></p><input type="submit" value="發送"><input value="发"><textarea placeholder="頭髮">发</textarea>',
  );
  converted.restore();
  assert.equal(document.body.innerHTML, source);
});

test('only what has changed is looked at again, and the text around it counts', async () => {
  const document = page('<div><p>头<b></b></p></div><p>她的头</p>');
  const converter = new Converter({ config: 's2t' });
  const given = [];
  const convertPieces = converter.convertPieces.bind(converter);
  converter.convertPieces = (pieces) => {
    given.push(pieces);
    return convertPieces(pieces);
  };
  const converted = convertDom(document.body, converter, { observe: true });
  given.length = 0;
  document.querySelector('b').append('发');
  await settled();
  assert.equal(document.querySelector('div').innerHTML, '<p>頭<b>髮</b></p>');
  assert.deepEqual(given, [['头', '发']]);
  converted.restore();
});

test('what is taken out and put in again is converted once, and restored', async () => {
  const document = page('<div><p>头发</p></div>');
  const converted = convertDom(document.body, { config: 's2t' }, { observe: true });
  const [place, moved] = [document.querySelector('div'), document.querySelector('p')];
  moved.remove();
  await settled();
  place.append(moved, '干了');
  await settled();
  assert.equal(place.textContent, '頭髮幹了');
  moved.remove();
  await settled();
  converted.restore();
  converted.restore();
  place.prepend(moved);
  assert.equal(place.textContent, '头发干了');
  assert.throws(() => converted.update(), { code: 'freed' });
});

test('of two on one page, the later one counts until it is restored', async () => {
  const document = page('<div>头发</div><p>干了</p>');
  const source = document.body.innerHTML;
  const all = convertDom(document.body, { config: 's2t' }, { observe: true });
  const back = convertDom(document.body, { config: 't2s' }, { observe: true });
  const inner = convertDom(document.querySelector('div'), { config: 's2twp' }, { observe: true });
  await settled();
  assert.equal(document.body.textContent, '頭髮干了');
  document.querySelector('div').append('软件');
  document.querySelector('p').append('頭髮');
  await settled();
  assert.equal(document.body.textContent, '頭髮軟體干了头发');
  inner.restore();
  await settled();
  assert.equal(document.querySelector('div').textContent, '头发软件');
  back.restore();
  await settled();
  assert.equal(document.querySelector('div').textContent, '頭髮軟件');
  all.restore();
  document.querySelector('div').lastChild.remove();
  document.querySelector('p').lastChild.remove();
  assert.equal(document.body.innerHTML, source);
});

test('a conversion that fails does not count', () => {
  const document = page('<p>头发</p>');
  const converted = convertDom(document.body, { config: 's2t' });
  const freed = new Converter({ config: 't2s' });
  freed.free();
  assert.throws(() => convertDom(document.body, freed), { code: 'freed' });
  document.querySelector('p').append('干了');
  converted.update();
  assert.equal(document.body.textContent, '頭髮幹了');
});

test('another program that changes all back does not stop the page', async () => {
  const document = page('<p title="头">头发</p>');
  const paragraph = document.querySelector('p');
  let rounds = 0;
  const other = new MutationObserver(() => {
    rounds += 1;
    assert.ok(rounds < 1000, 'endless');
    if (paragraph.firstChild.data !== '头发') paragraph.firstChild.data = '头发';
    if (paragraph.title !== '头') paragraph.title = '头';
  });
  other.observe(document.body, { attributes: true, characterData: true, childList: true, subtree: true });
  const converted = convertDom(document.body, { config: 's2t' }, { observe: true });
  await settled();
  assert.ok(rounds < 50, `${rounds} rounds`);
  other.disconnect();
  converted.restore();
});
