//! Filling of Apple's string catalogues, which have all languages.

use std::{collections::HashMap, ops::Range};

use fanjian::{Error, ErrorKind};

use crate::{
    data::keys::is_of_target,
    fill::{
        Merged,
        json::{Kind, Member, Node, insertion, nodes},
        line_end, line_indentation, reindented_to,
    },
    options::Options,
};

/// The state of a text that people are to review.
const STATE: &str = "\"needs_review\"";

/// What is missing in the target's language, of the strings of `target`. They are made from a program: others are not added.
pub(super) fn merge(target: &str, source: &str, options: &Options) -> Result<Merged, Error> {
    let tag = options.languages.tag().ok_or_else(|| {
        Error::new(
            ErrorKind::Unsupported,
            "a string catalogue is filled to a target: name one, or a configuration to one",
        )
    })?;
    let (olds, news) = (nodes(target)?, nodes(source)?);
    let (olds, news) = (Catalogue { text: target, nodes: &olds }, Catalogue { text: source, nodes: &news });
    let name = olds.name(tag);
    let by_key: HashMap<_, _> = news.strings().iter().map(|member| (member.key.as_str(), member)).collect();
    let newline = line_end(target);
    let mut merged = Merged::default();
    for old in olds.strings() {
        let Some(new) = by_key.get(old.key.as_str()) else {
            merged.stale.push((old.key.clone(), old.start));
            continue;
        };
        let is_of_target = |member: &&Member| is_of_target(&member.key, tag);
        let Some(new) = news.localizations(new).and_then(|all| all.iter().find(is_of_target)) else { continue };
        let is_left = olds.member(old.value, "shouldTranslate").is_some_and(|value| olds.raw(value.value) == "false");
        if is_left || news.is_empty(new.value) {
            continue;
        }
        let name = name.clone().unwrap_or_else(|| new.key.clone());
        let member = |indentation: &str| {
            let (raw, edits) = (news.nodes[new.value].raw.clone(), news.states(new.value));
            let old_indentation = line_indentation(source, new.start);
            // From behind the key on, with the states replaced.
            let (mut text, mut at) = (source[new.key_end..raw.start].to_owned(), raw.start);
            for state in edits {
                text.push_str(&source[at..state.start]);
                text.push_str(STATE);
                at = state.end;
            }
            text.push_str(&source[at..raw.end]);
            format!("\"{name}\"{}", reindented_to(&text, old_indentation, indentation, newline))
        };
        let Some(localizations) = olds.member(old.value, "localizations") else {
            let Kind::Object(members) = &olds.nodes[old.value].kind else { continue };
            merged.added.push((old.key.clone(), old.start));
            let outer = format!("{}  ", line_indentation(target, old.start));
            let inner = format!("{outer}  ");
            let text = format!("\"localizations\" : {{{newline}{inner}{}{newline}{outer}}}", member(&inner));
            let before = members.iter().rfind(|member| member.key.as_str() < "localizations");
            let end = before.map(|before| olds.nodes[before.value].raw.end);
            let (at, lead, trail) = insertion(target, &olds.nodes[old.value], members, end);
            let lead = if members.is_empty() { format!("{newline}{outer}") } else { lead };
            merged.insertions.push((at..at, format!("{lead}{text}{trail}")));
            continue;
        };
        let Kind::Object(members) = &olds.nodes[localizations.value].kind else { continue };
        if let Some(present) = members.iter().find(is_of_target) {
            if olds.is_empty(present.value) {
                merged.added.push((old.key.clone(), present.start));
                let text = member(line_indentation(target, present.start));
                merged.insertions.push((present.start..olds.nodes[present.value].raw.end, text));
            }
            continue;
        }
        merged.added.push((old.key.clone(), old.start));
        // In the order of the keys, as Xcode writes them.
        let before = members.iter().rfind(|member| member.key < name);
        let end = before.map(|before| olds.nodes[before.value].raw.end);
        let (at, lead, trail) = insertion(target, &olds.nodes[localizations.value], members, end);
        let text = member(line_indentation(target, members.first().map_or(at, |first| first.start)));
        merged.insertions.push((at..at, format!("{lead}{text}{trail}")));
    }
    Ok(merged)
}

