/** What the user has chosen at single places, in a text that goes on changing. */

import type { Edit } from "./blocks";

/** What is written at a place of the text, instead of what the conversion made of it. */
export interface Choice {
  readonly start: number;
  readonly source: string;
  readonly output: string;
}

/** The choices after an edit: those behind it move along, those within it are gone. */
export function moved(choices: readonly Choice[], edit: Edit): Choice[] {
  return choices.flatMap((choice) => {
    const end = choice.start + choice.source.length;
    if (end <= edit.start) return [choice];
    if (choice.start < edit.oldEnd) return [];
    return [{ ...choice, start: choice.start + edit.newEnd - edit.oldEnd }];
  });
}

/** The choices with another one, which replaces one at its place. Null as its output removes that. */
export function chosen(choices: readonly Choice[], start: number, source: string, output: string | null): Choice[] {
  const others = choices.filter((choice) => choice.start !== start);
  if (output === null) return others;
  return [...others, { start, source, output }].sort((one, other) => one.start - other.start);
}

/** The choices that begin within a range of the text. */
export function within(choices: readonly Choice[], start: number, end: number): Choice[] {
  return choices.filter((choice) => choice.start >= start && choice.start < end);
}
