//! Templates in markup: what a program fills in when the page is made. It is no text, and stays.

use std::{borrow::Cow, ops::Range};

use crate::scan::StandIn;

/// A part of the source that is of a template, and what it counts for.
pub(crate) type Region = (Range<usize>, StandIn);

/// The ways in which templates begin and end.
const KINDS: [Kind; 7] = [
    Kind { start: "<?php", end: "?>", stand_in: StandIn::Word, takes_markup: true, may_lack_end: true },
    Kind { start: "<?=", end: "?>", stand_in: StandIn::Word, takes_markup: true, may_lack_end: false },
    Kind { start: "<? ", end: "?>", stand_in: StandIn::Word, takes_markup: true, may_lack_end: false },
    Kind { start: "<%", end: "%>", stand_in: StandIn::Word, takes_markup: true, may_lack_end: false },
    Kind { start: "{{", end: "}}", stand_in: StandIn::Word, takes_markup: false, may_lack_end: false },
    Kind { start: "{%", end: "%}", stand_in: StandIn::Break, takes_markup: false, may_lack_end: false },
    Kind { start: "{#", end: "#}", stand_in: StandIn::Break, takes_markup: true, may_lack_end: false },
];

struct Kind {
    start: &'static str,
    end: &'static str,
    stand_in: StandIn,
    /// Whether tags may stand in it. Otherwise what seems to begin one does not, when an end tag follows before its end.
    takes_markup: bool,
    /// Whether the end of the source ends it, too.
    may_lack_end: bool,
}

/// The regions of a source that are of PHP (`<?php … ?>`), ASP, ERB and EJS (`<% … %>`), Vue, Angular, Handlebars, Jinja
/// and Liquid (`{{ … }}`, `{% … %}`, `{# … #}`), in order and apart.
pub(crate) fn regions(source: &str) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    for kind in &KINDS {
        kind.add_regions(source, &mut regions);
    }
    regions.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut end = 0;
    regions.retain(|(range, _)| {
        let is_apart = range.start >= end;
        end = end.max(range.end);
        is_apart
    });
    regions
}

/// The source with letters in the place of templates, of the same length: what a tokenizer of markup is to read. Spaces are
/// in the place of those that are nothing by themselves, which may stand next to the name of an attribute.
pub(crate) fn masked<'s>(source: &'s str, regions: &[Region]) -> Cow<'s, [u8]> {
    if regions.is_empty() {
        return Cow::Borrowed(source.as_bytes());
    }
    let mut masked = source.as_bytes().to_vec();
    for (range, stand_in) in regions {
        let is_value = range.start > 0 && masked[range.start - 1] == b'=';
        let is_nothing = *stand_in == StandIn::Break && !is_value;
        masked[range.clone()].fill(if is_nothing { b' ' } else { b'x' });
    }
    Cow::Owned(masked)
}

impl Kind {
    fn add_regions(&self, source: &str, regions: &mut Vec<Region>) {
        let bytes = source.as_bytes();
        let start = memchr::memmem::Finder::new(self.start);
        let end = memchr::memmem::Finder::new(self.end);
        // Where the next end is, once it is known.
        let (mut at, mut next_end) = (0, 0);
        while let Some(found) = start.find(&bytes[at..]) {
            let from = at + found;
            at = from + self.start.len();
            if next_end < at {
                next_end = match end.find(&bytes[at..]) {
                    Some(found) => at + found,
                    None if self.may_lack_end => bytes.len(),
                    None => return,
                };
            }
            if !self.takes(&source[from + self.start.len()..next_end]) {
                continue;
            }
            let mut to = (next_end + self.end.len()).min(bytes.len());
            // `{{{ … }}}`
            while self.end == "}}" && bytes.get(to) == Some(&b'}') {
                to += 1;
            }
            regions.push((from..to, self.stand_in));
            at = to;
        }
    }

    /// Whether this is what stands in such a template.
    fn takes(&self, content: &str) -> bool {
        match self.start {
            // Svelte's blocks (`{#if …}`) have no end of this kind.
            "{#" => !content.starts_with(|first: char| first.is_ascii_alphabetic()),
            // In this order, so that what is looked through ends at the next start.
            _ => self.takes_markup || !(content.contains(self.start) || content.contains("</")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_have_their_regions() {
        let cases: [(&str, &[&str]); 8] = [
            ("<a b=\"<?php echo $a->b ?>\">", &["<?php echo $a->b ?>"]),
            ("头<?php if (a > b) {", &["<?php if (a > b) {"]),
            ("<?xml version='1.0'?><%= \"头\" %>50<%", &["<%= \"头\" %>"]),
            ("头{{ 发 | t }}发{{{ raw }}}", &["{{ 发 | t }}", "{{{ raw }}}"]),
            ("{{<script>\"{{\"</script>{{ a }}", &["{{ a }}"]),
            ("{% if a %}头{% endif %}", &["{% if a %}", "{% endif %}"]),
            ("{# 头 #}{#if a}头{/if}", &["{# 头 #}"]),
            ("{{ \"<%= a %>\" }}", &["{{ \"<%= a %>\" }}"]),
        ];
        for (source, expected) in cases {
            let found: Vec<_> = regions(source).into_iter().map(|(range, _)| &source[range]).collect();
            assert_eq!(found, expected, "{source}");
        }
    }

    #[test]
    fn masked_sources_have_the_same_length() {
        let source = "头<?php 发 ?>发{% a %}{{ b }}={% c %}";
        let masked = masked(source, &regions(source));
        assert_eq!(masked.len(), source.len());
        assert_eq!(&*masked, "头xxxxxxxxxxxx发       xxxxxxx=xxxxxxx".as_bytes());
    }
}
