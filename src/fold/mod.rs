//! Folding for search: one key for all forms of a word.

use std::{borrow::Cow, ops::Range};

include!(concat!(env!("OUT_DIR"), "/fold.rs"));

/// Folds a text, for search: words that differ in script, region, shapes of characters, width or case become the same.
///
/// Each Chinese character becomes the Simplified one of all characters that are written for it anywhere: 發, 髮 and the
/// Japanese 発 are 发, as 裏 and 裡 are 里. Traditional and Simplified text are taken alike, and no script has to be known. A
/// few words have an entry of their own (甚麼 is 什么). Full-width forms become half-width, letters lower case, compatibility
/// ideographs and radicals the ideographs that they are, and variation selectors are dropped. Nothing else changes: for the
/// other compatibility characters (ﬁ, ①, ｶ), apply NFKC first.
///
/// The key is not for readers: it joins words that only context distinguishes in Simplified text (皇后 and 後 share 后), and so
/// finds a little more than was asked for. Folding a folded text changes nothing.
///
/// Returns the text itself, without an allocation, if it is its own key. For positions in the original, see
/// [`fold_with_offsets`].
///
/// ```
/// use fanjian::fold;
///
/// for text in ["衞生署祇有甚麼", "衛生署只有什麼", "卫生署衹有什么"] {
///     assert_eq!(fold(text), "卫生署只有什么");
/// }
/// assert_eq!(fold("ＡＢＣ　Ünicode"), "abc ünicode");
/// ```
#[must_use]
pub fn fold(text: &str) -> Cow<'_, str> {
    let start = unchanged(text);
    if start == text.len() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..start]);
    fold_rest(text, start, &mut out, &mut |_| ());
    Cow::Owned(out)
}

/// Appends the folded text to `out`, as [`fold`] returns it.
///
/// ```
/// let mut key = String::new();
/// fanjian::fold_into("頭髮", &mut key);
/// assert_eq!(key, "头发");
/// ```
pub fn fold_into(text: &str, out: &mut String) {
    out.reserve(text.len());
    fold_rest(text, 0, out, &mut |_| ());
}

/// Folds a text as [`fold`] does, and keeps where each part of it comes from: for highlights.
///
/// ```
/// let text = "ＷＩＦＩ分享器";
/// let folded = fanjian::fold_with_offsets(text);
/// assert_eq!(folded.text(), "wifi分享器");
/// assert_eq!(&text[folded.source_range(2..4)], "ＦＩ");
/// ```
#[must_use]
pub fn fold_with_offsets(text: &str) -> Folded {
    let mut shifts = Vec::new();
    let mut out = String::with_capacity(text.len());
    fold_rest(text, 0, &mut out, &mut |shift| shifts.push(shift));
    Folded { text: out, source_len: text.len(), shifts }
}

/// All that [`fold`] replaces, as pairs of a text and what it becomes: single characters, then words in each of their
/// spellings. Replacing the longest of them at each place, from left to right, is what [`fold`] does.
///
/// For search engines that take a list of mappings; `fanjian dict export` writes their files.
///
/// ```
/// let mappings: Vec<_> = fanjian::fold_mappings().collect();
/// assert!(mappings.contains(&("發".to_owned(), "发".to_owned())));
/// assert!(mappings.contains(&("甚麼".to_owned(), "什么".to_owned())));
/// ```
pub fn fold_mappings() -> impl Iterator<Item = (String, String)> {
    // None is folded beyond the variation selectors.
    let characters = || ('\0'..='\u{e01ef}').filter(|&character| !matches!(look_up(character), Lookup::Same));
    let singles = characters().filter_map(|character| match look_up(character) {
        Lookup::Dropped => Some((character.to_string(), String::new())),
        Lookup::Folded { to, .. } if to != character => Some((character.to_string(), to.to_string())),
        _ => None,
    });
    let words = WORDS.iter().flat_map(move |(key, value)| {
        let mut spellings = vec![String::new()];
        for wanted in key.chars() {
            let is_form = |&found: &char| matches!(look_up(found), Lookup::Folded { to, .. } if to == wanted);
            let forms: Vec<char> = std::iter::once(wanted).chain(characters().filter(is_form)).collect();
            let longer = spellings.iter().flat_map(|start| forms.iter().map(move |form| format!("{start}{form}")));
            spellings = longer.collect();
        }
        spellings.sort();
        spellings.dedup();
        spellings.into_iter().map(|spelling| (spelling, (*value).to_owned()))
    });
    singles.chain(words)
}

