// The peer opencc-js. Speaks as the crate `worker` does; its argument is the folder that the package is installed in.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const ENOUGH = 0.1;
const { Converter } = createRequire(process.argv[2] + "/")("opencc-js");
const CONFIGS = {
  s2t: ["cn", "t"], t2s: ["t", "cn"], s2tw: ["cn", "tw"], tw2s: ["tw", "cn"], s2hk: ["cn", "hk"], hk2s: ["hk", "cn"],
  s2twp: ["cn", "twp"], tw2sp: ["twp", "cn"], s2hkp: ["cn", "hkp"], hk2sp: ["hkp", "cn"],
  t2tw: ["t", "tw"], tw2t: ["tw", "t"], t2hk: ["t", "hk"], hk2t: ["hk", "t"], t2jp: ["t", "jp"], jp2t: ["jp", "t"],
};
const converters = {};

function load(config) {
  const [from, to] = CONFIGS[config];
  return Converter({ from, to });
}

function converter(config) {
  return (converters[config] ??= load(config));
}

function seconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function timed(work) {
  const start = seconds();
  work();
  return seconds() - start;
}

function secondsOfCall(convert, texts) {
  let total = 0;
  let times = 0;
  while (total < ENOUGH) {
    total += timed(() => texts.forEach((text) => convert(text)));
    times += texts.length;
  }
  return total / times;
}

function answer(request) {
  const { task, config, path, text, output } = request;
  switch (task) {
    case "configs":
      return { configs: Object.keys(CONFIGS) };
    case "first":
      return { seconds: timed(() => load(config)(text)) };
    case "whole":
      return { seconds: secondsOfCall(converter(config), [readFileSync(path, "utf8")]) };
    case "lines":
      return { seconds: secondsOfCall(converter(config), readFileSync(path, "utf8").trimEnd().split("\n")) };
    case "write": {
      const source = readFileSync(path, "utf8");
      const convert = converter(config);
      let converted;
      const taken = timed(() => (converted = convert(source)));
      writeFileSync(output, converted);
      return { seconds: taken };
    }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let answered;
  try {
    answered = answer(JSON.parse(line));
  } catch (error) {
    answered = { error: String(error) };
  }
  console.log(JSON.stringify(answered));
}
