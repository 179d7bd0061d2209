//! The fast way: what a filter of neighbouring characters shows to need no segmentation is converted character by
//! character; the rest goes to the [`Chain`]. `fanjian_dictionary::stretches` tells why that is exact.

use fanjian_dictionary::stretches::{Left, Stretches};

use crate::engine::{chain::Chain, description, level::Level};

/// Text is taken in pieces of this many bytes, so that what is read and written stays in the nearest cache.
const PIECE: usize = 8 * 1024;
/// No character of the basic plane has more bytes of UTF-8, and no byte of input becomes more than one character.
const MOST_BYTES: usize = 3;

/// A conversion of a text that comes in pieces.
#[derive(Clone, Debug)]
pub(crate) struct Conversion {
    chain: Chain,
    stretches: Option<Stretches<'static>>,
    /// The stretch that the chain has begun and that may go on.
    open: Option<Open>,
    /// Characters converted one by one, before it is known whether they may be. Longer than what is written to it.
    converted: Vec<u8>,
}

/// The end of a stretch, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    last: Option<char>,
    last_is_special: bool,
    /// How many more characters an ideographic description sequence may reach over.
    reach: usize,
}

/// Where a run of characters converted one by one ended.
struct Run {
    /// The beginning of the stretch that it stopped in.
    stretch: usize,
    /// Whether the stretch has to go to the chain.
    needs_chain: bool,
}

impl Conversion {
    /// Begins a conversion by these levels, and the tables that belong to them.
    pub(crate) fn new(levels: &[Level], stretches: Option<Stretches<'static>>) -> Conversion {
        Conversion { chain: Chain::new(levels), stretches, open: None, converted: Vec::new() }
    }

    /// Converts another piece of the text, to the end of `out`. After the `last` piece the next text may begin.
    pub(crate) fn feed(&mut self, levels: &[Level], text: &str, last: bool, out: &mut String) {
        let Some(stretches) = self.stretches else {
            self.chain.feed(levels, text, last, out);
            return;
        };
        let mut rest = text;
        if let Some(open) = self.open.take() {
            rest = self.long_way(&stretches, open, levels, rest, last, out);
        }
        while !rest.is_empty() {
            let piece = &rest[..rest.floor_char_boundary(PIECE)];
            let is_whole = piece.len() == rest.len();
            // Not all at once: most texts are short.
            self.converted.resize(self.converted.len().max(MOST_BYTES * piece.len() + 4), 0);
            let run = self.run(&stretches, levels, piece, last && is_whole, out);
            rest = &rest[run.stretch..];
            if run.needs_chain || run.stretch == 0 || is_whole {
                rest = self.long_way(&stretches, Open::default(), levels, rest, last, out);
            }
        }
    }

    /// Gives the chain the stretch that `text` begins with, or goes on with, and gives back what stands behind it.
    fn long_way<'t>(
        &mut self,
        stretches: &Stretches<'_>,
        mut open: Open,
        levels: &[Level],
        text: &'t str,
        last: bool,
        out: &mut String,
    ) -> &'t str {
        match open.end(stretches, text) {
            Some(end) => {
                let (stretch, rest) = text.split_at(end);
                self.chain.feed(levels, stretch, true, out);
                rest
            }
            None => {
                self.chain.feed(levels, text, last, out);
                self.open = (!last).then_some(open);
                ""
            }
        }
    }

    /// Converts the stretches of `text`, up to one that has a special character, or that may go on behind it: where
    /// `text` is the `last`, none does.
    fn run(&mut self, stretches: &Stretches<'_>, levels: &[Level], text: &str, last: bool, out: &mut String) -> Run {
        let Conversion { chain, converted, .. } = self;
        // Copies and slices of the loop's own: what it reads through `self` it would read anew for each character.
        let stretches = *stretches;
        let skips_ascii = stretches.skips_ascii();
        let converted = converted.as_mut_slice();
        let bytes = text.as_bytes();
        let (mut at, mut to) = (0, 0);
        // Where the current stretch begins, in the text and in what is converted.
        let (mut stretch, mut stretch_to) = (0, 0);
        let mut is_effective = false;
        let mut left = Left::new(0);
        while at < bytes.len() {
            let ascii = if skips_ascii && bytes[at].is_ascii() { ascii_run(&bytes[at..]) } else { 0 };
            if ascii > 0 && !stretches.pair(left, u32::from(bytes[at])).links() {
                if is_effective {
                    append(out, &converted[..stretch_to]);
                    chain.feed(levels, &text[stretch..at], true, out);
                    to = 0;
                }
                converted[to..to + ascii].copy_from_slice(&bytes[at..at + ascii]);
                (at, to) = (at + ascii, to + ascii);
                left = Left::new(u32::from(bytes[at - 1]));
                // The stretch that what follows belongs to may begin within the run.
                (stretch, stretch_to, is_effective) = (at - 1, to - 1, false);
                for back in 1..ascii {
                    let pair = stretches.pair(Left::new(u32::from(bytes[at - back - 1])), u32::from(bytes[at - back]));
                    if !pair.links() {
                        break;
                    }
                    is_effective |= pair.is_effective();
                    (stretch, stretch_to) = (stretch - 1, stretch_to - 1);
                }
                continue;
            }
            let (character, len) = decode(bytes, at);
            let Some(output) = stretches.alone(character) else {
                append(out, &converted[..stretch_to]);
                return Run { stretch, needs_chain: true };
            };
            let pair = stretches.pair(left, character);
            if is_effective & !pair.links() {
                append(out, &converted[..stretch_to]);
                chain.feed(levels, &text[stretch..at], true, out);
                to = 0;
            }
            is_effective = pair.links() & (is_effective | pair.is_effective());
            stretch = select(pair.links(), stretch, at);
            stretch_to = select(pair.links(), stretch_to, to);
            let (output, output_len) = encode(output);
            converted[to..to + 4].copy_from_slice(&output);
            left = Left::new(character);
            at += len;
            to += output_len;
        }
        if last && !is_effective {
            (stretch, stretch_to) = (at, to);
        }
        append(out, &converted[..stretch_to]);
        Run { stretch, needs_chain: is_effective }
    }
}

