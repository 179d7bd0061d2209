/** The two panes: the text, what it becomes, and what the user chooses in it. */

import { announce } from "./announce";
import { chosen, moved, type Choice } from "./choices";
import { Conversion, type Progress } from "./conversion";
import { Details } from "./details";
import { byId, copy, element, paced, save } from "./dom";
import { EXAMPLES } from "./examples";
import { isKey, onLanguage, text } from "./language";
import { startPeek } from "./peek";
import type { View } from "./render";
import { Result, type Place } from "./result";
import { outputLanguage, type Settings, type Word } from "./settings";
import * as state from "./state";

/** A text that is longer is converted as a file: a text area becomes slow with it. In UTF-16 code units. */
const LONGEST = 500_000;
/** A text that is longer is put in without the history of the text area. */
const LONGEST_TYPED = 20_000;
/** Counts are shown at most this often, in milliseconds. */
const PAUSE = 120;

/** The messages of failures, by what failed. */
const FAILURES = { whole: "failed", text: "failedPart", parts: "failedChanges" } as const;

/** A message of the page with an error of the engine in it. */
interface Fault {
  readonly key: "settingsFault" | (typeof FAILURES)[keyof typeof FAILURES];
  readonly error: string;
}

/** What a choice can be undone to. */
interface Before {
  readonly choices: readonly Choice[];
  readonly words: readonly Word[];
}

export class TextPanes {
  private readonly source = byId("source", HTMLTextAreaElement);
  private choices: readonly Choice[] = [];
  private undoable: Before[] = [];
  private detected: { script: string; machineConverted: boolean } | null = null;
  private progress: Progress = { all: 0, converted: 0, looked: 0, isDone: true };
  private isReady = false;
  /** What is wrong with the settings, and with the conversion. */
  private settingsFault: Fault | null = null;
  private failure: Fault | null = null;
  /** The example that is in the pane until something else is. */
  private example = "";
  private wasEdited = false;
  private readonly result: Result;
  private readonly details: Details;
  private readonly conversion: Conversion;
  private readonly showCounts = paced(PAUSE, () => this.count());

  /** `takeFile` is given texts that are too long. */
  constructor(private readonly takeFile: (file: File) => void) {
    this.result = new Result(() => this.conversion.blocks, (place) => void this.details.open(place), () => this.conversion.next());
    const explain = ({ block, shown: { part } }: Place) => this.conversion.explain(block, part.start);
    const languages = () => ({ source: this.source.lang, output: outputLanguage(state.current().conversion) });
    this.details = new Details(languages, explain, {
      here: (place, output) => this.chooseHere(place, output),
      everywhere: (place, word) => this.chooseEverywhere(place, word),
      removeWord: (place) => this.removeWord(place),
      wordOf: ({ shown: { part } }) => (part.kind === "own" ? this.ownKey(part.input) : null),
    });
    this.conversion = new Conversion({
      replaced: (from, to, blocks, edit) => {
        this.choices = moved(this.choices, edit);
        this.undoable = this.undoable.map((before) => ({ ...before, choices: moved(before.choices, edit) }));
        this.result.replace(from, to - from, blocks, this.choices);
      },
      converted: (block) => {
        this.result.draw(block);
        this.showCounts();
      },
      progress: (progress) => {
        this.progress = progress;
        byId("result", HTMLElement).ariaBusy = String(!progress.isDone);
        this.showCounts();
      },
      scripts: (whole, spans) => {
        this.detected = whole;
        this.showDetected();
        this.result.setScripts(spans, this.source.lang, this.conversion.text);
      },
      settingsFault: (error) => {
        this.isReady = true;
        this.settingsFault = error === null ? null : { key: "settingsFault", error };
        this.showFault();
      },
      failed: (failure) => {
        this.failure = failure === null ? null : { key: FAILURES[failure.extent], error: failure.error };
        this.showFault();
      },
      isWanted: (block) => this.result.isWanted(block),
    });
    startPeek(byId("result", HTMLElement), (target) => this.result.placeOf(target), explain);
    this.setUndoable([]);
    this.listen();
    this.take(state.current());
    state.onSettings((settings) => this.take(settings));
    onLanguage(() => {
      this.showDetected();
      this.showFault();
      this.showLegend();
      this.showCounts();
      this.result.drawAll(this.conversion.text);
    });
    this.showLegend();
  }

