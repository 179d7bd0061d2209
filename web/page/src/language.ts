/** The texts of the page in its languages. */

import { kept, keep } from "./store";
import en from "./strings/en.json";
import zhCN from "./strings/zh-CN.json";
import zhTW from "./strings/zh-TW.json";

export type Key = keyof typeof en;
export type Language = "en" | "zh-TW" | "zh-CN";

// A text that a language lacks is an error of the build.
const STRINGS: Record<Language, Record<Key, string>> = { en, "zh-TW": zhTW, "zh-CN": zhCN };

let current: Language = "en";
const listeners: (() => void)[] = [];

export const language = (): Language => current;

/** The language of the page that fits a browser's language best. */
export function bestLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const locale = new Intl.Locale(tag).maximize();
    if (locale.language === "zh" || locale.language === "yue") return locale.script === "Hans" ? "zh-CN" : "zh-TW";
    if (locale.language === "en") return "en";
  }
  return "en";
}

/** A text in the language of the page, with values in braces. Numbers are written as the language does. */
export function text(key: Key, values: Readonly<Record<string, string | number>> = {}): string {
  return STRINGS[current][key].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? value.toLocaleString(current) : value;
  });
}

/** Whether the page has a text of this name: names that come from the engine may be newer. */
export const isKey = (key: string): key is Key => key in en;

/** Calls a function whenever the language has changed. */
export function onLanguage(listener: () => void): void {
  listeners.push(listener);
}

/** Shows the page in a language, and keeps the choice. */
export function setLanguage(chosen: Language): void {
  current = chosen;
  keep("language", chosen);
  show();
}

/** Shows the page in the language that was chosen, or in the browser's. */
export function startLanguage(): Language {
  const chosen = kept("language");
  current = chosen !== null && Object.hasOwn(STRINGS, chosen) ? (chosen as Language) : bestLanguage(navigator.languages);
  show();
  return current;
}

function show(): void {
  document.documentElement.lang = current;
  for (const [attribute, target] of [["data-text", null], ["data-label", "aria-label"], ["data-placeholder", "placeholder"]] as const) {
    for (const part of document.querySelectorAll(`[${attribute}]`)) {
      const key = part.getAttribute(attribute) ?? "";
      if (!isKey(key)) throw new Error(`the page has no text '${key}'`);
      if (target === null) part.textContent = text(key);
      else part.setAttribute(target, text(key));
    }
  }
  for (const listener of listeners) listener();
}