impl Open {
    /// Where the stretch ends in `text`. Nothing where it may go on behind it.
    fn end(&mut self, stretches: &Stretches<'_>, text: &str) -> Option<usize> {
        for (at, character) in text.char_indices() {
            let is_special = stretches.alone(character as u32).is_none();
            if let Some(last) = self.last {
                let links = self.reach > 0 || self.last_is_special || is_special;
                if !links && !stretches.pair(Left::new(last as u32), character as u32).links() {
                    return Some(at);
                }
            }
            self.reach =
                if description::is_operator(character) { description::LONGEST } else { self.reach.saturating_sub(1) };
            self.last = Some(character);
            self.last_is_special = is_special;
        }
        None
    }
}

/// How many ASCII bytes `bytes` begin with, in blocks: 0 where there is not a block of them.
#[inline]
fn ascii_run(bytes: &[u8]) -> usize {
    let blocks = bytes.as_chunks::<16>().0;
    16 * blocks.iter().take_while(|block| u128::from_ne_bytes(**block) & (u128::MAX / 255 * 128) == 0).count()
}

/// One of two numbers, without a branch: whether a key links two characters is as good as random.
#[inline]
fn select(which: bool, one: usize, other: usize) -> usize {
    let mask = usize::from(which).wrapping_neg();
    (one & mask) | (other & !mask)
}

/// The character that begins at this byte: its code point, and its length.
#[inline]
fn decode(bytes: &[u8], at: usize) -> (u32, usize) {
    let word = match bytes.get(at..).and_then(|bytes| bytes.first_chunk::<4>()) {
        Some(word) => *word,
        None => {
            let mut word = [0; 4];
            word[..bytes.len() - at].copy_from_slice(&bytes[at..]);
            word
        }
    };
    let word = u32::from_be_bytes(word);
    let bits = |from: u32, mask: u32| word >> from & mask;
    match word >> 24 {
        0xe0..0xf0 => (bits(12, 0xf000) | bits(10, 0xfc0) | bits(8, 0x3f), 3),
        0..0x80 => (word >> 24, 1),
        0x80..0xe0 => (bits(18, 0x7c0) | bits(16, 0x3f), 2),
        _ => (bits(6, 0x1c0000) | bits(4, 0x3f000) | bits(2, 0xfc0) | bits(0, 0x3f), 4),
    }
}

/// The UTF-8 of a code point, and its length.
#[inline]
fn encode(character: u32) -> ([u8; 4], usize) {
    let low = |shift: u32| 0x80 | (character >> shift & 0x3f) as u8;
    match character {
        0x800..0x10000 => ([0xe0 | (character >> 12) as u8, low(6), low(0), 0], 3),
        0..0x80 => ([character as u8, 0, 0, 0], 1),
        0x80..0x800 => ([0xc0 | (character >> 6) as u8, low(0), 0, 0], 2),
        _ => ([0xf0 | (character >> 18) as u8, low(12), low(6), low(0)], 4),
    }
}

fn append(out: &mut String, bytes: &[u8]) {
    out.push_str(simdutf8::basic::from_utf8(bytes).expect("whole characters are copied and encoded"));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use fanjian_dictionary::{Config, Plan, stretches};
    use proptest::prelude::*;

    use super::*;
    use crate::engine::level::Work;

    fn levels(plan: &Plan) -> Vec<Level> {
        let plan = plan.clone();
        let normalize = plan.normalization.into_iter().map(Work::Normalize);
        let segment = plan.segmentation.map(|dictionaries| Work::Segment { own: None, dictionaries });
        normalize.chain(segment).chain(plan.chain.into_iter().map(Work::Convert)).map(Level::new).collect()
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
            let found = Stretches::find(bytes, "it");
            // Values with an operator may be more than the tables cover.
            prop_assert!(found.is_some() || config.contains(['⿰', '⿾']));
            for text in texts {
                let mut expected = String::new();
                Chain::new(&levels).feed(&levels, &text, true, &mut expected);
                let mut whole = String::new();
                Conversion::new(&levels, found).feed(&levels, &text, true, &mut whole);
                prop_assert_eq!(&whole, &expected);

                let mut pieces = String::new();
                let mut conversion = Conversion::new(&levels, found);
                let mut rest = text.as_str();
                while !rest.is_empty() {
                    let (piece, behind) = rest.split_at(rest.char_indices().nth(cut).map_or(rest.len(), |(at, _)| at));
                    conversion.feed(&levels, piece, false, &mut pieces);
                    rest = behind;
                }
                conversion.feed(&levels, "", true, &mut pieces);
                prop_assert_eq!(&pieces, &expected);
            }
        }
    }
}
