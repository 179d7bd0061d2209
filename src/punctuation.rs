//! Quotation marks as a region writes them: in a pass of its own, behind the conversion.

use std::collections::VecDeque;

use fanjian_dictionary::{han::is_ideograph, named};

use crate::{
    Config,
    segments::{Decision, Segment, Step},
};

named! {
    /// What a conversion does with quotation marks: see [`ConverterBuilder::punctuation`](crate::ConverterBuilder::punctuation).
    ///
    /// ```
    /// use fanjian::Punctuation;
    ///
    /// assert_eq!("local".parse::<Punctuation>().unwrap(), Punctuation::Local);
    /// ```
    #[derive(Default)]
    pub enum Punctuation: "treatment of punctuation" {
        /// They stay as they are: the default.
        #[default]
        Keep "keep" "leave quotation marks as they are",
        /// 「」 and 『』 in Traditional text, “” and ‘’ in Simplified text.
        Local "local" "write quotation marks as the region does",
    }
}

/// The quotation marks of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marks {
    /// 「」, and 『』 within these.
    Corner,
    /// “”, and ‘’ within these.
    Curly,
}

impl Marks {
    /// Those of what a configuration converts to. None: it is not Chinese.
    pub(crate) fn of(config: Config) -> Option<Marks> {
        use Config::{
            Hk2s, Hk2sp, Hk2t, Jp2t, S2hk, S2hkp, S2t, S2tw, S2twp, T2hk, T2jp, T2s, T2tw, Tw2s, Tw2sp, Tw2t,
        };
        match config {
            S2t | S2tw | S2twp | S2hk | S2hkp | T2tw | T2hk | Tw2t | Hk2t => Some(Marks::Corner),
            T2s | Tw2s | Tw2sp | Hk2s | Hk2sp => Some(Marks::Curly),
            T2jp | Jp2t => None,
        }
    }

    /// The marks that open and close a quotation at this depth.
    fn at(self, depth: usize) -> (char, char) {
        match (self, depth % 2) {
            (Marks::Corner, 0) => ('「', '」'),
            (Marks::Corner, _) => ('『', '』'),
            (Marks::Curly, 0) => ('“', '”'),
            (Marks::Curly, _) => ('‘', '’'),
        }
    }
}

/// How much of a line is looked at from a mark on, in bytes, to see whether it is Chinese.
const LOOK: usize = 4096;

/// The greatest depth of quotations that is followed.
const DEPTH: usize = 64;

/// Replaces the quotation marks of a text that comes in pieces.
///
/// The text from the first mark of a line on is held until the line ends, at most 4 KiB of it: marks are replaced in lines
/// that are Chinese, and not in those of other languages, of which Japanese has 「」, too. What comes out does not depend on
/// the pieces.
#[derive(Clone, Debug)]
pub(crate) struct Quotes {
    marks: Marks,
    /// The quotations that are open, from the outermost: the mark of the source that closes each, and what that becomes.
    open: Vec<(char, char)>,
    line: Line,
    /// The character before the held text, or before the next one.
    before: char,
    /// The text from a mark on, of which is not known whether it is Chinese.
    held: String,
}

/// What is known of a line.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    ideographs: usize,
    kana: usize,
    /// Something other than spaces has been in it.
    has_begun: bool,
}

impl Line {
    fn add(&mut self, character: char) {
        match character {
            'ぁ'..='ゟ' | '゠'..='ヿ' => self.kana += 1,
            _ => self.ideographs += usize::from(is_ideograph(u32::from(character))),
        }
    }

    fn is_chinese(self) -> bool {
        self.ideographs > 4 * self.kana
    }
}

/// Whether a mark opens a quotation, and whether it is one of an inner quotation. None: it is no quotation mark.
fn kind(character: char) -> Option<(bool, bool)> {
    match character {
        '“' | '「' => Some((true, false)),
        '‘' | '『' => Some((true, true)),
        '”' | '」' => Some((false, false)),
        '’' | '』' => Some((false, true)),
        _ => None,
    }
}

