//! The fast way: what a filter of neighbouring characters shows to need no segmentation is converted character by
//! character; the stretches between are searched by tables made for it, or go to the [`Chain`].
//! `fanjian_dictionary::stretches` tells why that is exact.

use fanjian_context::{Engine, State};
use fanjian_dictionary::stretches::{Scratch, Stretches, Utf8};

use crate::engine::{
    cache::{Cache, Caches, Short},
    chain::{Chain, End},
    characters::{self, Stop},
    description,
    level::Levels,
};
use crate::target::Course;

/// Text is taken in blocks of so many bytes, so that what is read and written stays in the nearest cache.
const BLOCK: usize = 4 * 1024;
/// Longer stretches go to the chain, which needs no memory for all of one.
const LONGEST: usize = 16 * 1024;

/// What the fast way of one configuration needs.
#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) stretches: Stretches<'static>,
    caches: Caches,
}

impl From<Stretches<'static>> for Tables {
    fn from(stretches: Stretches<'static>) -> Tables {
        Tables { stretches, caches: Caches::default() }
    }
}

/// A conversion of a text that comes in pieces.
#[derive(Clone, Debug)]
pub(crate) struct Conversion {
    tables: Option<&'static Tables>,
    target: Option<(&'static Engine, State)>,
    /// None before it is needed.
    chain: Option<Chain>,
    /// The stretch that the chain has begun and that may go on.
    open: Option<Open>,
    /// None between two pieces, and before it is needed.
    cache: Option<Cache>,
    scratch: Scratch,
    /// What a stretch becomes, before it is known whether it keeps its length.
    converted: Vec<u8>,
}

/// The end of a stretch, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    last: Option<Utf8>,
    last_is_special: bool,
    /// How many more characters an ideographic description sequence may reach over.
    reach: usize,
}

/// A piece of text, and what it is converted with.
#[derive(Clone, Copy)]
struct Piece<'p> {
    stretches: &'static Stretches<'static>,
    caches: &'static Caches,
    levels: &'p Levels,
    text: &'p str,
    last: bool,
}

/// How far a piece is converted.
#[derive(Clone, Copy, Debug)]
struct Place {
    at: usize,
    /// Nothing reaches across this place, at `at` or before it.
    edge: usize,
}

impl Conversion {
    /// Begins a conversion, by the tables for its levels where there are some, and to a target behind them.
    pub(crate) fn new(tables: Option<&'static Tables>, target: Option<Course>) -> Conversion {
        let target = target.map(|Course { engine, from }| (engine, State::new(from)));
        Conversion {
            tables,
            target,
            chain: None,
            open: None,
            cache: None,
            scratch: Scratch::default(),
            converted: Vec::new(),
        }
    }

    /// Converts another piece of the text, as UTF-8 to the end of `out`. After the `last` piece the next text may begin.
    pub(crate) fn feed(&mut self, levels: &Levels, text: &str, last: bool, out: &mut Vec<u8>) {
        self.feed_on(levels, text, last, out);
        self.rest();
    }

    /// The same, where the next piece or text comes at once: after the last one, this [rests](Self::rest).
    pub(crate) fn feed_on(&mut self, levels: &Levels, text: &str, last: bool, out: &mut Vec<u8>) {
        let Some(Tables { stretches, caches }) = self.tables else {
            let chain = self.chain.get_or_insert_with(|| Chain::new(levels.get()));
            let target = self.target.as_mut().map(|(engine, state)| (*engine, state));
            chain.feed(levels.get(), text, last, &mut End { target, out });
            return;
        };
        let piece = Piece { stretches, caches, levels, text, last };
        let mut place = Place { at: 0, edge: 0 };
        if let Some(open) = self.open.take() {
            self.chain_stretch(piece, open, 0, &mut place, out);
        }
        while place.at < text.len() {
            self.block(piece, &mut place, out);
        }
        if !last && place.edge < text.len() {
            // The last stretch may go on.
            let stretch = piece.back(place.edge, text.len(), None);
            out.truncate(out.len() - piece.converted_len(stretch, text.len()));
            self.chain_stretch(piece, Open::default(), stretch, &mut place, out);
        }
    }

