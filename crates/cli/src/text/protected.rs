//! Protected regions, which are not converted: matches of patterns, and lines between marks.

use std::{borrow::Cow, cmp::Reverse, mem, ops::Range, sync::Arc};

use fanjian::{Converter, Error, InvalidUtf8, Replacement, ScriptHistory, Segment, Stream};
use regex::bytes::Regex;

use crate::text::{
    decisions::{Decided, FileDecisions, Passage, within},
    marks::{self, Mark},
};

/// Lines are held whole for marks and patterns, up to this length in bytes; longer ones are searched in parts of it.
const LONGEST: usize = 1024 * 1024;

/// How many characters of a text are looked at for the script of its first lines, as by [`Converter::prior`].
const BEGINNING: usize = 16 * 1024;

/// How far behind the end of such a part is looked for a mark that lies over it.
const BEHIND: usize = marks::OPENER + marks::LONGEST + 1;

/// Which regions of a text are protected.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    /// The matches of these, within a line.
    pub(crate) patterns: Vec<Regex>,
    /// Lines from one with `fanjian:off` to one with `fanjian:on`, and these two.
    pub(crate) has_marks: bool,
}

/// Converts text that comes in pieces, except for its protected regions: the text between two of them is converted on
/// its own, but for what the file has shown of its script so far.
///
/// What comes out does not depend on the pieces. Bytes that are not UTF-8 are treated alike in all regions.
pub(crate) struct ProtectedRegions {
    search: Search,
    conversion: Conversion,
    /// The decisions about the text, which is then held until its end.
    decisions: Option<HeldText>,
}

/// A text that decisions are about.
struct HeldText {
    decisions: FileDecisions,
    text: Vec<u8>,
    /// None before the end.
    decided: Option<Decided>,
}

/// A part of a text.
enum Part<'p> {
    Converted(&'p [u8]),
    Protected(&'p [u8]),
}

/// The search for the protected regions of a text that comes in pieces.
struct Search {
    rules: Arc<Rules>,
    /// What is known of a line that is not complete, or of a part of one.
    line: Vec<u8>,
    /// The greatest length of a part.
    longest: usize,
    /// The number of this line, from 1, if there are marks.
    number: u64,
    /// The line of the mark that switched conversion off.
    off: Option<u64>,
    overlooked: Option<OverlookedMarks>,
}

/// The conversion of the parts of a text.
struct Conversion {
    converter: Converter,
    invalid: InvalidUtf8,
    stream: Stream,
    /// Where the stream's text goes on, in bytes from the beginning.
    offset: u64,
}

/// Comments with a mark that does not count, since there are other words beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OverlookedMarks {
    /// The line of the first one.
    pub(crate) line: u64,
    /// The mark in it.
    pub(crate) mark: Mark,
    /// How many follow.
    pub(crate) more: u64,
}

impl ProtectedRegions {
    pub(crate) fn new(converter: &Converter, invalid: InvalidUtf8, rules: &Arc<Rules>) -> ProtectedRegions {
        ProtectedRegions {
            search: Search::new(rules),
            conversion: Conversion {
                stream: converter.stream().invalid_utf8(invalid),
                converter: converter.clone(),
                invalid,
                offset: 0,
            },
            decisions: None,
        }
    }

    /// The same for a text that these decisions are about: it is held until its end, to find where they apply.
    pub(crate) fn decided_by(mut self, decisions: Option<FileDecisions>) -> ProtectedRegions {
        self.decisions = decisions.map(|decisions| HeldText { decisions, text: Vec::new(), decided: None });
        self
    }

    /// What became of the decisions, when all of the text has been pushed.
    pub(crate) fn decided(&mut self) -> Option<Decided> {
        self.decisions.as_mut()?.decided.take()
    }

    /// The same for a text that begins at this offset of its file.
    pub(crate) fn starting_at(mut self, offset: usize) -> ProtectedRegions {
        self.conversion.go_on(offset as u64, ScriptHistory::default());
        self
    }

