// Parts of the page that need no browser.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";

import { load, source } from "./modules.mjs";

const [blocks, choices, settings, words, dropped] = await Promise.all(["blocks.ts", "choices.ts", "settings.ts", "words.ts", "dropped.ts"].map(load));

/** Random numbers below a limit, the same in each run. */
function numbers(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function randomText(below, length) {
  const alphabet = ["头发", "干", "了。", "\n", "\n\n", "𠮷", "x", "，", "后台"];
  return Array.from({ length }, () => alphabet[below(alphabet.length)]).join("");
}

test("after any edit, blocks are the text, and end at lines", () => {
  const below = numbers(1);
  for (let run = 0; run < 200; run += 1) {
    let text = randomText(below, below(4000));
    let parts = [];
    const cut = (lengths, whole) => {
      let at = 0;
      return lengths.map((length) => whole.slice(at, (at += length)));
    };
    parts = cut(blocks.blockLengths(text), text);
    for (let step = 0; step < 8; step += 1) {
      const start = below(text.length + 1);
      const end = Math.min(text.length, start + below([3, 900, 4000][below(3)]));
      const edited = text.slice(0, start) + randomText(below, below([3, 200][below(2)])) + text.slice(end);
      const edit = blocks.editBetween(text, edited);
      assert.equal(text.slice(0, edit.start), edited.slice(0, edit.start));
      assert.equal(text.slice(edit.oldEnd), edited.slice(edit.newEnd));
      const recut = blocks.recut(parts.map((part) => part.length), edit, edited);
      const begin = parts.slice(0, recut.from).join("").length;
      parts.splice(recut.from, recut.to - recut.from, ...cut(recut.lengths, edited.slice(begin)));
      text = edited;
      assert.equal(parts.join(""), text);
      for (const part of parts.slice(0, -1)) assert.ok(part.endsWith("\n") || part.length > 2000, JSON.stringify(part.slice(-20)));
    }
  }
});

test("a long line is cut behind punctuation, and never within a character", () => {
  const line = "头发干了。".repeat(3000);
  let at = 0;
  for (const length of blocks.blockLengths(line)) {
    at += length;
    assert.equal(line.charAt(at - 1), "。");
  }
  const pairs = "𠮷".repeat(9000);
  assert.ok(blocks.blockLengths(pairs).every((length) => length % 2 === 0));
});

test("choices move with the text around them", () => {
  const one = choices.chosen([], 10, "台", "臺");
  assert.deepEqual(choices.moved(one, { start: 0, oldEnd: 0, newEnd: 5 }), [{ start: 15, source: "台", output: "臺" }]);
  assert.deepEqual(choices.moved(one, { start: 11, oldEnd: 20, newEnd: 11 }), one);
  assert.deepEqual(choices.moved(one, { start: 9, oldEnd: 11, newEnd: 9 }), []);
  assert.deepEqual(choices.chosen(one, 10, "台", null), []);
});

test("a link has all settings, as long as it is not too long", () => {
  const all = {
    conversion: "zh-HK", from: "zh-Hans", vocabulary: "local", keepWords: ["persons", "food"], punctuation: "local",
    prefer: ["臺", "裏"], words: [["头发", "頭毛"], ["&=#", "%+"]], bothScripts: true, protect: ["内存", "a b"],
  };
  const { hash, whole } = settings.toHash(all);
  assert.ok(whole);
  assert.deepEqual(settings.fromHash(hash), all);
  const many = { ...all, words: Array.from({ length: 2000 }, (_, at) => [`词${at}`, `詞${at}`]) };
  const long = settings.toHash(many);
  assert.ok(!long.whole && long.hash.length < 300);
  const others = settings.toHash({ ...many, words: many.words.slice(1) });
  assert.notEqual(others.hash, long.hash);
  assert.deepEqual(settings.fromHash(long.hash), { ...all, words: [], protect: [] });
  for (const none of ["", "#", "#to=fr", "#vocabulary=local"]) assert.equal(settings.fromHash(none), null);
  assert.deepEqual(settings.fromHash("#to=s2t&from=x&keep=x&prefer=xy&word=x"), settings.defaults("s2t"));
});

test("words are read and written as the command does", () => {
  const list = [["头发", "頭髮"], ["内存", "記憶體"]];
  assert.deepEqual(settings.readWords(settings.writeWords(list)), { words: list, refused: 0 });
  const read = settings.readWords("\uFEFF# comment\r\n头发\t頭髮 頭发\r\n\r\nnothing\n");
  assert.deepEqual(read, { words: [["头发", "頭髮"]], refused: 1 });
});

test("an own word has the place in it, and converts what is around as it is", () => {
  const part = (start, input, output) => ({ start, end: start + input.length, input, output });
  const line = { text: "去台阶上发财", parts: [part(1, "台", "台"), part(2, "阶", "階"), part(4, "发", "發"), part(5, "财", "財")] };
  assert.deepEqual(words.ownWord(line, line.parts[0], "台阶", "臺"), ["台阶", "臺階"]);
  assert.deepEqual(words.ownWord(line, line.parts[2], "上发财", "髮"), ["上发财", "上髮財"]);
  assert.equal(words.ownWord(line, line.parts[0], "台北", "臺"), null);
  assert.equal(words.ownWord(line, line.parts[0], "发财", "臺"), null);
  assert.deepEqual(words.likelyWords(line, line.parts[0], ["台阶上"]), ["台阶上", "台阶", "去台", "台"]);
});

test("files of one path get different ones", () => {
  assert.deepEqual(dropped.distinctPaths(new Set(["a/b.txt"]), ["a/b.txt", "a/b.txt", "b"]), ["a/b (2).txt", "a/b (3).txt", "b"]);
});

test("each text of the page is in all languages, with the same values, and is used", async () => {
  const [en, ...others] = await Promise.all(["en", "zh-TW", "zh-CN"].map(async (name) => JSON.parse(await readFile(source(`strings/${name}.json`), "utf8"))));
  const values = (text) => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const other of others) {
    assert.deepEqual(Object.keys(other), Object.keys(en));
    for (const [key, text] of Object.entries(en)) assert.deepEqual(values(other[key]), values(text), key);
  }
  const files = (await readdir(source(""))).filter((name) => /\.(?:ts|html)$/.test(name));
  const code = (await Promise.all(files.map((name) => readFile(source(name), "utf8")))).join("\n");
  // Names of these are put together from what the engine says.
  const unused = Object.keys(en).filter((key) => !/^(?:reason|script)-/.test(key) && !code.includes(`"${key}"`));
  assert.deepEqual(unused, []);
});
