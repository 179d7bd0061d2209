// Opens the page of a review in a browser without a window, uses it as a person would, and prints what it saw as JSON.

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const { PACKAGES, CHROMIUM, PAGE, OUT } = process.env;
const { chromium } = createRequire(join(PACKAGES, "package.json"))("playwright-core");
const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const context = await chromium.launchPersistentContext(join(OUT, "profile"), {
  executablePath: CHROMIUM, headless: true, args: flags, locale: "en-US", acceptDownloads: true, colorScheme: "light",
  viewport: { width: 1100, height: 900 },
});
const page = context.pages()[0] ?? (await context.newPage());
const seen = { errors: [], requests: [] };
page.on("pageerror", (error) => seen.errors.push(String(error)));
page.on("console", (message) => { if (message.type() === "error") seen.errors.push(message.text()); });
page.on("request", (request) => { if (!/^(file|blob):/.test(request.url())) seen.requests.push(request.url()); });

const cards = () => page.locator(".card");
const texts = () => page.locator(".card .text").allTextContents();
const progress = () => page.locator("#done").textContent();
const focused = () => page.evaluate(() => document.activeElement?.closest("[data-key]")?.dataset.key ?? null);

await page.goto(pathToFileURL(PAGE).href);
seen.cards = await cards().count();
seen.marked = await page.locator(".card .text mark").count();
seen.start = await progress();
await page.screenshot({ path: join(OUT, "start.png") });

// A click on a candidate that is not proposed changes the text.
const first = cards().first();
seen.before = (await texts())[0];
await first.locator(".choice[aria-pressed=false]").nth(1).click();
seen.after = (await texts())[0];
seen.pressed = await first.locator(".choice[aria-pressed=true]").count();
seen.oneDecided = await progress();

// The keyboard: next, choose, undo, back, help, another text.
await first.focus();
await page.keyboard.press("j");
seen.second = await focused();
await page.keyboard.press("2");
seen.chosenByKey = (await texts())[1];
seen.twoDecided = await progress();
await page.keyboard.press("u");
seen.undone = await progress();
await page.keyboard.press("2");
await page.keyboard.press("ArrowUp");
seen.back = await focused();
await page.keyboard.press("?");
seen.help = await page.locator("dialog[open]").count();
await page.screenshot({ path: join(OUT, "help.png") });
await page.keyboard.press("Escape");
await page.keyboard.press("j");
await page.keyboard.press("j");
await page.keyboard.press("c");
await page.keyboard.type("<b>字</b>");
await page.keyboard.press("Enter");
seen.typed = (await texts())[2];
await page.keyboard.press("x");
seen.cleared = await progress();
await page.keyboard.press("Enter");
seen.accepted = await progress();

// One of them for a word.
const second = cards().nth(1);
await second.locator(".scope select").selectOption("word");
seen.word = await second.locator(".scope input").inputValue();

// Filters, the languages, what is kept.
await page.locator("#state").selectOption("decided");
seen.decided = await cards().count();
await page.locator("#state").selectOption("all");
await page.locator("#file").selectOption({ index: 1 });
seen.ofFile = await cards().count();
await page.locator("#file").selectOption({ index: 0 });
seen.titles = [];
for (const language of ["zh-TW", "zh-CN", "en"]) {
  await page.locator("#language").selectOption(language);
  seen.titles.push([language, await page.locator("h1").textContent(), await page.getAttribute("html", "lang")]);
  await page.screenshot({ path: join(OUT, `${language}.png`) });
}
await page.reload();
seen.kept = await progress();

// Without a label, a control is of no use to a screen reader.
seen.unlabelled = await page.evaluate(() =>
  [...document.querySelectorAll("button, select, input")]
    .filter((control) => !control.labels?.length && !control.getAttribute("aria-label") && control.textContent.trim() === "")
    .map((control) => control.outerHTML));

for (const [button, name] of [["#save", "decisions.json"], ["#words", "words.txt"]]) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(button).click()]);
  await download.saveAs(join(OUT, name));
}
await page.emulateMedia({ colorScheme: "dark" });
await page.screenshot({ path: join(OUT, "dark.png") });
await page.setViewportSize({ width: 420, height: 800 });
await page.screenshot({ path: join(OUT, "narrow.png") });
seen.tooWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
await context.close();
console.log(JSON.stringify(seen));
