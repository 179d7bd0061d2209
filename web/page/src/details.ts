/** What decided at a place, the candidates, and the choice among them. */

import { announce } from "./announce";
import { byId, element } from "./dom";
import type { Explanation } from "./engine";
import { reasonText } from "./explanations";
import { language, text, type Key } from "./language";
import type { Place } from "./result";
import { isWord, type Word } from "./settings";
import { likelyWords, ownWord, type Line } from "./words";

/** What the user decides. */
export interface Decisions {
  /** Another output at this place, or null for what is proposed. */
  here(place: Place, output: string | null): void;
  everywhere(place: Place, word: Word): void;
  removeWord(place: Place): void;
  /** The own word that made a part, if one did. */
  wordOf(place: Place): string | null;
}

type Scope = "everywhere" | "here";

/** As in the style. */
const NARROW = matchMedia("(max-width: 52rem)");

/** What was chosen last is proposed the next time. */
let scope: Scope = "everywhere";

/** A probability in percent. Nothing is certain. */
function percent(probability: number): string {
  return Math.min(Math.floor(probability * 1000) / 10, 99.9).toLocaleString(language());
}

/** The line of a place, with its parts counted from the line's beginning. */
function lineOf({ block, shown: { part } }: Place): { line: Line; moved: typeof part } {
  const start = block.text.lastIndexOf("\n", part.start - 1) + 1;
  const found = block.text.indexOf("\n", part.end);
  const end = found < 0 ? block.text.length : found;
  const parts = (block.parts ?? [])
    .filter((one) => one.start >= start && one.end <= end)
    .map((one) => ({ ...one, start: one.start - start, end: one.end - start }));
  const moved = { ...part, start: part.start - start, end: part.end - start };
  return { line: { text: block.text.slice(start, end), parts }, moved };
}

export class Details {
  private readonly box = byId("details", HTMLElement);
  private place: Place | null = null;

  constructor(
    private readonly languages: () => { source: string; output: string },
    private readonly explain: (place: Place) => Promise<Explanation | null>,
    private readonly decisions: Decisions,
  ) {
    this.box.addEventListener("toggle", (event) => {
      if ((event as ToggleEvent).newState === "closed") this.place?.node.classList.remove("open");
    });
    // The keyboard of a phone changes the size, too, when a text is to be typed here.
    addEventListener("resize", () => {
      if (this.place && this.box.matches(":popover-open")) this.setPosition(this.place.node.getBoundingClientRect());
    });
    byId("result", HTMLElement).addEventListener("scroll", () => this.box.hidePopover(), { passive: true });
  }

  async open(place: Place): Promise<void> {
    if (this.box.matches(":popover-open")) this.box.hidePopover();
    this.place = place;
    const explanation = await this.explain(place);
    // The text may have changed meanwhile, or another place been opened.
    if (explanation === null || this.place !== place || !place.node.isConnected) return;
    this.box.replaceChildren(...this.contents(place, explanation));
    place.node.classList.add("open");
    this.box.showPopover();
    this.setPosition(place.node.getBoundingClientRect());
    const first = ["[aria-pressed=true]", ".candidate", "button:not(.close)", "button"];
    first.map((selector) => this.box.querySelector<HTMLElement>(selector)).find((found) => found !== null)?.focus();
  }

  /** Below the place, or above it where there is more room. On narrow screens the style has it at the bottom. */
  private setPosition(at: DOMRect): void {
    const { width, height, top: boxTop } = this.box.getBoundingClientRect();
    const margin = 8;
    if (NARROW.matches) {
      // The place stays in sight above it.
      scrollBy(0, Math.max(0, at.bottom + margin - boxTop));
      return;
    }
    const left = Math.max(margin, Math.min(at.left - 16, innerWidth - width - margin));
    const below = at.bottom + margin;
    const top = below + height <= innerHeight || at.top < height + margin ? below : at.top - height - margin;
    this.box.style.setProperty("--left", `${left}px`);
    this.box.style.setProperty("--top", `${Math.max(margin, Math.min(top, innerHeight - height - margin))}px`);
  }