/// Whether a character is a quotation mark that can change.
pub(crate) fn is_mark(character: char) -> bool {
    kind(character).is_some()
}

impl Quotes {
    pub(crate) fn new(marks: Marks) -> Quotes {
        Quotes { marks, open: Vec::new(), line: Line::default(), before: '\n', held: String::new() }
    }

    /// Takes another piece, and appends what is decided; all of it, with the last piece, after which the next text may begin.
    pub(crate) fn push(&mut self, text: &str, is_last: bool, out: &mut String) {
        let mut rest = text;
        while !rest.is_empty() {
            rest = if self.held.is_empty() { self.pass(rest, out) } else { self.hold(rest, out) };
        }
        if is_last {
            self.decide(None, out);
            *self = Quotes { open: std::mem::take(&mut self.open), ..Quotes::new(self.marks) };
            self.open.clear();
        }
    }

    /// Appends text up to a mark that may change, and returns the rest.
    fn pass<'t>(&mut self, text: &'t str, out: &mut String) -> &'t str {
        for (at, character) in text.char_indices() {
            if kind(character).is_some() {
                out.push_str(&text[..at]);
                self.held.push(character);
                return &text[at + character.len_utf8()..];
            }
            self.see(character);
        }
        out.push_str(text);
        ""
    }

    /// Looks at a character that is no mark. Quotations end with an empty line or a control character, and where the next
    /// line opens one: each paragraph of a long speech does.
    fn see(&mut self, character: char) {
        if character == '\n' {
            if !self.line.has_begun {
                self.open.clear();
            }
            self.line = Line::default();
        } else {
            if character.is_control() && !character.is_whitespace() {
                self.open.clear();
            }
            self.line.has_begun |= !character.is_whitespace();
            self.line.add(character);
        }
        self.before = character;
    }

    /// Holds text up to the end of the line or of what is looked at, and returns the rest.
    fn hold<'t>(&mut self, text: &'t str, out: &mut String) -> &'t str {
        let line = memchr::memchr(b'\n', text.as_bytes());
        let room = LOOK.saturating_sub(self.held.len());
        let end = match line {
            Some(end) if end <= room => end,
            _ if text.len() <= room => {
                self.held.push_str(text);
                return "";
            }
            _ => (room..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len()),
        };
        self.held.push_str(&text[..end]);
        let next = text[end..].chars().next();
        // Before the next piece, it is not known what comes next.
        if next.is_none() {
            return "";
        }
        self.decide(next, out);
        &text[end..]
    }

    /// Appends the held text, before this character.
    fn decide(&mut self, next: Option<char>, out: &mut String) {
        let held = std::mem::take(&mut self.held);
        let mut line = self.line;
        held.chars().for_each(|character| line.add(character));
        let mut characters = held.chars().peekable();
        while let Some(character) = characters.next() {
            let behind = characters.peek().copied().or(next).unwrap_or('\n');
            match kind(character) {
                Some(kind) => {
                    out.push(self.mark(character, kind, behind, line.is_chinese()));
                    self.line.has_begun = true;
                    self.before = character;
                }
                None => {
                    out.push(character);
                    self.see(character);
                }
            }
        }
        // The next mark of the line is decided by what has been seen of all of it.
        self.line = Line { has_begun: self.line.has_begun, ..line };
    }

    /// What a mark becomes. In a line that is not Chinese, only what closes a quotation changes, with what opened it.
    ///
    /// Whatever a mark becomes closes the last quotation that it would close if it were converted again: so the second
    /// conversion follows the same quotations, and changes nothing.
    fn mark(&mut self, mark: char, (opens, is_inner): (bool, bool), behind: char, is_chinese: bool) -> char {
        let is_of_word = |character: char| character.is_alphanumeric() && character < '\u{2e80}';
        let is_single = matches!(mark, '‘' | '’');
        // An apostrophe.
        if is_single && is_of_word(self.before) && is_of_word(behind) {
            return mark;
        }
        let is_own = matches!((self.marks, mark), (Marks::Corner, '「'..='』') | (Marks::Curly, '‘'..='”'));
        let stays = is_own || !is_chinese;
        if opens {
            if !self.line.has_begun {
                self.open.clear();
            }
            let old = closing(mark);
            let (open, close) = if stays { (mark, old) } else { self.marks.at(self.open.len()) };
            if self.open.len() < DEPTH {
                self.open.push((old, close));
            }
            return open;
        }
        let close = match self.open.iter().rev().find(|&&(old, _)| old == mark) {
            Some(&(_, close)) => close,
            None if stays => mark,
            // An apostrophe again, as in ’90s or dogs’.
            None if is_single && (is_of_word(self.before) || is_of_word(behind)) => mark,
            None => self.marks.at(usize::from(is_inner)).1,
        };
        if let Some(depth) = self.open.iter().rposition(|&(_, other)| other == close) {
            self.open.truncate(depth);
        }
        close
    }
}

