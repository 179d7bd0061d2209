//! The segment of a text that is being converted: the evidence of its characters, their outputs, and the decisions to be made.

#[cfg_attr(not(target_arch = "x86_64"), allow(dead_code, reason = "only AVX-512 looks ahead"))]
pub(crate) mod ahead;

use std::ops::Range;

use fanjian_dictionary::{han, utf8};

use crate::{
    characters::{CharEntries, CharEntry, Class, flags},
    chunks::{BYTES_AT_ONCE, CLASSES_AT_ONCE},
    phrases::REACH,
    tables::{Output, Outputs},
};

/// The greatest length of a segment, in characters. It ends with a line, or with a sentence once it is [`ENOUGH`] long.
pub(crate) const SEGMENT: usize = 192;
const ENOUGH: usize = 48;

/// How many classes are looked at: those before the segment, its own, and those behind it; and room to write more than are needed.
const CLASSES: usize = REACH + SEGMENT + REACH + CLASSES_AT_ONCE;
/// How long the output is, in bytes, before words are replaced; and such room.
const OUTPUT: usize = 4 * SEGMENT + BYTES_AT_ONCE;

/// A segment. Its memory is used again for the next one.
#[derive(Debug)]
pub(crate) struct Segment {
    classes: [Class; CLASSES],
    /// How many of the classes are known.
    known: usize,
    /// How many of them are of characters before the segment, on the same line; and where those of the segment end.
    before: usize,
    end: usize,
    out: [u8; OUTPUT],
    /// How long the output is.
    len: usize,
    /// The characters that are to be decided about: the first so many.
    choices: [Place; SEGMENT],
    undecided: usize,
    /// The runs of Japanese, which stay as they are.
    japanese: Vec<Run>,
    /// The flags of its characters, but those of Japanese: `FOREIGN`, `NATIVE` and `CANTONESE` at least.
    pub(crate) seen: u16,
}

/// What is before a segment on its line, as far as it can matter to it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Before {
    classes: [Class; REACH],
    len: usize,
}

/// A character of a segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// Which one of the classes is its.
    pub(crate) at: u32,
    /// Its place in the output.
    pub(crate) output: u32,
    /// What its entry says beside flags: its choice.
    pub(crate) choice: u32,
}

/// How a scan of a segment ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scan {
    /// How many bytes of the text are the segment.
    pub(crate) len: usize,
    /// Whether it has come to an end, whatever follows.
    has_ended: bool,
    kana: usize,
}

impl Default for Segment {
    fn default() -> Segment {
        Segment {
            classes: [0; CLASSES],
            known: 0,
            before: 0,
            end: 0,
            out: [0; OUTPUT],
            len: 0,
            choices: [Place::default(); SEGMENT],
            undecided: 0,
            japanese: Vec::new(),
            seen: 0,
        }
    }
}

impl Segment {
    /// Finds the segment of at most `limit` characters that a text begins with, and converts what needs no decision.
    /// None if its end, or what can matter behind it, as far as `reach` characters, is not known before more text is.
    #[inline(always)]
    pub(crate) fn scan(
        &mut self,
        entries: &CharEntries,
        outputs: Outputs<'_>,
        text: &str,
        limit: usize,
        reach: usize,
        is_last: bool,
    ) -> Option<usize> {
        let scan = self.characters(entries, outputs, text, limit, &[]);
        if !scan.has_ended && !is_last {
            return None;
        }
        let segment = &text[..scan.len];
        self.japanese.clear();
        if scan.kana > 0 {
            self.leave_japanese(entries, outputs, segment, limit);
        }
        if self.seen & flags::BRACE != 0 {
            self.mark_placeholders(segment);
        }
        if segment.ends_with('\n') {
            return Some(scan.len);
        }
        self.behind(entries, &text[scan.len..], reach, is_last).then_some(scan.len)
    }

