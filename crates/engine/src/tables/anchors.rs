//! The choice of the pairs by which non-compositional keys are found in a text: of each key, two characters side by side, one of
//! which is their *anchor*.
//!
//! Only where a text has an anchor is it asked for pairs, so that few characters are anchors, and seldom ones. That is a
//! weighted set cover, chosen greedily: again and again the character that most keys not yet covered have, for how frequent it
//! is; then those that no key needs any more are left out, which are two in five. Of `s2t`, one character in eleven of a Simplified
//! text is one, and one in seventeen of a Traditional text; with pairs chosen by themselves, three in four were the right character
//! of one.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap},
};

use super::frequency::{self, SELDOM};

/// What ASCII has in the place of how often it is in texts: it must be no anchor, since a text's ASCII is not looked at.
const NEVER: u64 = 1 << 30;

/// A non-compositional key: for each of its characters, those of a text that it may be made from.
pub(super) type Key = Vec<BTreeSet<char>>;

/// The pairs of all keys, and their anchors.
#[derive(Debug, Default)]
pub(super) struct AnchoredPairs {
    pub(super) pairs: BTreeSet<(char, char)>,
    pub(super) anchors: BTreeSet<char>,
}

impl AnchoredPairs {
    /// Chooses pairs of these keys, of two characters or more. `counts` is how many keys have a pair: the fewer, the rarer it should
    /// be in texts.
    pub(super) fn choose(mut keys: Vec<Key>, counts: &HashMap<(char, char), usize>) -> AnchoredPairs {
        // What no text is made into is never found.
        keys.retain(|key| key.iter().all(|sources| !sources.is_empty()));
        // Short keys have no choice of pairs: what they need, longer ones may use, too.
        keys.sort_by_key(Vec::len);
        let anchors = anchors(&keys, &weights(counts));
        let mut chosen = BTreeSet::new();
        for key in &keys {
            let are_anchors = |sources: &BTreeSet<char>| sources.is_subset(&anchors);
            let is_anchored = |&place: &usize| are_anchors(&key[place]) || are_anchors(&key[place + 1]);
            let cost = |&place: &usize| -> usize {
                let new = pairs(key, place).filter(|pair| !chosen.contains(pair));
                new.map(|pair| 1 + counts.get(&pair).copied().unwrap_or(0)).sum()
            };
            // A key of ASCII alone has no anchor, and needs none: where there is one, all of a text is looked at.
            let best = places(key).filter(is_anchored).min_by_key(cost).or_else(|| places(key).min_by_key(cost));
            chosen.extend(best.into_iter().flat_map(|place| pairs(key, place)));
        }
        AnchoredPairs { pairs: chosen, anchors }
    }
}

/// The places of a key's pairs; of those that end with ASCII none, unless all do: they would keep all ASCII text from being
/// skipped.
fn places(key: &Key) -> impl Iterator<Item = usize> + Clone {
    let ends_with_ascii = |place: usize| key[place + 1].iter().any(char::is_ascii);
    let all = 0..key.len() - 1;
    let all_end_with_ascii = all.clone().all(ends_with_ascii);
    all.filter(move |&place| all_end_with_ascii || !ends_with_ascii(place))
}

/// All pairs of the sources of two characters of a key.
fn pairs(key: &Key, place: usize) -> impl Iterator<Item = (char, char)> {
    let [lefts, rights] = [&key[place], &key[place + 1]];
    lefts.iter().flat_map(move |&left| rights.iter().map(move |&right| (left, right)))
}

/// How often each character may be expected in a text.
fn weights(counts: &HashMap<(char, char), usize>) -> impl Fn(char) -> u64 {
    let mut weights: HashMap<char, u64> = HashMap::new();
    for (&(left, right), &count) in counts {
        for character in [left, right] {
            *weights.entry(character).or_insert(SELDOM) += count as u64;
        }
    }
    weights.extend(frequency::frequent());
    move |character| if character.is_ascii() { NEVER } else { weights.get(&character).copied().unwrap_or(SELDOM) }
}

/// Characters such that each key has a pair with one of them, or with one of them in the place of each that it may be made from.
fn anchors(keys: &[Key], weight: &impl Fn(char) -> u64) -> BTreeSet<char> {
    let mut groups: BTreeMap<&BTreeSet<char>, BTreeSet<usize>> = BTreeMap::new();
    for (index, key) in keys.iter().enumerate() {
        for group in places(key).flat_map(|place| [&key[place], &key[place + 1]]) {
            groups.entry(group).or_default().insert(index);
        }
    }
    let groups: Vec<_> = groups.into_iter().filter(|(group, _)| !group.iter().any(char::is_ascii)).collect();
    let worth = |group: &BTreeSet<char>, keys: usize, anchors: &BTreeSet<char>| {
        let cost: u64 = group.difference(anchors).map(|&character| weight(character)).sum();
        ((keys as u64) << 32) / (cost + 1)
    };
    let mut anchors = BTreeSet::new();
    let mut open: BTreeSet<usize> = (0..keys.len()).collect();
    let mut best: BinaryHeap<(u64, usize)> =
        groups.iter().enumerate().map(|(index, (group, of))| (worth(group, of.len(), &anchors), index)).collect();
    while let Some((_, index)) = best.pop() {
        let (group, of) = &groups[index];
        let left = of.intersection(&open).count();
        if left == 0 {
            continue;
        }
        // It has become worth less since it was put there.
        let now = worth(group, left, &anchors);
        if best.peek().is_some_and(|&(next, _)| now < next) {
            best.push((now, index));
            continue;
        }
        anchors.extend(group.iter().copied());
        of.iter().for_each(|key| _ = open.remove(key));
    }
    without_idle(anchors, keys, weight)
}

/// These anchors, but for those that no key needs, since others that were chosen later suffice: the most frequent are left out first.
fn without_idle(mut anchors: BTreeSet<char>, keys: &[Key], weight: &impl Fn(char) -> u64) -> BTreeSet<char> {
    let is_anchored = |key: &Key, anchors: &BTreeSet<char>| {
        places(key).any(|place| key[place].is_subset(anchors) || key[place + 1].is_subset(anchors))
    };
    let mut of: HashMap<char, Vec<&Key>> = HashMap::new();
    for key in keys.iter().filter(|key| is_anchored(key, &anchors)) {
        key.iter().flatten().for_each(|&character| of.entry(character).or_default().push(key));
    }
    let mut by_weight: Vec<char> = anchors.iter().copied().collect();
    by_weight.sort_by_key(|&character| Reverse(weight(character)));
    for character in by_weight {
        anchors.remove(&character);
        let keys = of.get(&character).map(Vec::as_slice).unwrap_or_default();
        if keys.iter().any(|key| !is_anchored(key, &anchors)) {
            anchors.insert(character);
        }
    }
    anchors
}
