// Files: dropped, converted in a worker, and given back.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";

import { Converter, init } from "fanjian";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";

import { browse, downloaded, drop, open, serve, TRAP, type, result, withTraps } from "./browser.mjs";

const CHAPTER = '<html xmlns="http://www.w3.org/1999/xhtml" lang="zh-CN"><head><title>头发</title></head><body><p>头<b>发</b>干了。</p></body></html>';
const EPUB = {
  mimetype: [strToU8("application/epub+zip"), { level: 0 }],
  "META-INF/container.xml": strToU8('<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'),
  "book.opf": strToU8('<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">1</dc:identifier><dc:title>头发的书</dc:title><dc:language>zh-CN</dc:language></metadata><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>'),
  "a.xhtml": strToU8(CHAPTER),
};
const SUBTITLE = "1\n00:00:01,000 --> 00:00:02,000\n头发干了\n";
const PICTURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0);
/** 头发 in GBK. */
const GBK = Uint8Array.of(0xcd, 0xb7, 0xb7, 0xa2);

let server, browser, page, folder, converter;
before(async () => {
  await init();
  converter = new Converter({ to: "zh-TW" });
  server = await serve();
  browser = await browse(server.address);
  page = browser.page;
  folder = await mkdtemp(join(tmpdir(), "fanjian-files-"));
});
after(async () => {
  await browser?.close();
  await server?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await page.goto("about:blank");
  await open(page, server.address);
});

const states = (page = browser.page) => page.locator("#file-list .file").evaluateAll((rows) =>
  Object.fromEntries(rows.map((row) => [row.querySelector(".path").textContent, row.querySelector(".state").textContent])));
const done = (count) => page.locator("#files-done", { hasText: new RegExp(`^${count} of`) }).waitFor({ timeout: 40_000 });
const saveAll = () => downloaded(page, () => page.locator("#save-all").click());

test("a book that is dropped is converted as a document", async () => {
  const bytes = zipSync(EPUB);
  await writeFile(join(folder, "book.epub"), bytes);
  await drop(page, [join(folder, "book.epub")]);
  await done(1);
  assert.deepEqual(await states(), { "book.epub": "EPUB" });
  const saved = await downloaded(page, () => page.getByRole("button", { name: "Save book.epub" }).click());
  assert.equal(saved.name, "book.epub");
  assert.deepEqual(saved.bytes, new Uint8Array(converter.convertDocument(bytes, { name: "book.epub" })));
  const parts = unzipSync(saved.bytes);
  assert.match(strFromU8(parts["a.xhtml"]), /lang="zh-TW".*<p>頭<b>髮<\/b>乾了。/s);
  assert.match(strFromU8(parts["book.opf"]), /頭髮的書.*zh-TW/s);
});

test("a folder that is dropped comes back as one archive", async () => {
  const site = join(folder, "site");
  await mkdir(join(site, "deep"), { recursive: true });
  await writeFile(join(site, "page.html"), "<p title='头发'>头发</p><script>头发</script>");
  await writeFile(join(site, "deep", "film.srt"), SUBTITLE);
  await writeFile(join(site, "deep", "text.txt"), "\uFEFF头发干了。\r\n");
  await writeFile(join(site, "plain.txt"), "plain\n");
  await writeFile(join(site, "picture.png"), PICTURE);
  await drop(page, [site]);
  await done(5);
  assert.deepEqual(await states(), {
    "site/page.html": "HTML", "site/deep/film.srt": "SRT", "site/deep/text.txt": "text", "site/plain.txt": "text · nothing to convert",
    "site/picture.png": "no text: as it is",
  });
  const { name, bytes } = await saveAll();
  assert.equal(name, "converted.zip");
  const files = unzipSync(bytes);
  assert.equal(strFromU8(files["site/page.html"]), "<p title='頭髮'>頭髮</p><script>头发</script>");
  assert.equal(strFromU8(files["site/deep/film.srt"]), SUBTITLE.replace("头发干了", "頭髮乾了"));
  assert.deepEqual(files["site/deep/text.txt"], strToU8("\uFEFF頭髮乾了。\r\n"));
  assert.deepEqual(files["site/picture.png"], PICTURE);
});

