/** Why a conversion decided as it did, in a form that the page can say in its languages. */

import type { Candidate, Decision, KeptWord } from "fanjian";

/** What spoke for an output. The text is the word, the characters around, the dictionary's name, or what else it becomes. */
export interface Reason {
  readonly kind:
    | `kept-${KeptWord["reason"]}`
    | "phrase" | "around" | "edge" | "alone" | "cantonese" | "stays"
    | "character" | "word" | "entry" | "own" | "protected" | "preference" | "punctuation" | "normalization" | "only" | "other";
  readonly text: string;
}

/** The names of features by what they are about; the characters are behind them. */
const AROUND = /^(?:two left, one right|one left, two right|left and right|two left|two right|left|right) (.*)$/su;
/** From this weight on, the characters around are named though the character alone has more: as `fanjian explain` does. */
const ENOUGH = 20;
/** How many reasons are given for a candidate. */
const MOST = 2;

function evidence(name: string): Reason {
  if (name.startsWith("phrase ")) return { kind: "phrase", text: name.slice(7).split(", ")[0] ?? "" };
  const around = AROUND.exec(name)?.[1];
  if (around !== undefined) return { kind: [...around].length < 2 ? "edge" : "around", text: around };
  if (name.startsWith("alone ")) return { kind: "alone", text: name.slice(6) };
  return name === "Cantonese" ? { kind: "cantonese", text: "" } : { kind: "other", text: name };
}

/** Sums of weights by what they are about. */
function sums(weighted: readonly (readonly [Candidate, number])[]): { reason: Reason; sum: number }[] {
  const found = new Map<string, { reason: Reason; sum: number }>();
  for (const [candidate, sign] of weighted) {
    for (const { name, weight } of candidate.features) {
      const reason = evidence(name);
      const key = `${reason.kind} ${reason.text}`;
      const known = found.get(key);
      if (known) known.sum += sign * weight;
      else found.set(key, { reason, sum: sign * weight });
    }
  }
  return [...found.values()].sort((one, other) => other.sum - one.sum);
}

/** What speaks most for a candidate by itself. */
export function candidateReasons(candidate: Candidate): Reason[] {
  return sums([[candidate, 1]]).filter(({ sum }) => sum > 0).slice(0, MOST).map(({ reason }) => reason);
}

/** What decided. */
export function decisive(decision: Decision): Reason {
  const { step, dictionary, key, candidates = [] } = decision;
  switch (step) {
    case "choice": {
      const [chosen, ...others] = candidates;
      if (!chosen) return { kind: "other", text: dictionary };
      const next = others.filter(({ text }) => text !== chosen.text).sort((one, other) => other.score - one.score)[0];
      if (!next) return { kind: "only", text: "" };
      if (next.score > chosen.score) return { kind: "stays", text: "" };
      const all = sums([[chosen, 1], [next, -1]]);
      const around = all.find(({ reason, sum }) => reason.kind !== "alone" && sum >= ENOUGH);
      return (around ?? all[0])?.reason ?? { kind: "alone", text: key };
    }
    case "conversion": return { kind: "entry", text: dictionary };
    case "character":
    case "fixed": return { kind: "character", text: "" };
    case "preference": return { kind: "preference", text: key };
    case "word":
    case "own":
    case "protected":
    case "punctuation":
    case "normalization": return { kind: step, text: "" };
    default: return { kind: "other", text: dictionary };
  }
}

/** The words of a choice's features that are in the text at a place, the longest first. They are named in Simplified. */
export function phrases(choice: Decision, text: string, start: number, end: number): string[] {
  const found = new Set<string>();
  for (const { features } of choice.candidates ?? []) {
    for (const { name } of features) {
      const { kind, text: phrase } = evidence(name);
      const around = text.slice(Math.max(0, start - phrase.length + 1), end + phrase.length - 1);
      if (kind === "phrase" && around.includes(phrase)) found.add(phrase);
    }
  }
  return [...found].sort((one, other) => other.length - one.length);
}