/// The mark that closes what this one opens.
fn closing(open: char) -> char {
    match open {
        '“' => '”',
        '‘' => '’',
        '「' => '」',
        _ => '』',
    }
}

/// Takes the segments of a text one after the other, whose quotation marks become those of a region. A mark for a mark has the same
/// length.
pub(crate) struct QuotedSegments<'t> {
    quotes: Quotes,
    /// The segments whose marks are not decided yet, and what is decided of their outputs.
    waiting: VecDeque<Segment>,
    decided: String,
    take: &'t mut dyn FnMut(Segment),
}

impl<'t> QuotedSegments<'t> {
    pub(crate) fn new(marks: Marks, take: &'t mut dyn FnMut(Segment)) -> QuotedSegments<'t> {
        QuotedSegments { quotes: Quotes::new(marks), waiting: VecDeque::new(), decided: String::new(), take }
    }

    pub(crate) fn push(&mut self, segment: Segment) {
        self.quotes.push(&segment.output, false, &mut self.decided);
        self.waiting.push_back(segment);
        self.pass();
    }

    /// Ends the text.
    pub(crate) fn finish(mut self) {
        self.quotes.push("", true, &mut self.decided);
        self.pass();
    }

    /// Passes the segments on whose marks are decided.
    fn pass(&mut self) {
        let mut at = 0;
        while self.waiting.front().is_some_and(|next| next.output.len() <= self.decided.len() - at)
            && let Some(mut segment) = self.waiting.pop_front()
        {
            let output = &self.decided[at..at + segment.output.len()];
            at += output.len();
            if output == segment.output {
                (self.take)(segment);
            } else if segment.decisions.is_empty() && segment.source.len() == output.len() {
                split(&segment, output, self.take);
            } else {
                segment.decisions.push(replacement(&segment.output, output));
                output.clone_into(&mut segment.output);
                (self.take)(segment);
            }
        }
        self.decided.drain(..at);
    }
}

/// Splits a segment that was copied into its marks that become others, and what is between them.
fn split(segment: &Segment, output: &str, take: &mut dyn FnMut(Segment)) {
    let start = segment.source.start;
    let mut part = |from: usize, to: usize, decisions: Vec<Decision>| {
        if from < to {
            take(Segment { source: start + from..start + to, output: output[from..to].to_owned(), decisions });
        }
    };
    let mut copied = 0;
    for ((at, old), new) in segment.output.char_indices().zip(output.chars()) {
        if old != new {
            let end = at + old.len_utf8();
            part(copied, at, Vec::new());
            part(at, end, vec![replacement(&segment.output[at..end], &output[at..end])]);
            copied = end;
        }
    }
    part(copied, output.len(), Vec::new());
}

fn replacement(old: &str, new: &str) -> Decision {
    Decision {
        step: Step::Punctuation,
        dictionary: "punctuation".to_owned(),
        key: old.to_owned(),
        value: new.to_owned(),
        alternatives: Vec::new(),
        #[cfg(feature = "targets")]
        candidates: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn converted<'t>(marks: Marks, pieces: impl IntoIterator<Item = &'t str>) -> String {
        let (mut quotes, mut out) = (Quotes::new(marks), String::new());
        pieces.into_iter().for_each(|piece| quotes.push(piece, false, &mut out));
        quotes.push("", true, &mut out);
        out
    }

    #[test]
    fn marks_become_those_of_the_script_by_depth() {
        let cases = [
            ("他說：“你好。”", "他說：「你好。」"),
            ("“他說‘走’。”", "「他說『走』。」"),
            ("‘外“內”外’的話", "「外『內』外」的話"),
            // Apostrophes.
            ("她說“I don’t know”，在’90年代", "她說「I don’t know」，在’90年代"),
            ("the dogs’ tails 很長", "the dogs’ tails 很長"),
            // A line of another language.
            ("He said “hello”.\n他說“好”", "He said “hello”.\n他說「好」"),
            ("\"直的\"不變", "\"直的\"不變"),
            // Each paragraph of a long speech opens it again.
            ("“第一段\n　　“第二段”", "「第一段\n　　「第二段」"),
            ("“沒有結束\n\n他說“好”", "「沒有結束\n\n他說「好」"),
            // A line break or a picture, which is one, within.
            ("“軟件\n”", "「軟件\n」"),
            ("“Hello\n軟件”", "“Hello\n軟件”"),
            // A line that is broken within.
            ("他說“一二\n三‘四’五”", "他說「一二\n三『四』五」"),
            ("已經是「對的『這樣』」", "已經是「對的『這樣』」"),
            ("沒有開始”的", "沒有開始」的"),
        ];
        for (text, expected) in cases {
            assert_eq!(converted(Marks::Corner, [text]), expected);
            assert_eq!(converted(Marks::Corner, [expected]), expected, "again");
        }
        let cases = [
            ("他说：「你好『朋友』。」", "他说：“你好‘朋友’。”"),
            ("『外』的", "“外”的"),
            ("「これはペンです」と言った", "「これはペンです」と言った"),
            ("已经是“对的”，it’s", "已经是“对的”，it’s"),
        ];
        for (text, expected) in cases {
            assert_eq!(converted(Marks::Curly, [text]), expected);
            assert_eq!(converted(Marks::Curly, [expected]), expected, "again");
        }
    }

    #[test]
    fn what_is_held_is_bounded() {
        let text = "“".to_owned() + &"a".repeat(3 * LOOK) + "中”";
        let mut quotes = Quotes::new(Marks::Corner);
        let mut out = String::new();
        for piece in text.as_bytes().chunks(64) {
            quotes.push(&String::from_utf8_lossy(piece), false, &mut out);
            assert!(quotes.held.len() <= LOOK + 64);
        }
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter_and_a_second_time_changes_nothing(
            text in "[中a’‘“”「」『』\n の1]{0,60}",
            cuts in prop::collection::vec(0..60_usize, 0..6),
        ) {
            let characters: Vec<char> = text.chars().collect();
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(characters.len())).collect();
            cuts.extend([0, characters.len()]);
            cuts.sort_unstable();
            let pieces: Vec<String> = cuts.windows(2).map(|cut| characters[cut[0]..cut[1]].iter().collect()).collect();
            for marks in [Marks::Corner, Marks::Curly] {
                let whole = converted(marks, [text.as_str()]);
                prop_assert_eq!(&converted(marks, pieces.iter().map(String::as_str)), &whole);
                prop_assert_eq!(&converted(marks, [whole.as_str()]), &whole);
                prop_assert_eq!(whole.chars().count(), characters.len());
            }
        }
    }
}
