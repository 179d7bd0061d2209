/** The settings of this page, where they are kept, and who is told when they change. */

import { kept, keep, type Lifetime } from "./store";
import { defaults, fromHash, readWords, toHash, writeWords, type Conversion, type Settings, type Word } from "./settings";

let settings: Settings;
/**
 * A page that was opened by a link keeps its settings in its address, and leaves those of the browser alone. Words that are too
 * many for an address are kept for the tab.
 */
let isLinked = false;
let usual: Conversion = "zh-TW";
const listeners: ((settings: Settings) => void)[] = [];
const notKeptListeners: (() => void)[] = [];
let hasLost = false;

export const current = (): Settings => settings;

/** Calls a function whenever the settings have changed. */
export function onSettings(listener: (settings: Settings) => void): void {
  listeners.push(listener);
}

/** Calls a function the first time that words cannot be kept. */
export function onNotKept(listener: () => void): void {
  notKeptListeners.push(listener);
}

/** The settings of the address, with the words that did not fit into it. */
function linkedSettings(): Settings | null {
  const linked = fromHash(location.hash);
  if (linked === null) return null;
  // They belong to this address alone, which has a mark of them: a link that is opened in the same tab has others.
  const whole = { ...linked, ...keptTerms("linked-", "tab") };
  return toHash(whole).hash === location.hash ? whole : linked;
}

function keptTerms(prefix: string, lifetime: Lifetime): Pick<Settings, "words" | "protect"> {
  return { words: readWords(kept(`${prefix}words`, lifetime) ?? "").words, protect: lines(kept(`${prefix}protected`, lifetime)) };
}

function keepTerms(prefix: string, lifetime: Lifetime): boolean {
  const { words, protect } = settings;
  return [keep(`${prefix}words`, writeWords(words), lifetime), keep(`${prefix}protected`, protect.join("\n"), lifetime)].every(Boolean);
}

/** Takes the settings of the link, or those that are kept, or the defaults for readers of this conversion's output. */
export function startSettings(conversion: Conversion): void {
  usual = conversion;
  const linked = linkedSettings();
  isLinked = linked !== null;
  const stored = fromHash(kept("settings") ?? "");
  const base = linked ?? stored ?? defaults(usual);
  settings = isLinked ? base : { ...base, ...keptTerms("", "browser") };
  // A link that is opened in the place of this page, which then stays.
  addEventListener("hashchange", () => {
    const other = linkedSettings();
    if (other === null) return;
    isLinked = true;
    settings = other;
    notify();
  });
}

function notify(): void {
  for (const listener of listeners) listener(settings);
}

const lines = (text: string | null): string[] => (text ?? "").split("\n").filter((line) => line !== "");

/** Changes some of the settings. */
export function change(changes: Partial<Settings>): void {
  settings = { ...settings, ...changes };
  const isKept = isLinked ? keepLinked() : keepInBrowser();
  if (!isKept && !hasLost && settings.words.length + settings.protect.length > 0) {
    hasLost = true;
    for (const listener of notKeptListeners) listener();
  }
  notify();
}

function keepLinked(): boolean {
  const { hash, whole } = toHash(settings);
  history.replaceState(null, "", hash);
  return whole || keepTerms("linked-", "tab");
}

function keepInBrowser(): boolean {
  // The settings are some characters, which fit where the terms do.
  keep("settings", toHash({ ...settings, words: [], protect: [] }).hash);
  return keepTerms("", "browser");
}

/** The defaults again, but for own words and protected ones. */
export function reset(): void {
  change({ ...defaults(usual), words: settings.words, bothScripts: settings.bothScripts, protect: settings.protect });
}

/** Adds an own word, which replaces one with the same key. */
export function addWord([key, value]: Word): void {
  change({ words: [...settings.words.filter(([known]) => known !== key), [key, value]] });
}

export function removeWord(key: string): void {
  change({ words: settings.words.filter(([known]) => known !== key) });
}
