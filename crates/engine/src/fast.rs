//! The fast conversion: text that a filter of neighbouring characters shows to need no segmentation is converted character by
//! character; the spans between are searched by tables made for it, or go to the [`ReferenceChain`](crate::ReferenceChain). The module
//! [`tables`](crate::tables) has the argument why that is exact.

use std::mem;

use fanjian_dictionary::utf8;

use crate::{
    block::{Blocks, LONGEST, Pause},
    cursor::{Block, Place},
    fallback::Fallback,
    fast_tables::FastTables,
    overlay::Overlay,
    piece::{Open, Piece},
    stage::Stages,
    tables::part,
};

/// Text is taken in blocks of this length in bytes, so that what is read and written stays in the nearest cache.
const BLOCK: usize = 4 * 1024;
/// How many bytes beyond the length of its text the output of a block gets, where it needs more memory or has it.
const ROOM: usize = 256;

/// A span that may go on is converted by the tables from this length on, in bytes.
const LONG_SPAN: usize = 1024;

/// A conversion of a text that comes in pieces.
#[derive(Clone, Debug)]
pub struct FastConversion {
    shared: Option<&'static FastTables>,
    fallback: Fallback,
    open: Option<OpenSpan>,
    blocks: Blocks,
}

/// A span that may go on behind a piece.
#[derive(Clone, Debug, Default)]
struct OpenSpan {
    open: Open,
    /// What is not converted of it, from an edge on: not more than a block may have.
    held: String,
    /// Whether it has gone to the chain, with what was held.
    is_for_chain: bool,
}

impl FastConversion {
    /// Begins a conversion: by these tables, which must be those for its stages; without tables, by the reference chain.
    #[inline]
    pub fn new(tables: Option<&'static FastTables>) -> FastConversion {
        FastConversion { shared: tables, fallback: Fallback::default(), open: None, blocks: Blocks::default() }
    }

    /// Converts another piece of the text, as UTF-8 to the end of `out`. After the `last` piece the next text may begin.
    pub fn feed(&mut self, stages: &Stages, text: &str, last: bool, out: &mut Vec<u8>) {
        self.feed_on(stages, text, last, out);
        self.release_cache(stages);
    }

    /// As [`feed`](Self::feed), if the next piece or text comes at once: after the last one, the caller has to
    /// [release the cache](Self::release_cache).
    pub fn feed_on(&mut self, stages: &Stages, text: &str, last: bool, out: &mut Vec<u8>) {
        let Some(FastTables { tables, caches, .. }) = self.shared else {
            return self.feed_by_stages(stages, text, last, out);
        };
        self.feed_piece(Piece::new(tables, caches, None, stages, text, last), out);
    }

    #[inline]
    fn feed_piece(&mut self, piece: Piece<'_>, out: &mut Vec<u8>) {
        let Piece { text, last, .. } = piece;
        let mut place = Place { at: 0, edge: 0 };
        if let Some(open) = self.open.take() {
            self.open_span(piece, open, 0, &mut place, out);
        }
        while place.at < text.len() {
            self.block(piece, &mut place, out);
        }
        let is_settled = text.ends_with('\n') && piece.tables.keeps_lines();
        if !last && place.edge < text.len() && !is_settled {
            // The last span may go on. (Not behind a line, as texts mostly come.)
            let span = piece.back(place.edge, text.len(), None);
            out.truncate(out.len() - piece.converted_len(span, text.len()));
            self.open_span(piece, OpenSpan::default(), span, &mut place, out);
        }
    }