    /// The same for a text of this beginning, which is looked at for the script of its first lines, but for protected
    /// regions: see [`Converter::prior`].
    pub(crate) fn beginning_with(mut self, head: &[u8]) -> ProtectedRegions {
        let Conversion { converter, offset, .. } = &self.conversion;
        let text = match simdutf8::basic::from_utf8(head) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => String::from_utf8_lossy(head),
        };
        let prior = converter.prior(&self.search.rules.unprotected(&text));
        self.conversion.go_on(*offset, prior);
        self
    }

    /// The line of a mark that has switched conversion off, and that none has switched on again.
    pub(crate) fn unclosed(&self) -> Option<u64> {
        self.search.off
    }

    /// Comments with a mark that would have changed something, and does not count.
    pub(crate) fn overlooked(&self) -> Option<OverlookedMarks> {
        self.search.overlooked
    }

    /// Converts another piece, and appends what can be decided; all that is left, with the last piece.
    pub(crate) fn push(&mut self, piece: &[u8], is_last: bool, out: &mut Vec<u8>) -> Result<(), Error> {
        let ProtectedRegions { search, conversion, decisions } = self;
        if let Some(held) = decisions {
            held.text.extend_from_slice(piece);
            return if is_last { held.convert(search, conversion, out) } else { Ok(()) };
        }
        search.push(piece, is_last, &mut |part| conversion.take(part, out))?;
        if is_last { conversion.stream.finish(out) } else { Ok(()) }
    }
}

impl HeldText {
    /// Converts the whole text, parts of which become what was decided.
    fn convert(&mut self, search: &mut Search, conversion: &mut Conversion, out: &mut Vec<u8>) -> Result<(), Error> {
        let bytes = mem::take(&mut self.text);
        let text = match (simdutf8::basic::from_utf8(&bytes), conversion.invalid) {
            (Ok(text), _) => Cow::Borrowed(text),
            (Err(_), InvalidUtf8::Replace) => String::from_utf8_lossy(&bytes),
            (Err(_), _) => return Err(Error::invalid_utf8(&bytes, conversion.offset)),
        };
        let (fixed, decided) = self.decisions.find(&[Passage { part: None, text: &text }]);
        let fixed = fixed.concat();
        self.decided = Some(decided);
        if fixed.is_empty() {
            search.push(text.as_bytes(), true, &mut |part| conversion.take(part, out))?;
            return conversion.stream.finish(out);
        }
        let mut history = conversion.stream.history();
        for Region { range, is_protected } in search.regions(&text) {
            if is_protected {
                out.extend_from_slice(text[range].as_bytes());
                continue;
            }
            for segment in converted(&conversion.converter, &text, range, &fixed, &mut history)? {
                out.extend_from_slice(segment.output.as_bytes());
            }
        }
        Ok(())
    }
}

/// The segments of a region of a text, with their places in the text, of which the parts are that become something else.
fn converted(
    converter: &Converter,
    text: &str,
    region: Range<usize>,
    fixed: &[Replacement],
    history: &mut ScriptHistory,
) -> Result<Vec<Segment>, Error> {
    let mut segments = converter.segments_replacing(&text[region.clone()], &within(fixed, &region), history)?;
    for segment in &mut segments {
        segment.source = segment.source.start + region.start..segment.source.end + region.start;
    }
    Ok(segments)
}

/// The segments of a whole text, but for its protected regions, with their places in it. `looks_ahead` is whether its beginning
/// is looked at for the script of its first lines.
pub(crate) fn segments(converter: &Converter, rules: &Arc<Rules>, text: &str, looks_ahead: bool) -> Vec<Segment> {
    let mut history = if looks_ahead { converter.prior(&rules.unprotected(text)) } else { ScriptHistory::default() };
    let regions = Search::new(rules).regions(text).into_iter().filter(|region| !region.is_protected);
    regions.flat_map(|region| converted(converter, text, region.range, &[], &mut history).unwrap_or_default()).collect()
}

/// A part of a text, as long as can be.
struct Region {
    range: Range<usize>,
    is_protected: bool,
}

impl Conversion {
    fn take(&mut self, part: Part<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
        match part {
            Part::Converted(text) => {
                self.offset += text.len() as u64;
                self.stream.push(text, out)
            }
            Part::Protected(text) => self.copy(text, out),
        }
    }

