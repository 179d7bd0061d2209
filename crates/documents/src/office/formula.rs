//! Formulas of spreadsheets: the strings in them, and the names of columns.

use std::{iter, mem, ops::Range};

use super::{namespaces::Vocabulary, walk::Walk};
use crate::{
    escape::Escape,
    scan::{Group, Role, Scan, StandIn},
    xml::{Attribute, Element},
};

/// Functions whose strings are addresses, names of sheets or commands: these stay, but for the columns of tables in them. Of those
/// of the second list, the first argument alone.
const ADDRESSES: [&str; 14] = [
    "CALL",
    "CUBEKPIMEMBER",
    "CUBEMEMBER",
    "CUBEMEMBERPROPERTY",
    "CUBERANKEDMEMBER",
    "CUBESET",
    "CUBEVALUE",
    "DDE",
    "EVALUATE",
    "INDIRECT",
    "RTD",
    "SHEET",
    "WEBSERVICE",
    "REGISTER.ID",
];
const FIRST_IS_ADDRESS: [&str; 2] = ["HYPERLINK", "IMAGE"];

/// Functions that search a string in another one, and the number of the argument that it is.
const SEARCHES: [(&str, usize); 7] =
    [("FIND", 0), ("FINDB", 0), ("SEARCH", 0), ("SEARCHB", 0), ("SUBSTITUTE", 1), ("TEXTAFTER", 1), ("TEXTBEFORE", 1)];

/// What brackets in a formula are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Brackets {
    /// Excel: names of a table's columns.
    Columns,
    /// OpenFormula: references to cells.
    Cells,
}

/// A character, and its place.
type Unit = (Range<usize>, char);

/// Strings are compared with cells, searched in them and shown as they are: each is converted as the text of a cell is, so that
/// those that are equal stay equal.
pub(crate) fn scan(scan: &mut Scan<'_>, source: &str, range: Range<usize>, escape: Escape, brackets: Brackets) {
    let mut formula = Formula { scan, source, units: units(source, &range, escape), at: 0, escape };
    // Most formulas have neither strings nor names that may change.
    if formula.units.iter().all(|(_, character)| character.is_ascii()) {
        return;
    }
    formula.scan(brackets);
}

/// The items of a list that is one string: `"男,女"`. Another formula is scanned as such.
pub(crate) fn scan_list(list: &mut Scan<'_>, source: &str, range: Range<usize>, escape: Escape) {
    let units = units(source, &range, escape);
    let quotes = units.iter().filter(|(_, character)| *character == '"').count();
    let is_string = units.first().is_some_and(|unit| unit.1 == '"') && units.last().is_some_and(|unit| unit.1 == '"');
    if quotes != 2 || !is_string {
        return scan(list, source, range, escape, Brackets::Columns);
    }
    for item in units[1..units.len() - 1].split(|(_, character)| *character == ',') {
        if let ([first, ..], [.., last]) = (item, item) {
            string(list, source, iter::once(first.0.start..last.0.end), escape, Role::Text);
        }
    }
}

/// The strings in the format of numbers of an element: of cells, and of an axis or a label of a chart.
pub(crate) fn number_format(walk: &mut Walk<'_, '_, '_, Vocabulary>, element: &Element<'_>) {
    if let Some(Attribute { raw, escape, .. }) = element.attribute("", "formatCode") {
        scan_number_format(walk.scan, walk.source, raw.clone(), *escape);
    }
}

/// The strings in the format of a number, such as `0"元"`.
pub(crate) fn scan_number_format(scan: &mut Scan<'_>, source: &str, range: Range<usize>, escape: Escape) {
    let units = units(source, &range, escape);
    let mut quotes = units.iter().filter(|(_, character)| *character == '"');
    while let (Some((open, _)), Some((close, _))) = (quotes.next(), quotes.next()) {
        string(scan, source, iter::once(open.end..close.start), escape, Role::Text);
    }
}

