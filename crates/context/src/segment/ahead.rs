//! Segments cut from what was looked up of a text ahead of them: see [`chunks`](crate::chunks).

use fanjian_dictionary::{processor::Avx512, utf8};

use super::{ENOUGH, Place, SEGMENT, Segment};
use crate::{
    characters::{CharEntries, flags},
    chunks::{self, BYTES_AT_ONCE, CLASSES_AT_ONCE, Chunk, Chunks, Cursor, Work, up_to},
};

/// Less text than this is scanned as fast without.
const LEAST: usize = 384;
/// How much text is scanned, in bytes, where most segments would be in any case, such as those of Japanese.
const SCANNED: usize = 16 << 10;

/// The segment that comes next in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Next<'t> {
    pub(crate) text: &'t str,
    /// Where it begins, in bytes.
    pub(crate) at: usize,
    /// How many characters behind it can matter to it.
    pub(crate) reach: usize,
    /// Whether nothing follows the text.
    pub(crate) is_last: bool,
}

/// What is looked up of a text before it is cut, where that is faster.
#[derive(Debug)]
pub(crate) struct Ahead {
    avx512: Option<Avx512>,
    /// Nothing where it is not used, as for short texts.
    chunks: Option<Box<Chunks>>,
    /// Up to this place of the text, nothing is looked up, and segments are scanned.
    scanned_to: usize,
}

impl Default for Ahead {
    fn default() -> Ahead {
        Ahead { avx512: Avx512::detect(), chunks: None, scanned_to: 0 }
    }
}

impl Ahead {
    /// Whether anything may be looked up.
    #[inline]
    pub(crate) fn is_used(&self) -> bool {
        self.avx512.is_some()
    }

    /// Begins with another text.
    #[inline]
    pub(crate) fn begin(&mut self) {
        self.scanned_to = 0;
        if let Some(chunks) = &mut self.chunks {
            chunks.clear();
        }
    }

    /// [Cuts](Segment::cut) the next segment. None if nothing is known of it.
    #[inline]
    fn cut(&mut self, segment: &mut Segment, entries: &CharEntries, next: &Next<'_>) -> Option<Cut> {
        let &Next { text, at, .. } = next;
        let avx512 = self.avx512?;
        if !self.chunks.as_ref().is_some_and(|chunks| chunks.has(at)) {
            if text.len() - at < LEAST || at < self.scanned_to {
                return None;
            }
            let chunks = self.chunks.get_or_insert_default();
            chunks.look_up(avx512, entries, text.as_bytes(), at);
            if chunks.are_mostly_others() {
                self.scanned_to = at + SCANNED;
                chunks.clear();
                return None;
            }
        }
        let chunks = self.chunks.as_mut()?;
        chunks.go_to(at);
        Some(chunks::run(avx512, Cutting { segment, chunks, entries, next }))
    }

    /// Looks up what comes next anew. None if nothing more would be known of it.
    #[cold]
    fn look_further(&mut self, entries: &CharEntries, &Next { text, at, .. }: &Next<'_>) -> Option<()> {
        let (avx512, chunks) = (self.avx512?, self.chunks.as_mut()?);
        if chunks.from == at || chunks.to == text.len() {
            return None;
        }
        chunks.look_up(avx512, entries, text.as_bytes(), at);
        Some(())
    }
}

struct Cutting<'c> {
    segment: &'c mut Segment,
    chunks: &'c Chunks,
    entries: &'c CharEntries,
    next: &'c Next<'c>,
}

impl Work for Cutting<'_> {
    type Output = Cut;

    #[inline(always)]
    fn run(self) -> Cut {
        self.segment.cut(self.chunks, self.entries, self.next)
    }
}

/// How a segment was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    /// It has so many bytes.
    Whole(usize),
    /// It has characters of which too little is known, and is to be scanned.
    Other,
    /// It may reach over the end of what is known, or what is behind it does.
    Open,
}

impl Segment {
    /// As [`scan`](Self::scan), by what is known of the text before. None if it is to be scanned.
    #[inline]
    pub(crate) fn scan_ahead(&mut self, ahead: &mut Ahead, entries: &CharEntries, next: &Next<'_>) -> Option<usize> {
        loop {
            match ahead.cut(self, entries, next)? {
                Cut::Whole(len) => return Some(len),
                Cut::Other => return None,
                Cut::Open => ahead.look_further(entries, next)?,
            }
        }
    }

