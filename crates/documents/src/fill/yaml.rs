//! Filling of YAML.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
    ops::Range,
};

use fanjian::{Error, ErrorKind};
use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::{
    data::{
        BLANKS,
        yaml::{Places, syntax, without_marks, without_properties},
    },
    fill::{Merged, cannot_be_put, line_end, line_indentation, line_start, reindented, reindented_to},
    lines::rest_of_line,
};

#[derive(Clone, Debug)]
struct Node {
    raw: Range<usize>,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Mapping(Vec<Member>),
    /// The value. Nothing is an empty one.
    Scalar(String),
    /// A sequence or an alias.
    Other,
}

#[derive(Clone, Debug)]
struct Member {
    key: String,
    start: usize,
    /// Behind the colon of the key.
    colon: usize,
    value: usize,
}

impl Node {
    fn is_empty(&self) -> bool {
        matches!(&self.kind, Kind::Scalar(value) if value.is_empty())
    }

    /// Whether it is `{}`, in whose braces a block has no place.
    fn is_empty_mapping(&self) -> bool {
        matches!(&self.kind, Kind::Mapping(members) if members.is_empty())
    }
}

/// What is missing in `target`. It cannot be marked.
pub(super) fn merge(target: &str, source: &str) -> Result<Merged, Error> {
    let (olds, news) = (nodes(target)?, nodes(source)?);
    let newline = line_end(target);
    let mut merged = Merged::default();
    let mut waiting = vec![(0, 0, String::new(), 0)];
    // With the depth of their mappings.
    let mut insertions: Vec<(usize, (Range<usize>, String))> = Vec::new();
    let is_missing = |value: &Node| match &value.kind {
        Kind::Mapping(members) => members.iter().any(|member| !news[member.value].is_empty()),
        _ => false,
    };
    if olds.first().is_none_or(|root| root.is_empty() || root.is_empty_mapping())
        && let Some(Node { raw, kind: Kind::Mapping(members) }) = news.first()
    {
        let added = members.iter().filter(|member| !news[member.value].is_empty());
        merged.added.extend(added.map(|member| (path_of("", &member.key), target.len())));
        if merged.added.is_empty() {
            return Ok(merged);
        }
        let text = reindented_to(&source[raw.clone()], line_indentation(source, raw.start), "", newline);
        if let Some(root) = olds.first().filter(|root| root.is_empty_mapping()) {
            merged.insertions.push((root.raw.clone(), text));
            return Ok(merged);
        }
        let lead = if target.is_empty() || target.ends_with('\n') { "" } else { newline };
        merged.insertions.push((target.len()..target.len(), format!("{lead}{text}{newline}")));
        return Ok(merged);
    }
    while let Some((old_mapping, new_mapping, path, depth)) = waiting.pop() {
        let (Some(old_node), Some(new_node)) = (olds.get(old_mapping), news.get(new_mapping)) else { continue };
        let (Kind::Mapping(old), Kind::Mapping(new)) = (&old_node.kind, &new_node.kind) else { continue };
        let by_key: HashMap<_, _> = old.iter().map(|member| (member.key.as_str(), member)).collect();
        let keys: HashSet<_> = new.iter().map(|member| member.key.as_str()).collect();
        let is_flow = target[old_node.raw.clone()].starts_with('{');
        let (mut both, mut seen) = (Vec::new(), HashSet::new());
        let mut before: Option<&Member> = None;
        for member in new {
            // A key that is there twice has its place where it is first.
            if !seen.insert(member.key.as_str()) {
                continue;
            }
            let value = &news[member.value];
            let text = |at| reindented(source, &(member.start..value.raw.end.max(member.colon)), target, at);
            let Some(present) = by_key.get(member.key.as_str()) else {
                if value.is_empty() {
                    continue;
                }
                let end = before.map(|before| olds[before.value].raw.end.max(before.colon));
                let insertion = match (end, old.first()) {
                    (Some(end), _) if is_flow => (end, format!(", {}", text(end))),
                    (None, Some(first)) if is_flow => (first.start, format!("{}, ", text(first.start))),
                    // An empty mapping is replaced as a whole.
                    (None, None) => continue,
                    (Some(end), first) => {
                        // Behind the comment in its line.
                        let end = end + rest_of_line(&target[end..]).len();
                        let at = first.map_or(end, |first| first.start);
                        (end, format!("{newline}{}{}", line_indentation(target, at), text(at)))
                    }
                    (None, Some(first)) => {
                        let (at, indentation) =
                            (with_comments(target, first.start), line_indentation(target, first.start));
                        (at, format!("{}{newline}{indentation}", text(first.start)))
                    }
                };
                merged.added.push((path_of(&path, &member.key), insertion.0));
                insertions.push((depth, (insertion.0..insertion.0, insertion.1)));
                continue;
            };
            before = Some(present);
            let old_value = &olds[present.value];
            if (old_value.is_empty() && !value.is_empty()) || (old_value.is_empty_mapping() && is_missing(value)) {
                merged.added.push((path_of(&path, &member.key), present.start));
                let end = old_value.raw.end.max(present.colon);
                let behind = &source[member.colon..value.raw.end];
                let indentation = line_indentation(source, member.start);
                let mut text = reindented_to(behind, indentation, line_indentation(target, present.start), newline);
                // What follows in the line would become a part of a block: a comment stands behind the header.
                let rest = rest_of_line(&target[end..]);
                let is_block = text.trim_start_matches([' ', '\t']).starts_with(['|', '>', '\n', '\r']);
                let end = match rest.trim_matches([' ', '\t']) {
                    "" => end + rest.len(),
                    comment if is_block && comment.starts_with('#') => {
                        text.insert_str(rest_of_line(&text).len(), &format!(" {comment}"));
                        end + rest.len()
                    }
                    _ => end,
                };
                insertions.push((depth, (present.colon..end, text)));
            } else if matches!(value.kind, Kind::Mapping(_)) {
                both.push((present.value, member.value, path_of(&path, &member.key), depth + 1));
            }
        }
        let stale = old.iter().filter(|member| !keys.contains(member.key.as_str()));
        merged.stale.extend(stale.map(|member| (path_of(&path, &member.key), member.start)));
        waiting.extend(both.into_iter().rev());
    }
    // A mapping ends where the last one in it ends: what is put into that comes first.
    insertions.sort_by_key(|(depth, _)| Reverse(*depth));
    merged.insertions.extend(insertions.into_iter().map(|(_, insertion)| insertion));
    Ok(merged)
}