  private listen(): void {
    this.source.addEventListener("input", () => {
      this.wasEdited = true;
      this.edited();
    });
    this.source.addEventListener("paste", (event) => {
      const pasted = event.clipboardData?.getData("text/plain") ?? "";
      if (this.tooLong(pasted)) event.preventDefault();
    });
    // The address of the link would replace the settings that the page's own may have.
    document.querySelector(".skip")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.source.focus();
    });
    synchronizeScrolling(this.source, byId("result", HTMLElement));
    byId("views", HTMLElement).addEventListener("change", (event) => {
      this.result.setView((event.target as HTMLInputElement).value as View, this.conversion.text);
      this.showLegend();
    });
    const on = (id: string, action: () => void) => byId(id, HTMLButtonElement).addEventListener("click", action);
    // What is not converted yet would be the source.
    const onceDone = (action: (output: string) => void) => () => {
      if (this.progress.isDone) action(this.result.output());
      else announce(byId("counts", HTMLElement).textContent);
    };
    on("copy", onceDone((output) => void copy(output).then((isCopied) => announce(text(isCopied ? "copied" : "copyRefused")))));
    on("save", onceDone((output) => save(text("convertedName"), new Blob([output], { type: "text/plain;charset=utf-8" }))));
    on("clear", () => this.setText(""));
    on("paste", () => void this.paste());
    on("undo", () => this.undo());
    on("retry", () => this.conversion.restart());
    on("next-doubtful", () => {
      if (!this.result.move(1, (shown) => shown.isDoubtful, true)) announce(text("noDoubtful"));
    });
  }

  private async paste(): Promise<void> {
    try {
      const pasted = await navigator.clipboard.readText();
      if (!this.tooLong(pasted)) this.setText(pasted);
    } catch {
      announce(text("pasteRefused"));
    }
  }

  /** Whether a text is too long for the pane; it is then converted as a file. */
  private tooLong(pasted: string): boolean {
    if (pasted.length <= LONGEST) return false;
    this.takeFile(new File([pasted], text("pastedName"), { type: "text/plain" }));
    announce(text("tooLong"));
    return true;
  }

  /** Replaces the text, as the user could: the browser's own undo brings back what was there. */
  setText(value: string): void {
    this.wasEdited = true;
    this.source.focus();
    this.source.select();
    // It is the only way into the history of a text area, and takes long with a long text.
    const isTyped = value.length <= LONGEST_TYPED && document.execCommand(value === "" ? "delete" : "insertText", false, value);
    if (!isTyped) this.source.value = value;
    if (this.source.value !== this.conversion.text) this.edited();
  }

  private edited(): void {
    // Half of a pair is no character: it becomes U+FFFD, which is as long.
    this.conversion.edit(this.source.value.toWellFormed());
    this.showCounts();
    const isEmpty = this.source.value === "";
    for (const id of ["copy", "save", "clear"]) byId(id, HTMLButtonElement).disabled = isEmpty;
    if (isEmpty) this.showDetected();
  }

  private take(settings: Settings): void {
    this.result.setLanguage(outputLanguage(settings.conversion));
    this.conversion.settings(settings);
    // The example is in the script that the conversion changes, as long as nothing else was typed.
    if (this.source.value !== this.example || this.wasEdited) return;
    this.example = outputLanguage(settings.conversion) === "zh-Hans" ? EXAMPLES.traditional : EXAMPLES.simplified;
    this.source.value = this.example;
    this.edited();
  }

  // What the user chooses.

  private remember(): void {
    this.setUndoable([...this.undoable, { choices: this.choices, words: state.current().words }]);
  }

  private setUndoable(undoable: Before[]): void {
    this.undoable = undoable;
    byId("undo", HTMLButtonElement).disabled = undoable.length === 0;
  }

  private setChoices(choices: readonly Choice[]): void {
    this.choices = choices;
    this.result.setChoices(choices);
    this.showCounts();
  }

  private chooseHere({ block, start, number, shown: { part } }: Place, output: string | null): void {
    this.remember();
    this.setChoices(chosen(this.choices, start + part.start, part.input, output));
    this.result.focus(block, number);
  }

  private chooseEverywhere({ block, start, number, shown: { part } }: Place, word: Word): void {
    this.remember();
    this.setChoices(chosen(this.choices, start + part.start, part.input, null));
    state.addWord(word);
    this.result.focus(block, number);
  }

  private ownKey(input: string): string | null {
    return state.current().words.find(([key]) => key === input)?.[0] ?? null;
  }

  private removeWord({ block, number, shown: { part } }: Place): void {
    this.remember();
    state.removeWord(part.input);
    this.result.focus(block, number);
  }

  private undo(): void {
    const before = this.undoable.at(-1);
    if (!before) return;
    this.setUndoable(this.undoable.slice(0, -1));
    this.setChoices(before.choices);
    if (before.words !== state.current().words) state.change({ words: before.words });
    announce(text("undone"));
  }

  // What is shown about the text.

  private count(): void {
    const place = byId("counts", HTMLElement);
    const { all, converted, looked, isDone } = this.progress;
    const percent = (part: number) => (all === 0 ? 100 : Math.floor((part / all) * 100));
    if (!this.isReady) {
      place.textContent = text("loading");
    } else if (!isDone) {
      place.textContent = text("converting", { share: percent(converted) });
    } else {
      const counts = this.result.counts();
      const shown = text("counts", { characters: all, ...counts });
      place.textContent = looked < all ? `${shown} ${text("counting", { share: percent(looked) })}` : shown;
      byId("next-doubtful", HTMLButtonElement).disabled = counts.doubtful === 0;
    }
  }

  private showFault(): void {
    const shown = this.failure ?? this.settingsFault;
    byId("fault", HTMLElement).hidden = shown === null;
    // The engine's messages are in English.
    const [before = "", after = ""] = shown === null ? [] : text(shown.key, { error: "\n" }).split("\n");
    const error = element("span", { lang: "en" }, shown?.error ?? "");
    byId("fault-text", HTMLElement).replaceChildren(...(shown === null ? [] : [before, error, after]));
    byId("retry", HTMLButtonElement).hidden = this.failure === null;
  }

  private showDetected(): void {
    const { script, machineConverted } = this.detected ?? { script: "not-chinese", machineConverted: false };
    const key = `script-${script}`;
    const shown = isKey(key) ? text(key) : script;
    const whole = machineConverted ? `${shown} · ${text("machineConverted")}` : shown;
    byId("detected", HTMLElement).textContent = this.source.value === "" ? "" : whole;
    this.source.lang = { simplified: "zh-Hans", japanese: "ja", taiwan: "zh-TW", "hong-kong": "zh-HK" }[script] ?? "zh-Hant";
  }

  private showLegend(): void {
    const view = document.querySelector<HTMLInputElement>("input[name=view]:checked")?.value;
    const item = (kind: string, label: string) => element("li", {}, element("span", { class: `sample ${kind}`, "aria-hidden": "true" }, "\u00a0\u00a0\u00a0\u00a0"), label);
    const script = (name: string) => {
      const key = `script-${name}`;
      const made = item("script", isKey(key) ? text(key) : name);
      made.firstElementChild?.setAttribute("data-script", name);
      return made;
    };
    const items = {
      result: () => [item("changed", text("legendChanged")), item("doubtful", text("legendDoubtful")), item("chosen", text("legendChosen"))],
      compare: () => [item("removed", text("legendRemoved")), item("added", text("legendAdded")), item("doubtful", text("legendDoubtful"))],
      scripts: () => ["simplified", "traditional", "mixed", "japanese"].map(script),
    }[view as View];
    byId("legend", HTMLElement).replaceChildren(...items());
  }
}

/** Scrolls one pane as far as the other one is scrolled. */
function synchronizeScrolling(one: HTMLElement, other: HTMLElement): void {
  let leader: HTMLElement | null = null;
  const follow = (from: HTMLElement, to: HTMLElement) => {
    if (leader === to) return;
    leader = from;
    const range = from.scrollHeight - from.clientHeight;
    to.scrollTop = range <= 0 ? 0 : (from.scrollTop / range) * (to.scrollHeight - to.clientHeight);
    requestAnimationFrame(() => requestAnimationFrame(() => { leader = null; }));
  };
  one.addEventListener("scroll", () => follow(one, other), { passive: true });
  other.addEventListener("scroll", () => follow(other, one), { passive: true });
}