test("what cannot be converted is named with the reason, and the rest is converted", async () => {
  await writeFile(join(folder, "gbk.txt"), GBK);
  await writeFile(join(folder, "broken.json"), '{"头发"');
  await writeFile(join(folder, "good.txt"), "头发");
  await drop(page, ["gbk.txt", "broken.json", "good.txt"].map((name) => join(folder, name)));
  await page.locator("#files-done", { hasText: "1 of 3 files done, 2 failed" }).waitFor();
  const failed = await states();
  assert.match(failed["gbk.txt"], /choose the encoding/);
  assert.match(failed["broken.json"], /line 1|JSON/);
  await page.locator("#encoding").selectOption("gb18030");
  await page.locator("#again").click();
  await page.locator("#files-done", { hasText: "2 of 3 files done, 1 failed" }).waitFor();
  const { bytes } = await downloaded(page, () => page.getByRole("button", { name: "Save gbk.txt" }).click());
  assert.equal(new TextDecoder().decode(bytes), "頭髮");
  // Its bytes are a text of GB18030, too.
  const good = await downloaded(page, () => page.getByRole("button", { name: "Save good.txt" }).click());
  assert.equal(new TextDecoder().decode(good.bytes), "頭髮");
});

test("documents in another encoding fail with the way out, and become UTF-8", async () => {
  await writeFile(join(folder, "film.srt"), Buffer.concat([Buffer.from("1\n00:00:01,000 --> 00:00:02,000\n"), GBK, Buffer.from("\n")]));
  await writeFile(join(folder, "page.html"), Buffer.concat([Buffer.from("<title>"), GBK, Buffer.from("</title>")]));
  await writeFile(join(folder, "stated.html"), Buffer.concat([Buffer.from("<meta charset=gbk><title>"), GBK, Buffer.from("</title>")]));
  await writeFile(join(folder, "films.zip"), zipSync({ "a.srt": [Buffer.concat([Buffer.from("1\n00:00:01,000 --> 00:00:02,000\n"), GBK, Buffer.from("\n")]), {}] }));
  await writeFile(join(folder, "broken.epub"), "PK");
  await drop(page, ["film.srt", "page.html", "stated.html", "films.zip", "broken.epub"].map((name) => join(folder, name)));
  await page.locator("#files-done", { hasText: "1 of 5 files done, 4 failed" }).waitFor();
  const failed = await states();
  for (const name of ["film.srt", "page.html", "films.zip"]) assert.match(failed[name], /^not UTF-8: choose the encoding/, name);
  assert.match(failed["broken.epub"], /^no ZIP archive/);
  await page.locator("#encoding").selectOption("big5");
  await page.locator("#again").click();
  await page.locator("#files-done", { hasText: /failed/ }).waitFor();
  await page.locator("#encoding").selectOption("gb18030");
  await page.locator("#again").click();
  await page.locator("#files-done", { hasText: "4 of 5 files done, 1 failed" }).waitFor();
  const saved = async (name) => (await downloaded(page, () => page.getByRole("button", { name: `Save ${name}` }).click())).bytes;
  assert.equal(strFromU8(await saved("film.srt")), "1\n00:00:01,000 --> 00:00:02,000\n頭髮\n");
  assert.equal(strFromU8(await saved("page.html")), "<title>頭髮</title>");
  // What says itself what it is in stays in that: here in GBK.
  assert.deepEqual([...(await saved("stated.html"))].slice(-12, -8), [0xee, 0x5e, 0xf3, 0x8c]);
  assert.ok(Buffer.from(unzipSync(await saved("films.zip"))["a.srt"]).includes(Buffer.from([0xee, 0x5e, 0xf3, 0x8c])));
});

test("documents that are not in the encoding that was chosen fail with the way out, too", async () => {
  // No text in GB18030 or Big5 has this byte.
  const bytes = Buffer.concat([Buffer.from("1\n00:00:01,000 --> 00:00:02,000\n"), Buffer.of(0xff), Buffer.from("\n")]);
  await writeFile(join(folder, "other.srt"), bytes);
  await writeFile(join(folder, "others.zip"), zipSync({ "a.srt": [bytes, {}] }));
  await writeFile(join(folder, "other.json"), '{"a"');
  await drop(page, ["other.srt", "others.zip", "other.json"].map((name) => join(folder, name)));
  for (const [encoding, name] of [["gb18030", "GB18030"], ["big5", "Big5"]]) {
    await page.locator("#files-done", { hasText: "0 of 3 files done, 3 failed" }).waitFor();
    await page.locator("#encoding").selectOption(encoding);
    await page.locator("#again").click();
    const way = `not ${name}: choose the encoding, and convert again`;
    for (const file of ["other.srt", "others.zip"]) await page.locator("#file-list .file", { hasText: file }).getByText(way).waitFor();
    await page.locator("#files-done", { hasText: "0 of 3 files done, 3 failed" }).waitFor();
    assert.doesNotMatch((await states())["other.json"], /choose the encoding/);
  }
});

