//! The conversion of what a scanner found, and its writing: everything that is no piece is copied.

use std::ops::Range;

use fanjian::{ScriptHistory, Stream};

use crate::{
    align::Alignment,
    escape::Escape,
    options::Options,
    report::Report,
    scan::{Content, Piece, Role, Scan, Tag, TagForm},
};

/// Candidates for what separates groups in one text. It stands in a line of its own, so that it is no context.
const SEPARATORS: [&str; 4] = ["\n\u{1e}\n", "\n\u{1d}\n", "\n\u{1c}\n", "\n\u{1f}\n"];

/// The text of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group {
    /// What it is for its readers.
    pub role: Role,
    /// The text, without the markup within. What stands in it for a placeholder is `8` or `X`.
    pub text: String,
    /// The part of an archive that it is in. None in a document that is a text.
    pub part: Option<String>,
    /// The place of its first piece, in bytes of the source or of the part.
    pub start: usize,
}

/// A group, in the text of all groups.
struct Grouped {
    number: usize,
    /// Its pieces, in the order of groups.
    pieces: Range<usize>,
    /// Its text, in bytes of the text of all groups.
    text: Range<usize>,
}

/// All groups whose text may change, as one text.
struct Groups<'s> {
    source: &'s str,
    pieces: Vec<Piece>,
    groups: Vec<Grouped>,
    text: String,
    separator: &'static str,
    /// If each is converted by itself: the history that it has before it.
    apart: Option<ScriptHistory>,
}

impl<'s> Groups<'s> {
    fn new(source: &'s str, mut pieces: Vec<Piece>, apart: Option<ScriptHistory>, takes_all: bool) -> Groups<'s> {
        pieces.sort_by_key(|piece| piece.group);
        let separator = |separator: &&&str| memchr::memchr(separator.as_bytes()[1], source.as_bytes()).is_none();
        let separator = SEPARATORS.iter().find(separator).copied().unwrap_or_default();
        let (mut groups, mut text, mut end) = (Vec::new(), String::new(), 0);
        while end < pieces.len() {
            let start = end;
            let group = pieces[start].group;
            end += pieces[start..].iter().take_while(|piece| piece.group == group).count();
            if !takes_all && pieces[start..end].iter().all(|piece| has_no_text(piece, source)) {
                continue;
            }
            let from = text.len();
            for piece in &pieces[start..end] {
                append_text(piece, source, &mut text);
            }
            groups.push(Grouped { number: group.0 as usize, pieces: start..end, text: from..text.len() });
            text.push_str(separator);
        }
        Groups { source, pieces, groups, text, separator, apart }
    }

    /// The converted text of all groups, and the bytes of it that are those of each.
    fn converted(&self, options: &Options) -> (String, Vec<Range<usize>>) {
        let mut ranges = Vec::with_capacity(self.groups.len());
        if self.apart.is_none() && !self.separator.is_empty() {
            let all = options.converter.convert(&self.text).into_owned();
            let mut at = 0;
            for end in memchr::memmem::find_iter(all.as_bytes(), self.separator) {
                ranges.push(at..end);
                at = end + self.separator.len();
            }
            if ranges.len() == self.groups.len() {
                return (all, ranges);
            }
            ranges.clear();
        }
        // They are to be apart, no separator was left, or own words have one.
        let mut apart = self.apart.map(|history| Apart::new(options, history));
        let (mut all, mut history) = (String::with_capacity(self.text.len()), ScriptHistory::default());
        for group in &self.groups {
            let (text, start) = (&self.text[group.text.clone()], all.len());
            match &mut apart {
                Some(apart) => all.push_str(&apart.convert(text)),
                None => {
                    let segments = options.converter.segments_with_history(text, &mut history);
                    segments.into_iter().for_each(|segment| all.push_str(&segment.output));
                }
            }
            ranges.push(start..all.len());
        }
        (all, ranges)
    }
}

/// Converts texts by themselves, each with the same history before it, so that the same text always becomes the same.
pub(crate) struct Apart {
    stream: Option<Stream>,
    history: ScriptHistory,
}

impl Apart {
    pub(crate) fn new(options: &Options, history: ScriptHistory) -> Apart {
        Apart { stream: Some(options.converter.stream()), history }
    }