/// Adds a group whose text is in these ranges. Excel writes characters that XML cannot have as `_x000D_`, and line feeds in the
/// names of columns as `_x000a_`.
pub(crate) fn string(
    scan: &mut Scan<'_>,
    source: &str,
    ranges: impl IntoIterator<Item = Range<usize>>,
    escape: Escape,
    role: Role,
) -> Group {
    let group = scan.group(role);
    for range in ranges {
        text(scan, source, group, range, escape);
    }
    group
}

/// The same, of a string that is searched in cells.
pub(crate) fn searched_string(
    scan: &mut Scan<'_>,
    source: &str,
    ranges: impl IntoIterator<Item = Range<usize>>,
    escape: Escape,
) {
    let group = string(scan, source, ranges, escape, Role::Text);
    scan.searched.push(group);
}

/// Adds text with characters that are written as `_x000D_` to a group.
pub(crate) fn text(scan: &mut Scan<'_>, source: &str, group: Group, range: Range<usize>, escape: Escape) {
    for (range, is_text) in texts(source, range) {
        if is_text {
            scan.text(group, range, escape);
        } else {
            scan.kept(group, range, StandIn::Break);
        }
    }
}

/// The text of a string, as [`text`] adds it to a group.
pub(crate) fn text_of(source: &str, range: Range<usize>, escape: Escape) -> String {
    let mut text = String::new();
    for (range, is_text) in texts(source, range) {
        if is_text {
            text.extend(escape.units(&source[range]).filter_map(|unit| unit.1));
        } else {
            text.push_str(StandIn::Break.text());
        }
    }
    text
}

/// The ranges of text, and those of characters that are written as `_x000D_`.
fn texts(source: &str, range: Range<usize>) -> Vec<(Range<usize>, bool)> {
    let mut texts = Vec::new();
    let (mut start, mut at) = (range.start, range.start);
    while let Some(found) = memchr::memmem::find(&source.as_bytes()[at..range.end], b"_x") {
        let mark = at + found;
        at = mark + 2;
        let code = source.as_bytes()[at..range.end].first_chunk::<5>();
        if code.is_some_and(|code| code[..4].iter().all(u8::is_ascii_hexdigit) && code[4] == b'_') {
            at = mark + 7;
            texts.extend([(start..mark, true), (mark..at, false)]);
            start = at;
        }
    }
    texts.push((start..range.end, true));
    texts
}

fn units(source: &str, range: &Range<usize>, escape: Escape) -> Vec<Unit> {
    // Characters that are left out of words are of no meaning in formulas.
    let unit = |(at, character): (Range<usize>, Option<char>)| {
        (range.start + at.start..range.start + at.end, character.unwrap_or('\u{200b}'))
    };
    escape.units(&source[range.clone()]).map(unit).collect()
}

struct Formula<'f, 'o> {
    scan: &'f mut Scan<'o>,
    source: &'f str,
    units: Vec<Unit>,
    at: usize,
    escape: Escape,
}

/// A function, or a pair of parentheses, whose arguments are read.
struct Call {
    /// Strings in all arguments are addresses.
    all: bool,
    /// Those in the argument that is read are.
    this: bool,
    /// The number of the argument that is searched in another one.
    searched: Option<usize>,
    /// The number of the argument that is read.
    argument: usize,
    is_function: bool,
}

impl Formula<'_, '_> {
    fn next(&mut self) -> Option<char> {
        let character = self.units.get(self.at).map(|unit| unit.1);
        self.at += 1;
        character
    }

    fn peek(&self) -> Option<char> {
        self.units.get(self.at).map(|unit| unit.1)
    }