/// A folded text and where its parts come from: what [`fold_with_offsets`] returns.
///
/// It takes memory for those characters alone whose length in bytes changed: none for most Chinese text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    text: String,
    source_len: usize,
    shifts: Vec<Shift>,
}

/// A character whose length in bytes changed, by where it ends in both texts. What is between them is as long in both.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shift {
    folded_end: usize,
    source_end: usize,
    folded_len: u8,
    source_len: u8,
}

impl Folded {
    /// The folded text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The folded text, without its offsets.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }

    /// The bytes of the original that a range of bytes of the folded text comes from.
    ///
    /// The range is on boundaries of characters, whole characters for a part of one; it includes the variation selectors
    /// that were dropped behind them. What is beyond the text is cut off. Ranges that follow each other in one text do so in
    /// the other.
    ///
    /// ```
    /// let text = "Ａ國\u{fe00}語";
    /// let folded = fanjian::fold_with_offsets(text);
    /// assert_eq!(folded.text(), "a国语");
    /// assert_eq!(&text[folded.source_range(1..4)], "國\u{fe00}");
    /// ```
    #[must_use]
    pub fn source_range(&self, folded: Range<usize>) -> Range<usize> {
        let start = self.text.floor_char_boundary(folded.start);
        let end = self.text.ceil_char_boundary(folded.end.max(folded.start));
        self.source_offset(start)..self.source_offset(end)
    }

    /// The bytes of the folded text that a range of bytes of the original became, as
    /// [`source_range`](Self::source_range) does for the other direction.
    ///
    /// ```
    /// let folded = fanjian::fold_with_offsets("Ａ國語");
    /// assert_eq!(&folded.text()[folded.folded_range(3..6)], "国");
    /// ```
    #[must_use]
    pub fn folded_range(&self, source: Range<usize>) -> Range<usize> {
        let start = self.folded_offset(source.start, false);
        let end = self.folded_offset(source.end.max(source.start), true);
        self.text.floor_char_boundary(start)..self.text.ceil_char_boundary(end)
    }

    /// For each character of the folded text, the byte of the original at which what it comes from begins; then the length of
    /// the original.
    ///
    /// ```
    /// let folded = fanjian::fold_with_offsets("Ａ國語");
    /// assert_eq!(folded.source_offsets().collect::<Vec<_>>(), [0, 3, 6, 9]);
    /// ```
    pub fn source_offsets(&self) -> impl Iterator<Item = usize> {
        let mut shifts = self.shifts.iter().peekable();
        let mut last = (0, 0);
        let starts = self.text.char_indices().map(move |(offset, _)| {
            while let Some(shift) = shifts.next_if(|shift| shift.folded_end <= offset) {
                last = (shift.folded_end, shift.source_end);
            }
            last.1 + (offset - last.0)
        });
        starts.chain([self.source_len])
    }

    /// The byte of the original at a boundary of characters of the folded text: behind what was dropped there.
    fn source_offset(&self, folded: usize) -> usize {
        let next = self.shifts.partition_point(|shift| shift.folded_end <= folded);
        let (folded_end, source_end) = self.before(next);
        source_end + (folded - folded_end)
    }

    /// The byte of the folded text at one of the original; within a character that changed its length, where that begins or
    /// ends.
    fn folded_offset(&self, source: usize, at_end: bool) -> usize {
        let source = source.min(self.source_len);
        let next = self.shifts.partition_point(|shift| shift.source_end <= source);
        match self.shifts.get(next) {
            Some(shift) if shift.source_end - usize::from(shift.source_len) < source => {
                shift.folded_end - if at_end { 0 } else { usize::from(shift.folded_len) }
            }
            _ => {
                let (folded_end, source_end) = self.before(next);
                folded_end + (source - source_end)
            }
        }
    }