    fn copy(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        self.stream.finish(out)?;
        match (self.invalid, simdutf8::basic::from_utf8(text)) {
            (_, Ok(_)) | (InvalidUtf8::Pass, _) => out.extend_from_slice(text),
            (InvalidUtf8::Replace, _) => out.extend_from_slice(String::from_utf8_lossy(text).as_bytes()),
            _ => return Err(Error::invalid_utf8(text, self.offset)),
        }
        self.go_on(self.offset + text.len() as u64, self.stream.history());
        Ok(())
    }

    /// Begins another text at this offset, behind text of this history.
    fn go_on(&mut self, offset: u64, history: ScriptHistory) {
        self.offset = offset;
        self.stream = self.converter.stream().invalid_utf8(self.invalid).starting_at(offset).with_history(history);
    }
}

/// What takes the parts of a text.
type Take<'t> = &'t mut dyn FnMut(Part<'_>) -> Result<(), Error>;

impl Search {
    fn new(rules: &Arc<Rules>) -> Search {
        Search { rules: Arc::clone(rules), line: Vec::new(), longest: LONGEST, number: 1, off: None, overlooked: None }
    }

    fn look_for_overlooked(&mut self, line: &[u8]) {
        let wanted = if self.off.is_some() { Mark::On } else { Mark::Off };
        if marks::is_overlooked(line, wanted) {
            match &mut self.overlooked {
                Some(overlooked) => overlooked.more += 1,
                None => self.overlooked = Some(OverlookedMarks { line: self.number, mark: wanted, more: 0 }),
            }
        }
    }

    /// The regions of a whole text.
    fn regions(&mut self, text: &str) -> Vec<Region> {
        let (mut regions, mut at): (Vec<Region>, usize) = (Vec::new(), 0);
        // Nothing that takes the parts fails here.
        let _ = self.push(text.as_bytes(), true, &mut |part| {
            let (len, is_protected) = match part {
                Part::Converted(text) => (text.len(), false),
                Part::Protected(text) => (text.len(), true),
            };
            match regions.last_mut().filter(|last| last.is_protected == is_protected) {
                Some(last) => last.range.end += len,
                None => regions.push(Region { range: at..at + len, is_protected }),
            }
            at += len;
            Ok(())
        });
        regions.retain(|region| !region.range.is_empty());
        regions
    }

    /// Searches another piece, and gives all parts that are decided about; all that is left, with the last piece.
    fn push(&mut self, piece: &[u8], is_last: bool, take: Take<'_>) -> Result<(), Error> {
        if self.rules.is_empty() {
            return take(Part::Converted(piece));
        }
        let begun = match self.line.is_empty() {
            true => 0,
            false => memchr::memchr(b'\n', piece).map_or(piece.len(), |at| at + 1),
        };
        let (begun, piece) = piece.split_at(begun);
        self.go_on(begun, is_last, take)?;
        let complete = memchr::memrchr(b'\n', piece).map_or(0, |at| at + 1);
        let (lines, begun) = piece.split_at(complete);
        self.lines(lines, take)?;
        self.go_on(begun, is_last, take)
    }

    /// Goes on with the line that has begun, or with the next one.
    fn go_on(&mut self, text: &[u8], is_last: bool, take: Take<'_>) -> Result<(), Error> {
        let mut line = mem::take(&mut self.line);
        line.extend_from_slice(text);
        let done = self.parts(&line, is_last || line.ends_with(b"\n"), take)?;
        line.drain(..done);
        self.line = line;
        Ok(())
    }

    /// Whole lines.
    fn lines(&mut self, lines: &[u8], take: Take<'_>) -> Result<(), Error> {
        let is_off = self.off.is_some() || (self.rules.has_marks && marks::may_switch_off(lines));
        if self.rules.patterns.is_empty() && !is_off {
            self.number += memchr::memchr_iter(b'\n', lines).count() as u64;
            return take(Part::Converted(lines));
        }
        for line in lines.split_inclusive(|&byte| byte == b'\n') {
            self.parts(line, true, take)?;
        }
        Ok(())
    }

    /// The parts of a line, of which more may come if it is not `complete`. Returns how many bytes are done.
    fn parts(&mut self, line: &[u8], is_complete: bool, take: Take<'_>) -> Result<usize, Error> {
        let mut at = 0;
        loop {
            let rest = &line[at..];
            let len = match rest.len() {
                0 => return Ok(at),
                len if len >= self.longest + BEHIND => part(rest, self.longest),
                len if is_complete => len,
                _ => return Ok(at),
            };
            self.part(&rest[..len], take)?;
            at += len;
        }
    }

    /// A line, or a part of a long one.
    fn part(&mut self, line: &[u8], take: Take<'_>) -> Result<(), Error> {
        if self.rules.has_marks {
            let was_off = self.off.is_some();
            match marks::last(line) {
                Some(Mark::Off) => _ = self.off.get_or_insert(self.number),
                Some(Mark::On) => self.off = None,
                None => self.look_for_overlooked(line),
            }
            self.number += u64::from(line.ends_with(b"\n"));
            if was_off || self.off.is_some() {
                return take(Part::Protected(line));
            }
        }
        let mut at = 0;
        for found in self.rules.matches(line) {
            take(Part::Converted(&line[at..found.start]))?;
            take(Part::Protected(&line[found.clone()]))?;
            at = found.end;
        }
        take(Part::Converted(&line[at..]))
    }
}

/// How much of a long line is searched at once: of this length, but not to within a character, and not to within a mark or
/// from where its comment begins.
fn part(line: &[u8], longest: usize) -> usize {
    let from = longest - marks::OPENER;
    match marks::last_end(&line[from..longest + BEHIND]) {
        Some(end) => from + end,
        None => character_start(line, longest),
    }
}

/// The beginning of the character that a place is within; the place itself if it is within none.
fn character_start(text: &[u8], at: usize) -> usize {
    let is_continuation = |at: usize| text.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
    if !is_continuation(at) {
        return at;
    }
    let first = (1..=at.min(3)).map(|back| at - back).find(|&at| !is_continuation(at));
    first.filter(|&first| first + width(text[first]) > at).unwrap_or(at)
}

/// The end of the character that a place is within; the place itself if it is within none.
fn character_end(text: &[u8], at: usize) -> usize {
    match character_start(text, at) {
        start if start < at => text.len().min(start + width(text[start])),
        _ => at,
    }
}

/// How many bytes a character has that begins with this one.
fn width(first: u8) -> usize {
    match first {
        0xf0.. => 4,
        0xe0.. => 3,
        0xc0.. => 2,
        _ => 1,
    }
}

impl Rules {
    /// Whether nothing is protected.
    pub(crate) fn is_empty(&self) -> bool {
        self.patterns.is_empty() && !self.has_marks
    }

    /// What the patterns match in the lines of a text.
    pub(crate) fn matches_in_text(&self, text: &str) -> Vec<Range<usize>> {
        let (mut all, mut at) = (Vec::new(), 0);
        for line in text.split_inclusive('\n') {
            all.extend(self.matches(line.as_bytes()).into_iter().map(|found| found.start + at..found.end + at));
            at += line.len();
        }
        all
    }

    /// The parts of a whole text, and whether each is protected.
    pub(crate) fn parts(self: &Arc<Rules>, text: &str) -> Vec<(Range<usize>, bool)> {
        let (mut parts, mut at) = (Vec::new(), 0);
        let mut add = |part: Part<'_>| {
            let (len, is_protected) = match part {
                Part::Converted(text) => (text.len(), false),
                Part::Protected(text) => (text.len(), true),
            };
            if len > 0 {
                parts.push((at..at + len, is_protected));
                at += len;
            }
            Ok(())
        };
        // Nothing that takes the parts fails here.
        let _ = Search::new(self).push(text.as_bytes(), true, &mut add);
        parts
    }

    /// The beginning of a text without its protected regions.
    pub(crate) fn unprotected<'t>(self: &Arc<Rules>, text: &'t str) -> Cow<'t, str> {
        if self.patterns.is_empty() && !(self.has_marks && marks::may_switch_off(text.as_bytes())) {
            return Cow::Borrowed(text);
        }
        // As many characters as count: in a conversion of the text, these are the same ones.
        let end = text.char_indices().nth(BEGINNING).map_or(text.len(), |(end, _)| end);
        let mut unprotected = Vec::new();
        // Nothing that takes the parts fails here.
        let _ = Search::new(self).push(&text.as_bytes()[..end], true, &mut |part| {
            if let Part::Converted(text) = part {
                unprotected.extend_from_slice(text);
            }
            Ok(())
        });
        Cow::Owned(String::from_utf8_lossy(&unprotected).into_owned())
    }

    /// What the patterns match in a line, from left to right: of those that overlap, the first one, and of several
    /// there the longest. What a pattern of bytes matches of a character counts for all of it.
    fn matches(&self, line: &[u8]) -> Vec<Range<usize>> {
        let found = self.patterns.iter().flat_map(|pattern| pattern.find_iter(line)).filter(|found| !found.is_empty());
        let mut found: Vec<_> =
            found.map(|found| character_start(line, found.start())..character_end(line, found.end())).collect();
        found.sort_by_key(|found| (found.start, Reverse(found.end)));
        let mut end = 0;
        found.retain(|found| {
            let is_kept = found.start >= end;
            end = if is_kept { found.end } else { end };
            is_kept
        });
        found
    }
}