    pub(crate) fn convert(&mut self, text: &str) -> String {
        let mut converted = Vec::with_capacity(text.len());
        if let Some(stream) = self.stream.take() {
            let mut stream = stream.with_history(self.history);
            let result = stream.push(text.as_bytes(), &mut converted).and_then(|()| stream.finish(&mut converted));
            result.expect("a text is UTF-8");
            self.stream = Some(stream);
        }
        String::from_utf8(converted).expect("a converted text is UTF-8")
    }
}

/// Whether a piece has no characters but those of ASCII.
fn has_no_text(piece: &Piece, source: &str) -> bool {
    match piece.content {
        Content::Kept(_) => true,
        Content::Text(escape) => {
            let raw = &source[piece.raw.clone()];
            raw.is_ascii() && escape.is_plain(raw)
        }
    }
}

fn append_text(piece: &Piece, source: &str, text: &mut String) {
    let raw = &source[piece.raw.clone()];
    match piece.content {
        Content::Kept(stand_in) => text.push_str(stand_in.text()),
        Content::Text(escape) if escape.is_plain(raw) => text.push_str(raw),
        Content::Text(escape) => text.extend(escape.units(raw).filter_map(|(_, character)| character)),
    }
}

/// The texts of the groups, in the order in which they begin.
pub(crate) fn texts(source: &str, scan: Scan<'_>) -> Vec<Group> {
    let Groups { pieces, groups, text, .. } = Groups::new(source, scan.pieces, scan.apart, true);
    let group = |group: Grouped| Group {
        role: scan.roles[group.number],
        text: text[group.text].to_owned(),
        part: None,
        start: pieces[group.pieces.start].raw.start,
    };
    groups.into_iter().map(group).collect()
}

/// Converts what a scanner found in a source. Returns None if nothing changes.
pub(crate) fn convert(source: &str, scan: Scan<'_>, options: &Options, report: &mut Report) -> Option<String> {
    let Scan { pieces, tags, references, edits, apart, .. } = scan;
    let groups = Groups::new(source, pieces, apart, false);
    let (all, ranges) = groups.converted(options);
    let mut edits = Edits::new(edits);
    let mut history = History::default();
    report.groups += groups.groups.len();
    for (group, new) in groups.groups.iter().zip(&ranges) {
        let new = &all[new.clone()];
        let old = &groups.text[group.text.clone()];
        if old != new {
            let at = group.text.start;
            let before = || apart.unwrap_or_else(|| history.at(&groups.text, at, options));
            let is_changed = edits.group(&groups, group, new, before, options, report);
            report.changed += usize::from(is_changed);
        }
    }
    for reference in references {
        let group = groups.groups.binary_search_by_key(&(reference.group.0 as usize), |group| group.number);
        if let Ok(group) = group {
            let old = (reference.form)(&groups.text[groups.groups[group].text.clone()]);
            let is_of_group = source[reference.raw.clone()] == old;
            if is_of_group {
                edits.add(reference.raw, &(reference.form)(&all[ranges[group].clone()]));
            }
        }
    }
    for Tag { raw, form } in tags {
        let renamed = match form {
            TagForm::Tag => options.languages.renamed(&source[raw.clone()]),
            TagForm::Region => options.languages.renamed_region(&source[raw.clone()]),
            TagForm::Script => options.languages.renamed_script(&source[raw.clone()]),
        };
        report.tags += usize::from(renamed.is_some());
        if let Some(renamed) = renamed {
            edits.add(raw, &renamed);
        }
    }
    edits.apply(source)
}

/// The history of the text of all groups, which is asked for from place to place.
#[derive(Default)]
struct History {
    at: usize,
    history: ScriptHistory,
}

impl History {
    fn at(&mut self, text: &str, at: usize, options: &Options) -> ScriptHistory {
        self.history = options.converter.history(&text[self.at..at], self.history);
        self.at = at;
        self.history
    }
}

/// Where the characters of a group's converted text come from.
fn align(old: &str, new: &str, edges: &[usize], mut before: ScriptHistory, options: &Options) -> Alignment {
    if let Some(alignment) = Alignment::by_place(old, new, edges) {
        return alignment;
    }
    let segments = options.converter.segments_with_history(old, &mut before);
    let outputs: String = segments.iter().map(|segment| segment.output.as_str()).collect();
    if outputs == new { Alignment::by_segments(old, &segments) } else { Alignment::whole(old, new) }
}

/// Changes of a source.
struct Edits {
    /// Bytes of the source, and those of `text` that take their place.
    places: Vec<(Range<usize>, Range<usize>)>,
    text: String,
}

impl Edits {
    fn new(changes: Vec<(Range<usize>, String)>) -> Edits {
        let mut edits = Edits { places: Vec::new(), text: String::new() };
        changes.into_iter().for_each(|(range, text)| edits.add(range, &text));
        edits
    }

