/** The boundary to the package `fanjian`: what the page needs of it, in the page's own terms. For workers. */

import {
  Converter, detect, detectSpans, FanjianError, formatOf, init, type ConverterOptions, type Decision, type KeptWord, type Purpose, type Segment,
} from "fanjian";

import type { Encoding, Failure } from "./messages";
import { candidateReasons, decisive, phrases, type Reason } from "./reasons";
import type { Settings } from "./settings";
import { replaced } from "./words";

export { Converter, formatOf, type ConverterOptions };

/**
 * Loads what the conversion by these settings and another purpose need, and is not there yet. Where that cannot be had, all: the
 * service worker keeps that much. Own words in both scripts are spelled by all targets.
 */
function load({ conversion, bothScripts }: Settings, purpose: Purpose): Promise<void> {
  return bothScripts ? init() : init({ for: [conversion, "dictionaries", purpose] }).catch(() => init());
}

/** Loads what the conversion of a text by these settings needs. */
export const prepareText = (settings: Settings): Promise<void> => load(settings, "detection");

/** Loads what the conversion of files by these settings needs. */
export const prepareFiles = (settings: Settings): Promise<void> => load(settings, "documents");

/** What an error says, and whether the engine can go on. */
export function failureOf(error: unknown): Failure {
  const hasStopped = error instanceof FanjianError && error.code === "aborted";
  return { error: error instanceof Error ? error.message : String(error), hasStopped };
}

/** Whether an error says that a document is not in the encoding that was chosen, so that another one may be. */
export function isOfEncoding(error: unknown, chosen: Encoding): boolean {
  if (!(error instanceof FanjianError)) return false;
  if (error.code === "invalid-utf8") return chosen === "utf-8";
  // The code is that of all damage: only the message has the encoding.
  return error.code === "damaged" && new RegExp(`\\bnot ${chosen}[:,]`, "i").test(error.message);
}

/** A part of a text that the conversion decided about, in UTF-16 code units. */
export interface Part {
  readonly start: number;
  readonly end: number;
  readonly input: string;
  readonly output: string;
  /** The last step of the conversion at this part (`choice`, `word`, `own`, `protected` …), or a word that stays. */
  readonly kind: Segment["kind"] | "kept";
  /** How probable it is that a choice by context is right. */
  readonly probability: number | null;
}

/** Why a part became what it did, and what else it could have. */
export interface Explanation {
  readonly reason: Reason;
  /** What it could become, what it became first, each with what speaks for it. */
  readonly candidates: readonly { readonly text: string; readonly reasons: readonly Reason[] }[];
  /** Words at this place that spoke for a candidate, as they are written in the text. */
  readonly phrases: readonly string[];
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
  readonly machineConverted: boolean;
}

/** Steps by which a part can get an output that a user may want otherwise, or wants to know about. */
const isShown = (segment: Segment): boolean =>
  segment.input !== segment.output ||
  segment.kind === "own" || segment.kind === "protected" ||
  segment.decisions.some((decision) => (decision.candidates?.length ?? 0) > 1);

/** The parts of a text that changed, or that could have become something else. */
export function partsOf(converter: Converter, text: string): Part[] {
  const parts = converter.segments(text).filter(isShown).map(({ start, end, input, output, kind, decisions }): Part => {
    const probability = decisions.find((decision) => decision.step === "choice")?.probability ?? null;
    return { start, end, input, output, kind, probability };
  });
  return converter.keptWords(text).reduce(withKept, parts);
}

/** The parts with a word that stays as one part, in the place of those in it. A part over its edge comes before it. */
function withKept(parts: readonly Part[], { start, end, input }: KeptWord): Part[] {
  const from = parts.findIndex((part) => part.end > start);
  const first = from < 0 ? parts.length : from;
  const inside: Part[] = [];
  for (let part = parts[first]; part && part.start < end; part = parts[first + inside.length]) inside.push(part);
  if (inside.some((part) => part.start < start || part.end > end)) return [...parts];
  const output = replaced(input, inside.map((part) => ({ ...part, start: part.start - start, end: part.end - start })));
  return parts.toSpliced(first, inside.length, { start, end, input, output, kind: "kept", probability: null });
}

/** The explanation of the part of a text that begins at a place. Null if none does. */
export function explanationOf(converter: Converter, text: string, start: number): Explanation | null {
  const part = partsOf(converter, text).find((one) => one.start === start);
  const kept = part?.kind === "kept" ? converter.keptWords(text).find((word) => word.start === start) : undefined;
  if (part && kept) {
    const candidates = [part.output, kept.value].map((candidate) => ({ text: candidate, reasons: [] }));
    return { reason: { kind: `kept-${kept.reason}`, text: kept.value }, candidates, phrases: [kept.input] };
  }
  const segment = converter.segments(text).find((one) => one.start === start && isShown(one));
  if (!segment) return null;
  const choice = segment.decisions.find((decision) => decision.step === "choice");
  const decided = segment.kind === "choice" ? choice : segment.decisions.at(-1);
  return {
    reason: decided ? decisive(decided) : { kind: "other", text: "" },
    candidates: candidatesOf(segment, choice),
    phrases: choice ? phrases(choice, text, segment.start, segment.end) : [],
  };
}

/** What a segment could become, each once: spellings of a target can be alike, and a word can stay as it is. */
function candidatesOf({ input, output, decisions }: Segment, choice: Decision | undefined): Explanation["candidates"] {
  const found = new Map<string, Explanation["candidates"][number]>([[output, { text: output, reasons: [] }]]);
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
  const { script, machineConverted } = detect(text);
  const spans = detectSpans(text).map((span) => ({ start: span.start, end: span.end, script: span.script }));
  return { whole: { script, machineConverted }, spans };
}
