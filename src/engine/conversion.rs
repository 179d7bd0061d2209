//! The fast way: what a filter of neighbouring characters shows to need no segmentation is converted character by
//! character; the stretches between are searched by tables made for it, or go to the [`Chain`].
//! `fanjian_dictionary::stretches` tells why that is exact.

use fanjian_dictionary::stretches::{Scratch, Stretches, Utf8};

use crate::engine::{
    cache::{self, Cache},
    chain::Chain,
    characters, description,
    level::Levels,
};

/// Text is taken in blocks of so many bytes, so that what is read and written stays in the nearest cache.
const BLOCK: usize = 2 * 1024;
/// Longer stretches go to the chain, which needs no memory for all of one.
const LONGEST: usize = 16 * 1024;

/// A conversion of a text that comes in pieces.
#[derive(Clone, Debug)]
pub(crate) struct Conversion {
    stretches: Option<&'static Stretches<'static>>,
    /// None before it is needed.
    chain: Option<Chain>,
    /// The stretch that the chain has begun and that may go on.
    open: Option<Open>,
    cache: Cache,
    scratch: Scratch,
    /// What a stretch becomes, before it is known whether it keeps its length.
    converted: Vec<u8>,
}

/// The end of a stretch, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    last: Option<Utf8>,
    last_is_special: bool,
    has_special: bool,
    /// How many more characters an ideographic description sequence may reach over.
    reach: usize,
}

