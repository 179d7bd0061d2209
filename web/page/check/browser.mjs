// A server of the built page, and a browser without a window that opens it.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";

import { chromium } from "playwright-core";

const required = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: 'cargo xtask page --check' sets it`);
  return value;
};

/** The folder of the built page, the browser, and the folder for screenshots. */
export const PAGE = required("PAGE");
const CHROMIUM = required("CHROMIUM");
export const OUT = required("OUT");

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

const TYPES = {
  ".html": "text/html;charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml",
  ".txt": "text/plain;charset=utf-8", ".wasm": "application/wasm", ".webmanifest": "application/manifest+json",
};

/** Serves the page, or another folder, in a subfolder of an own port, as static hosts do. */
export async function serve(folder = PAGE) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const name = pathname.replace(/^\/fanjian\//, "").replace(/^$|\/$/, "index.html");
    try {
      const bytes = await readFile(join(folder, name));
      response.writeHead(200, { "content-type": TYPES[extname(name)] ?? "application/octet-stream" });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${server.address().port}/fanjian/`;
  const close = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  return { address, close };
}

/** Opens a browser with a profile of its own. Errors and requests to elsewhere are collected. */
export async function browse(address, options = {}) {
  const profile = await mkdtemp(join(tmpdir(), "fanjian-page-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM, headless: true, args: FLAGS, acceptDownloads: true, locale: "en-US", colorScheme: "light", reducedMotion: "reduce",
    viewport: { width: 1280, height: 960 }, permissions: ["clipboard-read", "clipboard-write"], ...options,
  });
  const seen = { errors: [], elsewhere: [] };
  const watch = (page) => {
    page.on("pageerror", (error) => seen.errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") seen.errors.push(message.text());
    });
  };
  context.on("page", watch);
  context.on("request", (request) => {
    if (!request.url().startsWith(address) && !/^(?:blob|data):/.test(request.url())) seen.elsewhere.push(request.url());
  });
  context.setDefaultTimeout(10_000);
  const page = context.pages()[0] ?? (await context.newPage());
  watch(page);
  const close = async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  };
  return { context, page, seen, close };
}

/** Opens the page, and waits until the text is converted. */
export async function open(page, address) {
  await page.goto(address);
  await converted(page);
}

/** Waits until all of the text is converted. */
export async function converted(page) {
  await page.locator("#result[aria-busy=false]").waitFor();
}

/** Types a text in place of what is there. */
export async function type(page, text) {
  await page.locator("#source").fill(text);
  await converted(page);
}

/** The text of the result. */
export const result = (page) => page.locator("#result").evaluate((pane) => pane.textContent);

/** Drops files or folders of the disk onto the page, as a file manager does. */
export async function drop(page, paths) {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await session.send("Input.dispatchDragEvent", { type, x: 400, y: 400, data });
  }
  await session.detach();
}

/** Saves what a click downloads, and returns its name and its bytes. */
export async function downloaded(page, click) {
  const [download] = await Promise.all([page.waitForEvent("download"), click()]);
  return { name: download.suggestedFilename(), bytes: new Uint8Array(await readFile(await download.path())) };
}

/** A text that stops the engine of a worker: see `withTraps`. */
export const TRAP = "☠";

/** Uses the page with a worker whose engine stops at such texts, as WebAssembly does where there is no memory left. */
export async function withTraps(address, worker, use) {
  // A service worker would answer before the route does.
  const browser = await browse(address, { serviceWorkers: "block" });
  await browser.context.route(`**/scripts/${worker}.js`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()}\n;(${stopAt})(${JSON.stringify(TRAP)});` });
  });
  try {
    await open(browser.page, address);
    await use(browser.page);
    assert.deepEqual(browser.seen, { errors: [], elsewhere: [] });
  } finally {
    await browser.close();
  }
}

/** Runs in a worker: what gives texts and documents to WebAssembly throws its error. */
function stopAt(trap) {
  const stop = () => { throw new WebAssembly.RuntimeError("unreachable"); };
  const { encodeInto } = TextEncoder.prototype;
  TextEncoder.prototype.encodeInto = function (text, bytes) {
    return text.includes(trap) ? stop() : encodeInto.call(this, text, bytes);
  };
  const { set } = Uint8Array.prototype;
  Object.defineProperty(Uint8Array.prototype, "set", {
    value(bytes, at) {
      return bytes.length < 1000 && new TextDecoder().decode(bytes).includes(trap) ? stop() : set.call(this, bytes, at);
    },
  });
}
