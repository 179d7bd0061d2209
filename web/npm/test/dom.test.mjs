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

test('what is typed stays', () => {
  const typed = ['', 'true', 'TRUE', 'plaintext-only', 'PlainText-Only'].map((value) => `<p contenteditable="${value}">头</p>`);
  const document = page(`${typed.join('')}<p contenteditable="false">头</p><p contenteditable="inherit">头</p>`);
  convertDom(document.body, { config: 's2t' });
  assert.equal(document.body.textContent, '头头头头头頭頭');
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

test('what a form sends stays', () => {
  const document = page('<form><input type="submit" name="action" value="发送"><input type="reset" name="action" value="发"><input type="hidden" value="发"></form>');
  convertDom(document.body, { config: 's2t' });
  assert.deepEqual([...document.querySelectorAll('input')].map((input) => input.getAttribute('value')), ['发送', '發', '发']);
});

/** How often elements are looked at while a function runs, by their ids. */
function looks(document, action) {
  const counts = {};
  for (const element of document.querySelectorAll('[id]')) {
    const { id } = element;
    counts[id] = 0;
    element.getAttribute = function (name) {
      counts[id] += name === 'title' ? 1 : 0;
      return Object.getPrototypeOf(element).getAttribute.call(this, name);
    };
  }
  action();
  return counts;
}

/** A conversion of a page, and what gives it records of changes as browsers make them: linkedom makes others. */
function observing(document, options) {
  let report;
  globalThis.MutationObserver = class {
    constructor(callback) {
      report = callback;
    }
    observe() {}
    disconnect() {}
    takeRecords() {
      return [];
    }
  };
  const converted = convertDom(document.body, options, { observe: true });
  const record = (target, rest = {}) => ({
    type: 'childList', target, addedNodes: [], removedNodes: [], previousSibling: null, nextSibling: null, ...rest,
  });
  return { converted, record, report: (...records) => report(records) };
}

test('a block that is added is looked at once, and the others around are not', () => {
  const document = page('<ul id="list"><li id="old">头发<p id="deep">干</p></li></ul>');
  const { record, report } = observing(document, { config: 's2t' });
  const list = document.querySelector('ul');
  list.insertAdjacentHTML('beforeend', '<li id="new">头<b>发</b><div id="inner">干了</div></li>');
  const [old, added] = list.children;
  const counts = looks(document, () =>
    // Both the item and, later, what is in it.
    report(
      record(list, { addedNodes: [added], previousSibling: old }),
      record(added, { addedNodes: [added.lastChild], previousSibling: added.childNodes[1] }),
      record(added.lastChild, { addedNodes: [added.lastChild.firstChild] }),
    ),
  );
  assert.deepEqual(counts, { list: 0, old: 0, deep: 0, new: 1, inner: 1 });
  assert.equal(added.innerHTML, '頭<b>髮</b><div id="inner">幹了</div>');
  old.remove();
  assert.deepEqual(looks(document, () => report(record(list, { removedNodes: [old], nextSibling: added }))), { list: 0, new: 0, inner: 0 });
});

test('a line is looked at again where a block divides it, or does not any more', () => {
  const document = page('<p id="line">头<b id="bold">里</b>发</p>');
  const { record, report } = observing(document, { config: 's2t' });
  const line = document.querySelector('p');
  const [head, bold, tail] = line.childNodes;
  const rule = document.createElement('hr');
  const looked = (change, rest) => looks(document, () => report(record(change, rest)));
  const both = { line: 1, bold: 1 };
  line.insertBefore(rule, bold);
  assert.deepEqual(looked(line, { addedNodes: [rule], previousSibling: head, nextSibling: bold }), both);
  rule.remove();
  assert.deepEqual(looked(line, { removedNodes: [rule], previousSibling: head, nextSibling: bold }), both);
  // The edge of an element within a line is not that of the line.
  bold.prepend(rule);
  assert.deepEqual(looked(bold, { addedNodes: [rule], nextSibling: bold.lastChild }), both);
  line.append(rule);
  assert.deepEqual(looked(line, { addedNodes: [rule], previousSibling: tail }), { line: 0, bold: 0 });
  line.append('干了');
  assert.deepEqual(looked(line, { addedNodes: [line.lastChild], previousSibling: rule }), both);
  assert.equal(line.innerHTML, '頭<b id="bold">裏</b>發<hr>幹了');
});

test('a line that a block divides is converted anew, and so is one that it does not divide any more', () => {
  const document = page('<p>头<b>发</b></p><p>头<i></i>发</p>');
  const converted = convertDom(document.body, { config: 's2t' });
  const [first, second] = document.querySelectorAll('p');
  const rule = document.createElement('hr');
  first.insertBefore(rule, first.lastChild);
  converted.update();
  assert.equal(document.body.innerHTML, '<p>頭<hr><b>發</b></p><p>頭<i></i>髮</p>');
  rule.remove();
  second.querySelector('i').append(rule);
  converted.update();
  assert.equal(document.body.innerHTML, '<p>頭<b>髮</b></p><p>頭<i><hr></i>發</p>');
  rule.remove();
  converted.update();
  assert.equal(document.body.innerHTML, '<p>頭<b>髮</b></p><p>頭<i></i>髮</p>');
  converted.restore();
  assert.equal(document.body.innerHTML, '<p>头<b>发</b></p><p>头<i></i>发</p>');
});

test('what is not in the page any more stays', () => {
  const document = page('<p id="line">头发<b>头</b></p>');
  const { record, report } = observing(document, { config: 's2t' });
  const line = document.querySelector('p');
  const bold = line.lastChild;
  bold.remove();
  bold.firstChild.data = '发';
  line.remove();
  const counts = looks(document, () => report(
    record(bold.firstChild, { type: 'characterData' }),
    record(line, { removedNodes: [bold], previousSibling: line.firstChild }),
  ));
  assert.deepEqual(counts, {});
  assert.equal(bold.textContent, '发');
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

test('a line whose nodes change places is converted anew', () => {
  const document = page('<p><b>头</b><i>发</i></p>');
  const converted = convertDom(document.body, { config: 's2t' });
  const line = document.querySelector('p');
  assert.equal(line.textContent, '頭髮');
  line.append(line.firstChild);
  converted.update();
  assert.equal(document.body.innerHTML, '<p><i>發</i><b>頭</b></p>');
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