#[cfg(test)]
mod tests {
    use fanjian::{Config, Target};
    use proptest::prelude::*;

    use super::*;
    use crate::text::decisions::Decisions;

    fn rules(patterns: &[&str], has_marks: bool) -> Arc<Rules> {
        Arc::new(Rules { patterns: patterns.iter().map(|pattern| Regex::new(pattern).unwrap()).collect(), has_marks })
    }

    fn regions(rules: &Arc<Rules>, invalid: InvalidUtf8) -> ProtectedRegions {
        ProtectedRegions::new(&Converter::new(Config::S2t), invalid, rules)
    }

    fn with_longest(mut regions: ProtectedRegions, longest: usize) -> ProtectedRegions {
        regions.search.longest = longest;
        regions
    }

    /// Converts a text in pieces of these sizes, over and over: all output, the error, and the unclosed mark.
    fn run(mut regions: ProtectedRegions, text: &[u8], sizes: &[usize]) -> (Vec<u8>, Result<Option<u64>, String>) {
        let mut out = Vec::new();
        let mut rest = text;
        for &size in sizes.iter().cycle() {
            let (piece, behind) = rest.split_at(size.min(rest.len()));
            rest = behind;
            if let Err(error) = regions.push(piece, piece.is_empty(), &mut out) {
                return (out, Err(error.to_string()));
            }
            if piece.is_empty() {
                break;
            }
        }
        (out, Ok(regions.unclosed()))
    }