    /// Finds the runs of Japanese, and takes the characters again where there are some.
    #[cold]
    fn leave_japanese(&mut self, entries: &CharEntries, outputs: Outputs<'_>, segment: &str, limit: usize) {
        let runs = japanese_runs(entries, segment);
        if !runs.is_empty() {
            self.characters(entries, outputs, segment, limit, &runs);
        }
        self.japanese = runs;
    }

    /// Takes so many characters behind the segment, or those to the end of its line. False if they are not known yet.
    fn behind(&mut self, entries: &CharEntries, text: &str, reach: usize, is_last: bool) -> bool {
        let bytes = text.as_bytes();
        let mut at = 0;
        for class in &mut self.classes[self.end..self.end + reach] {
            if at == bytes.len() {
                return is_last;
            }
            let (code, len) = utf8::decode(utf8::load(bytes, at));
            if code == u32::from('\n') {
                break;
            }
            *class = entries.get(code).class(code);
            self.known += 1;
            at += len;
        }
        true
    }

    /// Takes the characters of a segment, and leaves those of these runs as they are.
    fn characters(
        &mut self,
        entries: &CharEntries,
        outputs: Outputs<'_>,
        text: &str,
        limit: usize,
        japanese: &[Run],
    ) -> Scan {
        const CHANGED: u16 = flags::CHOICE | flags::OUTPUT;
        self.undecided = 0;
        let (mut seen, mut kana, mut has_ended) = (0, 0, false);
        let (mut at, mut to, mut place) = (0, 0, self.before);
        let bytes = text.as_bytes();
        let end = self.before + limit;
        // Up to there, no sentence is long enough to end the segment.
        let calm_end = end.min(self.before + ENOUGH - 1);
        while at < bytes.len() && place < end && !has_ended {
            // Most characters have three bytes, as what they become has; or one.
            if japanese.is_empty() {
                let (limit, stops) = if place < calm_end { (calm_end, CALM_STOPS) } else { (end, STOPS) };
                let plain = self.plain_characters(entries, bytes, (at, to, place), limit, stops);
                seen |= plain.seen;
                (at, to, place) = plain.reached;
                if at == bytes.len() || place == limit {
                    continue;
                }
            }
            let word = utf8::load(bytes, at);
            let (code, len) = utf8::decode(word);
            let mut entry = entries.get(code);
            self.classes[place] = entry.class(code);
            if japanese.iter().any(|run| run.bytes.contains(&at)) {
                entry = CharEntry::default();
            }
            let flags = entry.flags();
            seen |= flags;
            let this = Place { at: place as u32, output: to as u32, choice: entry.rest() };
            match outputs.get(this.choice as usize).filter(|_| flags & flags::OUTPUT != 0) {
                Some(output) => {
                    self.out[to..to + 4].copy_from_slice(&output.padded());
                    to += output.len();
                }
                None => {
                    let change = if flags & CHANGED == 0 { entry.rest() } else { 0 };
                    self.out[to..to + 4].copy_from_slice(&(word ^ change).to_le_bytes());
                    to += len;
                }
            }
            at += len;
            place += 1;
            if flags & flags::CHOICE != 0 {
                self.choices[self.undecided % SEGMENT] = this;
                self.undecided += 1;
            }
            kana += usize::from(flags & flags::KANA != 0);
            has_ended = flags & flags::LINE != 0 || (flags & flags::STOP != 0 && place >= self.before + ENOUGH);
        }
        self.seen = seen;
        self.len = to;
        (self.known, self.end) = (place, place);
        Scan { len: at, has_ended: has_ended || place == end, kana }
    }

