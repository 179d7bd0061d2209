//! Filling of catalogues in JSON.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use fanjian::Error;

use crate::{
    data::json_reader::{Event, read},
    escape::Escape,
    fill::{Merged, line_end, line_start, reindented},
};

/// A value. Those of a document are in a list, by whose numbers they refer to each other.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) raw: Range<usize>,
    pub(super) kind: Kind,
}

impl Node {
    /// Whether it is a string of nothing.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self.kind, Kind::String) && self.raw.len() == 2
    }
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// The members in order.
    Object(Vec<Member>),
    String,
    /// An array, a number or a name.
    Other,
}

#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) key: String,
    /// Where it begins: at the quotation mark of its key.
    pub(super) start: usize,
    pub(super) key_end: usize,
    pub(super) value: usize,
}

/// What is missing in `target`. In a bundle, what is said on messages (`@key`) is neither missing nor stale.
pub(super) fn merge(target: &str, source: &str, is_bundle: bool) -> Result<Merged, Error> {
    let (olds, news) = (nodes(target)?, nodes(source)?);
    let mut merged = Merged::default();
    // Objects of both, with their paths.
    let mut waiting = vec![(0, 0, String::new())];
    while let Some((old_object, new_object, path)) = waiting.pop() {
        let (Kind::Object(old), Kind::Object(new)) = (&olds[old_object].kind, &news[new_object].kind) else { continue };
        let is_message = |key: &str| !(is_bundle && key.starts_with('@'));
        let path_of = |key: &str| format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
        let by_key: HashMap<_, _> = old.iter().map(|member| (member.key.as_str(), member)).collect();
        let keys: HashSet<_> = new.iter().map(|member| member.key.as_str()).collect();
        let Range { start: at, end } = olds[old_object].raw;
        // An empty object is replaced, but not with comments in it.
        if old.is_empty() && !new.is_empty() && !is_bundle && target[at + 1..end - 1].trim().is_empty() {
            let mut missing = new.iter().filter(|member| !news[member.value].is_empty()).peekable();
            if missing.peek().is_none() {
                continue;
            }
            merged.added.extend(missing.map(|member| (path_of(&member.key), at)));
            let text = reindented(source, &news[new_object].raw, target, at);
            merged.insertions.push((at..end, text));
            continue;
        }
        let (mut both, mut seen) = (Vec::new(), HashSet::new());
        // The member of the target behind which the next ones are put.
        // At first none, but for what the file is about.
        let is_of_file = |member: &&Member| member.key == "$schema" || (is_bundle && member.key.starts_with("@@"));
        let mut before = old.iter().take_while(is_of_file).last();
        for member in new.iter().filter(|member| is_message(&member.key)) {
            // A key that is there twice has its place where it is first.
            if !seen.insert(member.key.as_str()) {
                continue;
            }
            let value = &news[member.value];
            let Some(of_target) = by_key.get(member.key.as_str()) else {
                if value.is_empty() {
                    continue;
                }
                // In a bundle, behind what is said on the message before.
                let about = before.filter(|_| is_bundle).and_then(|before| {
                    let next = old.get(old.partition_point(|member| member.start <= before.start))?;
                    (next.key.strip_prefix('@') == Some(&before.key)).then_some(next)
                });
                let end = about.or(before).map(|before| olds[before.value].raw.end);
                let (at, mut lead, trail) = insertion(target, &olds[old_object], old, end);
                // An object without members is filled with the first one, and with others behind it.
                if old.is_empty() && merged.insertions.last().is_some_and(|(range, _)| range.end == at) {
                    lead.push_str(", ");
                }
                merged.added.push((path_of(&member.key), at));
                let text = reindented(
                    source,
                    &(member.start..value.raw.end),
                    target,
                    old.first().map_or(at, |first| first.start),
                );
                merged.insertions.push((at..at, format!("{lead}{text}{trail}")));
                continue;
            };
            before = Some(of_target);
            let of_target = &olds[of_target.value];
            match value.kind {
                Kind::String if of_target.is_empty() && !value.is_empty() => {
                    merged.added.push((path_of(&member.key), of_target.raw.start));
                    merged.insertions.push((of_target.raw.clone(), source[value.raw.clone()].to_owned()));
                }
                Kind::Object(_) => both.push((by_key[member.key.as_str()].value, member.value, path_of(&member.key))),
                _ => {}
            }
        }
        let stale = old.iter().filter(|member| is_message(&member.key) && !keys.contains(member.key.as_str()));
        merged.stale.extend(stale.map(|member| (path_of(&member.key), member.start)));
        waiting.extend(both.into_iter().rev());
    }
    Ok(merged)
}

/// Where a member is added to an object, and what is written before and behind it: behind the value that ends at `before`, or
/// before all members.
pub(super) fn insertion(
    target: &str,
    object: &Node,
    members: &[Member],
    before: Option<usize>,
) -> (usize, String, &'static str) {
    let Some(first) = members.first() else { return (object.raw.start + 1, String::new(), "") };
    let line = line_start(target, first.start);
    let between = if target[line..first.start].trim().is_empty() {
        format!("{}{}", line_end(target), &target[line..first.start])
    } else {
        " ".to_owned()
    };
    match before {
        Some(end) => (end, format!(",{between}"), ""),
        None if between == " " => (first.start, String::new(), ", "),
        // Behind the brace and its line's end, so that the line of the first member is preserved.
        None => (line, target[line..first.start].to_owned(), if line_end(target) == "\n" { ",\n" } else { ",\r\n" }),
    }
}

/// The keys of the document's object, and where each member is.
pub(super) fn members(source: &str) -> Result<Vec<(String, Range<usize>)>, Error> {
    let nodes = nodes(source)?;
    let Some(Node { kind: Kind::Object(members), .. }) = nodes.first() else { return Ok(Vec::new()) };
    Ok(members.iter().map(|member| (member.key.clone(), member.start..nodes[member.value].raw.end)).collect())
}

/// The values of a document. The first is the document's own.
pub(super) fn nodes(source: &str) -> Result<Vec<Node>, Error> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut key: Option<(String, Range<usize>)> = None;
    read(source, |event| {
        let is_open = matches!(event, Event::Object(_) | Event::Array(_));
        let (raw, kind) = match event {
            Event::Object(at) => (at..at + 1, Kind::Object(Vec::new())),
            Event::Array(at) => (at..at + 1, Kind::Other),
            // With its quotation marks.
            Event::String(raw, _) => (raw.start - 1..raw.end + 1, Kind::String),
            Event::Other(raw) => (raw, Kind::Other),
            Event::Key(raw) => {
                let quote = usize::from(source[..raw.start].ends_with(['"', '\'']));
                let units = Escape::Backslash.units(&source[raw.clone()]);
                let text = units.filter_map(|(_, character)| character).collect();
                key = Some((text, raw.start - quote..raw.end + quote));
                return;
            }
            Event::End(at) => {
                if let Some(number) = open.pop() {
                    nodes[number].raw.end = at + 1;
                }
                return;
            }
            Event::Comment(_) => return,
        };
        let number = nodes.len();
        nodes.push(Node { raw, kind });
        if let (Some((key, place)), Some(&object)) = (key.take(), open.last())
            && let Kind::Object(members) = &mut nodes[object].kind
        {
            members.push(Member { key, start: place.start, key_end: place.end, value: number });
        }
        open.extend(is_open.then_some(number));
    })?;
    Ok(nodes)
}
