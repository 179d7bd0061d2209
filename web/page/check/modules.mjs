// Modules of the page, for checks that need no browser.

import { fileURLToPath } from "node:url";

import { build } from "esbuild";

/** The path of a source of the page. */
export const source = (name) => fileURLToPath(new URL(`../src/${name}`, import.meta.url));

/** A module of the page. */
export async function load(name) {
  const { outputFiles } = await build({ entryPoints: [source(name)], bundle: true, format: "esm", write: false, logLevel: "silent" });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
}