    /// Takes characters of three bytes and of one as far as none has one of these flags. A choice is noted, and written as it
    /// is.
    ///
    /// Those of three bytes are taken two at a time, in one word: one after the other, all of a text took a tenth more instructions
    /// (`zh-TW` and `zh-Hans`, callgrind, 600 kB of manuals). So did they with this loop in a function of its own. Four and
    /// eight at a time took as many as two: what is left of a row then is taken one by one. Eight by AVX2, as many of them as are in
    /// a row, took a sixth fewer instructions and as much time, or more (old and new in one process, AMD EPYC of 2.4 GHz): where a row
    /// ends is then computed, where the branches of this loop are predicted.
    #[inline(always)]
    fn plain_characters(
        &mut self,
        entries: &CharEntries,
        text: &[u8],
        (at, to, place): (usize, usize, usize),
        end: usize,
        stops: CharEntry,
    ) -> PlainCharacters {
        let mut seen = 0;
        let (out, classes) = (&mut self.out[to..], &mut self.classes[place..end]);
        let mut rest = Rest { text: &text[at..], out, classes };
        let mut note = |rest: &Rest<'_>, index: usize, entry: CharEntry| {
            let (at, output) = (end - rest.classes.len() + index, OUTPUT - rest.out.len() + 3 * index);
            self.choices[self.undecided % SEGMENT] =
                Place { at: at as u32, output: output as u32, choice: entry.rest() };
            self.undecided += 1;
        };
        loop {
            while let Some(&word) = rest.text.first_chunk()
                && rest.out.len() >= 8
                && rest.classes.len() >= 2
            {
                let word = u64::from_le_bytes(word);
                if word as u32 & 0xf000_00f0 != 0xe000_00e0 {
                    break;
                }
                let codes = two_codes(word);
                let [left, right] = codes.map(|code| entries.basic(code.into()));
                let both = left.0 | right.0;
                let mut changes = [left.rest(), right.rest()];
                if both & (stops.0 | CHOICES.0) != 0 {
                    if both & stops.0 != 0 {
                        break;
                    }
                    for (index, entry) in [left, right].into_iter().enumerate() {
                        if entry.0 & CHOICES.0 != 0 {
                            note(&rest, index, entry);
                            changes[index] = 0;
                        }
                    }
                }
                seen |= both;
                rest.classes[..2].copy_from_slice(&[left.0 as Class ^ codes[0], right.0 as Class ^ codes[1]]);
                let word = word ^ (u64::from(changes[0]) | u64::from(changes[1]) << 24);
                rest.out[..8].copy_from_slice(&word.to_le_bytes());
                rest.skip(6, 2);
            }
            if rest.text.is_empty() || rest.classes.is_empty() || rest.out.len() < 4 {
                break;
            }
            let word = utf8::load(rest.text, 0);
            let (code, len) = match word & 0xff {
                0xe0..0xf0 => (utf8::code_of_three(word), 3),
                first @ 0..0x80 => (first, 1),
                _ => break,
            };
            let entry = entries.basic(code);
            if entry.0 & stops.0 != 0 {
                break;
            }
            let mut change = entry.rest();
            if entry.0 & CHOICES.0 != 0 {
                note(&rest, 0, entry);
                change = 0;
            }
            seen |= entry.0;
            rest.classes[0] = entry.0 as Class ^ code as Class;
            rest.out[..4].copy_from_slice(&(word ^ change).to_le_bytes());
            rest.skip(len, 1);
            if len == 1 {
                let len = one_byte(entries, &mut rest, stops);
                rest.skip(len, len);
            }
        }
        let reached = (text.len() - rest.text.len(), OUTPUT - rest.out.len(), end - rest.classes.len());
        PlainCharacters { reached, seen: CharEntry(seen).flags() }
    }

    /// The characters that are to be decided about.
    pub(crate) fn choices(&self) -> &[Place] {
        &self.choices[..self.undecided]
    }

    /// Gives the ends of placeholders the class of a number. (In the loop above, this would cost all texts 5 %.)
    #[cold]
    fn mark_placeholders(&mut self, text: &str) {
        for (place, (at, character)) in text.char_indices().enumerate() {
            if character == '}' && ends_placeholder(&text.as_bytes()[..at]) {
                self.classes[self.before + place] = NUMBER;
            }
        }
    }

    /// Begins behind these classes.
    #[inline]
    pub(crate) fn begin(&mut self, &Before { classes, len }: &Before) {
        if len > 0 {
            self.classes[..REACH].copy_from_slice(&classes);
        }
        (self.before, self.known, self.end) = (len, len, len);
    }

    /// Puts into `before` what is before the segment that follows: on the same line, or on a new one.
    #[inline]
    pub(crate) fn put_before_next(&self, before: &mut Before, is_new_line: bool) {
        before.len = self.before_next(is_new_line);
        if before.len > 0 {
            let classes = &self.classes[..self.end];
            match classes.last_chunk() {
                Some(classes) => before.classes = *classes,
                None => before.classes[..classes.len()].copy_from_slice(classes),
            }
        }
    }

    /// How many of the classes are before the segment that follows.
    fn before_next(&self, is_new_line: bool) -> usize {
        if is_new_line { 0 } else { self.end.min(REACH) }
    }

    /// Goes on behind the segment that was converted: with the same line, or a new one.
    pub(crate) fn next(&mut self, is_new_line: bool) {
        let before = self.before_next(is_new_line);
        if before > 0 {
            self.classes.copy_within(self.end - before..self.end, 0);
        }
        (self.before, self.known, self.end) = (before, before, before);
    }

    /// What is before the segment.
    pub(crate) fn what_is_before(&self) -> Before {
        let mut before = Before { len: self.before, ..Before::default() };
        before.classes.copy_from_slice(&self.classes[..REACH]);
        before
    }

    /// The classes of the characters before the segment, of its own, and of those behind it, on its line.
    pub(crate) fn classes(&self) -> &[Class] {
        &self.classes[..self.known]
    }

    /// Which of the classes are the segment's own.
    pub(crate) fn own(&self) -> Range<usize> {
        self.before..self.end
    }

    /// Whether the character at a place of the classes is in a run of Japanese.
    pub(crate) fn is_japanese(&self, place: usize) -> bool {
        self.japanese.iter().any(|run| run.characters.contains(&(place - self.before)))
    }

    /// What the segment becomes, as far as it is decided.
    pub(crate) fn output(&self) -> &[u8] {
        &self.out[..self.len]
    }

    /// Puts an output in the place of the character at a place of the output, and returns how many bytes it is longer.
    #[inline(always)]
    pub(crate) fn put(&mut self, at: usize, output: Output) -> isize {
        let [a, b, c, _] = output.padded();
        match self.out.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            Some(place) if output.is_of_three() && place[0] & 0xf0 == 0xe0 => {
                *place = [a, b, c];
                0
            }
            _ => self.put_other(at, output),
        }
    }

    /// The same where one of both has not three bytes.
    #[cold]
    fn put_other(&mut self, at: usize, output: Output) -> isize {
        let (old, new) = (if self.out[at] < 0xf0 { 3 } else { 4 }, output.len());
        self.out.copy_within(at + old..self.len, at + new);
        self.out[at..at + new].copy_from_slice(output.bytes());
        self.len = self.len + new - old;
        new as isize - old as isize
    }
}