    fn convert(text: &str, patterns: &[&str], has_marks: bool, size: usize) -> String {
        let (out, result) = run(regions(&rules(patterns, has_marks), InvalidUtf8::Strict), text.as_bytes(), &[size]);
        result.unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn matches_and_lines_between_marks_stay_in_pieces_of_any_size() {
        let text = "头`头`发\n头 // fanjian:off\n头\n/* fanjian:on */ 发\n发 # fanjian:off fanjian:on\n头";
        let expected = "頭`头`發\n头 // fanjian:off\n头\n/* fanjian:on */ 发\n发 # fanjian:off fanjian:on\n头";
        for size in [1, 2, 5, 7, 1000] {
            assert_eq!(convert(text, &["`[^`]*`"], true, size), expected, "{size}");
        }
        assert_eq!(convert("// fanjian:off 头\n", &[], false, 100), "// fanjian:off 頭\n");
        assert_eq!(convert("头 fanjian:off\n发\n", &[], true, 100), "頭 fanjian:off\n發\n");
    }

    #[test]
    fn of_overlapping_matches_the_first_and_longest_counts() {
        assert_eq!(convert("头发头", &["头发", "头", "发头"], false, 100), "头发头");
        assert_eq!(convert("发头发", &["头", "头发", "x*"], false, 100), "發头发");
    }

    #[test]
    fn a_pattern_of_bytes_matches_whole_characters() {
        assert_eq!(convert("发头发", &[r"(?-u:\xa4)"], false, 100), "發头發");
        assert_eq!(convert("发头发", &[r"(?-u:\xe5\xa4)"], false, 100), "發头發");
    }

    #[test]
    fn protected_regions_do_not_count_for_the_first_lines() {
        let unprotected = |text: &str| rules(&["`[^`]*`"], true).unprotected(text).into_owned();
        assert_eq!(unprotected("一`头`发\n// fanjian:off\n头\n// fanjian:on\n二"), "一发\n二");
        assert_eq!(unprotected(&format!("{}`头`", "一".repeat(BEGINNING - 1))), "一".repeat(BEGINNING - 1) + "`");
        let converter = Converter::builder().target(Target::Taiwan).build().unwrap();
        let first = |text: &str| {
            let regions = ProtectedRegions::new(&converter, InvalidUtf8::Strict, &rules(&["`[^`]*`"], true));
            let (out, result) = run(regions.beginning_with(text.as_bytes()), text.as_bytes(), &[5]);
            result.unwrap();
            String::from_utf8(out).unwrap().split('\n').next().unwrap().to_owned()
        };
        assert_eq!(first("制\n一`頭髮`"), first("制"));
        assert_eq!(first("制\n一`头发`頭髮"), first("制\n頭髮"));
        assert_ne!(first("制\n一`头发`頭髮"), first("制\n一`頭髮`头发"));
    }

    #[test]
    fn an_error_has_its_offset_in_the_file() {
        for (text, rules) in [("bab", rules(&["a"], false)), ("fanjian:off\nba", rules(&[], true))] {
            for sizes in [&[100], &[1]] {
                let text = [text.as_bytes(), b"\xff\n"].concat();
                let (_, result) = run(regions(&rules, InvalidUtf8::Strict).starting_at(3), &text, sizes);
                let expected = format!("not UTF-8: invalid byte 0xFF at offset {}", 3 + text.len() - 2);
                assert_eq!(result, Err(expected));
            }
        }
    }

    #[test]
    fn the_line_of_an_unclosed_mark_is_known() {
        let unclosed = |text: &str, size| {
            run(regions(&rules(&[], true), InvalidUtf8::Strict), text.as_bytes(), &[size]).1.unwrap()
        };
        for size in [1, 100] {
            assert_eq!(unclosed("头\n\n# fanjian:off\n# fanjian:off\n头", size), Some(3));
            assert_eq!(unclosed("# fanjian:off\n# fanjian:on\n头", size), None);
            assert_eq!(unclosed("# fanjian:off\n# fanjian:on\n头 # fanjian:off", size), Some(3));
            assert_eq!(unclosed("头 fanjian:off", size), None);
        }
    }

    #[test]
    fn comments_whose_marks_do_not_count_are_known() {
        let text = "头\n# now fanjian:off\n# fanjian:off\n# now fanjian:off\n# now fanjian:on\n";
        for size in [1, 100] {
            let mut regions = regions(&rules(&[], true), InvalidUtf8::Strict);
            for piece in text.as_bytes().chunks(size) {
                regions.push(piece, false, &mut Vec::new()).unwrap();
            }
            assert_eq!(regions.overlooked(), Some(OverlookedMarks { line: 2, mark: Mark::Off, more: 1 }));
        }
    }

    /// What lines are made of, parts of characters among it.
    fn text(pieces: &'static [&'static [u8]]) -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(prop::sample::select(pieces), 0..60).prop_map(|pieces| pieces.concat())
    }

    const VALID: &[&[u8]] = &[
        "头".as_bytes(),
        "头发里面".as_bytes(),
        "发😀".as_bytes(),
        "⿰".as_bytes(),
        b"`",
        b"a",
        b" ",
        b"//",
        b"\n",
        b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ];
    const MARKED: &[&[u8]] = &[
        "头发里面".as_bytes(),
        "发😀⿰".as_bytes(),
        b"`",
        b"// ",
        b"fanjian:off",
        b"fanjian:on",
        b"\n// fanjian:off\n",
        b"\n<!-- fanjian:on -->\n",
        b"\n",
        b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        b"\xff",
        b"\xe5\xa4",
        b"\x80\x80\x80\x80",
    ];
    const MODES: &[InvalidUtf8] = &[InvalidUtf8::Strict, InvalidUtf8::Replace, InvalidUtf8::Pass];

    fn sizes() -> impl Strategy<Value = Vec<usize>> {
        prop::collection::vec(1_usize..90, 1..4)
    }

    fn a_rule() -> impl Strategy<Value = Arc<Rules>> {
        let patterns: &[&[&str]] = &[&[], &["`[^`]*`"], &["头", "发."], &[r"(?-u:[\xa4\x80])"]];
        (prop::sample::select(patterns), any::<bool>()).prop_map(|(patterns, has_marks)| rules(patterns, has_marks))
    }

    proptest! {
        /// It used to cut long lines wherever a piece ended, also within a character, which was then not UTF-8.
        #[test]
        fn pieces_have_no_influence(
            text in text(MARKED), sizes in sizes(), rules in a_rule(), invalid in prop::sample::select(MODES), longest in 40_usize..120,
        ) {
            let regions = || with_longest(regions(&rules, invalid), longest);
            let (whole, result) = run(regions(), &text, &[text.len() + 1]);
            let (out, in_pieces) = run(regions(), &text, &sizes);
            prop_assert_eq!(&in_pieces, &result);
            // Before an error, how much is put out depends on what has come.
            prop_assert!(out == whole || (result.is_err() && (whole.starts_with(&out) || out.starts_with(&whole))));
        }

        /// A decision for what is made anyway changes nothing: not what is around, nor what is protected, nor in which pieces
        /// the text comes.
        #[test]
        fn decisions_leave_all_around_as_it_is(
            text in text(MARKED), sizes in sizes(), rules in a_rule(), longest in 40_usize..120,
        ) {
            let text = String::from_utf8_lossy(&text).into_owned();
            let converter = Converter::for_target(Target::Taiwan);
            let regions = || {
                let regions = ProtectedRegions::new(&converter, InvalidUtf8::Strict, &rules);
                with_longest(regions, longest).beginning_with(text.as_bytes())
            };
            let list = r#"{"fanjian_decisions":1,"options":{"to":"zh-TW"},
                "decisions":[{"scope":"word","source":"头","output":"頭"}]}"#;
            let decisions = FileDecisions::new(Arc::new(Decisions::parse(list.as_bytes(), "d.json").unwrap()));
            let plain = run(regions(), text.as_bytes(), &sizes);
            let decided = run(regions().decided_by(Some(decisions)), text.as_bytes(), &sizes);
            prop_assert_eq!(String::from_utf8(decided.0).unwrap(), String::from_utf8(plain.0).unwrap());
            prop_assert_eq!(decided.1, plain.1);
        }

        #[test]
        fn text_without_regions_is_converted_as_a_whole(
            text in text(VALID), sizes in sizes(), invalid in prop::sample::select(MODES), longest in 40_usize..120,
        ) {
            let regions = with_longest(regions(&rules(&["none"], true), invalid), longest);
            let (out, result) = run(regions, &text, &sizes);
            prop_assert_eq!(result, Ok(None));
            let whole = Converter::new(Config::S2t).convert(str::from_utf8(&text).unwrap()).into_owned();
            prop_assert_eq!(String::from_utf8(out).unwrap(), whole);
        }

        #[test]
        fn the_text_between_lines_that_are_off_is_converted_as_a_whole(
            texts in prop::collection::vec(text(VALID), 1..5), sizes in sizes(), longest in 40_usize..120,
        ) {
            // Every second text is off, with the lines of its marks.
            let converter = Converter::new(Config::S2t);
            let (mut text, mut expected) = (String::new(), String::new());
            for (at, part) in texts.iter().enumerate() {
                let part = format!("{}\n", str::from_utf8(part).unwrap());
                if at % 2 == 0 {
                    text += &part;
                    expected += &converter.convert(&part);
                } else {
                    let part = format!("// fanjian:off\n{part}# fanjian:on\n");
                    text += &part;
                    expected += &part;
                }
            }
            let regions = with_longest(regions(&rules(&[], true), InvalidUtf8::Strict), longest);
            let (out, result) = run(regions, text.as_bytes(), &sizes);
            prop_assert_eq!(result, Ok(None));
            prop_assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