    /// Converts the next block of a piece, or more where a span goes on behind it, or less where the memory of a block is not enough for
    /// one.
    fn block(&mut self, piece: Piece<'_>, place: &mut Place, out: &mut Vec<u8>) {
        let end = place.at + utf8::floor(&piece.bytes[place.at..], BLOCK);
        let mut needed = end - place.at;
        loop {
            let to = out.len();
            // More than the text needs, as far as it costs no new memory, for words that become longer.
            let len = to + needed;
            out.resize(len.max(out.capacity().min(len + ROOM)), 0);
            let (to, pause) = self.blocks.convert(&piece, place, to, Block { end, out });
            out.truncate(to);
            match pause {
                Pause::End => return,
                Pause::Room(len) => needed = len + ROOM,
                Pause::Span(span) => return self.open_span(piece, OpenSpan::default(), span, place, out),
            }
        }
    }

    /// By what is laid over tables, or by the reference chain. Out of the way of the fast one, whose short texts pay for each
    /// register that it saves.
    #[inline(never)]
    fn feed_by_stages(&mut self, stages: &Stages, text: &str, last: bool, out: &mut Vec<u8>) {
        let Some(overlay) = stages.overlay_for(text.len()) else {
            // With tables, the rest of the text could go on behind an edge.
            let behind = || OpenSpan { open: Open::behind_unknown(), is_for_chain: true, held: String::new() };
            self.open = (!last).then(behind);
            return self.fallback.feed(None, stages, text, last, out);
        };
        let Overlay { caches, .. } = overlay;
        self.feed_piece(Piece::new(&overlay.tables(), caches, Some(overlay), stages, text, last), out);
    }

    /// Leaves to other conversions the cache, which is not needed between two pieces. `stages` are those of the conversion.
    #[inline]
    pub fn release_cache(&mut self, stages: &Stages) {
        match (self.shared, stages.overlay()) {
            (Some(tables), _) => self.blocks.release_cache(&tables.caches),
            (None, Some(overlay)) => self.blocks.release_cache(&overlay.caches),
            (None, None) => {}
        }
    }

    /// How many bytes at the beginning of a whole text stay as they are, up to a place that nothing reaches across.
    pub fn same(&self, stages: &Stages, text: &str) -> usize {
        if let Some(FastTables { tables, caches, .. }) = self.shared {
            return Piece::new(tables, caches, None, stages, text, true).same();
        }
        let Some(overlay) = stages.overlay() else { return 0 };
        let Overlay { caches, .. } = overlay;
        Piece::new(&overlay.tables(), caches, Some(overlay), stages, text, true).same()
    }

    /// Converts the span that begins at `from`, or goes on there, and may go on behind the piece: by the tables as far as they decide,
    /// or by the chain, if it is short, or has fallback characters or may have own words.
    #[inline(never)]
    fn open_span(&mut self, piece: Piece<'_>, mut span: OpenSpan, from: usize, place: &mut Place, out: &mut Vec<u8>) {
        let end = span.open.end(piece.tables, &piece.text.as_bytes()[from..]).map(|len| from + len);
        let is_whole = piece.last || end.is_some();
        let end = end.unwrap_or(piece.text.len());
        *place = Place { at: end, edge: end };
        let mut text = part(piece.text, from..end);
        let mut held = mem::take(&mut span.held);
        if !held.is_empty() {
            held.push_str(text);
            text = &held;
        }
        if !span.is_for_chain {
            // The chain keeps back less of a span than the tables: what is short is output without a wait for more.
            let is_short = held.is_empty() && !is_whole && text.len() < LONG_SPAN;
            span.is_for_chain = is_short || span.open.has_fallback || piece.overlay.is_some_and(Overlay::has_words);
            if !span.is_for_chain {
                let done = self.blocks.convert_long(&piece, text, is_whole, out);
                text = part(text, done..text.len());
                // So much without an edge is in no text: only keys that overlap each other to its end have none.
                span.is_for_chain = text.len() > LONGEST;
            }
        }
        if span.is_for_chain {
            self.fallback.feed(Some(piece.tables), piece.stages, text, is_whole, out);
        } else {
            text.clone_into(&mut span.held);
        }
        self.open = (!is_whole).then_some(span);
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, iter, sync::OnceLock};

    use fanjian_dictionary::{Config, Plan, processor::Vectors};
    use proptest::prelude::*;

