/** The word around a place that a choice may be made for everywhere. */

import type { Part } from "./engine";
import type { Word } from "./settings";

const isHan = (character: string | undefined): character is string =>
  character !== undefined && /\p{Script=Han}/u.test(character);

/** A line of a text with the parts of it that a conversion looked at, in the order of the text. */
export interface Line {
  readonly text: string;
  readonly parts: readonly Part[];
}

/**
 * The words that a choice at a part of a line could be meant for, the likeliest first: those that decided, the character
 * with the next or the one before, and what is converted by itself.
 */
export function likelyWords({ text }: Line, part: Part, phrases: readonly string[]): string[] {
  const words: string[] = [];
  const add = (word: string) => {
    if (!words.includes(word)) words.push(word);
  };
  const near = text.slice(Math.max(0, part.start - 8), part.end + 8);
  for (const phrase of phrases) if (phrase.includes(part.input) && near.includes(phrase)) add(phrase);
  const next = [...text.slice(part.end, part.end + 2)][0];
  const before = [...text.slice(Math.max(0, part.start - 2), part.start)].at(-1);
  if (isHan(next)) add(part.input + next);
  if (isHan(before)) add(before + part.input);
  add(part.input);
  return words;
}

/**
 * The own word with which a part becomes `output` wherever `key` is: what is around the part within the word becomes what it
 * does here. Null if the word is not at the part in this line.
 */
export function ownWord({ text, parts }: Line, part: Part, key: string, output: string): Word | null {
  for (let at = key.indexOf(part.input); at >= 0; at = key.indexOf(part.input, at + 1)) {
    const start = part.start - at;
    if (start < 0 || text.slice(start, start + key.length) !== key) continue;
    const end = start + key.length;
    const value = converted(text, parts, start, part.start) + output + converted(text, parts, part.end, end);
    return [key, value];
  }
  return null;
}

/** What a range of a text becomes. A part that reaches out of it is as it is in the text. */
function converted(text: string, parts: readonly Part[], start: number, end: number): string {
  const within = parts.filter((part) => part.start >= start && part.end <= end);
  return replaced(text.slice(start, end), within.map((part) => ({ ...part, start: part.start - start, end: part.end - start })));
}

/** A text with outputs in the place of its parts, which are in the order of the text. */
export function replaced(text: string, parts: readonly Pick<Part, "start" | "end" | "output">[]): string {
  let made = "";
  let at = 0;
  for (const { start, end, output } of parts) {
    made += text.slice(at, start) + output;
    at = end;
  }
  return made + text.slice(at);
}
