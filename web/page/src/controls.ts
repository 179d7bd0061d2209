/** The controls of the settings. */

import { announce } from "./announce";
import { byId, copy, element, save } from "./dom";
import { onLanguage, text } from "./language";
import * as state from "./state";
import {
  applicable, CONFIGURATIONS, isTarget, isWord, LAYERS, readWords, SOURCES, toHash, writeWords, type Conversion, type Settings,
} from "./settings";

/** Characters of a house style, with those that each replaces: put in by the build, from the project's dictionary. */
declare const PREFERABLE: readonly (readonly [preferred: string, others: readonly string[]])[];

const isChecked = (id: string) => byId(id, HTMLInputElement).checked;

export function startControls(): void {
  for (const name of CONFIGURATIONS) byId("configuration", HTMLSelectElement).append(element("option", { value: name }, name));
  makePreferences();
  byId("targets", HTMLElement).addEventListener("change", (event) => {
    state.change({ conversion: (event.target as HTMLInputElement).value as Conversion });
  });
  byId("configuration", HTMLSelectElement).addEventListener("change", chooseConfiguration);
  byId("vocabulary", HTMLInputElement).addEventListener("change", () => {
    state.change({ vocabulary: isChecked("vocabulary") ? "local" : "keep" });
  });
  byId("punctuation", HTMLInputElement).addEventListener("change", () => {
    state.change({ punctuation: isChecked("punctuation") ? "local" : "keep" });
  });
  byId("from", HTMLSelectElement).addEventListener("change", () => {
    const { value } = byId("from", HTMLSelectElement);
    state.change({ from: SOURCES.find((source) => source === value) ?? "" });
  });
  byId("layers", HTMLElement).addEventListener("change", () => {
    const checked = boxes("layers").filter((box) => box.checked).map((box) => box.value);
    state.change({ keepWords: LAYERS.filter((layer) => checked.includes(layer)) });
  });
  byId("link", HTMLButtonElement).addEventListener("click", () => void copyLink());
  byId("reset", HTMLButtonElement).addEventListener("click", () => {
    state.reset();
    announce(text("settingsReset"));
  });
  startWords();
  startProtected();
  state.onNotKept(() => announce(text("wordsNotKept")));
  onLanguage(() => show(state.current()));
  state.onSettings(show);
  show(state.current());
}

const boxes = (id: string) => [...byId(id, HTMLElement).querySelectorAll<HTMLInputElement>("input[type=checkbox]")];

let lastTarget: Conversion = "zh-TW";

function chooseConfiguration(): void {
  const { value } = byId("configuration", HTMLSelectElement);
  state.change({ conversion: CONFIGURATIONS.find((name) => name === value) ?? lastTarget });
}

function makePreferences(): void {
  const place = byId("prefer", HTMLElement).querySelector(".characters");
  for (const [preferred, others] of PREFERABLE) {
    const input = element("input", { type: "checkbox", value: preferred });
    const label = element("span", { lang: "zh-Hant", "aria-hidden": "true" }, preferred, element("small", {}, others.join("")));
    place?.append(element("label", { class: "character" }, input, label));
  }
  place?.addEventListener("change", (event) => {
    const { value, checked } = event.target as HTMLInputElement;
    const others = PREFERABLE.find(([preferred]) => preferred === value)?.[1] ?? [];
    // A character cannot be preferred to one that is preferred to it.
    const replacing = PREFERABLE.filter(([, replaced]) => replaced.includes(value)).map(([preferred]) => preferred);
    const kept = state.current().prefer.filter((known) => known !== value && !(checked && [...others, ...replacing].includes(known)));
    state.change({ prefer: checked ? [...kept, value] : kept });
  });
}

async function copyLink(): Promise<void> {
  const { hash, whole } = toHash(state.current());
  const isCopied = await copy(new URL(hash, location.href).href);
  announce(text(!isCopied ? "copyRefused" : whole ? "linkCopied" : "linkWithoutWords"));
}

