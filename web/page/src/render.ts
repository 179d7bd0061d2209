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
export function nodesOf(
  block: Block, parts: readonly Shown[], view: View, sourceLanguage: string, label: (shown: Shown) => string,
): Node[] {
  const nodes: Node[] = [];
  const isCompared = ({ part, output }: Shown) => view === "compare" && part.input !== output;
  let at = 0;
  parts.forEach((shown, number) => {
    const { part, output, state, isDoubtful } = shown;
    if (part.start > at) nodes.push(document.createTextNode(block.text.slice(at, part.start)));
    const before = parts[number - 1];
    // Changes side by side are read as one: all that was there, and then all that is.
    const isFirst = !before || before.part.end < part.start || !isCompared(before);
    if (isCompared(shown) && isFirst) nodes.push(element("del", { lang: sourceLanguage }, comparedFrom(parts, number, isCompared)));
    at = part.end;
    nodes.push(element("span", {
      class: `part ${state}${isDoubtful ? " doubtful" : ""}`,
      role: "button", tabindex: "-1", "aria-haspopup": "dialog", "data-part": number, "data-start": part.start,
      "aria-description": state === "same" && !isDoubtful ? null : label(shown),
    }, isCompared(shown) ? element("ins", {}, output) : output));
  });
  if (at < block.text.length) nodes.push(document.createTextNode(block.text.slice(at)));
  return nodes;
}

/** The text of changes side by side, from this one on, before they were made. */
function comparedFrom(parts: readonly Shown[], first: number, isCompared: (shown: Shown) => boolean): string {
  let text = "";
  let end = parts[first]?.part.start;
  for (const shown of parts.slice(first)) {
    if (shown.part.start !== end || !isCompared(shown)) break;
    text += shown.part.input;
    end = shown.part.end;
  }
  return text;
}