    fn scan(&mut self, brackets: Brackets) {
        let (mut calls, mut name): (Vec<Call>, String) = (Vec::new(), String::new());
        while let Some(character) = self.next() {
            match character {
                '"' => {
                    let ranges = self.quoted('"');
                    let is_address = calls.iter().any(|call| call.all || call.this);
                    match ranges {
                        Some(ranges) if is_address => {
                            ranges.iter().for_each(|range| self.address(range, brackets));
                        }
                        Some(ranges) => {
                            // With wildcards, it is a part of what functions such as `COUNTIF` look for.
                            let has_wildcard =
                                ranges.iter().any(|range| self.source[range.clone()].contains(['*', '?']));
                            let is_searched = |call: &Call| {
                                call.searched == Some(call.argument) || (call.is_function && has_wildcard)
                            };
                            if calls.last().is_some_and(is_searched) {
                                searched_string(self.scan, self.source, ranges, self.escape);
                            } else {
                                string(self.scan, self.source, ranges, self.escape, Role::Text);
                            }
                        }
                        None => {}
                    }
                }
                // The name of a sheet.
                '\'' => _ = self.quoted('\''),
                '[' => self.brackets(brackets),
                '(' | '{' => {
                    // Newer functions have a prefix in files: `_xlfn.IMAGE`.
                    let function = name.trim_start_matches("_xlfn.").trim_start_matches("_xlws.").to_ascii_uppercase();
                    let all = ADDRESSES.contains(&function.as_str());
                    let searched = SEARCHES.iter().find(|(name, _)| *name == function).map(|(_, argument)| *argument);
                    calls.push(Call {
                        all,
                        this: FIRST_IS_ADDRESS.contains(&function.as_str()),
                        searched,
                        argument: 0,
                        is_function: !function.is_empty(),
                    });
                }
                ')' | '}' => _ = calls.pop(),
                ',' | ';' => {
                    if let Some(call) = calls.last_mut() {
                        call.this = false;
                        call.argument += 1;
                    }
                }
                _ => {}
            }
            if character.is_ascii_alphanumeric() || matches!(character, '_' | '.') {
                name.push(character);
            } else {
                name.clear();
            }
        }
    }

    /// An address in a string may be of a table's column.
    fn address(&mut self, range: &Range<usize>, brackets: Brackets) {
        let units = units(self.source, range, self.escape);
        let mut address = Formula { scan: self.scan, source: self.source, units, at: 0, escape: self.escape };
        while let Some(character) = address.next() {
            if character == '[' {
                address.brackets(brackets);
            }
        }
    }

    /// The ranges of a text up to this mark: two of them stand for one. None if it has no end.
    fn quoted(&mut self, mark: char) -> Option<Vec<Range<usize>>> {
        let mut ranges = Vec::new();
        let mut start = self.units.get(self.at)?.0.start;
        loop {
            let place = self.units.get(self.at)?.0.clone();
            if self.next()? != mark {
                continue;
            }
            if self.peek() != Some(mark) {
                ranges.push(start..place.start);
                return Some(ranges);
            }
            ranges.push(start..place.end);
            start = self.units[self.at].0.end;
            self.at += 1;
        }
    }

    /// What is in brackets. In Excel, names of columns are in the innermost ones; an apostrophe is before special characters,
    /// `@` before the name of a column in this row, and `#` before what is no name. Numbers are those of other workbooks.
    fn brackets(&mut self, brackets: Brackets) {
        let (mut depth, mut has_inner) = (1, false);
        let mut ranges: Vec<Range<usize>> = Vec::new();
        while let Some(character) = self.next() {
            let place = self.units[self.at - 1].0.clone();
            match character {
                '[' => {
                    (depth, has_inner) = (depth + 1, false);
                    ranges.clear();
                }
                ']' => {
                    let is_name = !has_inner && brackets == Brackets::Columns && !ranges.is_empty();
                    if is_name && self.source.as_bytes()[ranges[0].start] != b'#' {
                        string(self.scan, self.source, mem::take(&mut ranges), self.escape, Role::Text);
                    }
                    ranges.clear();
                    (depth, has_inner) = (depth - 1, true);
                    if depth == 0 {
                        return;
                    }
                }
                '\'' if brackets == Brackets::Columns => {
                    self.next();
                    ranges.extend(self.units.get(self.at - 1).map(|unit| unit.0.clone()));
                }
                '@' if ranges.is_empty() => {}
                _ => match ranges.last_mut() {
                    Some(last) if last.end == place.start => last.end = place.end,
                    _ => ranges.push(place),
                },
            }
        }
    }
}