/** Shows the settings in their controls. What has no effect on the conversion is disabled. */
function show(settings: Settings): void {
  const { conversion, from, vocabulary, keepWords, punctuation, prefer, words, bothScripts, protect } = settings;
  const has = applicable(settings);
  if (isTarget(conversion)) lastTarget = conversion;
  for (const radio of document.querySelectorAll<HTMLInputElement>("input[name=target]")) radio.checked = radio.value === conversion;
  byId("configuration", HTMLSelectElement).value = isTarget(conversion) ? "" : conversion;
  const set = (id: string, checked: boolean, enabled: boolean) => {
    const box = byId(id, HTMLInputElement);
    box.checked = checked && enabled;
    box.disabled = !enabled;
  };
  set("vocabulary", vocabulary === "local", has.vocabulary);
  set("punctuation", punctuation === "local", has.punctuation);
  byId("from", HTMLSelectElement).value = from;
  byId("from", HTMLSelectElement).disabled = !has.from;
  byId("layers", HTMLFieldSetElement).disabled = !has.keepWords;
  for (const box of boxes("layers")) box.checked = keepWords.some((layer) => layer === box.value);
  byId("prefer", HTMLFieldSetElement).disabled = !has.prefer;
  for (const box of boxes("prefer")) {
    box.checked = prefer.includes(box.value);
    const others = PREFERABLE.find(([preferred]) => preferred === box.value)?.[1] ?? [];
    box.setAttribute("aria-label", text("preferFor", { preferred: box.value, others: others.join(" ") }));
  }
  set("both-scripts", bothScripts, true);
  list("words", words.map(([key, value]) => [`${key} → ${value}`, () => state.removeWord(key)]));
  list("protected", protect.map((term) => [term, () => state.change({ protect: protect.filter((known) => known !== term) })]));
  byId("export-words", HTMLButtonElement).disabled = words.length === 0;
}

/** How many terms are listed, the last ones first. All count. */
const LISTED = 200;

/** A list of terms, each with a button that removes it. */
function list(id: string, terms: readonly (readonly [shown: string, remove: () => void])[]): void {
  const listed = terms.slice(-LISTED).reverse();
  const items = listed.map(([shown, remove]) =>
    element("li", {},
      element("span", { lang: "zh" }, shown),
      element("button", {
        type: "button", "aria-label": text("remove", { text: shown }),
        click: () => {
          const at = listed.findIndex(([known]) => known === shown);
          remove();
          const buttons = byId(id, HTMLElement).querySelectorAll("button");
          const other = buttons[Math.min(at, buttons.length - 1)] ?? byId(id, HTMLElement).parentElement?.querySelector("input");
          other?.focus();
        },
      }, "×")));
  const more = terms.length - listed.length;
  byId(id, HTMLElement).replaceChildren(...items, ...(more > 0 ? [element("li", { class: "hint" }, text("termsMore", { count: more }))] : []));
}

function startWords(): void {
  byId("both-scripts", HTMLInputElement).addEventListener("change", () => state.change({ bothScripts: isChecked("both-scripts") }));
  const key = byId("word-key", HTMLInputElement);
  const value = byId("word-value", HTMLInputElement);
  byId("add-word", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const [from, to] = [key.value.trim(), value.value.trim()];
    if (!isWord([from, to])) return announce(text("wordInvalid"));
    state.addWord([from, to]);
    key.value = value.value = "";
    key.focus();
  });
  const file = byId("words-file", HTMLInputElement);
  byId("import-words", HTMLButtonElement).addEventListener("click", () => file.click());
  file.addEventListener("change", () => void importWords(file));
  byId("export-words", HTMLButtonElement).addEventListener("click", () => {
    save(text("wordsName"), new Blob([writeWords(state.current().words)], { type: "text/plain;charset=utf-8" }));
  });
}

async function importWords(input: HTMLInputElement): Promise<void> {
  const file = input.files?.[0];
  if (!file) return;
  const { words, refused } = readWords(await file.text());
  input.value = "";
  const all = new Map([...state.current().words, ...words]);
  state.change({ words: [...all] });
  announce(text(refused === 0 ? "wordsImported" : "wordsRefused", { count: words.length, refused }));
}

function startProtected(): void {
  const term = byId("protected-term", HTMLInputElement);
  byId("add-protected", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const added = term.value.trim();
    const { protect } = state.current();
    if (added !== "" && !protect.includes(added)) state.change({ protect: [...protect, added] });
    term.value = "";
    term.focus();
  });
}
