//! Boundaries: places that nothing reaches across. A text that is cut there can be converted part by part.

use fanjian_dictionary::utf8::Utf8;

use crate::{
    description,
    fast_tables::FastTables,
    overlay::Overlay,
    stage::{Stage, Stages},
};

/// How much of a text is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// All that stands before the place where it ends.
    Beginning,
    /// The end of that: anything may stand before it.
    End,
}

/// The last boundary within `text`, whatever follows it: by the tables for the stages, if there are some.
pub fn last_boundary(stages: &Stages, tables: Option<&FastTables>, text: &str, given: Given) -> Option<usize> {
    boundary(stages, tables, text, given, Search::All)
}

/// Whether the place before the last character of a text is a boundary. Costs a look at what is needed to know that of this place.
pub fn is_boundary(stages: &Stages, tables: Option<&FastTables>, text: &str) -> bool {
    let last = text.chars().next_back().map(|character| text.len() - character.len_utf8());
    last.is_some() && boundary(stages, tables, text, Given::Beginning, Search::Last) == last
}

/// Which places are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Search {
    All,
    /// None before the last edge.
    Last,
}

fn boundary(stages: &Stages, tables: Option<&FastTables>, text: &str, given: Given, search: Search) -> Option<usize> {
    let extended = stages.overlay().map(Overlay::tables);
    if let Some(tables) = tables.map(|FastTables { tables, .. }| tables).or(extended.as_ref()) {
        let is_edge =
            |left, right| !tables.joins(left, right) && !tables.is_fallback(left) && !tables.is_fallback(right);
        return last_edge(text, (given, search), is_edge, |_| true);
    }
    // Without tables it is not known what the stages delete or shorten: only of line feeds it is that they are kept.
    let is_line_feed = |character: Utf8| character.code() == u32::from('\n');
    let keep_lines = stages.get().iter().all(Stage::keeps_lines);
    if keep_lines { last_edge(text, (given, search), |left, _| is_line_feed(left), is_line_feed) } else { None }
}

/// The last edge that no ideographic description sequence reaches over: since the last operator before it, there are as
/// many characters of which every stage `keeps` each as the longest sequence has.
fn last_edge(
    text: &str,
    (given, search): (Given, Search),
    is_edge: impl Fn(Utf8, Utf8) -> bool,
    keeps: impl Fn(Utf8) -> bool,
) -> Option<usize> {
    let text = text.as_bytes();
    let (mut at, mut right) = (text.len(), None);
    let (mut edge, mut reach) = (None, 0);
    while at > 0 {
        let left = Utf8::before(text, at);
        if edge.is_none() && right.is_some_and(|right| is_edge(left, right)) {
            (edge, reach) = (Some(at), description::LONGEST);
        }
        if char::from_u32(left.code()).is_some_and(description::is_operator) {
            if edge.is_some() && search == Search::Last {
                return None;
            }
            edge = None;
        }
        if edge.is_some() && keeps(left) {
            reach -= 1;
            if reach == 0 {
                return edge;
            }
        }
        at -= left.len();
        right = Some(left);
    }
    // No operator stands before the beginning of a text; before its end, there may be one.
    edge.filter(|_| given == Given::Beginning)
}