/// A string catalogue without localizations of the target's language that have no text, so that those of another language are
/// converted in their place.
pub(super) fn without_empty(source: &str, options: &Options) -> Result<String, Error> {
    let nodes = nodes(source)?;
    let catalogue = Catalogue { text: source, nodes: &nodes };
    let is_empty = |member: &&Member| {
        options.languages.tag().is_some_and(|tag| is_of_target(&member.key, tag)) && catalogue.is_empty(member.value)
    };
    let (mut text, mut at) = (String::with_capacity(source.len()), 0);
    for members in catalogue.strings().iter().filter_map(|string| catalogue.localizations(string)) {
        let Some(number) = members.iter().position(|member| is_empty(&member)) else { continue };
        let end_of = |number: usize| nodes[members[number].value].raw.end;
        // With a comma.
        let cut = match (number.checked_sub(1), members.get(number + 1)) {
            (Some(before), _) => end_of(before)..end_of(number),
            (None, Some(next)) => members[number].start..next.start,
            (None, None) => members[number].start..end_of(number),
        };
        text.push_str(&source[at..cut.start]);
        at = cut.end;
    }
    text.push_str(&source[at..]);
    Ok(text)
}

/// A string catalogue, by its values.
struct Catalogue<'c> {
    text: &'c str,
    nodes: &'c [Node],
}

impl<'c> Catalogue<'c> {
    fn members(&self, object: usize) -> &'c [Member] {
        match self.nodes.get(object).map(|node| &node.kind) {
            Some(Kind::Object(members)) => members,
            _ => &[],
        }
    }

    fn member(&self, object: usize, key: &str) -> Option<&'c Member> {
        self.members(object).iter().find(|member| member.key == key)
    }

    fn raw(&self, node: usize) -> &'c str {
        &self.text[self.nodes[node].raw.clone()]
    }

    fn strings(&self) -> &'c [Member] {
        self.member(0, "strings").map_or(&[], |strings| self.members(strings.value))
    }

    fn localizations(&self, string: &Member) -> Option<&'c [Member]> {
        self.member(string.value, "localizations").map(|all| self.members(all.value))
    }

    /// The name that the target's language has in the catalogue: the most frequent one.
    fn name(&self, tag: &str) -> Option<String> {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for member in self.strings().iter().filter_map(|string| self.localizations(string)).flatten() {
            if is_of_target(&member.key, tag) {
                *counts.entry(&member.key).or_default() += 1;
            }
        }
        let name = counts.into_iter().max_by_key(|&(name, count)| (count, std::cmp::Reverse(name)));
        name.map(|(name, _)| name.to_owned())
    }

    /// The values of members with this key, at any depth of a value.
    fn below(&self, value: usize, key: &'static str) -> impl Iterator<Item = &'c Node> {
        let (raw, nodes) = (self.nodes[value].raw.clone(), self.nodes);
        let below = nodes[value..].iter().take_while(move |node| node.raw.start < raw.end);
        let members = below.flat_map(|node| match &node.kind {
            Kind::Object(members) => members.as_slice(),
            _ => &[],
        });
        members.filter(move |member| member.key == key).map(|member| &nodes[member.value])
    }

    /// Whether a localization has no text. One with texts of another kind, such as a set of strings, has some.
    fn is_empty(&self, value: usize) -> bool {
        let mut values = self.below(value, "value").peekable();
        let has_members = !self.members(value).is_empty();
        (values.peek().is_some() || !has_members) && values.all(Node::is_empty)
    }

    fn states(&self, value: usize) -> Vec<Range<usize>> {
        let is_string = |node: &&Node| matches!(node.kind, Kind::String);
        let mut states: Vec<_> = self.below(value, "state").filter(is_string).map(|node| node.raw.clone()).collect();
        states.sort_by_key(|state| state.start);
        states
    }
}
