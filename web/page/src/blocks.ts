/** A long text in blocks of lines that are converted one by one, so that an edit converts little again. */

/** Blocks have at least this many characters where the text has, and end at the end of a line. */
const SHORTEST = 600;
/** A line that is longer is cut. */
const LONGEST = 6000;
/** How much of the text before a block counts for its conversion: its script, and quotations that are open. */
export const CONTEXT = 2000;

/** A range of the text that other text took the place of. */
export interface Edit {
  readonly start: number;
  /** Its end in the old text, and in the new one. */
  readonly oldEnd: number;
  readonly newEnd: number;
}

/** What an edit has changed: the shortest range. */
export function editBetween(before: string, after: string): Edit {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  let same = 0;
  while (
    same < shorter - start &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  ) same += 1;
  return { start, oldEnd: before.length - same, newEnd: after.length - same };
}

/** Where a text is cut into blocks: the lengths of these. Their sum is the text's. */
export function blockLengths(text: string): number[] {
  const lengths: number[] = [];
  let start = 0;
  while (start < text.length) {
    const end = blockEnd(text, start);
    lengths.push(end - start);
    start = end;
  }
  return lengths;
}

function blockEnd(text: string, start: number): number {
  if (text.length - start <= SHORTEST) return text.length;
  const line = text.indexOf("\n", start + SHORTEST - 1);
  const end = line < 0 ? text.length : line + 1;
  if (end - start <= LONGEST) return end;
  // A cut behind punctuation does not divide a word.
  for (let at = start + LONGEST; at > start + LONGEST / 2; at -= 1) {
    if (/[\s。！？；，、]/u.test(text.charAt(at - 1))) return at;
  }
  const at = start + LONGEST;
  const isPair = /[\uDC00-\uDFFF]/.test(text.charAt(at));
  return isPair ? at - 1 : at;
}

/** A replacement of blocks: those from `from` up to `to` by blocks of these lengths. */
export interface Recut {
  readonly from: number;
  readonly to: number;
  readonly lengths: number[];
}

/** How the blocks of the old text, given by their lengths, are replaced for an edit. Blocks that it did not touch stay. */
export function recut(lengths: readonly number[], edit: Edit, text: string): Recut {
  let from = 0;
  let start = 0;
  // The block before an edit at its end is open: what is added may belong to its last line.
  while (from < lengths.length - 1 && start + (lengths[from] ?? 0) < edit.start) {
    start += lengths[from] ?? 0;
    from += 1;
  }
  let to = from;
  let end = start;
  while (to < lengths.length && (end < edit.oldEnd || to === from)) {
    end += lengths[to] ?? 0;
    to += 1;
  }
  // A block without the end of a line, which the edit may have removed, is joined to the next one.
  const grown = edit.newEnd - edit.oldEnd;
  while (to < lengths.length && text.charAt(end + grown - 1) !== "\n" && end + grown - start < LONGEST) {
    end += lengths[to] ?? 0;
    to += 1;
  }
  return { from, to, lengths: blockLengths(text.slice(start, end + grown)) };
}