    /// Leaves to others what it does not need between two pieces.
    pub(crate) fn rest(&mut self) {
        if let (Some(tables), Some(cache)) = (self.tables, self.cache.take()) {
            tables.caches.keep(cache);
        }
    }

    /// How many bytes at the beginning of a whole text stay as they are, up to a place that nothing reaches across.
    pub(crate) fn same(&self, levels: &Levels, text: &str) -> usize {
        let Some(Tables { stretches, caches }) = self.tables else { return 0 };
        let piece = Piece { stretches, caches, levels, text, last: true };
        let text = text.as_bytes();
        let mut at = 0;
        loop {
            let left = if at > 0 { Utf8::before(text, at) } else { Utf8::default() };
            at = characters::same(stretches, text, at, left);
            if at == text.len() {
                return at;
            }
            let character = Utf8::at(text, at);
            let is_effective = at > 0 && piece.is_effective(Utf8::before(text, at), character);
            if is_effective || stretches.alone(character) != Some(character) {
                return piece.back(0, at, Some(character).filter(|&character| !stretches.is_special(character)));
            }
            at += character.len();
        }
    }

    /// Converts the next block of a piece, or less where something becomes longer or shorter, or more where a stretch goes
    /// on behind the block.
    fn block(&mut self, piece: Piece<'_>, place: &mut Place, out: &mut Vec<u8>) {
        let Piece { stretches, .. } = piece;
        let text = piece.text.as_bytes();
        let start = place.at;
        let end = start + characters::floor(&text[start..], BLOCK);
        let from = out.len();
        // Most bytes stay as they are, and most characters as long. As long as all do, `to` is where a place stands.
        out.extend_from_slice(&text[start..end]);
        let to = |at: usize| from + at - start;
        let to_stretch = |at: usize| if at >= start { to(at) } else { from - piece.converted_len(at, start) };
        while place.at < end {
            let left = if place.at > place.edge { Utf8::before(text, place.at) } else { Utf8::default() };
            let block = &mut out[from..];
            let (done, stop) = characters::convert(stretches, &text[start..end], place.at - start, left, block);
            place.at = start + done;
            if place.at == end {
                break;
            }
            let at = place.at;
            let pair = match stop {
                _ if at == place.edge => None,
                Stop::Pair(left, right) => stretches.links(left, right).then_some((left, right)),
                Stop::Other => {
                    let (left, right) = (Utf8::before(text, at), Utf8::at(text, at));
                    (piece.is_effective(left, right) && !stretches.is_special(right)).then_some((left, right))
                }
            };
            let character = Utf8::at(text, at);
            if pair.is_none()
                && let Some(output) = stretches.alone(character)
            {
                place.at += character.len();
                if output.len() == character.len() {
                    out[to(at)..to(place.at)].copy_from_slice(&output.bytes().to_le_bytes()[..output.len()]);
                    continue;
                }
                out.truncate(to(at));
                output.push(out);
                break;
            }

            let (stretch, stretch_end) = match pair {
                Some((left, right)) => (piece.back(place.edge, at - left.len(), Some(left)), piece.forward(at, right)),
                None => (piece.back(place.edge, at, None), None),
            };
            let Some(stretch_end) = stretch_end.filter(|stretch_end| stretch_end - stretch <= LONGEST) else {
                out.truncate(to_stretch(stretch));
                self.chain_stretch(piece, Open::default(), stretch, place, out);
                break;
            };
            *place = Place { at: stretch_end, edge: stretch_end };
            let is_in_place = stretch >= start && stretch_end <= end;
            let short = Short::new(text, stretch, stretch_end);
            let cache = self.cache.get_or_insert_with(|| piece.caches.take());
            let known = short.and_then(|short| cache.get(short));
            if let Some(known) = known
                && is_in_place
                && known.len() == stretch_end - stretch
            {
                known.put(&mut out[to(stretch)..]);
                continue;
            }
            match known {
                Some(known) => known.copy(&mut self.converted),
                None => {
                    self.converted.clear();
                    stretches.convert(&text[stretch..stretch_end], &mut self.scratch, &mut self.converted);
                    if let Some(short) = short {
                        cache.insert(short, &self.converted);
                    }
                }
            }
            if is_in_place && self.converted.len() == stretch_end - stretch {
                out[to(stretch)..to(stretch_end)].copy_from_slice(&self.converted);
                continue;
            }
            out.truncate(to_stretch(stretch));
            out.extend_from_slice(&self.converted);
            break;
        }
    }

