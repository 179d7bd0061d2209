// Converts pages by the HTMLConverter of opencc-js: for each JSON line with the paths of a page and of the result, its CPU
// seconds, with those of parsing and writing, which jsdom does.

import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

const require = createRequire(process.env.PACKAGES + "/");
const OpenCC = require("opencc-js");
const { JSDOM } = require("jsdom");

const converter = OpenCC.Converter({ from: "cn", to: "twp" });

for await (const line of createInterface({ input: process.stdin })) {
  const { source, result } = JSON.parse(line);
  const page = readFileSync(source, "utf8");
  const start = process.cpuUsage();
  const { document, Node } = new JSDOM(page).window;
  globalThis.Node = Node;
  OpenCC.HTMLConverter(converter, document.documentElement, "zh-CN", "zh-TW").convert();
  const converted = document.documentElement.outerHTML;
  const used = process.cpuUsage(start);
  writeFileSync(result, converted);
  process.stdout.write(JSON.stringify({ seconds: (used.user + used.system) / 1e6, error: null }) + "\n");
}
