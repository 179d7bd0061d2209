// Bundles the page into a folder of static files: node build.mjs OUT.

import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const engine = fileURLToPath(new URL(".", import.meta.resolve("fanjian/package.json")));
const [out] = process.argv.slice(2);
if (!out) {
  console.error("usage: node build.mjs OUT");
  process.exit(2);
}

/** The characters of a house style, and those that each replaces. */
async function preferable() {
  const lines = (await readFile(join(here, "../../dictionaries/preferences/Characters.txt"), "utf8")).split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => {
    const [preferred, others] = line.split("\t");
    return [preferred, others.split(" ")];
  });
}

/** The names of all files in a folder, as a page names them. */
async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return files.map((file) => file.split(sep).join("/")).sort();
}

const settings = { bundle: true, minify: true, format: "esm", target: "es2023", charset: "utf8", absWorkingDir: here, logLevel: "warning" };

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
// The package looks for its data in the folders beside that of its scripts.
const PACKED = ["wasm", "data"];
for (const name of PACKED) {
  await cp(join(engine, name), join(out, name), { recursive: true, filter: (path) => !/\.(?:ts|js)$/.test(path) });
}
await build({
  ...settings, entryPoints: ["src/main.ts", "src/text-worker.ts", "src/file-worker.ts"], outdir: join(out, "scripts"), splitting: true,
  define: { PREFERABLE: JSON.stringify(await preferable()) },
});
await build({ ...settings, entryPoints: ["src/style.css"], outdir: out });
for (const file of ["index.html", "icon.svg", "manifest.webmanifest"]) await cp(join(here, "src", file), join(out, file));

// What is in the page: this project, and fflate.
const licences = [["fanjian", "../../NOTICE"], ["fanjian", "../../LICENSE"], ["fflate", "node_modules/fflate/LICENSE"]];
const texts = await Promise.all(licences.map(async ([name, file]) => `${name}\n\n${await readFile(join(here, file), "utf8")}`));
await writeFile(join(out, "licences.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));

/** The files of the package that have all of it. */
async function whole() {
  const { DATA, WASM, filesFor } = await import(pathToFileURL(join(engine, "dist/internal.js")));
  const { variant, data } = filesFor(undefined);
  const urls = [WASM[variant](), ...data.map((name) => DATA[name].url())];
  return urls.map((url) => relative(engine, fileURLToPath(url)).split(sep).join("/"));
}

// The service worker knows all files of the build: it is made last.
const files = await filesIn(out);
const contents = await Promise.all(files.map((file) => readFile(join(out, file))));
const hash = createHash("sha256");
files.forEach((file, at) => hash.update(`${file}\0${contents[at].length}\0`).update(contents[at]));
const isOfPackage = (file) => PACKED.some((name) => file.startsWith(`${name}/`));
const kept = ["./", ...files.filter((file) => file !== "index.html" && !isOfPackage(file)), ...(await whole())];
await build({
  ...settings, entryPoints: ["src/service-worker.ts"], outdir: out,
  define: {
    FILES: JSON.stringify(kept),
    BUILD: JSON.stringify(hash.digest("hex").slice(0, 16)),
  },
});
const size = contents.reduce((sum, bytes) => sum + bytes.length, 0);
const ofKept = files.reduce((sum, file, at) => (kept.includes(file) ? sum + contents[at].length : sum), 0);
console.log(`${files.length + 1} files, ${(size / 1e6).toFixed(1)} MB, kept without a network: ${(ofKept / 1e6).toFixed(1)} MB: ${out}`);