    #[inline(always)]
    fn cut(&mut self, chunks: &Chunks, entries: &CharEntries, next: &Next<'_>) -> Cut {
        let &Next { text, at, reach, is_last } = next;
        let mut cursor = chunks.cursor(at);
        let (start, first) = (at - chunks.from, cursor.characters_before());
        let has_end = is_last && chunks.to == text.len();
        let (mut characters, mut seen) = (0, Chunk::default());
        self.undecided = 0;
        let end = loop {
            let Cursor { chunk, left, .. } = cursor;
            let end = end_of_segment(cursor, characters);
            let own = left & up_to(end);
            if chunk.others & own != 0 {
                return Cut::Other;
            }
            seen.foreign |= chunk.foreign & own;
            seen.native |= chunk.native & own;
            seen.cantonese |= chunk.cantonese & own;
            seen.braces |= chunk.braces & own;
            let mut choices = chunk.choices & own;
            while choices != 0 {
                let place = choices.trailing_zeros() as usize;
                choices &= choices - 1;
                let before = chunk.characters & left & ((1 << place) - 1);
                let byte = chunk.start + place;
                let (code, _) = utf8::decode(utf8::load(text.as_bytes(), chunks.from + byte));
                self.choices[self.undecided % SEGMENT] = Place {
                    at: (self.before + characters + before.count_ones() as usize) as u32,
                    output: (byte - start) as u32,
                    choice: entries.basic(code).rest(),
                };
                self.undecided += 1;
            }
            characters += (chunk.characters & own).count_ones() as usize;
            if end != 0 {
                break Some(end & end.wrapping_neg());
            }
            if !cursor.next() {
                break None;
            }
        };
        let (end, behind) = match end {
            Some(bit) => {
                let is_line = cursor.chunk.lines & bit != 0;
                (cursor.pass(bit), if is_line { Some(0) } else { behind(cursor, reach, has_end) })
            }
            None => (chunks.to - chunks.from, has_end.then_some(0)),
        };
        let Some(behind) = behind else { return Cut::Open };
        (self.len, self.end) = (end - start, self.before + characters);
        self.known = self.end + behind;
        copy::<_, CLASSES_AT_ONCE>(&chunks.classes[first..], &mut self.classes[self.before..], characters + behind);
        copy::<_, BYTES_AT_ONCE>(&chunks.output[start..], &mut self.out, self.len);
        let flag = |bits: u64, flag: u16| if bits == 0 { 0 } else { flag };
        self.seen = flag(seen.foreign, flags::FOREIGN)
            | flag(seen.native, flags::NATIVE)
            | flag(seen.cantonese, flags::CANTONESE);
        self.japanese.clear();
        if seen.braces != 0 {
            self.mark_placeholders(&text[at..at + self.len]);
        }
        Cut::Whole(self.len)
    }
}

/// A segment of which so many characters are before this chunk ends at the lowest of these bits: ends of lines, the first end of a
/// sentence that is long enough, and the last character that it has room for. 0 if it goes on.
#[inline(always)]
fn end_of_segment(Cursor { chunk, left, .. }: Cursor<'_>, before: usize) -> u64 {
    let characters = chunk.characters & left;
    let mut ends = chunk.lines & left;
    let all = before + characters.count_ones() as usize;
    if all >= SEGMENT {
        ends |= last_of_segment(characters, before);
    }
    if all >= ENOUGH {
        let mut stops = chunk.stops & left & up_to(ends);
        while stops != 0 {
            if before + (characters & up_to(stops)).count_ones() as usize >= ENOUGH {
                ends |= stops & stops.wrapping_neg();
                break;
            }
            stops &= stops - 1;
        }
    }
    ends
}

/// The last character of these that a segment has room for, of which so many are before.
#[cold]
fn last_of_segment(characters: u64, before: usize) -> u64 {
    let rest = (before + 1..SEGMENT).fold(characters, |rest, _| rest & rest.wrapping_sub(1));
    rest & rest.wrapping_neg()
}

/// How many characters are behind the end of a segment on its line, up to `reach`. None if that is not known. With `has_end`, the text
/// ends where the chunks do.
#[inline(always)]
fn behind(mut cursor: Cursor<'_>, reach: usize, has_end: bool) -> Option<usize> {
    let mut count = 0;
    loop {
        let Cursor { chunk, left, .. } = cursor;
        let line = chunk.lines & left;
        let before_line = if line == 0 { u64::MAX } else { up_to(line) >> 1 };
        count += (chunk.characters & left & before_line).count_ones() as usize;
        if line != 0 || count >= reach {
            return Some(count.min(reach));
        }
        if !cursor.next() {
            return has_end.then_some(count);
        }
    }
}

