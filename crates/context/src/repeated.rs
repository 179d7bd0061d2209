//! A character that stands twice in one word: 松松, 夸不夸, 签没签. What is around both decides about both, for they cannot mean
//! two things.

use crate::{
    characters::Class,
    phrases::Strength,
    tables::{Shared, pair_hash},
};

/// The classes of what stands between them, if anything: 夸不夸, 签没签, 托了托, 尝一尝.
const BETWEEN: [Class; 4] = ['不' as Class, '没' as Class, '了' as Class, '一' as Class];

/// Whether one of the neighbours, of which two are to each side, is of the same class as a character.
#[inline]
pub(crate) fn may_be(class: Class, around: [Class; 4]) -> bool {
    around.contains(&class)
}

/// The places of the same character before the one at `at`, and behind it, in one word with it.
pub(crate) fn twins(shared: &Shared<'_>, classes: &[Class], at: usize) -> [Option<usize>; 2] {
    let before = distance(classes, at, |distance| at.checked_sub(distance)).map(|distance| at - distance);
    let behind = distance(classes, at, |distance| Some(at + distance)).map(|distance| at + distance);
    // Where a word ends with the first one, the second one is of another: 头发不发光.
    [
        before.filter(|&first| !ends_word(shared, classes, first, at)),
        behind.filter(|&next| !ends_word(shared, classes, at, next)),
    ]
}

/// How far away from a character the same one stands, alone or behind one that may be between them.
fn distance(classes: &[Class], at: usize, place: impl Fn(usize) -> Option<usize>) -> Option<usize> {
    let class = |distance| place(distance).and_then(|place| classes.get(place));
    match class(1)? {
        next if *next == classes[at] => Some(1),
        between => (BETWEEN.contains(between) && class(2) == Some(&classes[at])).then_some(2),
    }
}

/// Whether a phrase that begins before the character at `first`, or a common word, ends with it, or before the same one at `next`.
fn ends_word(shared: &Shared<'_>, classes: &[Class], first: usize, next: usize) -> bool {
    let is_common = first > 0 && shared.words.contains(pair_hash(classes[first - 1], classes[first]));
    is_common
        || shared.lexicon.all_votes(classes, first).any(|vote| {
            let end = first - usize::from(vote.offset) + usize::from(vote.len);
            let ends = vote.offset > 0 && end <= next;
            ends && (vote.strength == Strength::Decides || shared.crossed(classes, first, vote).crossed == 0)
        })
}