    /// Where the shift before this number ends, in both texts.
    fn before(&self, next: usize) -> (usize, usize) {
        let last = next.checked_sub(1).map(|last| &self.shifts[last]);
        last.map_or((0, 0), |shift| (shift.folded_end, shift.source_end))
    }
}

/// How a character is folded.
#[derive(Clone, Copy)]
enum Lookup {
    Same,
    Folded { to: char, begins_word: bool },
    Dropped,
}

#[inline]
fn look_up(character: char) -> Lookup {
    let code = character as usize;
    let Some(&page) = PAGES.get(code / PAGE) else {
        return if matches!(character, '\u{e0100}'..='\u{e01ef}') { Lookup::Dropped } else { Lookup::Same };
    };
    match ENTRIES.get(usize::from(page) * PAGE + code % PAGE) {
        Some(&entry) if entry != 0 => folded(usize::from(entry), character),
        _ if matches!(character, '\u{fe00}'..='\u{fe0f}') => Lookup::Dropped,
        _ => Lookup::Same,
    }
}

/// The result of this number.
fn folded(number: usize, character: char) -> Lookup {
    let result = RESULTS.get(number).copied().unwrap_or_default();
    let to = char::from_u32(result & !BEGINS_WORD).unwrap_or(character);
    Lookup::Folded { to, begins_word: result & BEGINS_WORD != 0 }
}

/// The bytes before the first character that may change.
fn unchanged(text: &str) -> usize {
    let mut characters = text.char_indices();
    let changing = characters.find(|&(_, character)| !matches!(look_up(character), Lookup::Same));
    changing.map_or(text.len(), |(offset, _)| offset)
}

/// Appends what follows the first bytes, which are unchanged and end no word, and reports characters that change their length.
fn fold_rest(text: &str, start: usize, out: &mut String, report: &mut dyn FnMut(Shift)) {
    let base = out.len() - start;
    let mut offset = start;
    // What is left of a word that is being replaced.
    let mut word = "".chars();
    while let Some(character) = text[offset..].chars().next() {
        let source_len = character.len_utf8();
        let mut to = None;
        match look_up(character) {
            Lookup::Dropped => {}
            Lookup::Same if word.as_str().is_empty() => {
                let end = offset + source_len + unchanged(&text[offset + source_len..]);
                out.push_str(&text[offset..end]);
                offset = end;
                continue;
            }
            Lookup::Same => to = word.next(),
            Lookup::Folded { to: folded, begins_word } => {
                if begins_word && word.as_str().is_empty() {
                    word = replacement(&text[offset..]).chars();
                }
                to = Some(word.next().unwrap_or(folded));
            }
        }
        out.extend(to);
        offset += source_len;
        let folded_len = to.map_or(0, char::len_utf8);
        if folded_len != source_len {
            // A character has at most four bytes.
            report(Shift {
                folded_end: out.len() - base,
                source_end: offset,
                folded_len: folded_len as u8,
                source_len: source_len as u8,
            });
        }
    }
}

/// What the word at the beginning of a text is replaced by: nothing if none of the list is there.
fn replacement(text: &str) -> &'static str {
    let folded = text.chars().filter_map(|character| match look_up(character) {
        Lookup::Same => Some(character),
        Lookup::Folded { to, .. } => Some(to),
        Lookup::Dropped => None,
    });
    let is_here = |key: &str| {
        let mut here = folded.clone();
        key.chars().all(|wanted| here.next() == Some(wanted))
    };
    // The longest words come first.
    WORDS.iter().find(|(key, _)| is_here(key)).map_or("", |(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every program that folds carries them.
    #[test]
    fn the_tables_keep_their_size() {
        let bytes = size_of_val(&PAGES) + size_of_val(&ENTRIES) + size_of_val(&RESULTS);
        assert!(bytes < 200_000, "{bytes} bytes");
    }

    #[test]
    fn each_result_is_its_own() {
        for character in '\0'..=char::MAX {
            if let Lookup::Folded { to, .. } = look_up(character) {
                assert!(matches!(look_up(to), Lookup::Same | Lookup::Folded { .. }), "{character} becomes {to}");
                assert_eq!(fold(&to.to_string()), to.to_string(), "{character}");
            }
        }
    }
}