    /// Gives the chain the stretch that begins at `from`, or goes on there.
    fn chain_stretch(&mut self, piece: Piece<'_>, mut open: Open, from: usize, place: &mut Place, out: &mut Vec<u8>) {
        let end = open.end(piece.stretches, &piece.text.as_bytes()[from..]).map(|len| from + len);
        let is_whole = piece.last || end.is_some();
        let end = end.unwrap_or(piece.text.len());
        let mut end_of_chain = End { target: None, out };
        self.chain(piece.levels).feed(piece.levels.get(), &piece.text[from..end], is_whole, &mut end_of_chain);
        self.open = (!is_whole).then_some(open);
        *place = Place { at: end, edge: end };
    }

    fn chain(&mut self, levels: &Levels) -> &mut Chain {
        self.chain.get_or_insert_with(|| Chain::new(levels.get()))
    }
}

impl Piece<'_> {
    /// Whether an effective key may hold these two, side by side.
    #[inline]
    fn is_effective(&self, left: Utf8, right: Utf8) -> bool {
        self.stretches.links(left, right) && self.stretches.is_effective(left, right)
    }

    /// Where the stretch begins that the text before `at`, but not beyond `edge`, belongs to, together with `right` behind
    /// it; or in any case, where there is none.
    #[inline]
    fn back(&self, edge: usize, at: usize, right: Option<Utf8>) -> usize {
        let text = self.text.as_bytes();
        let (mut stretch, mut right) = (at, right);
        while stretch > edge {
            let left = Utf8::before(text, stretch);
            if right.is_some_and(|right| !self.stretches.links(left, right)) {
                break;
            }
            stretch -= left.len();
            right = Some(left);
        }
        stretch
    }

    /// Where the stretch ends that goes on at `at` with this character. Nothing where it has special characters, or may go
    /// on behind the piece.
    #[inline]
    fn forward(&self, at: usize, character: Utf8) -> Option<usize> {
        let text = self.text.as_bytes();
        let (mut end, mut left) = (at + character.len(), character);
        while end < text.len() {
            let right = Utf8::at(text, end);
            if self.stretches.is_special(right) {
                return None;
            }
            if !self.stretches.links(left, right) {
                return Some(end);
            }
            end += right.len();
            left = right;
        }
        self.last.then_some(end)
    }

    /// How long is, in bytes, what the characters from one place to another become one by one.
    fn converted_len(&self, from: usize, to: usize) -> usize {
        let text = self.text.as_bytes();
        let (mut at, mut len) = (from, 0);
        while at < to {
            let character = Utf8::at(text, at);
            len += self.stretches.alone(character).unwrap_or(character).len();
            at += character.len();
        }
        len
    }
}

impl Open {
    /// Where the stretch ends in `text`. Nothing where it may go on behind it.
    fn end(&mut self, stretches: &Stretches<'_>, text: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < text.len() {
            let character = Utf8::at(text, at);
            let is_special = stretches.is_special(character);
            if let Some(last) = self.last {
                let links = self.reach > 0 || self.last_is_special || is_special;
                if !links && !stretches.links(last, character) {
                    return Some(at);
                }
            }
            let is_operator = is_special && char::from_u32(character.code()).is_some_and(description::is_operator);
            self.reach = if is_operator { description::LONGEST } else { self.reach.saturating_sub(1) };
            self.last = Some(character);
            self.last_is_special = is_special;
            at += character.len();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use fanjian_dictionary::{Config, Plan, stretches};
    use proptest::prelude::*;

    use super::*;
    use crate::engine::level::{Level, Work};

    fn levels(plan: &Plan) -> Levels {
        let plan = plan.clone();
        let normalize = plan.normalization.into_iter().map(Work::Normalize);
        let segment = plan.segmentation.map(|dictionaries| Work::Segment { own: None, dictionaries });
        normalize
            .chain(segment)
            .chain(plan.chain.into_iter().map(Work::Convert))
            .map(Level::new)
            .collect::<Vec<_>>()
            .into()
    }

    /// The tables of a configuration, for good: those of built-in ones live as long as the program.
    fn tables(plan: Plan) -> Option<&'static Tables> {
        let bytes: &'static [u8] = stretches::compile(&[("it".to_owned(), plan)]).leak();
        Stretches::find(bytes, "it").map(|found| &*Box::leak(Box::new(Tables::from(found))))
    }

