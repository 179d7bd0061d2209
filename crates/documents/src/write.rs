//! The conversion of what a scanner found, and its writing: everything that is no piece is copied.

use std::{borrow::Cow, cell::OnceCell, collections::HashMap, iter, mem, ops::Range};

use fanjian::{Error, ErrorKind, Replacement, ScriptHistory, Stream};

use crate::{
    align::Alignment,
    escape::{Escape, has_aside},
    group::{Group, SegmentedGroup},
    lines::line_number,
    options::Options,
    report::Report,
    scalar::Scalar,
    scan::{Content, Piece, Reference, References, Role, Scan, Tag, TagForm},
    windows::Windows,
};

/// Candidates for what separates groups in one text. It stands in a line of its own, so that it is no context.
const SEPARATORS: [&str; 4] = ["\n\u{1e}\n", "\n\u{1d}\n", "\n\u{1c}\n", "\n\u{1f}\n"];

/// The converted texts of the groups, in one text, and where each is in it.
type Converted = (String, Vec<Range<usize>>);

/// A group, in the text of all groups.
struct Grouped {
    number: usize,
    /// Its pieces, in the order of groups.
    pieces: Range<usize>,
    /// Its text, in bytes of the text of all groups.
    text: Range<usize>,
    /// Its text is what stands in the source, but for what is kept.
    is_plain: bool,
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
        let has_asides = has_aside(source.as_bytes());
        let len = pieces.iter().map(|piece| piece.raw.len() + separator.len()).sum();
        let (mut groups, mut text, mut end) = (Vec::new(), String::with_capacity(len), 0);
        let mut are_plain = true;
        while end < pieces.len() {
            let start = end;
            let group = pieces[start].group;
            end += pieces[start..].iter().take_while(|piece| piece.group == group).count();
            if !takes_all && pieces[start..end].iter().all(|piece| has_no_text(piece, source)) {
                continue;
            }
            let (from, mut is_plain) = (text.len(), true);
            for piece in &pieces[start..end] {
                is_plain &= append_text(piece, source, has_asides, &mut text);
            }
            are_plain &= is_plain;
            groups.push(Grouped { number: group.0 as usize, pieces: start..end, text: from..text.len(), is_plain });
            text.push_str(separator);
        }
        // Characters that are written by number may be one of it.
        let is_apart = |mark: &u8| are_plain || memchr::memchr_iter(*mark, text.as_bytes()).count() == groups.len();
        let separator = if separator.as_bytes().get(1).is_some_and(is_apart) { separator } else { "" };
        Groups { source, pieces, groups, text, separator, apart, is_upper_hex: OnceCell::new() }
    }

    /// Whether hexadecimal numbers of characters are written in upper case: as the first of these pieces, or of all.
    fn is_upper_hex_in(&self, pieces: &[Piece]) -> bool {
        let of_all = || *self.is_upper_hex.get_or_init(|| is_upper_hex(self.source, &self.pieces));
        is_upper_hex(self.source, pieces).or_else(of_all).unwrap_or(false)
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
        let mut found = Group {
            role: roles[group.number],
            text: self.text[group.text.clone()].to_owned(),
            part,
            start: self.pieces[group.pieces.start].raw.start,
            places: self.places(group),
        };
        found.move_behind(before);
        found
    }

    /// Where in the source the text of a group goes on, after each part that is not in it as it is.
    fn places(&self, group: &Grouped) -> Vec<(usize, usize)> {
        let (mut places, mut at, mut expected) = (Vec::new(), 0, self.pieces[group.pieces.start].raw.start);
        let mut add = |text: usize, raw: Range<usize>| {
            if raw.start != expected {
                places.push((at, raw.start));
            }
            at += text;
            // Behind what is of another length in the text, the place has to be stated.
            expected = if text == raw.len() { raw.end } else { usize::MAX };
        };
        for Piece { raw, content, .. } in &self.pieces[group.pieces.clone()] {
            let text = &self.source[raw.clone()];
            match content {
                Content::Kept(stand_in) => add(stand_in.text().len(), raw.clone()),
                Content::Text(escape) if escape.is_plain(text) => add(text.len(), raw.clone()),
                Content::Text(escape) => escape.units(text).for_each(|(unit, character)| {
                    add(character.map_or(0, char::len_utf8), raw.start + unit.start..raw.start + unit.end);
                }),
            }
        }
        places
    }

    /// The converted texts of the groups, in which parts become what the caller says.
    fn converted_with(&self, fixed: &[Vec<Replacement>], options: &Options) -> Result<Converted, Error> {
        let (mut all, mut ranges) = (String::with_capacity(self.text.len()), Vec::with_capacity(self.groups.len()));
        let mut shared = ScriptHistory::default();
        for (group, fixed) in self.groups.iter().zip(fixed) {
            let start = all.len();
            let history = &mut self.apart.unwrap_or(shared);
            let text = &self.text[group.text.clone()];
            options.converter.each_output(text, fixed, history, |_, output| all.push_str(output))?;
            shared = *history;
            ranges.push(start..all.len());
        }
        Ok((all, ranges))
    }

    /// The converted texts of the groups. None if nothing changes.
    fn converted(&self, options: &Options) -> Option<Converted> {
        if let Some(history) = self.apart {
            let mut apart = Apart::new(options, history);
            return Some(self.converted_by_group(|old, all| all.push_str(&apart.convert(old))));
        }
        if !self.separator.is_empty() {
            let Cow::Owned(all) = options.converter.convert(&self.text) else { return None };
            let mut ranges: Vec<Range<usize>> = Vec::with_capacity(self.groups.len());
            let mut start = 0;
            // The byte in the middle is in no other place.
            for middle in memchr::memchr_iter(self.separator.as_bytes()[1], all.as_bytes()) {
                ranges.extend(all.get(start..middle - 1).map(|_| start..middle - 1));
                start = middle + 2;
            }
            if ranges.len() == self.groups.len() {
                return Some((all, ranges));
            }
        }
        // No separator was left, or own words have one.
        let mut history = ScriptHistory::default();
        Some(self.converted_by_group(|old, all| {
            let added = options.converter.each_output(old, &[], &mut history, |_, output| all.push_str(output));
            added.expect("nothing is replaced");
        }))
    }

    fn converted_by_group(&self, mut convert: impl FnMut(&str, &mut String)) -> Converted {
        let mut all = String::with_capacity(self.text.len());
        let convert = |group: &Grouped| {
            let start = all.len();
            convert(&self.text[group.text.clone()], &mut all);
            start..all.len()
        };
        let ranges = self.groups.iter().map(convert).collect();
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

fn is_markdown(piece: &Piece) -> bool {
    matches!(piece.content, Content::Text(Escape::Markdown | Escape::MarkdownAsIs))
}

/// Whether a piece has no characters but those of ASCII.
fn has_no_text(piece: &Piece, source: &str) -> bool {
    match piece.content {
        Content::Kept(_) => true,
        Content::Text(escape) => {
            let raw = &source[piece.raw.clone()];
            raw.is_ascii() && escape.is_unescaped(raw)
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

/// Appends the text of a piece. Returns whether that is its source, or what stands for something that is kept.
fn append_text(piece: &Piece, source: &str, has_asides: bool, text: &mut String) -> bool {
    let raw = &source[piece.raw.clone()];
    match piece.content {
        Content::Kept(stand_in) => text.push_str(stand_in.text()),
        Content::Text(escape) if escape.is_unescaped(raw) && !(has_asides && has_aside(raw.as_bytes())) => {
            text.push_str(raw)
        }
        Content::Text(escape) => {
            text.extend(escape.units(raw).filter_map(|(_, character)| character));
            return false;
        }
    }
    true
}

/// The names of anchors, before the conversion and after it.
struct Names<'r> {
    references: &'r References,
    /// The numbers of anchors by their groups.
    anchors: HashMap<usize, usize>,
    names: Vec<(String, String)>,
}

impl<'r> Names<'r> {
    fn new(references: &'r References) -> Names<'r> {
        // Without a place that has one, none is needed.
        let count = if references.places.is_empty() { 0 } else { references.anchors.len() };
        let anchors = &references.anchors[..count];
        Names {
            references,
            anchors: anchors.iter().enumerate().map(|(at, anchor)| (anchor.group.0 as usize, at)).collect(),
            // Those whose text is left have no group.
            names: anchors.iter().map(|anchor| (anchor.old.clone(), anchor.old.clone())).collect(),
        }
    }

    fn add<'t>(&mut self, group: usize, old: &str, new: impl FnOnce() -> Cow<'t, str>) {
        if let Some(&at) = self.anchors.get(&group) {
            let name = &self.references.anchors[at].name;
            self.names[at] = (name(old), name(&new()));
        }
    }

    /// What becomes of the places that have such names.
    fn edits(self, source: &str) -> Vec<(Range<usize>, String)> {
        let (old, new): (Vec<_>, Vec<_>) = self.names.into_iter().unzip();
        let (old, new) = (self.references.numbered(old), self.references.numbered(new));
        let places = self.references.places.iter();
        let is_of_anchor = |Reference { raw, anchor, form }: &&Reference| {
            old.get(*anchor).is_some_and(|old| source[raw.clone()] == form(old)) && old[*anchor] != new[*anchor]
        };
        places.filter(is_of_anchor).map(|Reference { raw, anchor, form }| (raw.clone(), form(&new[*anchor]))).collect()
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

/// Converts what a scanner found in a source. Returns it behind `mark`, or None if nothing changes.
pub(crate) fn convert(
    mark: &str,
    source: &str,
    scan: Scan<'_>,
    options: &Options,
    report: &mut Report,
) -> Result<Option<String>, Error> {
    let Scan { pieces, roles, tags, references, edits, scalars, apart, .. } = scan;
    let groups = Groups::new(source, pieces, apart, false);
    let fixed = groups.fixed(&roles, mark.len(), options);
    let converted =
        if fixed.is_empty() { groups.converted(options) } else { Some(groups.converted_with(&fixed, options)?) };
    let (all, ranges) = converted.unzip();
    let mut edits = Edits::new(source, edits);
    let all: String = all.unwrap_or_default();
    let mut windows = Windows::new(&options.converter);
    let mut history = History::default();
    let mut names = Names::new(&references);
    report.groups += groups.groups.len();
    for (place, (group, range)) in groups.groups.iter().zip(ranges.unwrap_or_default()).enumerate() {
        let (old, new) = (&groups.text[group.text.clone()], &all[range]);
        let fixed = fixed.get(place).map_or(&[][..], Vec::as_slice);
        if old != new {
            let at = group.text.start;
            let align = |edges: &[usize]| {
                let before = apart.unwrap_or_else(|| history.at(&groups.text, at, options));
                align(old, new, edges, (before, fixed), options)
            };
            let (is_changed, moved, alignment) = edits.group(&groups, group, new, align, windows.as_mut(), options);
            report.moved += moved;
            // What is protected has stayed.
            names.add(group.number, old, || {
                alignment.as_ref().map_or(Cow::Borrowed(new), |alignment| alignment.text(old, new).into())
            });
            report.changed += usize::from(is_changed);
        } else {
            names.add(group.number, old, || old.into());
        }
    }
    for (raw, new) in names.edits(source) {
        edits.add(source, raw, new.into());
    }
    for Tag { raw, form } in tags.into_iter().filter(|_| !options.keeps_tags) {
        let renamed = match form {
            TagForm::Tag(style) => options.languages.renamed_in(&source[raw.clone()], style),
            TagForm::AsFile(style) => options.languages.renamed_as_file(&source[raw.clone()], style),
            TagForm::Region => options.languages.renamed_region(&source[raw.clone()]),
            TagForm::Script => options.languages.renamed_script(&source[raw.clone()]),
        };
        report.tags += usize::from(renamed.is_some());
        if let Some(renamed) = renamed {
            edits.add(source, raw, renamed.into());
        }
    }
    if let Some(refused) = edits.refused {
        return Err(refused);
    }
    // Their memory is enough for the result.
    drop(groups);
    edits.quote(source, &scalars);
    Ok(edits.apply(mark, source))
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
pub(crate) fn align(
    old: &str,
    new: &str,
    edges: &[usize],
    (mut before, fixed): (ScriptHistory, &[Replacement]),
    options: &Options,
) -> Alignment {
    if let Some(alignment) = Alignment::by_place(old, new, edges) {
        return alignment;
    }
    let (mut alignment, mut rest) = (Alignment::default(), Some(new));
    let result = options.converter.each_output(old, fixed, &mut before, |source, output| {
        let behind = rest.and_then(|rest| rest.strip_prefix(output));
        if let (Some(rest), Some(_)) = (rest, behind) {
            alignment.add(&old[source], output, new.len() - rest.len());
        }
        rest = behind;
    });
    if result.is_ok() && rest == Some("") { alignment } else { Alignment::whole(old, new) }
}

/// Changes of a source.
struct Edits<'n> {
    /// Places, which are not empty or become something, and what they become: never what stands there.
    edits: Vec<(Range<usize>, Cow<'n, str>)>,
    /// What characters become by themselves.
    singles: HashMap<char, String>,
    /// The first text that cannot be written where it is to stand.
    refused: Option<Error>,
}

impl<'n> Edits<'n> {
    fn new(source: &str, places: Vec<(Range<usize>, String)>) -> Edits<'n> {
        let mut edits = Edits { edits: Vec::new(), singles: HashMap::new(), refused: None };
        for (raw, new) in places {
            edits.add(source, raw, new.into());
        }
        edits
    }

    /// Adds a place of the source and what it becomes. Returns whether that is a change.
    fn add(&mut self, source: &str, raw: Range<usize>, new: Cow<'n, str>) -> bool {
        let is_changed = source[raw.clone()] != *new;
        if is_changed {
            self.edits.push((raw, new));
        }
        is_changed
    }

    /// Adds those of a group. Returns whether there are any, how many changes have moved, and where its characters come from, if
    /// that was asked for.
    fn group(
        &mut self,
        groups: &Groups<'_>,
        group: &Grouped,
        new: &'n str,
        align: impl FnOnce(&[usize]) -> Alignment,
        windows: Option<&mut Windows<'_>>,
        options: &Options,
    ) -> (bool, usize, Option<Alignment>) {
        let old = &groups.text[group.text.clone()];
        let protected = options.protect.as_ref().map(|find| find(old)).unwrap_or_default();
        if protected.is_empty()
            && let Some((is_changed, moved)) = self.by_pieces(groups, group, new, windows, options)
        {
            return (is_changed, moved, None);
        }
        let (is_changed, moved, alignment) = self.by_characters(groups, group, new, align, &protected);
        (is_changed, moved, Some(alignment))
    }

    /// Adds those of a group, piece by piece. Returns whether there are any, and how many changes have moved, as
    /// [`by_characters`](Self::by_characters) does. None if it is not known what becomes of each piece as a whole.
    fn by_pieces(
        &mut self,
        groups: &Groups<'_>,
        group: &Grouped,
        new: &'n str,
        windows: Option<&mut Windows<'_>>,
        options: &Options,
    ) -> Option<(bool, usize)> {
        let (source, old) = (groups.source, &groups.text[group.text.clone()]);
        let pieces = &groups.pieces[group.pieces.clone()];
        if let [Piece { raw, content: Content::Text(escape), .. }] = pieces
            && group.is_plain
            && !escape.has_special(new)
        {
            return Some((self.add(source, raw.clone(), new.into()), 0));
        }
        let has_same_boundaries = has_same_boundaries(old, new);
        if has_same_boundaries && let Some(is_changed) = self.by_bytes(groups, group, new, options) {
            return Some((is_changed, 0));
        }
        // Others are aligned by place.
        let is_by_segments = has_same_boundaries || old.chars().count() != new.chars().count();
        let windows = windows.filter(|_| is_by_segments && group.is_plain)?;
        self.by_windows(source, pieces, old, new, windows)
    }

    /// Adds those of a group, character by character. Returns whether there are any, how many changes have moved, and where the
    /// characters come from.
    fn by_characters(
        &mut self,
        groups: &Groups<'_>,
        group: &Grouped,
        new: &'n str,
        align: impl FnOnce(&[usize]) -> Alignment,
        protected: &[Range<usize>],
    ) -> (bool, usize, Alignment) {
        let (source, old) = (groups.source, &groups.text[group.text.clone()]);
        let pieces = &groups.pieces[group.pieces.clone()];
        let edges = edges(pieces, source);
        let mut alignment = align(&edges);
        for range in kept(pieces, &edges).chain(characters(old, protected)) {
            alignment.freeze(range);
        }
        if pieces.iter().any(is_markdown) {
            alignment.fill(&edges, new);
        }
        let moved = alignment.moved(&edges);
        let mut is_changed = false;
        let mut outputs = alignment.outputs.iter().cloned();
        for piece in pieces {
            let raw = &source[piece.raw.clone()];
            match piece.content {
                Content::Kept(stand_in) => stand_in.text().chars().for_each(|_| _ = outputs.next()),
                Content::Text(escape) => {
                    let output = || outputs.next().flatten().map(|range| &new[range]);
                    match written(escape, raw, || groups.is_upper_hex_in(pieces), output) {
                        Ok(written) => is_changed |= self.add(source, piece.raw.clone(), written.into()),
                        Err(refused) => _ = self.refused.get_or_insert_with(|| refused.error(source, piece.raw.start)),
                    }
                }
            }
        }
        (is_changed, moved, alignment)
    }

    /// Adds those of a group whose characters begin at the same bytes as what they become: most groups. Returns whether there
    /// are any. None if two characters side by side change across an edge, and not to what they become by themselves: one may
    /// have changed its place, as in [`Alignment::by_place`].
    fn by_bytes(&mut self, groups: &Groups<'_>, group: &Grouped, new: &'n str, options: &Options) -> Option<bool> {
        let (source, old) = (groups.source, &groups.text[group.text.clone()]);
        let pieces = &groups.pieces[group.pieces.clone()];
        let first = self.edits.len();
        let mut at = 0;
        for piece in pieces {
            let before = (old[..at].chars().next_back(), new[..at].chars().next_back());
            let behind = (old[at..].chars().next(), new[at..].chars().next());
            let is_run = before.0 != before.1 && behind.0 != behind.1;
            if is_run && !(self.is_single(before, options) && self.is_single(behind, options)) {
                self.edits.truncate(first);
                return None;
            }
            at += match piece.content {
                Content::Kept(stand_in) => stand_in.text().len(),
                // What has to be written in another way is of ASCII, and has stayed.
                Content::Text(escape) if group.is_plain || escape.is_plain(&source[piece.raw.clone()]) => {
                    let len = piece.raw.len();
                    self.add(source, piece.raw.clone(), new[at..at + len].into());
                    len
                }
                Content::Text(escape) => {
                    let mut rest = &new[at..];
                    let output = || {
                        let (character, behind) = rest.split_at(rest.chars().next()?.len_utf8());
                        rest = behind;
                        Some(character)
                    };
                    let raw = &source[piece.raw.clone()];
                    // None of it can be refused: it has the same characters of ASCII.
                    let written = written(escape, raw, || groups.is_upper_hex_in(pieces), output).ok()?;
                    self.add(source, piece.raw.clone(), written.into());
                    new.len() - at - rest.len()
                }
            };
        }
        Some(self.edits.len() > first)
    }

    /// Adds those of a group by what becomes of the text around the edges of its pieces. Returns whether there are any, and how
    /// many changes have moved. None if that is not known, or if what stays would have changed.
    fn by_windows(
        &mut self,
        source: &str,
        pieces: &[Piece],
        old: &str,
        new: &'n str,
        windows: &mut Windows<'_>,
    ) -> Option<(bool, usize)> {
        let mut at = 0;
        let len = |piece: &Piece| match piece.content {
            Content::Kept(stand_in) => stand_in.text().len(),
            Content::Text(_) => piece.raw.len(),
        };
        let ends = pieces.iter().map(|piece| {
            at += len(piece);
            at
        });
        let (ends, moved) = windows.align(old, new, ends)?;
        if moved > 0 && pieces.iter().any(is_markdown) {
            return None;
        }
        let texts = || {
            let starts = [0].into_iter().chain(ends.iter().copied());
            pieces.iter().zip(starts.zip(ends).map(|(start, &end)| &new[start..end]))
        };
        let stays = |(piece, text): (&Piece, &str)| match piece.content {
            Content::Kept(stand_in) => text == stand_in.text(),
            Content::Text(escape) => !escape.has_special(text) || text == &source[piece.raw.clone()],
        };
        if !texts().all(stays) {
            return None;
        }
        let mut is_changed = false;
        for (piece, text) in texts() {
            if let Content::Text(_) = piece.content {
                is_changed |= self.add(source, piece.raw.clone(), text.into());
            }
        }
        Some((is_changed, moved))
    }

    /// Whether a character becomes the other one by itself, so that neither has changed its place.
    fn is_single(&mut self, (old, new): (Option<char>, Option<char>), options: &Options) -> bool {
        let (Some(old), Some(new)) = (old, new) else { return false };
        let convert = || options.converter.convert(old.encode_utf8(&mut [0; 4])).into_owned();
        is_same(new, self.singles.entry(old).or_insert_with(convert))
    }

    /// Quotes scalars anew that cannot hold what they become as they are written.
    fn quote(&mut self, source: &str, scalars: &[Scalar]) {
        if scalars.is_empty() {
            return;
        }
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut edits = mem::take(&mut self.edits).into_iter().peekable();
        for scalar in scalars {
            self.edits.extend(iter::from_fn(|| edits.next_if(|(range, _)| range.start < scalar.raw.start)));
            let within: Vec<_> = iter::from_fn(|| edits.next_if(|(range, _)| range.end <= scalar.raw.end)).collect();
            match scalar.quoted(source, &within) {
                Some(quoted) => self.edits.push((scalar.raw.clone(), quoted.into())),
                None => self.edits.extend(within),
            }
        }
        self.edits.extend(edits);
    }

    /// The source with all changes, behind `mark`. None if there are none. Of two that overlap, the first is made.
    fn apply(mut self, mark: &str, source: &str) -> Option<String> {
        if self.edits.is_empty() {
            return None;
        }
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut new = String::with_capacity(mark.len() + source.len() + source.len() / 16);
        new.push_str(mark);
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

/// A text that a piece cannot hold.
struct Refused<'n> {
    text: &'n str,
    character: char,
    /// Where it was to stand in the piece.
    at: usize,
}

impl Refused<'_> {
    /// The error, for a piece that begins here.
    fn error(&self, source: &str, start: usize) -> Error {
        let Refused { text, character, at } = self;
        let message = format!(
            "'{}' cannot be written here, where the format has no way to write {character:?}: choose another text for it, or \
             protect what it replaces",
            text.escape_debug()
        );
        Error::new(ErrorKind::Unsupported, message).on_line(line_number(source, start + at))
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
) -> Result<String, Refused<'n>> {
    let is_upper_of_group = OnceCell::new();
    let mut written = String::with_capacity(raw.len() + raw.len() / 16);
    let mut is_behind_new = false;
    for (range, character) in escape.units(raw) {
        let unit = &raw[range.clone()];
        let new = character.and_then(|_| output());
        match (character, new) {
            (Some(character), Some(new)) if !is_same(character, new) => {
                if let Some(character) = escape.refused(new) {
                    return Err(Refused { text: new, character, at: range.start });
                }
                escape.write(new, unit, || *is_upper_of_group.get_or_init(&is_upper), &mut written);
                is_behind_new = true;
            }
            (Some(character), _)
                if is_same(character, unit)
                    && escape.becomes_markup(unit, &written, &raw[..range.start], is_behind_new) =>
            {
                escape.write_character(character, &mut written);
                is_behind_new = false;
            }
            _ => {
                written.push_str(unit);
                is_behind_new = false;
            }
        }
    }
    Ok(written)
}

/// Whether the characters of two texts begin at the same bytes, and those of ASCII are the same.
fn has_same_boundaries(one: &str, other: &str) -> bool {
    let is_inner = |byte: u8| byte & 0xc0 == 0x80;
    // Without a branch, so that many bytes are compared at once.
    let differs = |differs, (one, other): (u8, u8)| {
        differs | (is_inner(one) ^ is_inner(other)) | ((one != other) & ((one < 0x80) | (other < 0x80)))
    };
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
        append_text(piece, source, true, &mut text);
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

#[cfg(test)]
mod tests {
    use fanjian::Config;
    use proptest::{prelude::*, sample::select};

    use super::*;
    use crate::scan::StandIn;

    /// Words whose lengths change or not, alone or with their neighbours, and what stands between them.
    const WORDS: &str = "头发 干 用户 界面 软件 软件包 鼠标 硬盘 数据库 信息 网络 打印机 默认 程序 里 后 面 台 只 了 的 他 是 \
        一 她 头 发 软 件 户 用 数 据 ， 。 “ ” a 8 < & ' \\ &#22836; &#x53d1; &nbsp; \\u53d1 \u{200b} ⿰ 亻 𠮷 𫝈 著 着 說 说 裡 軟體 滑鼠 使用者 資料庫 計程車 \n \u{3000}";

    fn escape() -> impl Strategy<Value = Escape> {
        select(vec![
            Escape::None,
            Escape::Markup,
            Escape::Attribute('"'),
            Escape::Backslash,
            Escape::Markdown,
            Escape::Wiki,
            Escape::Android,
            Escape::Fluent,
            Escape::CData,
        ])
    }

    fn piece() -> impl Strategy<Value = (Vec<&'static str>, Option<StandIn>)> {
        let words = prop::collection::vec(select(WORDS.split(' ').collect::<Vec<_>>()), 1..6);
        let stand_in = prop::option::weighted(0.1, select(vec![StandIn::Number, StandIn::Word, StandIn::Break]));
        (words, stand_in)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn pieces_become_what_their_characters_become(
            texts in prop::collection::vec((piece(), 0_usize..3), 1..8),
            escape in escape(),
            config in select(vec![Config::S2t, Config::S2twp, Config::Tw2sp, Config::S2hk, Config::T2s]),
        ) {
            let converter = fanjian::Converter::new(config);
            let options = Options::new(converter.clone());
            let mut scan = Scan::new(&options);
            let group = scan.group(Role::Text);
            // A piece may end within a word.
            let mut source = String::new();
            for ((words, stand_in), cut) in &texts {
                let mut start = source.len();
                source.push_str(&words.concat());
                if let Some(stand_in) = stand_in {
                    scan.kept(group, start..source.len(), *stand_in);
                    continue;
                }
                let middle = source[start..].char_indices().nth(*cut).map_or(source.len(), |(at, _)| start + at);
                scan.text(group, start..middle, escape);
                start = middle;
                scan.text(group, start..source.len(), escape);
            }
            let groups = Groups::new(&source, scan.pieces, None, true);
            let [group] = groups.groups.as_slice() else { panic!("one group") };
            let old = &groups.text[group.text.clone()];
            let new = &*converter.convert(old);
            let (mut fast, mut slow) = (Edits::new(&source, Vec::new()), Edits::new(&source, Vec::new()));
            let mut windows = Windows::new(&converter);
            if let Some(by_pieces) = fast.by_pieces(&groups, group, new, windows.as_mut(), &options) {
                let align = |edges: &[usize]| align(old, new, edges, (ScriptHistory::default(), &[]), &options);
                let (is_changed, moved, _) = slow.by_characters(&groups, group, new, align, &[]);
                prop_assert_eq!(by_pieces, (is_changed, moved));
                prop_assert_eq!(fast.apply("", &source), slow.apply("", &source));
            }
        }
    }
}
