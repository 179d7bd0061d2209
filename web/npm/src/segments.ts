/** A part of a text, what it became, and why. The segments of a text cover it in order, without gaps. */
export interface Segment {
  /** The place of the part in the text, in UTF-16 code units. */
  start: number;
  end: number;
  /** The part of the text. */
  input: string;
  /** What it became. */
  output: string;
  /** The step of the last decision, or `unchanged` if nothing was decided about the part. */
  kind: Step | 'unchanged';
  /** The decisions that made the output, in their order. */
  decisions: Decision[];
  /** The candidates of the last decision that was a choice, the chosen one first. */
  candidates?: Candidate[];
  /** The probability that this choice is right, from 0 to 1. */
  probability?: number;
  /** How much higher the chosen candidate scores than the best other one. */
  lead?: number;
}

/** At which step of a conversion something was decided. */
export type Step =
  /** A protected term. */
  | 'protected'
  /** By an entry of a dictionary of the configuration's normalization. */
  | 'normalization'
  /** By an own word. */
  | 'own'
  /** By an entry of a dictionary of the configuration. */
  | 'conversion'
  /** To a target: the character has no other output. */
  | 'character'
  /** To a target: among several candidates, by context. */
  | 'choice'
  /** To a target: the region has another word. */
  | 'word'
  /** By a replacement that the caller gave. */
  | 'fixed'
  /** By a preferred character. */
  | 'preference'
  /** Quotation marks. */
  | 'punctuation'
  | 'other';

/** Something that a conversion decided. */
export interface Decision {
  step: Step;
  /** The stage of a normalization or a conversion, from 1. */
  stage?: number;
  /** The dictionary, or the tag of the target, that decided. */
  dictionary: string;
  /** What was decided about: after the first decision, a part of the output of the earlier ones. */
  key: string;
  /** What took its place. */
  value: string;
  /** What else could have. */
  alternatives: string[];
  /** Of a choice: all candidates, the chosen one first. */
  candidates?: Candidate[];
  /** Of a choice: how much higher another candidate must score than a character that may be right already. */
  margin?: number;
  lead?: number;
  probability?: number;
}

/** A candidate of a choice. */
export interface Candidate {
  text: string;
  /** The sum of the weights of its features. */
  score: number;
  /** What spoke for it (above 0) and against it (below 0). */
  features: { name: string; weight: number }[];
  /** Of the chosen one: the probability that it is right. */
  probability?: number;
}

/** A word that stays although the target's region has another. */
export interface KeptWord {
  start: number;
  end: number;
  input: string;
  /** What it becomes elsewhere. */
  value: string;
  /**
   * `shared`: the region has the word itself. `other-sense`: the words around do not speak for the sense that is replaced.
   * `layer`: it is of a layer in `keepWords`. `within`: it is within a longer word. `crossed`: another word reaches over its edge.
   */
  reason: 'shared' | 'other-sense' | 'layer' | 'within' | 'crossed' | 'other';
}

/** What a part of a text becomes, whatever the conversion would make of it. */
export interface Replacement {
  /** The place of the part, in UTF-16 code units. */
  start: number;
  end: number;
  output: string;
}

/** The segments in this JSON, with what the last choice of each has. */
export function parsed(json: string): Segment[] {
  const segments = JSON.parse(json) as Segment[];
  for (const segment of segments) {
    const choice = segment.decisions.findLast((decision) => decision.candidates !== undefined);
    if (choice?.candidates === undefined) {
      continue;
    }
    const chosen = choice.candidates.find((candidate) => candidate.text === choice.value);
    if (chosen !== undefined && choice.probability !== undefined) {
      chosen.probability = choice.probability;
      segment.probability = choice.probability;
    }
    if (choice.lead !== undefined) {
      segment.lead = choice.lead;
    }
    segment.candidates = choice.candidates;
  }
  return segments;
}