/// Checks that a catalogue has what it had, and what was added. Indentation, aliases and the end of a block can be in the way.
pub(super) fn check(filled: &str, target: &str, source: &str, added: &[String]) -> Result<(), Error> {
    let values =
        nodes(filled).map(|nodes| values(&nodes)).map_err(|_| cannot_be_put(added.first().map_or("", |key| key)))?;
    let (old, new) = (self::values(&nodes(target)?), self::values(&nodes(source)?));
    if let Some((key, _)) = old.iter().find(|(key, value)| !value.is_empty() && values.get(*key) != Some(value)) {
        let message = format!("{key}: the end of its value would change by what is put behind it: add that by hand");
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    let added: HashSet<&str> = added.iter().map(String::as_str).collect();
    for (path, value) in &new {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let key = ends.map(|end| &path[..end]).find(|key| added.contains(key));
        if let Some(key) = key.filter(|_| values.get(path) != Some(value)) {
            return Err(cannot_be_put(key));
        }
    }
    Ok(())
}

/// The scalars in mappings, by their paths.
fn values(nodes: &[Node]) -> HashMap<String, String> {
    let mut values = HashMap::new();
    let mut waiting = vec![(0, String::new())];
    while let Some((number, path)) = waiting.pop() {
        match nodes.get(number).map(|node| &node.kind) {
            Some(Kind::Mapping(members)) => {
                waiting.extend(members.iter().map(|member| (member.value, path_of(&path, &member.key))));
            }
            Some(Kind::Scalar(value)) => _ = values.insert(path, value.clone()),
            _ => {}
        }
    }
    values
}

/// The keys of the document's mapping, and where each member is.
pub(super) fn members(source: &str) -> Result<Vec<(String, Range<usize>)>, Error> {
    let nodes = nodes(source)?;
    let Some(Node { kind: Kind::Mapping(members), .. }) = nodes.first() else { return Ok(Vec::new()) };
    let range = |member: &Member| member.start..nodes[member.value].raw.end.max(member.colon);
    Ok(members.iter().map(|member| (member.key.clone(), range(member))).collect())
}

pub(super) fn path_of(path: &str, key: &str) -> String {
    format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// A mapping or a sequence that is open.
struct Open {
    number: usize,
    is_mapping: bool,
    /// Of a mapping: the key whose value is next, and its place.
    key: Option<(String, Range<usize>)>,
}

/// The values of the document. The first is the document's own.
fn nodes(source: &str) -> Result<Vec<Node>, Error> {
    let mut places = Places::new(source);
    let mut nodes: Vec<Node> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let (mut end, mut documents) = (0, 0);
    for read in Parser::new_from_str(source) {
        let (event, span) = read.map_err(|error| syntax(error.info(), error.marker().line()))?;
        let kind = match &event {
            Event::DocumentStart(..) => {
                documents += 1;
                if documents > 1 {
                    let message =
                        "a file with several documents of YAML is not filled: put them into files of their own";
                    return Err(Error::new(ErrorKind::Unsupported, message));
                }
                continue;
            }
            Event::MappingEnd | Event::SequenceEnd => {
                let raw = places.range(span);
                let Some(Open { number, .. }) = open.pop() else { continue };
                let start = nodes[number].raw.start;
                let is_flow = source[start..].starts_with(['{', '[']);
                // The parser counts a comment behind the bracket, too.
                if is_flow && source[raw.clone()].starts_with(['}', ']']) {
                    end = end.max(raw.start + 1);
                }
                nodes[number].raw.end = end.max(start);
                continue;
            }
            Event::MappingStart(..) => Kind::Mapping(Vec::new()),
            Event::Scalar(value, ..) => Kind::Scalar(value.to_string()),
            Event::SequenceStart(..) | Event::Alias(_) => Kind::Other,
            _ => continue,
        };
        let mut raw = places.range(span);
        let start = raw.start;
        let before = end;
        match &event {
            Event::Scalar(value, style, anchor, tag) => {
                let has_properties = *anchor > 0 || tag.is_some();
                if has_properties {
                    raw = without_properties(source, raw, *style);
                }
                raw.end = match style {
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                        without_marks(source, raw.clone(), *style, span)?.end + 1
                    }
                    _ if value.is_empty() => end.max(raw.start.min(end)),
                    _ => raw.start + source[raw.clone()].trim_end_matches(BLANKS).len(),
                };
                raw.start = start.min(raw.end);
                end = end.max(raw.end);
            }
            Event::Alias(_) => end = end.max(raw.end),
            _ => {}
        }
        let number = nodes.len();
        if let Some(around) = open.last_mut().filter(|around| around.is_mapping) {
            match around.key.take() {
                None => {
                    // A key that is none of a catalogue has no name.
                    let name = if let Kind::Scalar(value) = &kind { value.clone() } else { String::new() };
                    around.key = Some((name, raw.clone()));
                }
                Some((name, key)) => {
                    let colon = behind_colon(source, key.end.max(before));
                    end = end.max(colon);
                    if let Kind::Mapping(members) = &mut nodes[around.number].kind {
                        members.push(Member { key: name, start: key.start, colon, value: number });
                    }
                }
            }
        }
        let is_mapping = matches!(kind, Kind::Mapping(_));
        nodes.push(Node { raw, kind });
        if is_mapping || matches!(event, Event::SequenceStart(..)) {
            open.push(Open { number, is_mapping, key: None });
        }
    }
    Ok(nodes)
}

/// Where the comments begin in the lines before that of `at`, if they are indented as that: or else `at`.
fn with_comments(source: &str, at: usize) -> usize {
    let (mut start, mut line) = (at, line_start(source, at));
    let indentation = &source[line..at];
    while let Some(before) = source[..line].strip_suffix('\n') {
        let before_start = line_start(source, before.len());
        let Some(comment) =
            source[before_start..before.len()].strip_prefix(indentation).filter(|text| text.starts_with('#'))
        else {
            break;
        };
        (start, line) = (before.len() - comment.len(), before_start);
    }
    start
}

/// The place behind the colon that follows a key; behind the key itself if it has none, as it may in `{…}`.
fn behind_colon(source: &str, key_end: usize) -> usize {
    let mut rest = &source[key_end..];
    loop {
        rest = rest.trim_start_matches(BLANKS);
        if !rest.starts_with('#') {
            break;
        }
        rest = &rest[rest_of_line(rest).len()..];
    }
    if rest.starts_with(':') { source.len() - rest.len() + 1 } else { key_end }
}
