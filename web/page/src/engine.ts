/** The boundary to the package `fanjian`: what the page needs of it, in the page's own terms. For workers. */

import { Converter, detect, detectSpans, formatOf, init, type ConverterOptions, type Decision, type Segment } from "fanjian";

import { candidateReasons, decisive, phrases, type Reason } from "./reasons";

export { Converter, formatOf, type ConverterOptions };

/** Loads the engine with all its data. Called once in each worker. */
export const start = (): Promise<void> => init();

/** A candidate of a choice, with what speaks for it. */
export interface Choosable {
  readonly text: string;
  readonly reasons: readonly Reason[];
}

/** A part of a text that the conversion decided about, in UTF-16 code units. */
export interface Part {
  readonly start: number;
  readonly end: number;
  readonly input: string;
  readonly output: string;
  /** The last step of the conversion at this part: `choice`, `word`, `own`, `protected` … */
  readonly kind: Segment["kind"];
  /** What it could become, what it became first. */
  readonly candidates: readonly Choosable[];
  readonly reason: Reason;
  /** Words at this place that spoke for a candidate, as they are written in the text. */
  readonly phrases: readonly string[];
  /** How probable it is that a choice by context is right. */
  readonly probability: number | null;
}

/** A part of a text that is of one script. */
export interface ScriptSpan {
  readonly start: number;
  readonly end: number;
  readonly script: string;
}

/** The script of a whole text. */
export interface Detected {
  readonly script: string;
  readonly confidence: number;
  readonly machineConverted: boolean;
}

/** Steps by which a part can get an output that a user may want otherwise, or wants to know about. */
const isShown = (segment: Segment): boolean =>
  segment.input !== segment.output ||
  segment.kind === "own" || segment.kind === "protected" ||
  segment.decisions.some((decision) => (decision.candidates?.length ?? 0) > 1);

/** The parts of a text that changed, or that could have become something else. */
export function partsOf(converter: Converter, text: string): Part[] {
  return converter.segments(text).filter(isShown).map((segment) => part(segment, text));
}

function part(segment: Segment, text: string): Part {
  const { start, end, input, output, kind, decisions } = segment;
  const choice = decisions.find((decision) => decision.step === "choice");
  const last = decisions.at(-1);
  return {
    start, end, input, output, kind,
    candidates: candidatesOf(segment, choice),
    reason: last ? decisive(choice && kind === "choice" ? choice : last) : { kind: "other", text: "" },
    phrases: choice ? phrases(choice, text, start, end) : [],
    probability: choice?.probability ?? null,
  };
}

/** What a segment could become, each once: spellings of a target can be alike, and a word can stay as it is. */
function candidatesOf({ input, output, decisions }: Segment, choice: Decision | undefined): Choosable[] {
  const found = new Map<string, Choosable>([[output, { text: output, reasons: [] }]]);
  for (const candidate of choice?.candidates ?? []) {
    const known = found.get(candidate.text);
    if (!known || known.reasons.length === 0) {
      found.set(candidate.text, { text: candidate.text, reasons: candidateReasons(candidate) });
    }
  }
  const others = decisions.length === 1 ? decisions.flatMap((decision) => decision.alternatives) : [];
  for (const text of [...others, input]) if (!found.has(text)) found.set(text, { text, reasons: [] });
  return [...found.values()];
}

/** The script of a text, and its parts by script. */
export function scriptsOf(text: string): { whole: Detected; spans: ScriptSpan[] } {
  const { script, confidence, machineConverted } = detect(text);
  const spans = detectSpans(text).map((span) => ({ start: span.start, end: span.end, script: span.script }));
  return { whole: { script, confidence, machineConverted }, spans };
}