  private contents(place: Place, explanation: Explanation): Node[] {
    const { part, output, state } = place.shown;
    const languages = this.languages();
    const becomes = [element("span", { lang: languages.source }, part.input), " → ", element("span", { lang: languages.output }, output)];
    const head = element("h3", { id: "details-title" }, ...(part.input === output ? [text("staysAs", { input: output })] : becomes));
    const reason = state === "chosen" && part.kind !== "own" ? text("reason-chosen") : reasonText(explanation.reason);
    const why = element("p", { class: "why" }, reason);
    const nodes: Node[] = [element("div", { class: "row" }, head, this.sureness(place), this.closeButton()), why];
    if (part.kind === "protected") return nodes;
    const word = this.decisions.wordOf(place);
    if (word !== null) return [...nodes, this.wordRemoval(place)];
    return [...nodes, this.candidates(place, explanation), this.scopes(place, explanation), ...this.proposal(place)];
  }

  private sureness({ shown: { part, isDoubtful, state } }: Place): Node {
    if (part.probability === null || state === "chosen") return element("span");
    const share = percent(part.probability);
    return element("span", { class: isDoubtful ? "sure doubt" : "sure" }, text(isDoubtful ? "doubt" : "sure", { share }));
  }

  private closeButton(): Node {
    return element("button", { type: "button", class: "close", "aria-label": text("close"), click: () => this.close() }, "×");
  }

  private candidates(place: Place, { candidates }: Explanation): Node {
    const { output } = place.shown;
    const list = element("div", { class: "candidates", role: "group", "aria-label": text("candidates") });
    for (const candidate of candidates) {
      const why = candidate.reasons.map(reasonText).join(language() === "en" ? "; " : "；");
      list.append(element("button", {
        type: "button", class: "candidate", "aria-pressed": String(candidate.text === output),
        click: () => this.choose(place, candidate.text),
      }, element("span", { class: "glyph", lang: this.languages().output }, candidate.text),
        ...(why === "" ? [] : [element("span", { class: "why" }, why)])));
    }
    const other = element("input", { id: "other-text", lang: this.languages().output, autocomplete: "off", "aria-label": text("otherText"), placeholder: text("otherText") });
    const form = element("form", {
      class: "row",
      submit: (event) => {
        event.preventDefault();
        if (other.value !== "") this.choose(place, other.value);
      },
    }, other, element("button", {}, text("use")));
    list.append(form);
    return list;
  }

  private scopes(place: Place, { phrases }: Explanation): Node {
    const { line, moved } = lineOf(place);
    const words = likelyWords(line, moved, phrases);
    const option = (value: Scope, label: Key, ...more: Node[]) => element("label", { class: "scope" },
      element("input", { type: "radio", name: "scope", value, checked: scope === value, change: () => { scope = value; } }),
      element("span", {}, text(label)), ...more);
    const word = element("input", {
      id: "scope-word", lang: this.languages().source, list: "likely-words", autocomplete: "off", value: words[0] ?? moved.input, "aria-label": text("wordKey"),
    });
    return element("fieldset", { class: "scopes" },
      element("legend", {}, text("applyTo")),
      element("div", { class: "row" }, option("everywhere", "everywhere"), word),
      option("here", "here"),
      element("datalist", { id: "likely-words" }, ...words.map((value) => element("option", { value }))),
      element("p", { class: "fault", role: "alert" }));
  }

  private proposal(place: Place): Node[] {
    if (place.shown.state !== "chosen") return [];
    const back = () => {
      this.close();
      this.decisions.here(place, null);
    };
    return [element("button", { type: "button", click: back }, text("asProposed"))];
  }

  private wordRemoval(place: Place): Node {
    const remove = () => {
      this.close();
      this.decisions.removeWord(place);
    };
    return element("button", { type: "button", click: remove }, text("removeWord"));
  }

  private choose(place: Place, output: string): void {
    const { part } = place.shown;
    if (scope === "here") {
      this.close();
      this.decisions.here(place, output === part.output ? null : output);
      announce(text("choseHere", { output }));
      return;
    }
    const { line, moved } = lineOf(place);
    const key = byId("scope-word", HTMLInputElement).value.trim();
    const isValid = isWord([key, output]);
    const word = isValid ? ownWord(line, moved, key, output) : null;
    if (word === null) {
      const fault = this.box.querySelector(".fault");
      if (fault) fault.textContent = isValid ? text("wordMissing", { input: part.input }) : text("wordInvalid");
      return;
    }
    this.close();
    this.decisions.everywhere(place, word);
    announce(text("choseEverywhere", { key: word[0], value: word[1] }));
  }

  close(): void {
    this.box.hidePopover();
  }
}