test("files are converted again by other settings", async () => {
  await writeFile(join(folder, "words.txt"), "软件");
  await page.locator("#files-input").setInputFiles(join(folder, "words.txt"));
  await done(1);
  await page.locator("#vocabulary").check();
  assert.match(await page.locator("#files-done").textContent(), /settings have changed/);
  await page.locator("#again").click();
  await done(1);
  const { bytes } = await downloaded(page, () => page.getByRole("button", { name: "Save words.txt" }).click());
  assert.equal(new TextDecoder().decode(bytes), "軟體");
  await page.locator("#vocabulary").uncheck();
  await page.locator("#clear-files").click();
  assert.ok(await page.locator("#queue").isHidden());
});

test("a file of 50 MB is converted with progress, while text is typed", async () => {
  const line = "老板说头发干了，干部在后台发财，皇后在后面看着台历，里面只有一只猫。\n";
  const size = Buffer.byteLength(line);
  const count = Math.ceil(50_000_000 / size);
  const path = join(folder, "large.txt");
  await writeFile(path, line.repeat(count));
  const started = Date.now();
  await drop(page, [path]);
  const bar = page.locator("#file-list .working progress[value]");
  await bar.waitFor();
  const shares = new Set([await bar.getAttribute("value")]);
  await type(page, "头发");
  assert.equal(await result(page), "頭髮");
  while (await bar.count()) {
    shares.add(await bar.getAttribute("value", { timeout: 1000 }).catch(() => null));
    await page.waitForTimeout(50);
  }
  await done(1);
  const seconds = (Date.now() - started) / 1000;
  console.log(`${(count * size / 1e6).toFixed(0)} MB: ${seconds.toFixed(1)} s, ${shares.size} steps of progress`);
  assert.ok(shares.size > 2, `progress: ${[...shares]}`);
  const { bytes } = await downloaded(page, () => page.getByRole("button", { name: "Save large.txt" }).click());
  assert.equal(bytes.length, count * size);
  const expected = converter.convert(line);
  assert.ok(Buffer.from(bytes).equals(Buffer.from(expected.repeat(count))));
});

test("a conversion is stopped, and a text that is too long for the pane becomes a file", async () => {
  const text = "头发干了。\n".repeat(400_000);
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.getElementById("source").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
  assert.match(await page.locator("#announcement").textContent(), /converted as a file/);
  await page.locator("#stop").click();
  assert.deepEqual(await states(), { "pasted.txt": "stopped" });
  await page.locator("#again").click();
  await done(1);
});

test("after a file that stops the engine, the others go on", async () => {
  await withTraps(server.address, "file-worker", async (page) => {
    await writeFile(join(folder, "before.txt"), "头发");
    await writeFile(join(folder, "trap.txt"), `头${TRAP}发`);
    await writeFile(join(folder, "trap.html"), `<p>头${TRAP}发`);
    await writeFile(join(folder, "after.txt"), "头发");
    await writeFile(join(folder, "after.html"), "<p>头发");
    await drop(page, ["before.txt", "trap.txt", "after.txt", "trap.html", "after.html"].map((name) => join(folder, name)));
    await page.locator("#files-done", { hasText: "3 of 5 files done, 2 failed" }).waitFor();
    const all = await states(page);
    for (const name of ["trap.txt", "trap.html"]) assert.match(all[name], /most likely for want of memory/);
    for (const name of ["before.txt", "after.txt", "after.html"]) {
      const { bytes } = await downloaded(page, () => page.getByRole("button", { name: `Save ${name}` }).click());
      assert.match(strFromU8(bytes), /頭髮/);
    }
  });
});

test("nothing went wrong, and nothing was asked of others", () => {
  assert.deepEqual(browser.seen, { errors: [], elsewhere: [] });
});
