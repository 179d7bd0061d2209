/** What the user has chosen about the conversion: as options of a converter, as a link, and as it is kept. */

import type { ConverterOptions } from "./engine";

/** Targets by context, and OpenCC's configurations. */
export const TARGETS = ["zh-TW", "zh-HK", "zh-Hant", "zh-Hans"] as const;
export const CONFIGURATIONS = [
  "s2t", "s2tw", "s2twp", "s2hk", "s2hkp", "t2s", "tw2s", "tw2sp", "hk2s", "hk2sp", "t2tw", "t2hk", "tw2t", "hk2t", "t2jp", "jp2t",
] as const;
export const SOURCES = ["zh-Hans", "zh-Hant", "zh-TW", "zh-HK"] as const;
export const LAYERS = ["persons", "places", "works", "food"] as const;

export type Conversion = (typeof TARGETS)[number] | (typeof CONFIGURATIONS)[number];
export type Source = (typeof SOURCES)[number];
export type Layer = (typeof LAYERS)[number];
export type Word = readonly [key: string, value: string];

export interface Settings {
  readonly conversion: Conversion;
  /** The script that all input is of; an empty string if it is detected. */
  readonly from: Source | "";
  readonly vocabulary: "keep" | "local";
  readonly keepWords: readonly Layer[];
  readonly punctuation: "keep" | "local";
  readonly prefer: readonly string[];
  readonly words: readonly Word[];
  /** Whether own words match in both scripts. */
  readonly bothScripts: boolean;
  readonly protect: readonly string[];
}

export function defaults(conversion: Conversion): Settings {
  return {
    conversion, from: "", vocabulary: "keep", keepWords: [], punctuation: "keep", prefer: [], words: [], bothScripts: false, protect: [],
  };
}

function isOneOf<T extends string>(list: readonly T[], value: string | null | undefined): value is T {
  return (list as readonly string[]).includes(value ?? "");
}

export const isTarget = (conversion: Conversion): boolean => isOneOf(TARGETS, conversion);

/** Whether each of the settings has an effect on this conversion: the library refuses those that have none. */
export function applicable({ conversion, vocabulary }: Settings) {
  const target = isTarget(conversion);
  const toSimplified = outputLanguage(conversion) === "zh-Hans";
  const japanese = conversion === "t2jp" || conversion === "jp2t";
  return {
    from: target,
    vocabulary: target && conversion !== "zh-Hant",
    keepWords: target && conversion !== "zh-Hant" && vocabulary === "local",
    punctuation: !japanese,
    prefer: !toSimplified && !japanese,
  };
}

/** The language of what a conversion makes, which chooses the glyphs. */
export function outputLanguage(conversion: Conversion): string {
  if (isTarget(conversion)) return conversion;
  const to = conversion.split("2")[1] ?? "";
  if (to === "jp") return "ja";
  if (to.startsWith("s")) return "zh-Hans";
  if (to.startsWith("tw")) return "zh-TW";
  return to.startsWith("hk") ? "zh-HK" : "zh-Hant";
}

/** The options of a converter. Settings without effect are left out. */
export function converterOptions(settings: Settings): ConverterOptions {
  const { conversion, from, vocabulary, keepWords, punctuation, prefer, words, bothScripts, protect } = settings;
  const has = applicable(settings);
  const options: ConverterOptions = isTarget(conversion) ? { to: conversion } : { config: conversion };
  if (has.from && from !== "") options.from = from;
  if (has.vocabulary) options.vocabulary = vocabulary;
  if (has.keepWords && keepWords.length > 0) options.keepWords = [...keepWords];
  if (has.punctuation) options.punctuation = punctuation;
  if (has.prefer && prefer.length > 0) options.prefer = [...prefer];
  if (words.length > 0) options.dict = words.map(([key, value]) => [key, value]);
  if (bothScripts) options.bothScripts = true;
  if (protect.length > 0) options.protect = [...protect];
  return options;
}

/** How long words in a link may be, in characters: browsers and messengers cut longer addresses. */
const LONGEST = 6000;

/** A short mark of a text: FNV-1a of its UTF-16 code units, in 32 bits. */
function markOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash.toString(36);
}

/**
 * The fragment of a link with these settings. Words that are too long for one are left out, `whole` is false, and the fragment has a
 * mark of them, which `fromHash` passes over: another link with the same settings is another one.
 */
export function toHash(settings: Settings): { hash: string; whole: boolean } {
  const { conversion, from, vocabulary, keepWords, punctuation, prefer, words, bothScripts, protect } = settings;
  const pairs = new URLSearchParams({ to: conversion });
  if (from !== "") pairs.set("from", from);
  if (vocabulary !== "keep") pairs.set("vocabulary", vocabulary);
  if (keepWords.length > 0) pairs.set("keep", keepWords.join(","));
  if (punctuation !== "keep") pairs.set("punctuation", punctuation);
  if (prefer.length > 0) pairs.set("prefer", prefer.join(","));
  if (bothScripts) pairs.set("both", "1");
  const settingsAlone = pairs.toString();
  for (const [key, value] of words) pairs.append("word", `${key}\t${value}`);
  for (const term of protect) pairs.append("protect", term);
  const long = pairs.toString();
  return long.length <= LONGEST
    ? { hash: `#${long}`, whole: true }
    : { hash: `#${settingsAlone}&mark=${markOf(long)}`, whole: false };
}

/** The settings of a link's fragment, or null if it has none. What is not known in it is left out. */
export function fromHash(hash: string): Settings | null {
  const pairs = new URLSearchParams(hash.replace(/^#/, ""));
  const conversion = pairs.get("to");
  if (!isOneOf([...TARGETS, ...CONFIGURATIONS], conversion)) return null;
  const from = pairs.get("from");
  return {
    conversion,
    from: isOneOf(SOURCES, from) ? from : "",
    vocabulary: pairs.get("vocabulary") === "local" ? "local" : "keep",
    keepWords: LAYERS.filter((layer) => pairs.get("keep")?.split(",").includes(layer)),
    punctuation: pairs.get("punctuation") === "local" ? "local" : "keep",
    prefer: (pairs.get("prefer") ?? "").split(",").filter((text) => [...text].length === 1),
    words: pairs.getAll("word").flatMap((line) => wordOfLine(line) ?? []),
    bothScripts: pairs.get("both") === "1",
    protect: pairs.getAll("protect").filter((term) => term !== ""),
  };
}

/** Whether a dictionary file can have this word: a line that begins with # is a comment. */
export const isWord = ([key, value]: Word): boolean => key !== "" && value !== "" && !/\s/u.test(key + value) && !key.startsWith("#");

/** A line of a dictionary: key, tab, value. Null if it is none. */
function wordOfLine(line: string): [Word] | null {
  const [key, value] = line.split("\t");
  return key && value ? [[key, value]] : null;
}

/** The words of a dictionary file, as `--dict` of the command reads it: the first of several values counts. */
export function readWords(file: string): { words: Word[]; refused: number } {
  const words: Word[] = [];
  let refused = 0;
  for (const line of file.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const word = wordOfLine(line);
    if (word) words.push([word[0][0], word[0][1].split(" ")[0] ?? ""]);
    else refused += 1;
  }
  return { words, refused };
}

/** A dictionary file of words. */
export function writeWords(words: readonly Word[]): string {
  return words.map(([key, value]) => `${key}\t${value}\n`).join("");
}