    fn plan(config: &str) -> Plan {
        let find = &mut |_: fanjian_dictionary::Reference<'_>| unreachable!("all dictionaries are inline");
        Config::parse(config).unwrap().plan(false, find).unwrap()
    }

    fn whole(mut conversion: Conversion, levels: &Levels, text: &str) -> String {
        let mut out = Vec::new();
        conversion.feed(levels, text, true, &mut out);
        String::from_utf8(out).unwrap()
    }

    /// A stretch without end, of keys that overlap: longer than what the tables take, and than a block.
    #[test]
    fn a_long_stretch_gives_what_the_chain_gives() {
        let entries = r#"{"后面": "後面", "面后": "麵后", "里": "裏里"}"#;
        let plan =
            plan(&format!(r#"{{"conversion_chain": [{{"dict": {{"type": "inline", "entries": {entries}}}}}]}}"#));
        let levels = levels(&plan);
        let tables = tables(plan);
        assert!(tables.is_some());
        for len in [1, BLOCK / 6, BLOCK, LONGEST / 6, LONGEST] {
            for text in ["后面".repeat(len), format!("一{}里", "面后".repeat(len)), "一二后面三四里".repeat(len)]
            {
                let expected = whole(Conversion::new(None, None), &levels, &text);
                assert_eq!(whole(Conversion::new(tables, None), &levels, &text), expected, "{len}");
                let mut conversion = Conversion::new(tables, None);
                let mut out = Vec::new();
                for piece in [&text[..text.len() / 6 * 3], &text[text.len() / 6 * 3..]] {
                    conversion.feed(&levels, piece, false, &mut out);
                }
                conversion.feed(&levels, "", true, &mut out);
                assert_eq!(String::from_utf8(out).unwrap(), expected, "{len}, in pieces");
            }
        }
    }

    /// Few characters, of every length in UTF-8, so that keys overlap.
    fn text(len: std::ops::Range<usize>) -> impl Strategy<Value = String> {
        let characters = vec!['a', 'b', 'é', '后', '面', '里', '發', '\u{20000}', '⿰', '⿾'];
        prop::collection::vec(prop::sample::select(characters), len).prop_map(String::from_iter)
    }

    /// Mostly of single characters with single values, as character tables are, and short phrases.
    fn dict() -> impl Strategy<Value = String> {
        let entries = prop_oneof![
            prop::collection::btree_map(text(1..2), text(1..2), 0..8),
            prop::collection::btree_map(text(2..4), text(1..4), 0..6),
            prop::collection::btree_map(text(1..4), text(1..3), 0..6),
        ];
        let inline = |entries: BTreeMap<String, String>| {
            let entries = entries.iter().map(|(key, value)| format!("\"{key}\": \"{value}\"")).collect::<Vec<_>>();
            format!(r#"{{"type": "inline", "entries": {{{}}}}}"#, entries.join(", "))
        };
        entries.prop_map(inline).prop_recursive(3, 8, 4, |dict| {
            let policy = prop::sample::select(vec!["union", "short_circuit"]);
            (policy, prop::collection::vec(dict, 1..4)).prop_map(|(policy, dicts)| {
                format!(r#"{{"type": "group", "match_policy": "{policy}", "dicts": [{}]}}"#, dicts.join(", "))
            })
        })
    }

    fn config() -> impl Strategy<Value = String> {
        let segmentation = prop::option::of(dict()).prop_map(|dict| {
            dict.map_or_else(String::new, |dict| format!(r#""segmentation": {{"type": "mmseg", "dict": {dict}}},"#))
        });
        let normalization = prop::collection::btree_map(text(1..2), text(1..3), 0..2);
        (segmentation, normalization, prop::collection::vec(dict(), 0..3)).prop_map(|(segmentation, normal, chain)| {
            let normal = normal.iter().map(|(key, value)| format!("\"{key}\": \"{value}\"")).collect::<Vec<_>>();
            let chain = chain.iter().map(|dict| format!(r#"{{"dict": {dict}}}"#)).collect::<Vec<_>>();
            let normal = format!(r#"{{"dict": {{"type": "inline", "entries": {{{}}}}}}}"#, normal.join(", "));
            format!(r#"{{{segmentation} "normalization": [{normal}], "conversion_chain": [{}]}}"#, chain.join(", "))
        })
    }

    /// Characters that nothing happens to, or few, so that the loop comes to where it skips them, and to blocks' edges.
    fn filler() -> impl Strategy<Value = String> {
        let counts = prop_oneof![4 => 0..3_usize, 16 => 10..70_usize, 1 => BLOCK / 3 - 2..BLOCK / 3 + 2, 1 => BLOCK - 6..BLOCK + 1];
        (prop::sample::select(vec!["一", "z", "一z", "zz一", "é"]), counts)
            .prop_map(|(filler, count)| filler.repeat(count))
    }

    fn long_text() -> impl Strategy<Value = String> {
        prop::collection::vec((text(0..5), filler()), 0..16)
            .prop_map(|parts| parts.into_iter().flat_map(|(text, filler)| [text, filler]).collect())
    }

    /// ASCII was skipped without a look at the character before it: the key was not found after text that stays as it is.
    #[test]
    fn a_key_that_ends_with_ascii_is_found_in_quiet_text() {
        let plan = plan(r#"{"conversion_chain": [{"dict": {"type": "inline", "entries": {"拉O": "啦O"}}}]}"#);
        let levels = levels(&plan);
        let tables = tables(plan);
        assert!(tables.is_some());
        for len in [0, 40, 48, 60, 100] {
            let text = format!("{}拉O一一一一一一", "一".repeat(len));
            assert_eq!(whole(Conversion::new(tables, None), &levels, &text), text.replace("拉O", "啦O"), "{len}");
            assert!(Conversion::new(tables, None).same(&levels, &text) < text.len(), "{len}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// Stretches are exact for any configuration that they can be made for, not only for the built-in ones.
        #[test]
        fn the_fast_way_gives_what_the_chain_gives(
            config in config(), texts in prop::collection::vec(prop_oneof![text(0..60), long_text()], 8), cut in prop_oneof![1_usize..20, 20..2000_usize],
        ) {
            let plan = plan(&config);
            let levels = levels(&plan);
            let found = tables(plan);
            // Values with an operator may be more than the tables cover.
            prop_assert!(found.is_some() || config.contains(['⿰', '⿾']));
            for text in texts {
                let expected = whole(Conversion::new(None, None), &levels, &text);
                prop_assert_eq!(&whole(Conversion::new(found, None), &levels, &text), &expected);
                let same = Conversion::new(found, None).same(&levels, &text);
                prop_assert_eq!(&text[..same], &expected[..same]);
                prop_assert_eq!(&whole(Conversion::new(found, None), &levels, &text[same..]), &expected[same..]);

                let mut pieces = Vec::new();
                let mut conversion = Conversion::new(found, None);
                let mut rest = text.as_str();
                while !rest.is_empty() {
                    let (piece, behind) = rest.split_at(rest.char_indices().nth(cut).map_or(rest.len(), |(at, _)| at));
                    conversion.feed(&levels, piece, false, &mut pieces);
                    rest = behind;
                }
                conversion.feed(&levels, "", true, &mut pieces);
                prop_assert_eq!(str::from_utf8(&pieces).unwrap(), &expected);
            }
        }
    }
}