/// The flags that take more than a change of bytes and a note of the choice.
const STOPS: CharEntry = CharEntry::mask(flags::OUTPUT | flags::STOP | flags::LINE | flags::KANA | flags::BRACE);
/// The same where the end of a sentence ends nothing.
const CALM_STOPS: CharEntry = CharEntry(STOPS.0 & !CharEntry::mask(flags::STOP).0);
const CHOICES: CharEntry = CharEntry::mask(flags::CHOICE);

/// What was taken in one go.
struct PlainCharacters {
    /// Places in the text, in the output and among the classes.
    reached: (usize, usize, usize),
    /// The flags of all.
    seen: u16,
}

/// What is left of a text, and the places of what it becomes. Slices that become shorter cost fewer checks than places in whole
/// ones: one for each character or two.
struct Rest<'s> {
    text: &'s [u8],
    out: &'s mut [u8],
    classes: &'s mut [Class],
}

impl Rest<'_> {
    /// Goes on behind so many bytes, which stay as many, and characters.
    #[inline(always)]
    fn skip(&mut self, bytes: usize, characters: usize) {
        self.text = &self.text[bytes..];
        self.out = &mut std::mem::take(&mut self.out)[bytes..];
        self.classes = &mut std::mem::take(&mut self.classes)[characters..];
    }
}

