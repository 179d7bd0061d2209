//! Places that nothing reaches across: where a text is cut, its parts can be converted each on its own.

use fanjian_dictionary::stretches::{Stretches, Utf8};

use crate::engine::{
    description,
    level::{Level, Levels},
};

/// The last such place within `text`, whatever follows it; by the tables for the levels, where there are some.
pub(crate) fn last(levels: &Levels, stretches: Option<&Stretches<'_>>, text: &str) -> Option<usize> {
    if let Some(stretches) = stretches {
        let is_edge =
            |left, right| !stretches.links(left, right) && !stretches.is_special(left) && !stretches.is_special(right);
        return last_edge(text, is_edge, |_| true);
    }
    // Without tables it is not known what the levels delete or shorten: only of line feeds it is that they are kept.
    let is_line_feed = |character: Utf8| character.code() == u32::from('\n');
    let keep_lines = levels.get().iter().all(Level::keeps_lines);
    if keep_lines { last_edge(text, |left, _| is_line_feed(left), is_line_feed) } else { None }
}

/// The last edge that no ideographic description sequence reaches over: since the last operator before it, there are as
/// many characters of which every level `keeps` each as the longest sequence has.
fn last_edge(text: &str, is_edge: impl Fn(Utf8, Utf8) -> bool, keeps: impl Fn(Utf8) -> bool) -> Option<usize> {
    let text = text.as_bytes();
    let (mut at, mut right) = (text.len(), None);
    let (mut edge, mut reach) = (None, 0);
    while at > 0 {
        let left = Utf8::before(text, at);
        if edge.is_none() && right.is_some_and(|right| is_edge(left, right)) {
            (edge, reach) = (Some(at), description::LONGEST);
        }
        if char::from_u32(left.code()).is_some_and(description::is_operator) {
            edge = None;
        }
        if edge.is_some() && keeps(left) {
            reach -= 1;
            if reach == 0 {
                break;
            }
        }
        at -= left.len();
        right = Some(left);
    }
    edge
}
