/** What is shown of a block: its result, its changes, or its scripts. */

import type { Choice } from "./choices";
import type { Block } from "./conversion";
import { element } from "./dom";
import type { Part } from "./engine";

export type View = "result" | "compare" | "scripts";

/** A choice is doubtful below this probability: as in `fanjian review`. */
const CLEAR = 0.98;

/** A part of a block as it is shown: what the user chose comes before what the conversion proposes. */
export interface Shown {
  readonly part: Part;
  readonly output: string;
  readonly state: "changed" | "same" | "chosen";
  readonly isDoubtful: boolean;
}

/** The parts of a block with the choices in it, whose places are counted from the beginning of the text. */
export function shownParts(block: Block, start: number, choices: readonly Choice[]): Shown[] {
  return (block.parts ?? []).map((part) => {
    const choice = choices.find((known) => known.start === start + part.start && known.source === part.input);
    const output = choice?.output ?? part.output;
    const isChosen = choice !== undefined || part.kind === "own";
    const isDoubtful = !isChosen && part.probability !== null && part.probability < CLEAR;
    return { part, output, state: isChosen ? "chosen" : part.input === output ? "same" : "changed", isDoubtful };
  });
}

/** The nodes of a block. Each part is a button of its own that is known by its number. */
export function nodesOf(block: Block, parts: readonly Shown[], view: "result" | "compare", label: (shown: Shown) => string): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  parts.forEach((shown, number) => {
    const { part, output, state, isDoubtful } = shown;
    if (part.start > at) nodes.push(document.createTextNode(block.text.slice(at, part.start)));
    at = part.end;
    const isCompared = view === "compare" && part.input !== output;
    nodes.push(element("span", {
      class: `part ${state}${isDoubtful ? " doubtful" : ""}`,
      role: "button", tabindex: "-1", "aria-haspopup": "dialog", "data-part": number,
      "aria-description": state === "same" && !isDoubtful ? null : label(shown),
    }, ...(isCompared ? [element("del", { lang: "zh" }, part.input), element("ins", {}, output)] : [output])));
  });
  if (at < block.text.length) nodes.push(document.createTextNode(block.text.slice(at)));
  return nodes;
}