    use super::*;
    use crate::{
        short::{SHORT, convert_short},
        stage::{Stage, StageKind},
        tables::{self, FusedTables},
    };

    fn stages(plan: &Plan) -> Stages {
        let plan = plan.clone();
        let normalize = plan.normalization.into_iter().map(StageKind::Normalize);
        let segment = plan.segmentation.map(|dictionaries| StageKind::Segment { user: None, dictionaries });
        normalize
            .chain(segment)
            .chain(plan.chain.into_iter().map(StageKind::Convert))
            .map(Stage::new)
            .collect::<Vec<_>>()
            .into()
    }

    /// The tables of a configuration, for good: those of built-in ones live as long as the program.
    fn tables(plan: Plan) -> Option<&'static FastTables> {
        let bytes: &'static [u8] = tables::compile(&[("it".to_owned(), plan)]).unwrap().leak();
        FusedTables::find(bytes, "it").unwrap().map(|found| &*Box::leak(Box::new(FastTables::from(found))))
    }

    fn plan(config: &str) -> Plan {
        let find = &mut |_: fanjian_dictionary::Reference<'_>| unreachable!("all dictionaries are inline");
        Config::parse(config).unwrap().plan(false, find).unwrap()
    }

    /// The same, with what every processor can do alone, and with the lesser ones of the vectors that this one has.
    fn twins(tables: &FastTables) -> Vec<&'static FastTables> {
        let others = iter::once(None).chain(Vectors::all().into_iter().skip(1).map(Some));
        let others = others.map(|vectors| tables.tables.with_vectors(vectors));
        // With many notable characters, they are found in another way.
        let all = others.chain([tables.tables.without_buckets()]);
        all.map(|tables| &*Box::leak(Box::new(FastTables::from(tables)))).collect()
    }

    fn whole(mut conversion: FastConversion, stages: &Stages, text: &str) -> String {
        let mut out = Vec::new();
        conversion.feed(stages, text, true, &mut out);
        String::from_utf8(out).unwrap()
    }

    /// A span without end, of keys that overlap: longer than what the tables take, and than a block.
    #[test]
    fn a_long_stretch_gives_what_the_chain_gives() {
        let entries = r#"{"后面": "後面", "面后": "麵后", "里": "裏里"}"#;
        let plan =
            plan(&format!(r#"{{"conversion_chain": [{{"dict": {{"type": "inline", "entries": {entries}}}}}]}}"#));
        let stages = stages(&plan);
        let tables = tables(plan);
        assert!(tables.is_some());
        for len in [1, BLOCK / 6, BLOCK, LONGEST / 6, LONGEST] {
            for text in ["后面".repeat(len), format!("一{}里", "面后".repeat(len)), "一二后面三四里".repeat(len)]
            {
                let expected = whole(FastConversion::new(None), &stages, &text);
                assert_eq!(whole(FastConversion::new(tables), &stages, &text), expected, "{len}");
                let mut conversion = FastConversion::new(tables);
                let mut out = Vec::new();
                for piece in [&text[..text.len() / 6 * 3], &text[text.len() / 6 * 3..]] {
                    conversion.feed(&stages, piece, false, &mut out);
                }
                conversion.feed(&stages, "", true, &mut out);
                assert_eq!(String::from_utf8(out).unwrap(), expected, "{len}, in pieces");
            }
        }
    }

    fn in_pieces(tables: &'static FastTables, stages: &Stages, pieces: &[&str]) -> String {
        let (mut conversion, mut out) = (FastConversion::new(Some(tables)), Vec::new());
        pieces.iter().for_each(|piece| conversion.feed(stages, piece, false, &mut out));
        conversion.feed(stages, "", true, &mut out);
        String::from_utf8(out).unwrap()
    }

    /// A pipe made them for the line feed at its end, of every text.
    #[test]
    fn no_stage_is_made_for_lines() {
        static STAGES: OnceLock<Vec<Stage>> = OnceLock::new();
        let lazy = Stages::Lazy(&STAGES, (|_| unreachable!("the tables suffice"), 0));
        let plan =
            plan(r#"{"conversion_chain": [{"dict": {"type": "inline", "entries": {"后面": "後面", "里": "裏"}}}]}"#);
        let tables = tables(plan).unwrap();
        assert_eq!(in_pieces(tables, &lazy, &["在后面\n里\n", "\n", "后面\r\n"]), "在後面\n裏\n\n後面\r\n");
    }

    #[test]
    fn keys_with_line_feeds_are_found_across_pieces() {
        let entries = r#"{"里\n面": "內", "\n后": "\n後", "头\n": "頭", "发": "發"}"#;
        let dict = format!(r#"{{"dict": {{"type": "inline", "entries": {entries}}}}}"#);
        for plan in [format!(r#"{{"conversion_chain": [{dict}]}}"#), {
            let segmentation = dict.replacen(r#"{"dict""#, r#"{"type": "mmseg", "dict""#, 1);
            format!(r#"{{"segmentation": {segmentation}, "conversion_chain": [{dict}]}}"#)
        }]
        .map(|config| plan(&config))
        {
            let stages = stages(&plan);
            let tables = tables(plan).unwrap();
            let text = "里\n面发\n后头\n发里\n";
            let expected = whole(FastConversion::new(None), &stages, text);
            assert_eq!(expected, "內發\n後頭發里\n");
            for (at, _) in text.char_indices() {
                let (left, right) = text.split_at(at);
                assert_eq!(in_pieces(tables, &stages, &[left, right]), expected, "{at}");
            }
        }
    }

    fn short(tables: &'static FastTables, stages: &Stages, text: &str) -> Option<String> {
        convert_short(Some(tables), stages, text, |out| String::from_utf8(out.to_vec()).unwrap())
    }

    /// Of every length, with words and longer output at both ends and in the middle.
    #[test]
    fn a_short_text_gives_what_the_chain_gives() {
        let entries = r#"{"后面": "後面", "面后": "麵后", "头发": "髮", "里": "裏", "一里": "一里里"}"#;
        let plan =
            plan(&format!(r#"{{"conversion_chain": [{{"dict": {{"type": "inline", "entries": {entries}}}}}]}}"#));
        let stages = stages(&plan);
        let all = tables(plan).map(|tables| [vec![tables], twins(tables)].concat()).unwrap_or_default();
        assert!(!all.is_empty());
        let ends = ["", "里", "后面", "头发", "一里", "é后", "面\u{20000}", "a"];
        for (len, begin, end) in (0..180)
            .flat_map(|len| ends.map(|begin| (len, begin)))
            .flat_map(|(len, begin)| ends.map(|end| (len, begin, end)))
        {
            let text = format!("{begin}{}{end}", "后三a面头发".chars().cycle().take(len).collect::<String>());
            let expected = whole(FastConversion::new(None), &stages, &text);
            let is_short = text.len() <= SHORT;
            for tables in &all {
                let found = short(tables, &stages, &text);
                assert_eq!(found, is_short.then(|| expected.clone()), "{text}");
            }
        }
    }

    /// There is no room for what they become: they are left to what converts any text.
    #[test]
    fn short_texts_that_do_not_fit_are_left() {
        let value = "麵".repeat(30);
        let entries = format!(r#"{{"后面": "{value}", "里": "裏"}}"#);
        let plan =
            plan(&format!(r#"{{"conversion_chain": [{{"dict": {{"type": "inline", "entries": {entries}}}}}]}}"#));
        let stages = stages(&plan);
        let tables = tables(plan).unwrap();
        let all = [vec![tables], twins(tables)].concat();
        for (len, is_short) in [(1, true), (3, false), (10, false), (60, false)] {
            let text = "后面".repeat(len);
            let expected = whole(FastConversion::new(None), &stages, &text);
            assert_eq!(expected, value.repeat(len));
            for &tables in &all {
                assert_eq!(short(tables, &stages, &text), is_short.then(|| expected.clone()), "{len}");
                assert_eq!(whole(FastConversion::new(Some(tables)), &stages, &text), expected, "{len}");
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
        let stages = stages(&plan);
        let tables = tables(plan);
        assert!(tables.is_some());
        for len in [0, 40, 48, 60, 100] {
            let text = format!("{}拉O一一一一一一", "一".repeat(len));
            assert_eq!(whole(FastConversion::new(tables), &stages, &text), text.replace("拉O", "啦O"), "{len}");
            assert!(FastConversion::new(tables).same(&stages, &text) < text.len(), "{len}");
        }
    }

    /// Characters that keys join with each other, for far longer than a key is.
    fn run() -> impl Strategy<Value = String> {
        let pattern = prop::collection::vec(prop::sample::select(vec!['后', '面', '里', '發', 'a']), 1..6);
        let part = (pattern, 1..600_usize).prop_map(|(pattern, count)| String::from_iter(pattern).repeat(count));
        let between = prop_oneof![8 => Just(""), 1 => Just("b"), 1 => Just("\u{20000}")];
        prop::collection::vec((part, between), 1..5)
            .prop_map(|parts| parts.into_iter().flat_map(|(part, between)| [part, between.to_owned()]).collect())
    }

    /// A run of characters that keys join went to the chain, at a hundredth of the speed, once it reached over the end of a piece.
    #[test]
    fn no_stage_is_made_for_runs() {
        static STAGES: OnceLock<Vec<Stage>> = OnceLock::new();
        let lazy = Stages::Lazy(&STAGES, (|_| unreachable!("the tables suffice"), 0));
        let first = r#"{"的的确确": "的的確確", "里里": "裏裏", "里面": "裏麪", "面里": "面裏", "的": "的"}"#;
        let second = r#"{"裏裏": "內內", "麪裏": "面內"}"#;
        let dict = |entries: &str| format!(r#"{{"dict": {{"type": "inline", "entries": {entries}}}}}"#);
        let chain = format!(r#""conversion_chain": [{}, {}]"#, dict(first), dict(second));
        let segmentation = dict(first).replacen(r#"{"dict""#, r#"{"type": "mmseg", "dict""#, 1);
        for config in [format!("{{{chain}}}"), format!(r#"{{"segmentation": {segmentation}, {chain}}}"#)] {
            let plan = plan(&config);
            let stages = stages(&plan);
            let tables = tables(plan).unwrap();
            for text in ["的".repeat(9_000), "里".repeat(9_001)] {
                let expected = whole(FastConversion::new(None), &stages, &text);
                for len in [1_200, 9_999, 60_000] {
                    let pieces: Vec<_> =
                        text.as_bytes().chunks(len).map(|piece| str::from_utf8(piece).unwrap()).collect();
                    assert!(in_pieces(tables, &lazy, &pieces) == expected, "{len} {}", &text[..12]);
                }
                assert!(whole(FastConversion::new(Some(tables)), &lazy, &text) == expected, "{}", &text[..12]);
            }
        }
    }

    /// A part of a run is as long as a block may be: the longest key may begin before its end, and end behind it.
    #[test]
    fn the_longest_key_is_found_where_a_part_of_a_run_ends() {
        // Two characters, and 252 bytes.
        let longest = format!("的{}", "里".repeat(85));
        let entries =
            format!(r#"{{"{longest}": "長", "的里": "得裡", "的的确确": "的的確確", "里里": "里里", "里的": "里的"}}"#);
        let dict = |entries: &str| format!(r#"{{"dict": {{"type": "inline", "entries": {entries}}}}}"#);
        let (own, other) = (dict(&entries), dict(r#"{"的": "的", "的里": "的里"}"#));
        let segmentation = own.replacen(r#"{"dict""#, r#"{"type": "mmseg", "dict""#, 1);
        for config in [
            format!(r#"{{"conversion_chain": [{own}]}}"#),
            format!(r#"{{"conversion_chain": [{other}, {own}]}}"#),
            format!(r#"{{"segmentation": {segmentation}, "conversion_chain": [{own}]}}"#),
        ] {
            let plan = plan(&config);
            let stages = stages(&plan);
            let tables = tables(plan).unwrap();
            for before in (LONGEST / 3 - 90..LONGEST / 3 + 2).step_by(4) {
                let text = format!("{}{}{}", "的".repeat(before), "里".repeat(85), "的".repeat(200));
                let expected = whole(FastConversion::new(None), &stages, &text);
                assert!(expected.contains('長'));
                assert!(whole(FastConversion::new(Some(tables)), &stages, &text) == expected, "{before} {config}");
                let (piece, behind) = text.split_at(LONGEST / 3 * 3);
                assert!(in_pieces(tables, &stages, &[piece, behind]) == expected, "{before} {config}, in pieces");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn a_long_run_gives_what_the_chain_gives(config in config(), text in run(), cut in 1_usize..9_000) {
            let plan = plan(&config);
            let stages = stages(&plan);
            let found = tables(plan);
            let expected = whole(FastConversion::new(None), &stages, &text);
            prop_assert!(whole(FastConversion::new(found), &stages, &text) == expected);
            let (mut conversion, mut pieces) = (FastConversion::new(found), Vec::new());
            let characters: Vec<char> = text.chars().collect();
            for piece in characters.chunks(cut) {
                conversion.feed(&stages, &String::from_iter(piece), false, &mut pieces);
            }
            conversion.feed(&stages, "", true, &mut pieces);
            prop_assert!(pieces == expected.as_bytes());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// FusedTables are exact for any configuration that they can be made for, not only for the built-in ones.
        #[test]
        fn the_fast_way_gives_what_the_chain_gives(
            config in config(), texts in prop::collection::vec(prop_oneof![text(0..60), long_text()], 8), cut in prop_oneof![1_usize..20, 20..2000_usize],
        ) {
            let plan = plan(&config);
            let stages = stages(&plan);
            let found = tables(plan);
            let twins = found.map(twins).unwrap_or_default();
            // Values with an operator may be more than the tables cover.
            prop_assert!(found.is_some() || config.contains(['⿰', '⿾']));
            for text in texts {
                let expected = whole(FastConversion::new(None), &stages, &text);
                prop_assert_eq!(&whole(FastConversion::new(found), &stages, &text), &expected);
                if let Some(short) = found.and_then(|tables| short(tables, &stages, &text)) {
                    prop_assert_eq!(&short, &expected);
                }
                for &twin in &twins {
                    prop_assert_eq!(&whole(FastConversion::new(Some(twin)), &stages, &text), &expected);
                    prop_assert_eq!(&short(twin, &stages, &text).unwrap_or_else(|| expected.clone()), &expected);
                    prop_assert_eq!(FastConversion::new(Some(twin)).same(&stages, &text), FastConversion::new(found).same(&stages, &text));
                }
                let same = FastConversion::new(found).same(&stages, &text);
                prop_assert_eq!(&text[..same], &expected[..same]);
                prop_assert_eq!(&whole(FastConversion::new(found), &stages, &text[same..]), &expected[same..]);

                let mut pieces = Vec::new();
                let mut conversion = FastConversion::new(found);
                let mut rest = text.as_str();
                while !rest.is_empty() {
                    let (piece, behind) = rest.split_at(rest.char_indices().nth(cut).map_or(rest.len(), |(at, _)| at));
                    conversion.feed(&stages, piece, false, &mut pieces);
                    rest = behind;
                }
                conversion.feed(&stages, "", true, &mut pieces);
                prop_assert_eq!(str::from_utf8(&pieces).unwrap(), &expected);
            }
        }
    }
}
