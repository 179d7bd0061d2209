// The npm package as programs have it: as its own modules and bundled, in pages, workers and service workers, without `eval`.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { browse, serve } from "./browser.mjs";

const packed = fileURLToPath(new URL(".", import.meta.resolve("fanjian/package.json")));

/** What a program does, in any place: it returns a conversion of each kind. */
const USE = `
  import { Converter, convert, detect, init } from "fanjian";
  export async function use(options = {}) {
    await init({ for: ["s2t"], ...options });
    const plain = convert("头发", { config: "s2t" });
    await init({ ...options });
    const converter = new Converter({ to: "zh-TW", vocabulary: "local" });
    const page = converter.convertDocument(new TextEncoder().encode("<p>软<b>件</b>"), { as: "html" });
    return [plain, converter.convert("软件"), new TextDecoder().decode(page), detect("頭髮裡").script].join(" ");
  }`;
const RESULT = "頭髮 軟體 <p>軟<b>體</b> taiwan";

const PAGE = `
  import { use } from "./use.js";
  const answer = (worker) => new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });
  globalThis.results = (async () => ({
    page: await use(),
    compat: (await import("fanjian/compat/opencc-js")).Converter({ from: "cn", to: "tw" })("头发"),
    worker: await answer(new Worker("scripts/worker.js", { type: "module" })),
  }))();`;
const WORKER = 'import { use } from "./use.js"; use().then(postMessage, (error) => postMessage(String(error)));';
const SERVICE_WORKER = `
  import { use } from "./use.js";
  addEventListener("message", (event) => event.waitUntil(use().then((result) => event.source.postMessage(result), (error) => event.source.postMessage(String(error)))));`;
const CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";

let folder, server, browser;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanjian-package-"));
  server = await serve(folder);
  browser = await browse(server.address);
  await mkdir(join(folder, "src"));
  await mkdir(join(folder, "node_modules"));
  await symlink(packed, join(folder, "node_modules/fanjian"), "dir");
  const sources = { "use.js": USE, "page.js": PAGE, "worker.js": WORKER, "service-worker.js": SERVICE_WORKER };
  for (const [name, code] of Object.entries(sources)) await writeFile(join(folder, "src", name), code);
  await writeFile(join(folder, "index.html"), `<!doctype html><meta charset=utf-8><link rel=icon href="data:,"><meta http-equiv=Content-Security-Policy content="${CSP}; img-src data:"><script type=module src=scripts/page.js></script>`);
  // Esbuild leaves URLs of files as they are: these are beside the folder of the scripts.
  for (const name of ["wasm", "data"]) await cp(join(packed, name), join(folder, name), { recursive: true });
});
after(async () => {
  await browser?.close();
  await server?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const bundle = (names, options) => build({
  entryPoints: names.map((name) => join(folder, "src", name)), bundle: true, logLevel: "error", ...options,
});

test("bundled by esbuild, in a page and a module worker, without eval", async () => {
  await bundle(["page.js", "worker.js"], { format: "esm", splitting: true, target: "es2022", outdir: join(folder, "scripts") });
  await browser.page.goto(server.address);
  assert.deepEqual(await browser.page.evaluate(() => globalThis.results), { page: RESULT, compat: "頭髮", worker: RESULT });
});

test("bundled into one file, in a service worker", async () => {
  await bundle(["service-worker.js"], { format: "esm", target: "es2022", outdir: join(folder, "scripts") });
  await browser.page.goto(server.address);
  const result = await browser.page.evaluate(async () => {
    const answer = new Promise((resolve) => { navigator.serviceWorker.onmessage = ({ data }) => resolve(data); });
    const registered = await navigator.serviceWorker.register("scripts/service-worker.js", { type: "module" });
    const worker = registered.active ?? registered.waiting ?? registered.installing;
    await new Promise((resolve) => {
      if (worker.state === "activated") resolve();
      worker.onstatechange = () => { if (worker.state === "activated") resolve(); };
    });
    worker.postMessage("");
    return answer;
  });
  assert.equal(result, RESULT);
});

test("bundled as CommonJS, with the places of the files given", async () => {
  await writeFile(join(folder, "src", "program.js"), `
    import { pathToFileURL } from "node:url";
    import { use } from "./use.js";
    const base = pathToFileURL(process.argv[2]);
    use({ wasm: new URL("wasm/", base), data: new URL("data/", base) }).then(console.log);`);
  await bundle(["program.js"], { format: "cjs", platform: "node", target: "node20", outfile: join(folder, "program.cjs"), logOverride: { "empty-import-meta": "silent" } });
  assert.equal(execFileSync(process.execPath, [join(folder, "program.cjs"), folder + "/"], { encoding: "utf8" }).trim(), RESULT);
});

test("nothing went wrong, and nothing was asked of others", () => {
  assert.deepEqual(browser.seen, { errors: [], elsewhere: [] });
});
