/** The pane of the result: blocks that are drawn when they are seen, and the keyboard in them. */

import { within, type Choice } from "./choices";
import type { Block } from "./conversion";
import { byId, element } from "./dom";
import type { ScriptSpan } from "./engine";
import { isKey, text } from "./language";
import { nodesOf, shownParts, type Shown, type View } from "./render";
import { replaced } from "./words";

/** A place in the result that the user has pointed at. */
export interface Place {
  readonly block: Block;
  /** Where the block begins in the text. */
  readonly start: number;
  readonly number: number;
  readonly shown: Shown;
  readonly node: HTMLElement;
}

/** What is counted of the text. */
export interface Counts {
  changed: number;
  doubtful: number;
  chosen: number;
}

/** How many new blocks are taken to be seen before they are drawn. */
const TYPED = 8;

export class Result {
  private readonly pane = byId("result", HTMLElement);
  private readonly nodes = new Map<number, HTMLElement>();
  private readonly blockOf = new WeakMap<Element, Block>();
  private readonly visible = new Set<number>();
  private readonly seen = new IntersectionObserver((entries) => this.onSeen(entries), { root: this.pane, rootMargin: "300px" });
  private starts = new Map<number, number>();
  private view: View = "result";
  private choices: readonly Choice[] = [];
  private spans: readonly ScriptSpan[] = [];
  private sourceLanguage = "zh";

