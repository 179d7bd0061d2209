//! The conversion of what a scanner found, and its writing: everything that is no piece is copied.

use std::{borrow::Cow, cell::OnceCell, collections::HashMap, ops::Range};

use fanjian::{Error, Replacement, ScriptHistory, Stream};

use crate::{
    align::Alignment,
    escape::Escape,
    group::{Group, SegmentedGroup},
    options::Options,
    report::Report,
    scan::{Content, Piece, Reference, Role, Scan, Tag, TagForm},
};

/// Candidates for what separates groups in one text. It stands in a line of its own, so that it is no context.
const SEPARATORS: [&str; 4] = ["\n\u{1e}\n", "\n\u{1d}\n", "\n\u{1c}\n", "\n\u{1f}\n"];

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
    /// Whether hexadecimal numbers of characters are written in upper case, once it is asked for.
    is_upper_hex: OnceCell<Option<bool>>,
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
        // Characters that are written by number may be one of it.
        let is_apart = |mark: &u8| memchr::memchr_iter(*mark, text.as_bytes()).count() == groups.len();
        let separator = if separator.as_bytes().get(1).is_some_and(is_apart) { separator } else { "" };
        Groups { source, pieces, groups, text, separator, apart, is_upper_hex: OnceCell::new() }
    }

    /// Whether the first of hexadecimal numbers of characters is written in upper case. None if none shows it.
    fn is_upper_hex(&self) -> Option<bool> {
        *self.is_upper_hex.get_or_init(|| is_upper_hex(self.source, &self.pieces))
    }

    /// What becomes something that the caller says, in each group; nothing if that is nowhere.
    fn fixed(&self, roles: &[Role], before: usize, options: &Options) -> Vec<Vec<Replacement>> {
        let Some(find) = &options.replace else { return Vec::new() };
        let fixed: Vec<_> =
            self.groups.iter().map(|group| find(&self.group(group, roles, before, options.part.clone()))).collect();
        if fixed.iter().all(Vec::is_empty) { Vec::new() } else { fixed }
    }

    /// A group for the caller, in a source that begins with as many bytes `before` its text.
    fn group(&self, group: &Grouped, roles: &[Role], before: usize, part: Option<String>) -> Group {
        Group {
            role: roles[group.number],
            text: self.text[group.text.clone()].to_owned(),
            part,
            start: before + self.pieces[group.pieces.start].raw.start,
        }
    }

    /// The converted text of each group.
    fn converted(&self, fixed: &[Vec<Replacement>], options: &Options) -> Result<Vec<String>, Error> {
        if fixed.is_empty() { Ok(self.plainly_converted(options)) } else { self.converted_with(fixed, options) }
    }

    /// The converted text of each group, in which parts become what the caller says.
    fn converted_with(&self, fixed: &[Vec<Replacement>], options: &Options) -> Result<Vec<String>, Error> {
        let mut all = ScriptHistory::default();
        let convert = |(group, fixed): (&Grouped, &Vec<Replacement>)| {
            let history = &mut self.apart.unwrap_or(all);
            let segments = options.converter.segments_replacing(&self.text[group.text.clone()], fixed, history)?;
            all = *history;
            Ok(segments.into_iter().map(|segment| segment.output).collect())
        };
        self.groups.iter().zip(fixed).map(convert).collect()
    }

    fn plainly_converted(&self, options: &Options) -> Vec<String> {
        if let Some(history) = self.apart {
            let mut apart = Apart::new(options, history);
            return self.groups.iter().map(|group| apart.convert(&self.text[group.text.clone()])).collect();
        }
        let all = options.converter.convert(&self.text);
        let mut converted: Vec<String> = Vec::with_capacity(self.groups.len());
        if !self.separator.is_empty() {
            let mut start = 0;
            // The byte in the middle is in no other place.
            for middle in memchr::memchr_iter(self.separator.as_bytes()[1], all.as_bytes()) {
                converted.extend(all.get(start..middle - 1).map(str::to_owned));
                start = middle + 2;
            }
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

/// Whether the first of hexadecimal numbers of characters in pieces is written in upper case. None if none shows it.
fn is_upper_hex(source: &str, pieces: &[Piece]) -> Option<bool> {
    pieces.iter().find_map(|piece| match piece.content {
        Content::Text(escape) => escape.is_upper_hex(&source[piece.raw.clone()]),
        Content::Kept(_) => None,
    })
}

fn append_text(piece: &Piece, source: &str, text: &mut String) {
    let raw = &source[piece.raw.clone()];
    match piece.content {
        Content::Kept(stand_in) => text.push_str(stand_in.text()),
        Content::Text(escape) if escape.is_plain(raw) => text.push_str(raw),
        Content::Text(escape) => text.extend(escape.units(raw).filter_map(|(_, character)| character)),
    }
}

/// The texts of the groups, in the order in which they begin; with their segments, if these are asked for.
pub(crate) fn texts(source: &str, scan: Scan<'_>, has_segments: bool) -> Vec<SegmentedGroup> {
    let Scan { options, pieces, roles, apart, .. } = scan;
    let groups = Groups::new(source, pieces, apart, true);
    let mut all = ScriptHistory::default();
    let segmented = |group: &Grouped| {
        let group = groups.group(group, &roles, 0, None);
        let history = &mut apart.unwrap_or(all);
        let segments = match has_segments {
            true => options.converter.segments_with_history(&group.text, history),
            false => Vec::new(),
        };
        all = *history;
        SegmentedGroup { group, segments }
    };
    groups.groups.iter().map(segmented).collect()
}

/// Converts what a scanner found in a source. Returns None if nothing changes.
///
/// The source begins with as many bytes `before` it.
pub(crate) fn convert(
    (source, before): (&str, usize),
    scan: Scan<'_>,
    options: &Options,
    report: &mut Report,
) -> Result<Option<String>, Error> {
    let Scan { pieces, roles, tags, references, edits, apart, .. } = scan;
    let groups = Groups::new(source, pieces, apart, false);
    let fixed = groups.fixed(&roles, before, options);
    let converted = groups.converted(&fixed, options)?;
    let edits = edits.into_iter().map(|(raw, new)| (raw, Cow::Owned(new))).collect();
    let mut edits = Edits { edits, singles: HashMap::new() };
    let mut history = History::default();
    let mut referenced: HashMap<usize, Vec<Reference>> = HashMap::new();
    for reference in references {
        referenced.entry(reference.group.0 as usize).or_default().push(reference);
    }
    report.groups += groups.groups.len();
    for (place, (group, new)) in groups.groups.iter().zip(&converted).enumerate() {
        let old = &groups.text[group.text.clone()];
        let fixed = fixed.get(place).map_or(&[][..], Vec::as_slice);
        if old != new {
            let at = group.text.start;
            let align = |edges: &[usize]| {
                let before = apart.unwrap_or_else(|| history.at(&groups.text, at, options));
                align(old, new, edges, (before, fixed), options)
            };
            let (is_changed, alignment) = edits.group(&groups, group, new, align, options, report);
            for Reference { raw, form, .. } in referenced.remove(&group.number).unwrap_or_default() {
                // What is protected has stayed.
                let text =
                    alignment.as_ref().map_or(Cow::Borrowed(new.as_str()), |alignment| alignment.text(old, new).into());
                let is_of_group = source[raw.clone()] == form(old);
                edits.edits.extend(is_of_group.then(|| (raw, form(&text).into())));
            }
            report.changed += usize::from(is_changed);
        }
    }
    for Tag { raw, form } in tags {
        let renamed = match form {
            TagForm::Tag => options.languages.renamed(&source[raw.clone()]),
            TagForm::Region => options.languages.renamed_region(&source[raw.clone()]),
            TagForm::Script => options.languages.renamed_script(&source[raw.clone()]),
        };
        report.tags += usize::from(renamed.is_some());
        edits.edits.extend(renamed.map(|renamed| (raw, renamed.into())));
    }
    Ok(edits.apply(source))
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
fn align(
    old: &str,
    new: &str,
    edges: &[usize],
    (mut before, fixed): (ScriptHistory, &[Replacement]),
    options: &Options,
) -> Alignment {
    if let Some(alignment) = Alignment::by_place(old, new, edges) {
        return alignment;
    }
    let segments = options.converter.segments_replacing(old, fixed, &mut before).unwrap_or_default();
    let outputs: String = segments.iter().map(|segment| segment.output.as_str()).collect();
    if outputs == new { Alignment::by_segments(old, &segments) } else { Alignment::whole(old, new) }
}

/// Changes of a source.
struct Edits<'n> {
    edits: Vec<(Range<usize>, Cow<'n, str>)>,
    /// What characters become by themselves.
    singles: HashMap<char, String>,
}

impl<'n> Edits<'n> {
    /// Adds those of a group. Returns whether there are any.
    fn group(
        &mut self,
        groups: &Groups<'_>,
        group: &Grouped,
        new: &'n str,
        align: impl FnOnce(&[usize]) -> Alignment,
        options: &Options,
        report: &mut Report,
    ) -> (bool, Option<Alignment>) {
        let (source, old) = (groups.source, &groups.text[group.text.clone()]);
        let pieces = &groups.pieces[group.pieces.clone()];
        let protected = options.protect.as_ref().map(|find| find(old)).unwrap_or_default();
        if let ([Piece { raw, content: Content::Text(escape), .. }], []) = (pieces, protected.as_slice())
            && escape.is_plain(&source[raw.clone()])
            && !escape.has_special(new)
        {
            self.edits.push((raw.clone(), new.into()));
            return (true, None);
        }
        if protected.is_empty()
            && let Some(is_changed) = self.by_bytes(source, pieces, old, new, options)
        {
            return (is_changed, None);
        }
        let edges = edges(pieces, source);
        let mut alignment = align(&edges);
        for range in kept(pieces, &edges).chain(characters(old, &protected)) {
            alignment.freeze(range);
        }
        if pieces.iter().any(|piece| matches!(piece.content, Content::Text(Escape::Markdown))) {
            alignment.fill(&edges, new);
        }
        report.moved += alignment.moved(&edges);
        let mut is_changed = false;
        let mut outputs = alignment.outputs.iter().cloned();
        for piece in pieces {
            let raw = &source[piece.raw.clone()];
            match piece.content {
                Content::Kept(stand_in) => stand_in.text().chars().for_each(|_| _ = outputs.next()),
                Content::Text(escape) => {
                    let mut output = || outputs.next().flatten().map(|range| &new[range]);
                    let is_upper = || is_upper_hex(source, pieces).or_else(|| groups.is_upper_hex()).unwrap_or(false);
                    let written = written(escape, raw, is_upper, &mut output);
                    if written != raw {
                        is_changed = true;
                        self.edits.push((piece.raw.clone(), written.into()));
                    }
                }
            }
        }
        (is_changed, Some(alignment))
    }

    /// Adds those of a group whose text is that of its source, and whose characters are as long in bytes as what they
    /// become: most groups. None if it is not such a group, or if two characters side by side change across an edge, and not
    /// to what they become by themselves: one may have changed its place, as in [`Alignment::by_place`].
    fn by_bytes(&mut self, source: &str, pieces: &[Piece], old: &str, new: &'n str, options: &Options) -> Option<bool> {
        let first = self.edits.len();
        let is_added = has_same_boundaries(old, new) && self.add_by_bytes(source, pieces, old, new, options).is_some();
        if !is_added {
            self.edits.truncate(first);
        }
        is_added.then_some(self.edits.len() > first)
    }

    fn add_by_bytes(
        &mut self,
        source: &str,
        pieces: &[Piece],
        old: &str,
        new: &'n str,
        options: &Options,
    ) -> Option<()> {
        let mut at = 0;
        for piece in pieces {
            let before = (old[..at].chars().next_back(), new[..at].chars().next_back());
            let behind = (old[at..].chars().next(), new[at..].chars().next());
            let is_run = before.0 != before.1 && behind.0 != behind.1;
            if is_run && !(self.is_single(before, options) && self.is_single(behind, options)) {
                return None;
            }
            let raw = &source[piece.raw.clone()];
            at += match piece.content {
                Content::Kept(stand_in) => stand_in.text().len(),
                Content::Text(escape) if escape.is_plain(raw) => {
                    let new = &new[at..at + raw.len()];
                    if new != raw {
                        if escape.has_special(new) {
                            return None;
                        }
                        self.edits.push((piece.raw.clone(), new.into()));
                    }
                    raw.len()
                }
                Content::Text(_) => return None,
            };
        }
        Some(())
    }

    /// Whether a character becomes the other one by itself, so that neither has changed its place.
    fn is_single(&mut self, (old, new): (Option<char>, Option<char>), options: &Options) -> bool {
        let (Some(old), Some(new)) = (old, new) else { return false };
        let convert = || options.converter.convert(old.encode_utf8(&mut [0; 4])).into_owned();
        is_same(new, self.singles.entry(old).or_insert_with(convert))
    }

    /// The source with all changes. None if there are none. Of two that overlap, the first is made.
    fn apply(mut self, source: &str) -> Option<String> {
        self.edits.retain(|(range, text)| source[range.clone()] != **text);
        if self.edits.is_empty() {
            return None;
        }
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut new = String::with_capacity(source.len() + source.len() / 16);
        let mut at = 0;
        for (range, text) in self.edits {
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
///
/// `is_upper` says in which case hexadecimal numbers are written in the group, where they do not show it themselves.
fn written<'n>(
    escape: Escape,
    raw: &str,
    is_upper: impl Fn() -> bool,
    mut output: impl FnMut() -> Option<&'n str>,
) -> String {
    let is_upper_of_group = OnceCell::new();
    let mut written = String::with_capacity(raw.len() + raw.len() / 16);
    for (range, character) in escape.units(raw) {
        let unit = &raw[range];
        let new = character.and_then(|_| output());
        match (character, new) {
            (Some(character), Some(new)) if !is_same(character, new) => {
                escape.write(new, unit, || *is_upper_of_group.get_or_init(&is_upper), &mut written);
            }
            _ => written.push_str(unit),
        }
    }
    written
}

/// Whether the characters of two texts begin at the same bytes.
fn has_same_boundaries(one: &str, other: &str) -> bool {
    let is_inner = |byte: u8| byte & 0xc0 == 0x80;
    // Without a branch, so that many bytes are compared at once.
    let differs = |differs, (one, other)| differs | (is_inner(one) ^ is_inner(other));
    one.len() == other.len() && !one.bytes().zip(other.bytes()).fold(false, differs)
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

/// Ranges of bytes of a text, which are in order and apart, as ranges of characters. Those that are none of the text are left
/// out.
fn characters<'r>(text: &'r str, ranges: &'r [Range<usize>]) -> impl Iterator<Item = Range<usize>> + 'r {
    // A byte, and the number of characters before it: ranges are in order.
    let (mut at, mut before) = (0, 0);
    ranges.iter().filter_map(move |range| {
        let (inside, between) = (text.get(range.clone())?, text.get(at..range.start)?);
        let start = before + between.chars().count();
        (at, before) = (range.end, start + inside.chars().count());
        Some(start..before)
    })
}