/// Copies so many, or more: there is room for more to read and to write. (With `zip`, the compiler makes it one call of a function that
/// copies any number of bytes, which takes longer for so few.)
#[inline(always)]
fn copy<T: Copy, const AT_ONCE: usize>(from: &[T], to: &mut [T], count: usize) {
    let mut at = 0;
    loop {
        to[at..at + AT_ONCE].copy_from_slice(&from[at..at + AT_ONCE]);
        at += AT_ONCE;
        if at >= count {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        characters::Class,
        chunks::tests::{entries, kinds, texts},
        phrases::DECISION_REACH,
        segment::{Before, NUMBER, REACH},
        tables::{Output, Outputs},
    };

    /// All that is known of a segment.
    #[derive(Debug, PartialEq, Eq)]
    struct Known {
        len: usize,
        before: usize,
        end: usize,
        classes: Vec<Class>,
        output: Vec<u8>,
        choices: Vec<Place>,
        seen: u16,
        japanese: usize,
    }

    /// The segments of a text, of which `scan` scans one if it can.
    fn segments(
        entries: &CharEntries,
        (text, reach, is_last): (&str, usize, bool),
        mut scan: impl FnMut(&mut Segment, &Next<'_>) -> Option<usize>,
    ) -> Vec<Known> {
        let outputs = ['發', '丽', '\u{20003}'].map(|output| Output::new(output).padded());
        let (mut segment, mut before, mut at, mut found) = (Segment::default(), Before::default(), 0, Vec::new());
        while at < text.len() {
            let next = Next { text, at, reach, is_last };
            segment.begin(&before);
            let len = scan(&mut segment, &next)
                .or_else(|| segment.scan(entries, Outputs::of(&outputs), &text[at..], SEGMENT, next.reach, is_last));
            let Some(len) = len else { break };
            found.push(Known {
                len,
                before: segment.before,
                end: segment.end,
                classes: segment.classes().to_vec(),
                output: segment.output().to_vec(),
                choices: segment.choices().to_vec(),
                seen: segment.seen & (flags::FOREIGN | flags::NATIVE | flags::CANTONESE),
                japanese: segment.japanese.len(),
            });
            at += len;
            segment.put_before_next(&mut before, text[..at].ends_with('\n'));
        }
        found
    }

    /// Texts are too long for a message with all their segments.
    fn assert_same(text: &str, found: &[Known], expected: &[Known]) {
        assert_eq!(found.len(), expected.len(), "{text:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert_eq!(found, expected, "{text:?}");
        }
    }

    /// Cut by what is known one by one, and by vectors where the processor has them.
    #[test]
    fn what_is_cut_is_what_is_scanned() {
        let entries = entries();
        let mut scanned = 0;
        let mut cut = vec![0; 1 + kinds().count()];
        let mut placeholders = 0;
        for (number, text) in texts().enumerate() {
            let reach = [5, DECISION_REACH, REACH][number % 3];
            for is_last in [true, false] {
                let expected = segments(&entries, (&text, reach, is_last), |_, _| None);
                scanned += expected.len();
                let is_number = |known: &&Known| known.classes.contains(&NUMBER);
                placeholders += expected.iter().filter(is_number).count();
                let mut chunks = Chunks::default();
                let found = segments(&entries, (&text, reach, is_last), |segment, next| {
                    let len = cut_one_by_one(&mut chunks, segment, &entries, next);
                    cut[0] += usize::from(len.is_some());
                    len
                });
                assert_same(&text, &found, &expected);
                for (avx512, cut) in kinds().zip(&mut cut[1..]) {
                    let mut ahead = Ahead { avx512: Some(avx512), ..Ahead::default() };
                    let found = segments(&entries, (&text, reach, is_last), |segment, next| {
                        let len = segment.scan_ahead(&mut ahead, &entries, next);
                        *cut += usize::from(len.is_some());
                        len
                    });
                    assert_same(&text, &found, &expected);
                }
            }
        }
        assert!(cut.iter().all(|cut| 5 * cut > scanned), "{cut:?} of {scanned}");
        assert!(placeholders > 100, "{placeholders}");
    }

    fn cut_one_by_one(
        chunks: &mut Chunks,
        segment: &mut Segment,
        entries: &CharEntries,
        next: &Next<'_>,
    ) -> Option<usize> {
        let text = next.text.as_bytes();
        loop {
            if !chunks.has(next.at) {
                chunks.look_up_one_by_one(entries, text, next.at);
            }
            chunks.go_to(next.at);
            match segment.cut(chunks, entries, next) {
                Cut::Whole(len) => return Some(len),
                Cut::Open if chunks.from < next.at && chunks.to < text.len() => {
                    chunks.look_up_one_by_one(entries, text, next.at);
                }
                Cut::Open | Cut::Other => return None,
            }
        }
    }
}