    fn add(&mut self, range: Range<usize>, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.places.push((range, start..self.text.len()));
    }

    /// Adds those of a group. Returns whether there are any.
    fn group(
        &mut self,
        groups: &Groups<'_>,
        group: &Grouped,
        new: &str,
        mut before: impl FnMut() -> ScriptHistory,
        options: &Options,
        report: &mut Report,
    ) -> bool {
        let (source, old) = (groups.source, &groups.text[group.text.clone()]);
        let pieces = &groups.pieces[group.pieces.clone()];
        let protected = options.protect.as_ref().map(|find| find(old)).unwrap_or_default();
        if let ([Piece { raw, content: Content::Text(escape), .. }], []) = (pieces, protected.as_slice())
            && escape.is_plain(&source[raw.clone()])
            && !escape.has_special(new)
        {
            self.add(raw.clone(), new);
            return true;
        }
        if protected.is_empty()
            && let Some(is_changed) = self.by_place(groups, pieces, old, new, &mut before, options)
        {
            return is_changed;
        }
        let edges = edges(pieces, source);
        let mut alignment = align(old, new, &edges, before(), options);
        for range in kept(pieces, &edges).chain(characters(old, &protected)) {
            alignment.freeze(range);
        }
        report.moved += alignment.moved(&edges);
        let mut is_changed = false;
        let mut outputs = alignment.outputs.into_iter();
        for piece in pieces {
            let raw = &source[piece.raw.clone()];
            match piece.content {
                Content::Kept(stand_in) => stand_in.text().chars().for_each(|_| _ = outputs.next()),
                Content::Text(escape) => {
                    let start = self.text.len();
                    write(escape, raw, || outputs.next().flatten().map(|range| &new[range]), &mut self.text);
                    if self.text[start..] == *raw {
                        self.text.truncate(start);
                    } else {
                        is_changed = true;
                        self.places.push((piece.raw.clone(), start..self.text.len()));
                    }
                }
            }
        }
        is_changed
    }

    /// Adds the changes of a group whose text is written as it is in all its pieces, and whose characters all stay where they
    /// are, as [`Alignment::by_place`] has it. Returns whether there are any, or None if it is not such a group.
    fn by_place(
        &mut self,
        groups: &Groups<'_>,
        pieces: &[Piece],
        old: &str,
        new: &str,
        mut before: impl FnMut() -> ScriptHistory,
        options: &Options,
    ) -> Option<bool> {
        let (places, mut olds, mut news) = (self.places.len(), old, new);
        let added = pieces.iter().enumerate().all(|(index, piece)| {
            let raw = &groups.source[piece.raw.clone()];
            let len = match piece.content {
                Content::Kept(stand_in) => stand_in.text().len(),
                Content::Text(escape) if escape.is_plain(raw) => raw.len(),
                Content::Text(_) => return false,
            };
            let (here, rest) = olds.split_at(len);
            let Some((new_here, new_rest)) = split_as(news, here) else { return false };
            // Two words whose lengths changed could have the length of the old ones together.
            let is_ambiguous = here.chars().next_back() != new_here.chars().next_back()
                && rest.chars().next() != new_rest.chars().next();
            let edges = (old.len() - rest.len(), new.len() - new_rest.len());
            if is_ambiguous && index + 1 < pieces.len() && !keeps_lengths(old, new, edges, &mut before, options) {
                return false;
            }
            (olds, news) = (rest, new_rest);
            match piece.content {
                Content::Text(escape) if new_here != raw => {
                    self.add(piece.raw.clone(), new_here);
                    !escape.has_special(new_here)
                }
                _ => true,
            }
        });
        if added && news.is_empty() {
            return Some(self.places.len() > places);
        }
        if let Some((_, text)) = self.places.drain(places..).next() {
            self.text.truncate(text.start);
        }
        None
    }

