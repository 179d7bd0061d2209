// The text: typing, changes, candidates, own words, views, long texts.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { Converter, init } from "fanjian";

import { browse, converted, downloaded, open, result, serve, TRAP, type, withTraps } from "./browser.mjs";

const TEXT = "他到台州教书。\n头发干了，划着小船去台州。\n";

let server, browser, page;
before(async () => {
  await init();
  server = await serve();
  browser = await browse(server.address);
  page = browser.page;
});
after(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(async () => {
  await page.evaluate(() => localStorage.clear()).catch(() => {});
  await page.goto("about:blank");
  await open(page, server.address);
});

const whole = (text, options) => {
  const converter = new Converter(options);
  try {
    return converter.convert(text);
  } finally {
    converter.free();
  }
};
const part = (text) => page.locator("#result .part", { hasText: text });

test("an example shows at first sight what the page does", async () => {
  const text = await page.locator("#source").inputValue();
  assert.equal(await result(page), whole(text, { to: "zh-TW" }));
  assert.ok((await page.locator("#result .changed").count()) > 20);
  assert.ok((await page.locator("#result .doubtful").count()) > 0);
  await page.locator("input[value=zh-Hans]").check();
  await converted(page);
  const other = await page.locator("#source").inputValue();
  assert.notEqual(other, text);
  assert.equal(await result(page), whole(other, { to: "zh-Hans" }));
});

test("what is typed is converted, for each target and configuration", async () => {
  for (const to of ["zh-TW", "zh-HK", "zh-Hant", "zh-Hans"]) {
    await page.locator(`input[value=${to}]`).check();
    await type(page, TEXT);
    assert.equal(await result(page), whole(TEXT, { to }), to);
    assert.equal(await page.locator("#result").getAttribute("lang"), to);
  }
  await page.locator(".more summary").click();
  const names = await page.locator("#configuration option").evaluateAll((all) => all.map((one) => one.value).filter(Boolean));
  assert.equal(names.length, 16);
  for (const config of names) {
    await page.locator("#configuration").selectOption(config);
    await converted(page);
    assert.equal(await result(page), whole(TEXT, { config }), config);
    assert.ok(await page.locator("#fault").isHidden(), config);
  }
});

test("settings are those of the library", async () => {
  const text = "软件的默认设置：“信息”在内存里，群众去台湾。";
  await type(page, text);
  await page.locator("#vocabulary").check();
  await page.locator("#punctuation").check();
  await page.locator(".more summary").click();
  await page.locator("#from").selectOption("zh-Hans");
  await page.locator("#prefer input[value=臺]").check();
  await page.locator("#word-key").fill("内存");
  await page.locator("#word-value").fill("RAM");
  await page.locator("#word-value").press("Enter");
  await page.locator("#protected-term").fill("信息");
  await page.locator("#protected-term").press("Enter");
  await converted(page);
  const options = {
    to: "zh-TW", vocabulary: "local", punctuation: "local", from: "zh-Hans", prefer: ["臺"], dict: [["内存", "RAM"]], protect: ["信息"],
  };
  assert.equal(await result(page), whole(text, options));
  assert.match(await result(page), /軟體.*「信息」.*RAM.*臺灣/);
  await page.locator("#source").fill(`${text}內存`);
  await page.locator("#both-scripts").check();
  await converted(page);
  assert.equal(await result(page), whole(`${text}內存`, { ...options, bothScripts: true }));
  assert.match(await result(page), /RAM.*RAM/);
  await page.locator("#both-scripts").uncheck();
  await type(page, text);
  await page.getByRole("button", { name: "Remove 信息" }).click();
  await page.getByRole("button", { name: "Remove 内存 → RAM" }).click();
  await converted(page);
  assert.equal(await result(page), whole(text, { ...options, dict: [], protect: [] }));
  await page.locator("#reset").click();
  await converted(page);
  assert.equal(await result(page), whole(text, { to: "zh-TW" }));
});

test("settings that the library refuses are said, and those before are used on", async () => {
  await type(page, "头发");
  await page.locator("#punctuation").check();
  await page.locator(".more summary").click();
  await page.locator("#protected-term").fill("“甲”");
  await page.locator("#protected-term").press("Enter");
  await page.locator("#fault-text", { hasText: /^These settings cannot be used: .*“甲”/ }).waitFor();
  await type(page, "头发干了");
  assert.equal(await result(page), "頭髮乾了");
  await page.getByRole("button", { name: "Remove “甲”" }).click();
  await page.locator("#fault").waitFor({ state: "hidden" });
});

test("a candidate is chosen here, and can be undone", async () => {
  await type(page, TEXT);
  const before = await result(page);
  await part("台").first().click();
  await page.locator("#details", { hasText: /台 stays.*% sure/ }).waitFor();
  await page.getByLabel("at this place only").check();
  await page.locator("#details .candidate", { hasText: /^臺/ }).click();
  assert.equal(await result(page), before.replace("台州", "臺州"));
  await page.locator("#counts", { hasText: "1 chosen" }).waitFor();
  // The choice stays at its place in a text that changes around it.
  await page.locator("#source").evaluate((area) => {
    area.setSelectionRange(0, 0);
    area.setRangeText("前言。\n");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await converted(page);
  assert.equal(await result(page), `前言。\n${before.replace("台州", "臺州")}`);
  await page.locator("#undo").click();
  assert.equal(await result(page), `前言。\n${before}`);
  assert.ok(await page.locator("#undo").isDisabled());
});

test("a candidate is chosen everywhere, as an own word that can be exported", async () => {
  await type(page, TEXT);
  const before = await result(page);
  await part("台").first().click();
  await page.getByLabel("wherever this word is").check();
  assert.equal(await page.locator("#scope-word").inputValue(), "台州");
  await page.locator("#details .candidate", { hasText: /^臺/ }).click();
  await converted(page);
  assert.equal(await result(page), before.replaceAll("台州", "臺州"));
  await page.locator(".more summary").click();
  const { name, bytes } = await downloaded(page, () => page.locator("#export-words").click());
  assert.equal(name, "words.txt");
  assert.equal(new TextDecoder().decode(bytes), "台州\t臺州\n");
  // The exported file is a dictionary of the library, too.
  assert.equal(whole(TEXT, { to: "zh-TW", dict: new TextDecoder().decode(bytes) }), await result(page));
  // Own words are kept in this browser.
  await page.reload();
  await type(page, TEXT);
  assert.equal(await result(page), before.replaceAll("台州", "臺州"));
  await page.locator("#result .chosen").first().click();
  await page.getByRole("button", { name: "Remove the own word" }).click();
  await converted(page);
  assert.equal(await result(page), before);
  await page.locator("#words-file").setInputFiles({ name: "own.txt", mimeType: "text/plain", buffer: Buffer.from("# own\n小船\t舢舨\nnothing\n") });
  await converted(page);
  assert.match(await result(page), /舢舨/);
  assert.match(await page.locator("#announcement").textContent(), /Own words imported: 1\. Lines that are no words: 1/);
});

test("a word that stays shows why, and the region's word", async () => {
  await type(page, "警察搜索嫌犯。");
  await page.locator("#vocabulary").check();
  await converted(page);
  assert.equal(await result(page), "警察搜索嫌犯。");
  await part("搜索").click();
  await page.locator("#details", { hasText: "搜索 stays" }).waitFor();
  assert.match(await page.locator("#details").textContent(), /搜尋 in another sense/);
  await page.getByLabel("at this place only").check();
  await page.locator("#details .candidate", { hasText: "搜尋" }).click();
  assert.equal(await result(page), "警察搜尋嫌犯。");
});

test("a word that is not at the place is refused, with the reason", async () => {
  await type(page, TEXT);
  await part("台").first().click();
  await page.getByLabel("wherever this word is").check();
  await page.locator("#scope-word").fill("台北");
  await page.locator("#details .candidate", { hasText: /^臺/ }).click();
  assert.match(await page.locator("#details .fault").textContent(), /must be in the text/);
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("#details").isHidden());
});

test("what is cleared can be brought back, and an empty text has nothing to copy", async () => {
  await type(page, TEXT);
  await page.locator("#clear").click();
  await converted(page);
  assert.equal(await result(page), "");
  for (const id of ["copy", "save", "clear"]) assert.ok(await page.locator(`#${id}`).isDisabled(), id);
  assert.equal(await page.locator("#detected").textContent(), "");
  await page.keyboard.press("Control+z");
  await converted(page);
  assert.equal(await page.locator("#source").inputValue(), TEXT);
  assert.equal(await result(page), whole(TEXT, { to: "zh-TW" }));
  assert.ok(await page.locator("#copy").isEnabled());
});

test("another text than the candidates can be typed", async () => {
  await type(page, TEXT);
  await part("台").first().click();
  await page.getByLabel("at this place only").check();
  await page.locator("#other-text").fill("<b>泰</b>");
  await page.locator("#other-text").press("Enter");
  assert.match(await result(page), /他到<b>泰<\/b>州教書/);
});

test("all of it works from the keyboard", async () => {
  await type(page, "划着小船，头发干了。\n他到台州教书。");
  await page.locator("#result").focus();
  await page.keyboard.press("ArrowRight");
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  const first = await focused();
  await page.keyboard.press("ArrowRight");
  assert.notEqual(await focused(), first);
  await page.keyboard.press("ArrowLeft");
  assert.equal(await focused(), first);
  await page.keyboard.press("n");
  assert.ok(await page.evaluate(() => document.activeElement?.classList.contains("doubtful")));
  const place = await focused();
  await page.keyboard.press("Enter");
  await page.locator("#details").waitFor();
  assert.ok(await page.evaluate(() => document.activeElement?.matches(".candidate[aria-pressed=true]")));
  await page.keyboard.press("Escape");
  assert.equal(await focused(), place);
  await page.keyboard.press("Enter");
  await page.locator("#details").waitFor();
  await page.keyboard.press("Tab");
  const chosen = await page.evaluate(() => document.activeElement?.querySelector(".glyph")?.textContent);
  await page.keyboard.press("Enter");
  await converted(page);
  assert.notEqual(chosen, place);
  assert.ok((await page.locator("#result .chosen").count()) > 0);
});

test("the pointer shows why, for as long as it rests", async () => {
  await type(page, "头发干了。");
  await part("髮").hover();
  await page.locator("#peek.shown").waitFor();
  assert.match(await page.locator("#peek").textContent(), /^发 → 髮 · in the word 头发/);
  await page.locator("#source").hover();
  assert.equal(await page.locator("#peek.shown").count(), 0);
});

test("changes and scripts are shown", async () => {
  await type(page, "头发干了。\n臺灣的頭髮。\n");
  await page.locator("input[value=compare]").check();
  assert.equal(await page.locator("#result del").first().textContent(), "头发干");
  assert.deepEqual(await page.locator("#result ins").allTextContents(), ["頭", "髮", "乾"]);
  await page.locator("input[value=scripts]").check();
  await page.locator("#result .script").nth(1).waitFor();
  const spans = await page.locator("#result .script").evaluateAll((all) => all.map((one) => [one.dataset.script, one.textContent]));
  assert.deepEqual(spans.map(([script]) => script), ["simplified", "taiwan"]);
  assert.equal(spans.map(([, text]) => text).join(""), "头发干了。\n臺灣的頭髮。\n");
  await page.locator("input[value=result]").check();
  assert.equal(await result(page), whole("头发干了。\n臺灣的頭髮。\n", { to: "zh-TW" }));
  assert.match(await page.locator("#detected").textContent(), /mixed/);
});

test("a long text is converted as a whole would be, and typing in it does not wait", async () => {
  const line = "老板说头发干了，干部在后台发财，皇后在后面看着台历，里面只有一只猫。她回来了。制冷。\n";
  const text = line.repeat(10_000);
  await page.locator("#source").evaluate((area, text) => {
    area.value = text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }, text);
  const started = Date.now();
  const delays = [];
  for (const character of "头发干了") {
    const before = Date.now();
    await page.locator("#source").evaluate((area, character) => {
      area.setRangeText(character, area.value.length / 2, area.value.length / 2, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
      return new Promise((resolve) => requestAnimationFrame(() => resolve()));
    }, character);
    delays.push(Date.now() - before);
  }
  // What was typed was taken long before all was converted.
  assert.equal(await page.locator("#result").getAttribute("aria-busy"), "true");
  await page.locator("#result[aria-busy=false]").waitFor({ timeout: 40_000 });
  const seconds = (Date.now() - started) / 1000;
  const typed = await page.locator("#source").inputValue();
  const { bytes } = await downloaded(page, () => page.locator("#save").click());
  assert.equal(new TextDecoder().decode(bytes), whole(typed, { to: "zh-TW" }));
  const again = Date.now();
  await page.locator("#source").press("End");
  await page.locator("#source").pressSequentially("发");
  await converted(page);
  console.log(`${text.length} characters: ${seconds.toFixed(1)} s, typing meanwhile ${delays.join(", ")} ms, an edit ${Date.now() - again} ms`);
});

test("long lines and halves of characters are converted", async () => {
  const text = `${"𠮷头发".repeat(4000)}\n头\uD842发\n`;
  await page.locator("#source").evaluate((area, text) => {
    area.value = text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }, text);
  await converted(page);
  assert.equal(await result(page), whole(text.toWellFormed(), { to: "zh-TW" }));
  assert.ok(await page.locator("#fault").isHidden());
});

test("after a text that stops the engine, the rest is converted, and the failure is over with it", async () => {
  await withTraps(server.address, "text-worker", async (page) => {
    const line = "头发干了。\n";
    const text = `${line.repeat(300)}头${TRAP}发\n${line.repeat(300)}`;
    await type(page, text);
    await page.locator("#fault-text", { hasText: /^Part of the text could not be converted.*memory/ }).waitFor();
    assert.equal(await page.locator("#source").inputValue(), text);
    const shown = await result(page);
    assert.ok(shown.startsWith("頭髮乾了。\n".repeat(100)) && shown.endsWith("頭髮乾了。\n".repeat(100)), shown.slice(0, 100));
    assert.ok(shown.includes(`头${TRAP}发`));
    // What is chosen and typed elsewhere works as before.
    await page.locator("#result .part", { hasText: "髮" }).first().click();
    await page.locator("#details .candidate").first().waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#retry").click();
    await page.locator("#fault-text", { hasText: /^Part of the text/ }).waitFor();
    await type(page, text.replace(TRAP, ""));
    await page.locator("#fault").waitFor({ state: "hidden" });
    assert.equal(await result(page), whole(text.replace(TRAP, ""), { to: "zh-TW" }));
  });
});

test("nothing went wrong, and nothing was asked of others", () => {
  assert.deepEqual(browser.seen, { errors: [], elsewhere: [] });
});
