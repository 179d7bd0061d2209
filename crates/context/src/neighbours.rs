//! What stands beside a character, as the model sees it.

use crate::characters::{Class, EDGE, is_han, near};

/// The neighbours of a character: two to the left and two to the right.
#[inline(always)]
pub(crate) fn neighbours(classes: &[Class], at: usize) -> [Class; 4] {
    if let Some(&[l2, l1, _, r1, r2]) = at.checked_sub(2).and_then(|start| classes.get(start..start + 5)) {
        let around = [l2, l1, r1, r2];
        // Nothing else is to be seen of most.
        return if around.iter().all(|&class| is_han(class)) { around } else { around.map(seen) };
    }
    few_neighbours(classes, at)
}

/// The same near the edge of a line.
#[cold]
fn few_neighbours(classes: &[Class], at: usize) -> [Class; 4] {
    let left = |distance: usize| at.checked_sub(distance).map_or(EDGE, |place| seen(classes[place]));
    let right = |distance: usize| classes.get(at + distance).map_or(EDGE, |&class| seen(class));
    [left(2), left(1), right(1), right(2)]
}

/// What the model sees of a neighbour. The end of a line is alike with and without its line feed.
#[inline(never)]
fn seen(class: Class) -> Class {
    if class == LINE_FEED { EDGE } else { near(class) }
}

const LINE_FEED: Class = b'\n' as Class;