    /// The source with all changes. None if there are none. Of two that overlap, the first is made.
    fn apply(self, source: &str) -> Option<String> {
        let Edits { mut places, text } = self;
        places.retain(|(range, new)| source[range.clone()] != text[new.clone()]);
        if places.is_empty() {
            return None;
        }
        places.sort_by_key(|(range, _)| (range.start, range.end));
        let mut new = String::with_capacity(source.len() + source.len() / 16);
        let mut at = 0;
        for (range, written) in places {
            debug_assert!(range.start >= at, "changes overlap at {range:?}");
            if range.start >= at {
                new.push_str(&source[at..range.start]);
                new.push_str(&text[written]);
                at = range.end;
            }
        }
        new.push_str(&source[at..]);
        Some(new)
    }
}

/// Whether no word around an edge became one of another length: those up to the next characters that are no letters.
fn keeps_lengths(
    old: &str,
    new: &str,
    (at, new_at): (usize, usize),
    mut before: impl FnMut() -> ScriptHistory,
    options: &Options,
) -> bool {
    let is_end = |c: char| !c.is_alphanumeric();
    let front = old[..at].char_indices().rev().find(|&(_, c)| is_end(c)).map_or(0, |(start, c)| start + c.len_utf8());
    let end = old[at..].find(is_end).map_or(old.len(), |len| at + len);
    let (word, count) = (&old[front..end], old[front..at].chars().count());
    if front == at || end == at {
        return false;
    }
    let new_front = new[..new_at].char_indices().rev().nth(count - 1).map_or(0, |(start, _)| start);
    let Some((expected, _)) = split_as(&new[new_front..], word) else { return false };
    let segments = options.converter.segments_with_history(word, &mut before());
    let mut rest = expected;
    segments.iter().all(|segment| {
        let is_next = rest.strip_prefix(segment.output.as_str());
        rest = is_next.unwrap_or_default();
        is_next.is_some() && word[segment.source.clone()].chars().count() == segment.output.chars().count()
    })
}

/// Splits a text behind as many characters as another one has. None if it has not as many.
fn split_as<'t>(text: &'t str, other: &str) -> Option<(&'t str, &'t str)> {
    let count = other.chars().count();
    // Most characters become some of as many bytes.
    if let Some(split) = text.split_at_checked(other.len())
        && split.0.chars().count() == count
    {
        return Some(split);
    }
    let mut places = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    places.nth(count).map(|at| text.split_at(at))
}

/// Writes the source of a piece whose characters become what `output` returns, one after the other.
fn write<'n>(escape: Escape, raw: &str, mut output: impl FnMut() -> Option<&'n str>, written: &mut String) {
    for (range, character) in escape.units(raw) {
        let unit = &raw[range];
        let new = character.and_then(|_| output());
        match (character, new) {
            (Some(character), Some(new)) if !is_same(character, new) => escape.write(new, unit, written),
            _ => written.push_str(unit),
        }
    }
}

fn is_same(character: char, text: &str) -> bool {
    let mut characters = text.chars();
    characters.next() == Some(character) && characters.next().is_none()
}

/// The numbers of characters of the group before which its pieces begin.
fn edges(pieces: &[Piece], source: &str) -> Vec<usize> {
    let mut edges = Vec::with_capacity(pieces.len());
    let (mut count, mut text) = (0, String::new());
    for piece in pieces {
        edges.push(count);
        text.clear();
        append_text(piece, source, &mut text);
        count += text.chars().count();
    }
    edges
}

/// The characters of a group that are those of pieces that are kept.
fn kept<'p>(pieces: &'p [Piece], edges: &'p [usize]) -> impl Iterator<Item = Range<usize>> + 'p {
    pieces.iter().zip(edges).filter_map(|(piece, &edge)| match piece.content {
        Content::Kept(stand_in) => Some(edge..edge + stand_in.text().chars().count()),
        Content::Text(_) => None,
    })
}

/// Ranges of bytes of a text, as ranges of characters. Those that are none of the text are left out.
fn characters<'r>(text: &'r str, ranges: &'r [Range<usize>]) -> impl Iterator<Item = Range<usize>> + 'r {
    ranges.iter().filter_map(|range| {
        let before = text.get(..range.start)?.chars().count();
        Some(before..before + text.get(range.clone())?.chars().count())
    })
}