  /** `open` is called for a place that the user chooses, and `moved` when other blocks are seen. */
  constructor(private blocks: () => readonly Block[], private open: (place: Place) => void, private moved: () => void) {
    this.pane.addEventListener("click", (event) => {
      const place = this.placeOf(event.target);
      if (place && getSelection()?.isCollapsed !== false) this.open(place);
    });
    this.pane.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** Whether the parts of a block are needed: it is seen, or something was chosen in it. */
  isWanted(block: Block): boolean {
    const start = this.starts.get(block.id) ?? 0;
    return this.visible.has(block.id) || within(this.choices, start, start + block.text.length).length > 0;
  }

  setLanguage(language: string): void {
    this.pane.lang = language;
  }

  setChoices(choices: readonly Choice[]): void {
    this.choices = choices;
    for (const block of this.blocks()) this.draw(block);
  }

  /** Takes the scripts of the text, and the language that chooses its glyphs. */
  setScripts(spans: readonly ScriptSpan[], language: string, source: string): void {
    const isOther = language !== this.sourceLanguage;
    this.spans = spans;
    this.sourceLanguage = language;
    if (this.view === "scripts") this.drawScripts(source);
    else if (this.view === "compare" && isOther) for (const block of this.blocks()) this.draw(block);
  }

  setView(view: View, source: string): void {
    this.view = view;
    this.pane.dataset.view = view;
    this.drawAll(source);
  }

  /** Draws all anew, such as in another language. */
  drawAll(source: string): void {
    if (this.view === "scripts") return this.drawScripts(source);
    this.seen.disconnect();
    this.visible.clear();
    this.nodes.clear();
    this.pane.replaceChildren(...this.blocks().map((block) => this.nodeOf(block)));
    this.countStarts();
    for (const block of this.blocks()) this.draw(block);
  }

  private nodeOf(block: Block): HTMLElement {
    const node = element("div", { class: block.text.endsWith("\n") ? "block" : "block open" });
    this.nodes.set(block.id, node);
    this.blockOf.set(node, block);
    this.seen.observe(node);
    return node;
  }

  private countStarts(): void {
    this.starts = new Map();
    let at = 0;
    for (const block of this.blocks()) {
      this.starts.set(block.id, at);
      at += block.text.length;
    }
  }

  /** Takes new blocks in the place of `removed` old ones. */
  replace(from: number, removed: number, added: readonly Block[], choices: readonly Choice[]): void {
    this.choices = choices;
    this.countStarts();
    if (this.view === "scripts") return;
    const old = [...this.pane.children].slice(from, from + removed);
    const before = this.pane.children[from + removed] ?? null;
    const nodes = added.map((block) => this.nodeOf(block));
    // What was there stays until the new blocks are converted: the pane does not flicker.
    nodes[0]?.append(...old.flatMap((node) => [...node.childNodes]));
    for (const node of old) {
      this.seen.unobserve(node);
      const block = this.blockOf.get(node);
      if (block) {
        this.nodes.delete(block.id);
        this.visible.delete(block.id);
      }
      node.remove();
    }
    for (const node of nodes) this.pane.insertBefore(node, before);
    // What is typed is seen. Of more, the observer finds what is.
    if (added.length <= TYPED) added.forEach((block) => this.visible.add(block.id));
  }

  private onSeen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const block = this.blockOf.get(target);
      if (!block || isIntersecting === this.visible.has(block.id) && target.hasAttribute("data-drawn")) continue;
      if (isIntersecting) this.visible.add(block.id);
      else this.visible.delete(block.id);
      this.draw(block);
    }
    this.moved();
  }

  private shown(block: Block): Shown[] {
    const start = this.starts.get(block.id) ?? 0;
    return shownParts(block, start, within(this.choices, start, start + block.text.length));
  }

  /** Draws a block: with its parts if it is seen, and else as plain text, which costs little. */
  draw(block: Block): void {
    const node = this.nodes.get(block.id);
    if (!node || this.view === "scripts" || (block.parts === null && block.plain === null)) return;
    const isDrawn = block.parts !== null && this.visible.has(block.id);
    const focused = node.contains(document.activeElement) ? document.activeElement?.getAttribute("data-start") : null;
    if (isDrawn) node.replaceChildren(...nodesOf(block, this.shown(block), this.view, this.sourceLanguage, (one) => this.label(one)));
    else node.textContent = this.outputOf(block);
    node.dataset.drawn = isDrawn ? "parts" : "plain";
    if (focused) {
      // Parts may have been joined: the focus stays in the one that has the place now.
      const parts = [...node.querySelectorAll<HTMLElement>("[data-start]")];
      parts.findLast((part) => Number(part.dataset.start) <= Number(focused))?.focus({ preventScroll: true });
    }
  }

  private outputOf(block: Block): string {
    const parts = this.shown(block).map(({ part: { start, end }, output }) => ({ start, end, output }));
    return block.plain ?? replaced(block.text, parts);
  }

  private label({ part, isDoubtful, state }: Shown): string {
    const becomes = part.input === part.output ? text("staysAs", { input: part.input }) : text("becomes", { input: part.input, output: part.output });
    return [becomes, ...(isDoubtful ? [text("legendDoubtful")] : []), ...(state === "chosen" ? [text("legendChosen")] : [])].join(", ");
  }

  private drawScripts(source: string): void {
    const nodes: Node[] = [];
    let at = 0;
    for (const { start, end, script } of this.spans) {
      if (start > at) nodes.push(document.createTextNode(source.slice(at, start)));
      const key = `script-${script}`;
      nodes.push(element("span", { class: "script", "data-script": script, title: isKey(key) ? text(key) : script }, source.slice(start, end)));
      at = end;
    }
    nodes.push(document.createTextNode(source.slice(at)));
    this.seen.disconnect();
    this.nodes.clear();
    this.visible.clear();
    this.pane.replaceChildren(element("div", { class: "block", lang: this.sourceLanguage }, ...nodes));
  }

  /** The text of the result, as far as it is converted. */
  output(): string {
    return this.blocks().map((block) => this.outputOf(block)).join("");
  }

  counts(): Counts {
    const counts: Counts = { changed: 0, doubtful: 0, chosen: 0 };
    for (const block of this.blocks()) {
      for (const { state, isDoubtful } of this.shown(block)) {
        if (state !== "same") counts[state] += 1;
        if (isDoubtful) counts.doubtful += 1;
      }
    }
    return counts;
  }

  /** The place of an element, if it is within one. */
  placeOf(target: EventTarget | null): Place | null {
    const node = target instanceof Element ? target.closest<HTMLElement>("[data-part]") : null;
    const block = node ? this.blockOf.get(node.closest(".block") ?? node) : undefined;
    if (!node || !block) return null;
    const number = Number(node.dataset.part);
    const shown = this.shown(block)[number];
    return shown ? { block, start: this.starts.get(block.id) ?? 0, number, shown, node } : null;
  }

  /** The place of a part, drawn and scrolled to. */
  private reveal(block: Block, number: number): HTMLElement | null {
    this.visible.add(block.id);
    this.draw(block);
    const node = this.nodes.get(block.id)?.querySelector<HTMLElement>(`[data-part="${number}"]`) ?? null;
    node?.scrollIntoView({ block: "nearest" });
    node?.focus({ preventScroll: true });
    return node;
  }

  /** Focuses a part again after it was drawn anew. */
  focus(block: Block, number: number): void {
    if (this.blocks().includes(block)) this.reveal(block, number);
  }

  /** Moves to the next part in a direction that is of interest, from the one with the focus or from an end. Returns whether there is one. */
  move(step: 1 | -1, wanted: (shown: Shown) => boolean, goesRound = false): boolean {
    if (this.view === "scripts") return false;
    const blocks = this.blocks();
    const here = this.placeOf(document.activeElement);
    const first = here ? blocks.indexOf(here.block) : step > 0 ? 0 : blocks.length - 1;
    const count = blocks.length + (goesRound ? 1 : 0);
    for (let passed = 0; passed < count; passed += 1) {
      const index = first + step * passed;
      const block = blocks[goesRound ? (index + blocks.length) % blocks.length : index];
      if (!block) return false;
      const shown = this.shown(block);
      const from = here && passed === 0 ? here.number + step : step > 0 ? 0 : shown.length - 1;
      for (let number = from; number >= 0 && number < shown.length; number += step) {
        const one = shown[number];
        if (one && wanted(one)) {
          this.reveal(block, number);
          return true;
        }
      }
    }
    return false;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const isOfInterest = (shown: Shown) => shown.state !== "same" || shown.isDoubtful;
    const moves: Record<string, () => boolean> = {
      ArrowRight: () => this.move(1, isOfInterest),
      ArrowLeft: () => this.move(-1, isOfInterest),
      n: () => this.move(1, (shown) => shown.isDoubtful, true),
      Enter: () => this.openFocused(),
      " ": () => this.openFocused(),
    };
    const move = moves[event.key];
    if (move && (move() || event.key.startsWith("Arrow"))) event.preventDefault();
  }

  private openFocused(): boolean {
    const place = this.placeOf(document.activeElement);
    if (place) this.open(place);
    return place !== null;
  }
}
