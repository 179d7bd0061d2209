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

    /// The converted text of each group.
    fn converted(&self, options: &Options) -> Vec<String> {
        if let Some(history) = self.apart {
            let mut apart = Apart::new(options, history);
            return self.groups.iter().map(|group| apart.convert(&self.text[group.text.clone()])).collect();
        }
        let all = options.converter.convert(&self.text);
        let mut converted: Vec<String> = Vec::with_capacity(self.groups.len());
        if !self.separator.is_empty() {
            converted.extend(all.split(self.separator).map(str::to_owned));
            // Behind the last separator there is nothing.
            converted.pop();
        }
        if converted.len() == self.groups.len() {
            return converted;
        }
        // No separator was left, or own words have one.
        let mut history = ScriptHistory::default();
        let convert = |group: &Grouped| {
            let segments = options.converter.segments_with_history(&self.text[group.text.clone()], &mut history);
            segments.into_iter().map(|segment| segment.output).collect()
        };
        self.groups.iter().map(convert).collect()
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
    let converted = groups.converted(options);
    let mut edits = Edits(edits);
    let mut history = History::default();
    report.groups += groups.groups.len();
    for (group, new) in groups.groups.iter().zip(&converted) {
        let old = &groups.text[group.text.clone()];
        if old != new {
            let at = group.text.start;
            let align = |edges: &[usize]| {
                let before = apart.unwrap_or_else(|| history.at(&groups.text, at, options));
                align(old, new, edges, before, options)
            };
            let is_changed = edits.group(&groups, group, new, align, options, report);
            report.changed += usize::from(is_changed);
        }
    }
    for reference in references {
        let group = groups.groups.binary_search_by_key(&(reference.group.0 as usize), |group| group.number);
        if let Ok(group) = group {
            let old = (reference.form)(&groups.text[groups.groups[group].text.clone()]);
            let is_of_group = source[reference.raw.clone()] == old;
            edits.0.extend(is_of_group.then(|| (reference.raw, (reference.form)(&converted[group]))));
        }
    }
    for Tag { raw, form } in tags {
        let renamed = match form {
            TagForm::Tag => options.languages.renamed(&source[raw.clone()]),
            TagForm::Region => options.languages.renamed_region(&source[raw.clone()]),
            TagForm::Script => options.languages.renamed_script(&source[raw.clone()]),
        };
        report.tags += usize::from(renamed.is_some());
        edits.0.extend(renamed.map(|renamed| (raw, renamed)));
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
struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    /// Adds those of a group. Returns whether there are any.
    fn group(
        &mut self,
        groups: &Groups<'_>,
        group: &Grouped,
        new: &str,
        align: impl FnOnce(&[usize]) -> Alignment,
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
            self.0.push((raw.clone(), new.to_owned()));
            return true;
        }
        let edges = edges(pieces, source);
        let mut alignment = align(&edges);
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
                    let written = written(escape, raw, || outputs.next().flatten().map(|range| &new[range]));
                    if written != raw {
                        is_changed = true;
                        self.0.push((piece.raw.clone(), written));
                    }
                }
            }
        }
        is_changed
    }

    /// The source with all changes. None if there are none. Of two that overlap, the first is made.
    fn apply(mut self, source: &str) -> Option<String> {
        self.0.retain(|(range, text)| source[range.clone()] != **text);
        if self.0.is_empty() {
            return None;
        }
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        let mut new = String::with_capacity(source.len() + source.len() / 16);
        let mut at = 0;
        for (range, text) in self.0 {
            debug_assert!(range.start >= at, "changes overlap at {range:?}");
            if range.start >= at {
                new.push_str(&source[at..range.start]);
                new.push_str(&text);
                at = range.end;
            }
        }
        new.push_str(&source[at..]);
        Some(new)
    }
}

/// The source of a piece whose characters become what `output` returns, one after the other.
fn written<'n>(escape: Escape, raw: &str, mut output: impl FnMut() -> Option<&'n str>) -> String {
    let mut written = String::with_capacity(raw.len() + raw.len() / 16);
    for (range, character) in escape.units(raw) {
        let unit = &raw[range];
        let new = character.and_then(|_| output());
        match (character, new) {
            (Some(character), Some(new)) if !is_same(character, new) => escape.write(new, unit, &mut written),
            _ => written.push_str(unit),
        }
    }
    written
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
