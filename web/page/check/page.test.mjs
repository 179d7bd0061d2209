// The page itself: links, languages, colours, offline, accessibility, and pictures of it to be looked at.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { browse, converted, open, OUT, result, serve, type } from "./browser.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TITLES = { "zh-TW": "檔案", "zh-CN": "文件", en: "Files" };

let server;
before(async () => { server = await serve(); });
after(() => server?.close());

/** Opens the page in a browser with these options, uses it, and checks that nothing went wrong. */
async function visit(options, use, hash = "") {
  const browser = await browse(server.address, options);
  try {
    await open(browser.page, server.address + hash);
    await use(browser.page, browser.context);
    assert.deepEqual(browser.seen, { errors: [], elsewhere: [] });
  } finally {
    await browser.close();
  }
}

const picture = (page, name) => page.screenshot({ path: join(OUT, `${name}.png`) });

/** What axe finds that is in the way of users. */
async function faults(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

test("the languages are those of the browser, and can be switched", async () => {
  const expected = [
    ["zh-TW", "zh-TW", "zh-TW"], ["zh-HK", "zh-TW", "zh-HK"], ["zh-CN", "zh-CN", "zh-Hans"], ["zh-SG", "zh-CN", "zh-Hans"],
    ["en-GB", "en", "zh-TW"], ["de-DE", "en", "zh-TW"],
  ];
  for (const [locale, language, target] of expected) {
    await visit({ locale }, async (page) => {
      assert.equal(await page.getAttribute("html", "lang"), language, locale);
      assert.equal(await page.locator("#files-title").textContent(), TITLES[language], locale);
      assert.equal(await page.locator("input[name=target]:checked").inputValue(), target, locale);
      if (locale !== "en-GB") return;
      for (const other of Object.keys(TITLES)) {
        await page.locator("#language").selectOption(other);
        assert.equal(await page.locator("#files-title").textContent(), TITLES[other]);
        await page.waitForTimeout(300);
        assert.deepEqual(await faults(page), [], other);
        await picture(page, `light-${other}`);
      }
      await page.reload();
      assert.equal(await page.getAttribute("html", "lang"), "en");
    });
  }
});

test("a link has the settings, and not the text", async () => {
  await visit({}, async (page, context) => {
    await type(page, "机密的文字：内存");
    await page.locator("#vocabulary").check();
    await page.locator("input[value=zh-HK]").check();
    await page.locator(".more summary").click();
    await page.locator("#layers input[value=places]").check();
    await page.locator("#word-key").fill("内存");
    await page.locator("#word-value").fill("RAM & 1%");
    await page.locator("#word-value").press("Enter");
    assert.match(await page.locator("#announcement").textContent(), /cannot have spaces/);
    await page.locator("#word-value").fill("RAM&1%");
    await page.locator("#word-value").press("Enter");
    await page.locator("#link").click();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(link.startsWith(`${server.address}#to=zh-HK&`), link);
    assert.ok(!decodeURIComponent(link).includes("机密"), link);
    const other = await context.newPage();
    await open(other, link);
    await type(other, "内存");
    assert.equal(await result(other), "RAM&1%");
    assert.ok(await other.locator("#vocabulary").isChecked());
    assert.ok(await other.locator("#layers input[value=places]").isChecked());
    // What is changed there stays in its address, and leaves the browser's own settings alone.
    await other.locator("input[value=zh-TW]").check();
    await other.reload();
    assert.equal(await other.locator("input[name=target]:checked").inputValue(), "zh-TW");
    await page.reload();
    assert.equal(await page.locator("input[name=target]:checked").inputValue(), "zh-HK");
    // A link that is opened where the page is open already.
    await page.goto(`${server.address}#to=s2twp`);
    await type(page, "内存");
    assert.equal(await result(page), "記憶體");
    await page.locator(".skip").focus();
    await page.keyboard.press("Enter");
    assert.ok(await page.evaluate(() => document.activeElement?.id === "source" && location.hash === "#to=s2twp"));
  });
});

test("words that are too many for a link stay in the tab", async () => {
  await visit({}, async (page) => {
    const words = Array.from({ length: 1500 }, (_, at) => `词${at}甲\t詞${at}甲\n`).join("");
    await page.locator(".more summary").click();
    await page.locator("#words-file").setInputFiles({ name: "own.txt", mimeType: "text/plain", buffer: Buffer.from(`${words}内存\tRAM\n`) });
    await type(page, "内存");
    assert.equal(await result(page), "RAM");
    assert.ok((await page.evaluate(() => location.href.length)) < 200);
    await page.reload();
    await type(page, "内存");
    assert.equal(await result(page), "RAM");
    await page.locator("#link").click();
    // To copy takes time.
    await page.locator("#announcement", { hasText: "your words are too many for a link" }).waitFor({ state: "attached" });
    assert.equal(await page.evaluate(() => localStorage.getItem("fanjian-words")), null);
    // A link with the same settings has its own, also where the page is loaded anew.
    const link = await page.evaluate(() => location.href);
    await page.goto("about:blank");
    await open(page, `${server.address}#to=zh-TW`);
    await type(page, "内存");
    assert.equal(await result(page), "內存");
    await page.goto("about:blank");
    await open(page, link);
    await type(page, "内存");
    assert.equal(await result(page), "RAM");
    // Another link in the same tab has its own.
    await page.goto(`${server.address}#to=zh-HK`);
    await type(page, "内存");
    assert.equal(await result(page), "內存");
  }, "#to=zh-TW");
});

test("the page works without a network, and after a restart", async () => {
  const own = await serve();
  const browser = await browse(own.address);
  try {
    await open(browser.page, own.address);
    await browser.page.locator("#offline", { hasText: "Works offline." }).waitFor();
    await browser.context.setOffline(true);
    await own.close();
    await browser.page.reload();
    await type(browser.page, "头发");
    assert.equal(await result(browser.page), "頭髮");
    // What was not asked for before is there, too.
    await browser.page.locator("input[value=zh-HK]").check();
    await type(browser.page, "里面的群众");
    assert.equal(await result(browser.page), "裏面的群眾");
    await browser.page.locator(".more summary").click();
    await browser.page.locator("#configuration").selectOption("s2twp");
    await type(browser.page, "软件");
    assert.equal(await result(browser.page), "軟體");
    await browser.page.locator("#files-input").setInputFiles({ name: "a.html", mimeType: "text/html", buffer: Buffer.from("<p>头发</p>") });
    await browser.page.locator("#files-done", { hasText: "1 of 1 files done" }).waitFor();
    // The browser itself says what it could not load.
    assert.deepEqual(browser.seen.errors.filter((error) => !error.startsWith("Failed to load resource")), []);
  } finally {
    await browser.close();
  }
});

test("dark and light, by the system and by choice", async () => {
  const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await visit({ colorScheme: "dark", locale: "zh-TW" }, async (page) => {
    const dark = await background(page);
    assert.deepEqual(await faults(page), []);
    await picture(page, "dark");
    await page.locator("#result .doubtful").first().click();
    await picture(page, "dark-candidates");
    assert.deepEqual(await faults(page), []);
    await page.keyboard.press("Escape");
    await page.locator("#theme").selectOption("light");
    assert.notEqual(await background(page), dark);
    await page.reload();
    assert.notEqual(await background(page), dark);
    await page.locator("#theme").selectOption("dark");
    assert.equal(await background(page), dark);
  });
});

test("each part of the page is usable by a screen reader", async () => {
  await visit({}, async (page) => {
    await page.locator(".more summary").click();
    await page.locator("#vocabulary").check();
    await page.locator("#word-key").fill("内存");
    await page.locator("#word-value").fill("RAM");
    await page.locator("#word-value").press("Enter");
    await page.locator("#files-input").setInputFiles([
      { name: "a.html", mimeType: "text/html", buffer: Buffer.from("<p>头发</p>") },
      { name: "b.json", mimeType: "application/json", buffer: Buffer.from("{") },
    ]);
    await page.locator("#files-done", { hasText: "1 of 2 files done, 1 failed" }).waitFor();
    await converted(page);
    assert.deepEqual(await faults(page), []);
    await page.screenshot({ path: join(OUT, "settings.png"), fullPage: true });
    for (const view of ["compare", "scripts"]) {
      await page.locator(`input[value=${view}]`).check();
      await page.waitForTimeout(300);
      assert.deepEqual(await faults(page), [], view);
      await picture(page, view);
    }
    await page.locator("input[value=result]").check();
    await page.locator("#result .part.changed").first().click();
    assert.deepEqual(await faults(page), []);
    await picture(page, "candidates");
  });
});

test("narrow windows have one column", async () => {
  for (const [language, width] of [["zh-TW", 390], ["zh-CN", 320], ["en", 320]]) {
    await visit({ locale: language, viewport: { width, height: 1500 }, hasTouch: true }, async (page) => {
      const [source, target] = await Promise.all(["#source", "#result"].map((id) => page.locator(id).boundingBox()));
      assert.ok(target.y > source.y + source.height - 1);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${language} is too wide`);
      await picture(page, `narrow-${language}`);
      await page.locator("#result .part.changed").first().click();
      const box = await page.locator("#details").boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= width && box.y + box.height <= 1500);
      await picture(page, `narrow-candidates-${language}`);
    });
  }
});
