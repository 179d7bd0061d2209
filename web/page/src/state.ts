/** The settings of this page, where they are kept, and who is told when they change. */

import { kept, keep } from "./store";
import { defaults, fromHash, readWords, toHash, writeWords, type Conversion, type Settings, type Word } from "./settings";

let settings: Settings;
/** A page that was opened by a link keeps its settings in its address, and leaves those of the browser alone. */
let isLinked = false;
let usual: Conversion = "zh-TW";
const listeners: ((settings: Settings) => void)[] = [];

export const current = (): Settings => settings;

/** Calls a function whenever the settings have changed. */
export function onSettings(listener: (settings: Settings) => void): void {
  listeners.push(listener);
}

/** Takes the settings of the link, or those that are kept, or the defaults for readers of this conversion's output. */
export function startSettings(conversion: Conversion): void {
  usual = conversion;
  const linked = fromHash(location.hash);
  isLinked = linked !== null;
  const stored = fromHash(kept("settings") ?? "");
  const base = linked ?? stored ?? defaults(usual);
  settings = isLinked ? base : { ...base, words: readWords(kept("words") ?? "").words, protect: lines(kept("protected")) };
  // A link that is opened in the place of this page, which then stays.
  addEventListener("hashchange", () => {
    const other = fromHash(location.hash);
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
  if (isLinked) {
    history.replaceState(null, "", toHash(settings).hash);
  } else {
    keep("settings", toHash({ ...settings, words: [], protect: [] }).hash);
    keep("words", writeWords(settings.words));
    keep("protected", settings.protect.join("\n"));
  }
  notify();
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
