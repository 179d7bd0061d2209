import { short } from './check.js';
import { called } from './errors.js';
import { loaded } from './load.js';

/** The most code units of a text that is looked at as a whole. */
const MOST = 1 << 26;

/** The script of a text, and the evidence for it. */
export interface Detection {
  /** `taiwan` and `hong-kong` are Traditional of a region. */
  script:
    | 'simplified' | 'traditional' | 'taiwan' | 'hong-kong' | 'mixed' | 'japanese' | 'undecided' | 'not-chinese'
    | (string & {});
  /** The region by its code: `TW`, `HK`, or nothing. */
  region: '' | 'TW' | 'HK';
  /** How sure that is, from 0 to 1. */
  confidence: number;
  /** Whether the text seems to have been converted by a program, with its errors. */
  machineConverted: boolean;
  /** The characters and words that are evidence, by kind. */
  counts: Record<string, number>;
}

/** A part of a text in one script. */
export interface DetectionSpan extends Detection {
  /** The place of the part in the text, in UTF-16 code units. */
  start: number;
  end: number;
  /** Its line, from 1. */
  line: number;
}

/** Detects the script of a text. */
export function detect(text: string): Detection {
  const checked = short(text, 'text', MOST);
  const { glue } = loaded('targets', "'detection'");
  return JSON.parse(called(() => glue.detect(checked))) as Detection;
}

/** The parts of a text by their scripts. They cover it in order, without gaps. */
export function detectSpans(text: string): DetectionSpan[] {
  const checked = short(text, 'text', MOST);
  const { glue } = loaded('targets', "'detection'");
  return JSON.parse(called(() => glue.detectSpans(checked))) as DetectionSpan[];
}