/// A piece of text, and what it is converted with.
#[derive(Clone, Copy)]
struct Piece<'p> {
    stretches: &'static Stretches<'static>,
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
    /// Begins a conversion, by the tables for its levels where there are some.
    pub(crate) fn new(stretches: Option<&'static Stretches<'static>>) -> Conversion {
        Conversion {
            stretches,
            chain: None,
            open: None,
            cache: Cache::default(),
            scratch: Scratch::default(),
            converted: Vec::new(),
        }
    }

    /// Converts another piece of the text, as UTF-8 to the end of `out`. After the `last` piece the next text may begin.
    pub(crate) fn feed(&mut self, levels: &Levels, text: &str, last: bool, out: &mut Vec<u8>) {
        let Some(stretches) = self.stretches else {
            self.chain(levels).feed(levels.get(), text, last, out);
            return;
        };
        let piece = Piece { stretches, levels, text, last };
        let mut place = Place { at: 0, edge: 0 };
        if let Some(open) = self.open.take() {
            self.chain_stretch(piece, open, 0, &mut place, out);
        }
        while place.at < text.len() {
            self.block(piece, &mut place, out);
        }
        if !last && place.edge < text.len() {
            // The last stretch may go on.
            let stretch = piece.back(place.edge, text.len());
            out.truncate(out.len() - piece.converted_len(stretch, text.len()));
            self.chain_stretch(piece, Open::default(), stretch, &mut place, out);
        }
    }

    /// How many bytes at the beginning of a whole text stay as they are, up to a place that nothing reaches across.
    pub(crate) fn same(&self, levels: &Levels, text: &str) -> usize {
        let Some(stretches) = self.stretches else { return 0 };
        let piece = Piece { stretches, levels, text, last: true };
        let text = text.as_bytes();
        let mut at = 0;
        loop {
            let left = if at > 0 { Utf8::before(text, at) } else { Utf8::default() };
            at = characters::same(stretches, text, at, left);
            if at == text.len() {
                return at;
            }
            let character = Utf8::at(text, at);
            if stretches.alone(character) != Some(character) || (at > 0 && piece.is_effective(at, character)) {
                return piece.back(0, at);
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
        while place.at < end {
            let left = if place.at > place.edge { Utf8::before(text, place.at) } else { Utf8::default() };
            let block = &mut out[from..];
            place.at = start + characters::convert(stretches, &text[start..end], place.at - start, left, block);
            if place.at == end {
                break;
            }
            let at = place.at;
            let character = Utf8::at(text, at);
            let is_effective = at > place.edge && piece.is_effective(at, character);
            if !is_effective && let Some(output) = stretches.alone(character) {
                place.at += character.len();
                if output.len() == character.len() {
                    out[to(at)..to(place.at)].copy_from_slice(&output.bytes().to_le_bytes()[..output.len()]);
                    continue;
                }
                out.truncate(to(at));
                output.push(out);
                break;
            }

            let stretch = piece.back(place.edge, at);
            let stretch_to = match stretch.checked_sub(start) {
                Some(_) => to(stretch),
                None => from - piece.converted_len(stretch, start),
            };
            match piece.forward(at).filter(|stretch_end| stretch_end - stretch <= LONGEST) {
                Some(stretch_end) => {
                    *place = Place { at: stretch_end, edge: stretch_end };
                    let len = stretch_end - stretch;
                    let is_in_place = stretch >= start && stretch_end <= end;
                    let short = cache::Bytes::new(text, stretch, stretch_end);
                    let known = short.and_then(|short| self.cache.get(short)).map(|known| (known.bytes(), known.len()));
                    let converted = match &known {
                        Some((bytes, len)) => &bytes[..*len],
                        None => {
                            self.converted.clear();
                            stretches.convert(&text[stretch..stretch_end], &mut self.scratch, &mut self.converted);
                            if let Some(short) = short {
                                self.cache.insert(short, &self.converted);
                            }
                            &self.converted
                        }
                    };
                    if is_in_place && converted.len() == len {
                        out[stretch_to..stretch_to + len].copy_from_slice(converted);
                        continue;
                    }
                    out.truncate(stretch_to);
                    out.extend_from_slice(converted);
                }
                None => {
                    out.truncate(stretch_to);
                    self.chain_stretch(piece, Open::default(), stretch, place, out);
                }
            }
            break;
        }
    }

    /// Gives the chain the stretch that begins at `from`, or goes on there.
    fn chain_stretch(&mut self, piece: Piece<'_>, mut open: Open, from: usize, place: &mut Place, out: &mut Vec<u8>) {
        let end = open.end(piece.stretches, &piece.text.as_bytes()[from..]).map(|len| from + len);
        let is_whole = piece.last || end.is_some();
        let end = end.unwrap_or(piece.text.len());
        self.chain(piece.levels).feed(piece.levels.get(), &piece.text[from..end], is_whole, out);
        self.open = (!is_whole).then_some(open);
        *place = Place { at: end, edge: end };
    }

    fn chain(&mut self, levels: &Levels) -> &mut Chain {
        self.chain.get_or_insert_with(|| Chain::new(levels.get()))
    }
}

impl Piece<'_> {
    /// Whether an effective key may hold this character, which is at `at`, and the one before it.
    fn is_effective(&self, at: usize, character: Utf8) -> bool {
        let before = Utf8::before(self.text.as_bytes(), at);
        self.stretches.is_effective(before, character) && self.stretches.links(before, character)
    }

    /// Where the stretch begins that the text before `at`, but not beyond `edge`, belongs to.
    fn back(&self, edge: usize, at: usize) -> usize {
        let text = self.text.as_bytes();
        let mut stretch = at;
        // At the end of the text, and before what is special, the stretch goes on with any character.
        let mut right =
            (at < text.len()).then(|| Utf8::at(text, at)).filter(|&right| !self.stretches.is_special(right));
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

    /// Where the stretch ends that goes on at `at`. Nothing where it has special characters, or may go on behind the piece.
    fn forward(&self, at: usize) -> Option<usize> {
        let text = self.text.as_bytes();
        let mut end = at;
        let mut last = None;
        while end < text.len() {
            let character = Utf8::at(text, end);
            let is_special = self.stretches.is_special(character);
            if is_special || last.is_some_and(|last| !self.stretches.links(last, character)) {
                return (!is_special).then_some(end);
            }
            last = Some(character);
            end += character.len();
        }
        self.last.then_some(end)
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
            self.has_special |= is_special;
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
        let policy = prop::sample::select(vec!["union", "short_circuit"]);
        (policy, prop::collection::vec(entries.prop_map(inline), 1..4)).prop_map(|(policy, dicts)| {
            format!(r#"{{"type": "group", "match_policy": "{policy}", "dicts": [{}]}}"#, dicts.join(", "))
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

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// Stretches are exact for any configuration that they can be made for, not only for the built-in ones.
        #[test]
        fn the_fast_way_gives_what_the_chain_gives(
            config in config(), texts in prop::collection::vec(text(0..60), 8), cut in 1_usize..20,
        ) {
            let find = &mut |_: fanjian_dictionary::Reference<'_>| unreachable!("all dictionaries are inline");
            let plan = Config::parse(&config).unwrap().plan(false, find).unwrap();
            let levels = levels(&plan);
            // Leaked: tables of built-in configurations live as long as the program.
            let bytes: &'static [u8] = stretches::compile(&[("it".to_owned(), plan)]).leak();
            let found = Stretches::find(bytes, "it").map(|found| &*Box::leak(Box::new(found)));
            // Values with an operator may be more than the tables cover.
            prop_assert!(found.is_some() || config.contains(['⿰', '⿾']));
            for text in texts {
                let mut expected = Vec::new();
                Chain::new(levels.get()).feed(levels.get(), &text, true, &mut expected);
                let expected = String::from_utf8(expected).unwrap();
                let mut whole = Vec::new();
                Conversion::new(found).feed(&levels, &text, true, &mut whole);
                prop_assert_eq!(str::from_utf8(&whole).unwrap(), &expected);

                let same = Conversion::new(found).same(&levels, &text);
                prop_assert_eq!(&text[..same], &expected[..same]);
                let mut rest = Vec::new();
                Conversion::new(found).feed(&levels, &text[same..], true, &mut rest);
                prop_assert_eq!(str::from_utf8(&rest).unwrap(), &expected[same..]);

                let mut pieces = Vec::new();
                let mut conversion = Conversion::new(found);
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
