//! The engine against a model of OpenCC's algorithm that is written to be read, on random configurations.

use std::collections::BTreeMap;

use fanjian::Converter;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::ways::WAYS;

#[derive(Clone, Debug)]
enum Group {
    Inline(BTreeMap<String, String>),
    ShortCircuit(Vec<Group>),
    Union(Vec<Group>),
}

impl Group {
    fn json(&self) -> Value {
        let group = |policy: &str, children: &[Group]| {
            let children: Vec<Value> = children.iter().map(Group::json).collect();
            json!({ "type": "group", "match_policy": policy, "dicts": children })
        };
        match self {
            Group::Inline(entries) => json!({ "type": "inline", "entries": entries }),
            Group::ShortCircuit(children) => group("short_circuit", children),
            Group::Union(children) => group("union", children),
        }
    }

    /// Length of the matched key, and the value.
    fn find(&self, text: &str) -> Option<(usize, String)> {
        match self {
            Group::Inline(entries) => {
                let keys = entries.iter().filter(|(key, _)| text.starts_with(*key));
                keys.max_by_key(|(key, _)| key.len()).map(|(key, value)| (key.len(), value.clone()))
            }
            Group::ShortCircuit(children) => children.iter().find_map(|child| child.find(text)),
            // Of several maxima, max_by_key gives the last.
            Group::Union(children) => {
                children.iter().rev().filter_map(|child| child.find(text)).max_by_key(|hit| hit.0)
            }
        }
    }

    /// The text in matched keys with their values, and single characters or description sequences without.
    fn tokens(&self, text: &str) -> Vec<(String, Option<String>)> {
        let mut tokens = Vec::new();
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let (len, value) = match self.find(rest) {
                Some((len, value)) => (len, Some(value)),
                None => (sequence(rest).unwrap_or(character.len_utf8()), None),
            };
            tokens.push((rest[..len].to_owned(), value));
            rest = &rest[len..];
        }
        tokens
    }

    fn replace(&self, text: &str) -> String {
        self.tokens(text).into_iter().map(|(key, value)| value.unwrap_or(key)).collect()
    }
}

/// Length of a complete description sequence of two operands each, the only ones in these tests, within the limits.
fn sequence(text: &str) -> Option<usize> {
    fn read(text: &str, at: usize, depth: usize) -> Option<usize> {
        let character = text[at..].chars().next().filter(|_| depth < 16)?;
        let mut end = at + character.len_utf8();
        if character == '⿰' {
            for _ in 0..2 {
                end = read(text, end, depth + 1)?;
            }
        }
        Some(end)
    }
    let end = text.starts_with('⿰').then(|| read(text, 0, 0))??;
    (text[..end].chars().count() <= 64).then_some(end)
}

#[derive(Clone, Debug)]
struct Config {
    normalization: Vec<Group>,
    segmentation: Option<Group>,
    chain: Vec<Group>,
}

impl Config {
    fn json(&self) -> String {
        let stages = |groups: &[Group]| groups.iter().map(|group| json!({ "dict": group.json() })).collect::<Vec<_>>();
        let mut config = json!({
            "normalization": stages(&self.normalization), "conversion_chain": stages(&self.chain),
        });
        if let Some(group) = &self.segmentation {
            config["segmentation"] = json!({ "type": "mmseg", "dict": group.json() });
        }
        config.to_string()
    }

    fn convert(&self, text: &str) -> String {
        let text = self.normalization.iter().fold(text.to_owned(), |text, group| group.replace(&text));
        let mut segments = Vec::new();
        match &self.segmentation {
            None => segments.push(text),
            Some(group) => {
                let mut run = String::new();
                for (token, value) in group.tokens(&text) {
                    if value.is_some() {
                        segments.push(std::mem::take(&mut run));
                        segments.push(token);
                    } else {
                        run += &token;
                    }
                }
                segments.push(run);
            }
        }
        segments
            .into_iter()
            .map(|segment| self.chain.iter().fold(segment, |text, group| group.replace(&text)))
            .collect()
    }
}

/// Few characters, so that keys overlap; among them one of two, three and four bytes, and an operator.
fn text(len: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    let characters = vec!['a', 'b', 'c', 'é', '后', '\u{20000}', '⿰'];
    prop::collection::vec(prop::sample::select(characters), len).prop_map(String::from_iter)
}

fn group() -> impl Strategy<Value = Group> {
    let inline = prop::collection::btree_map(text(1..5), text(1..4), 0..12).prop_map(Group::Inline);
    inline.prop_recursive(3, 12, 3, |group| {
        let children = prop::collection::vec(group, 0..4);
        prop_oneof![children.clone().prop_map(Group::ShortCircuit), children.prop_map(Group::Union),]
    })
}

fn config() -> impl Strategy<Value = Config> {
    let stages = |most| prop::collection::vec(group(), 0..most);
    (stages(2), prop::option::of(group()), stages(4)).prop_map(|(normalization, segmentation, chain)| Config {
        normalization,
        segmentation,
        chain,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn every_way_agrees_with_the_model(config in config(), texts in prop::collection::vec(text(0..40), 5)) {
        let converter = Converter::builder().config_json(config.json()).build().unwrap();
        for text in texts {
            let expected = config.convert(&text);
            for (way, convert) in WAYS {
                prop_assert_eq!(convert(&converter, &text), &*expected, "{}", way);
            }
        }
    }
}