/// The code points of two characters of three bytes each, the first byte lowest.
#[inline(always)]
fn two_codes(word: u64) -> [u16; 2] {
    let both = word & 0xff_ffff | (word & 0xffff_ff00_0000) << 8;
    let codes = (both & 0xf_0000_000f) << 12 | both >> 2 & 0xfc0_0000_0fc0 | both >> 16 & 0x3f_0000_003f;
    [codes as u16, (codes >> 32) as u16]
}

/// The least number of hiragana of Japanese in a row of Chinese characters and kana, or more. (A lone の is at home in Chinese, too.)
const LEAST_KANA: usize = 2;

/// The class that the end of a placeholder has: what stands behind is decided as behind a number. Of the digits, the model
/// knows this one best: 只 is a measure word behind it, and not in 只支持.
const NUMBER: Class = b'3' as Class;

/// The greatest length of what stands between the braces of a placeholder, in bytes.
const PLACEHOLDER: usize = 32;

/// Whether a brace behind this text ends a placeholder, such as `{n}`, `${user.name}` or `{{ count }}`.
fn ends_placeholder(before: &[u8]) -> bool {
    let before = before.strip_suffix(b"}").unwrap_or(before);
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.,:#$@- ".contains(byte);
    let len = before.iter().rev().take(PLACEHOLDER + 1).take_while(|byte| inside(byte)).count();
    let (before, name) = before.split_at(before.len() - len);
    len <= PLACEHOLDER && before.ends_with(b"{") && name.iter().any(u8::is_ascii_alphanumeric)
}

/// A run of Japanese in a segment.
#[derive(Clone, Debug)]
struct Run {
    bytes: Range<usize>,
    characters: Range<usize>,
}

/// What encloses a quotation or a title.
const OPENING: &str = "「『《〈“‘";
const CLOSING: &str = "」』》〉”’";

/// The runs of Japanese in a segment: Chinese characters and kana in a row, with two hiragana or more, and one to four
/// Chinese characters or more; or with one, if they are all of a quotation or of a title.
fn japanese_runs(entries: &CharEntries, text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let (mut at, mut place, mut before) = (0, 0, None);
    let is_kana = |character: char| entries.get(u32::from(character)).is(flags::KANA);
    let is_other = |character: char| !is_kana(character) && !han::is_ideograph(u32::from(character));
    for run in text.split_inclusive(is_other) {
        let japanese = run.strip_suffix(is_other).unwrap_or(run);
        let (len, kana) = (japanese.chars().count(), japanese.chars().filter(|&character| is_kana(character)).count());
        let end = run.chars().next_back();
        let is_in = |end: Option<char>, marks: &str| end.is_some_and(|end| marks.contains(end));
        let is_quoted = kana > 0 && is_in(before, OPENING) && is_in(end, CLOSING);
        if is_quoted || (kana >= LEAST_KANA && 5 * kana >= len) {
            runs.push(Run { bytes: at..at + japanese.len(), characters: place..place + len });
        }
        (at, place, before) = (at + run.len(), place + run.chars().count(), end);
    }
    runs
}

/// Takes the characters of one byte that a text begins with, up to one with one of these flags or a choice: none changes, or
/// shows anything else.
#[inline(always)]
fn one_byte(entries: &CharEntries, rest: &mut Rest<'_>, stops: CharEntry) -> usize {
    let mut len = 0;
    for ((&byte, written), class) in rest.text.iter().zip(&mut *rest.out).zip(&mut *rest.classes) {
        if byte >= 0x80 || entries.basic(u32::from(byte)).0 & (stops.0 | CHOICES.0) != 0 {
            break;
        }
        *class = Class::from(byte);
        *written = byte;
        len += 1;
    }
    len
}
