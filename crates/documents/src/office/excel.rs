//! SpreadsheetML.
//!
//! Each string is converted by itself, as one of the workbook, so that equal strings stay equal wherever they are: cells; names of
//! a table's columns, which must be those in its header's cells; strings in formulas, and what these returned when they were last
//! calculated; items of lists that may be chosen, of filters and of pivot tables. Strings that are addresses, as in `INDIRECT`,
//! stay, and so do the names of sheets, tables, styles and cells. Where formulas make addresses of strings in cells,
//! strings that are the name of a sheet stay, too; and where queries fill or read tables, or become equal if converted, names
//! of columns.

use std::{iter, ops::Range};

use fanjian::Error;

use super::{
    drawing,
    formula::{self, Brackets},
    namespaces::Vocabulary,
    walk::{Characters, Walk, walk},
    workbook::Workbook,
};
use crate::{
    escape::Escape,
    scan::{Group, Role, Scan, StandIn},
    xml::{Attribute, Element},
};

/// Finds the strings of a part of a workbook.
pub(crate) fn scan(workbook: &Workbook, source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    workbook.begin(scan);
    let mut state = State::default();
    walk(source, scan, Vocabulary::Other, Vocabulary::of, |walk, element| {
        match walk.top().vocabulary {
            Vocabulary::Sheet | Vocabulary::SheetExtension => start(walk, element, &mut state),
            // Charts keep the strings of cells.
            Vocabulary::Chart | Vocabulary::ExtendedChart => drawing::chart(walk, element),
            Vocabulary::Drawing => drawing::start(walk, element),
            Vocabulary::ThreadedComments if element.name.local == "text" => {
                walk.top().role = Role::Note;
                walk.begin_text_group();
            }
            _ => {}
        }
    })?;
    workbook.end(source, scan);
    Ok(())
}

/// What the elements that are open say of those within.
#[derive(Default)]
struct State {
    /// The value of the cell is a string that a formula returned.
    is_string: bool,
    /// The formula of the validation is a list.
    is_list: bool,
}

fn start(walk: &mut Walk<'_, '_, '_, Vocabulary>, element: &Element<'_>, state: &mut State) {
    let own = |local: &str| element.attribute("", local);
    match element.name.local {
        "si" | "is" => walk.begin_group(),
        "text" if walk.around(1).local == "comment" => {
            walk.top().role = Role::Note;
            walk.begin_group();
        }
        "t" => walk.top().characters = Characters::Scanned(shared_text),
        // How the text is read aloud.
        "rPh" => walk.leave(),
        "c" => state.is_string = own("t").is_some_and(|kind| kind.value == "str"),
        "v" if state.is_string && walk.around(1).local == "c" => {
            walk.begin_group();
            walk.top().characters = Characters::Scanned(shared_text);
        }
        "dataValidation" => {
            state.is_list = own("type").is_some_and(|kind| kind.value == "list");
            for name in ["promptTitle", "prompt", "errorTitle", "error"] {
                attribute(walk, own(name));
            }
        }
        "formula1" | "f" if state.is_list && walk.is_within("dataValidation") => {
            walk.top().characters = Characters::Scanned(list);
        }
        "f" | "formula" | "formula1" | "formula2" | "calculatedColumnFormula" | "totalsRowFormula" | "definedName" => {
            walk.top().characters = Characters::Scanned(cell_formula);
        }
        "oddHeader" | "evenHeader" | "firstHeader" | "oddFooter" | "evenFooter" | "firstFooter" => {
            walk.top().characters = Characters::Scanned(header_or_footer);
        }
        "numFmt" => formula::number_format(walk, element),
        "tableColumn" => {
            attribute(walk, own("name"));
            attribute(walk, own("totalsRowLabel"));
        }
        "cfRule" => searched_attribute(walk, own("text")),
        "customFilter" if own("val").is_some_and(|value| value.value.contains(['*', '?'])) => {
            searched_attribute(walk, own("val"));
        }
        "filter" | "customFilter" => {
            for name in ["val", "stringValue1", "stringValue2"] {
                attribute(walk, own(name));
            }
        }
        "hyperlink" => {
            attribute(walk, own("display"));
            attribute(walk, own("tooltip"));
        }
        "cacheField" => {
            attribute(walk, own("name"));
            attribute(walk, own("caption"));
        }
        "s" if matches!(walk.around(1).local, "sharedItems" | "groupItems" | "r") => attribute(walk, own("v")),
        "item" => attribute(walk, own("n")),
        "pivotField" | "dataField" => attribute(walk, own("name")),
        "pivotTableDefinition" => {
            for name in ["dataCaption", "grandTotalCaption", "rowHeaderCaption", "colHeaderCaption"] {
                attribute(walk, own(name));
            }
        }
        "slicer" => attribute(walk, own("caption")),
        "slicerCacheDefinition" => attribute(walk, own("sourceName")),
        _ => {}
    }
}

/// The value of an attribute is a string of the workbook.
fn attribute(walk: &mut Walk<'_, '_, '_, Vocabulary>, attribute: Option<&Attribute<'_>>) {
    if let Some(Attribute { raw, escape, .. }) = attribute {
        formula::string(walk.scan, walk.source, iter::once(raw.clone()), *escape, Role::Text);
    }
}

/// The same of a string that is searched in cells.
fn searched_attribute(walk: &mut Walk<'_, '_, '_, Vocabulary>, attribute: Option<&Attribute<'_>>) {
    if let Some(Attribute { raw, escape, .. }) = attribute {
        formula::searched_string(walk.scan, walk.source, iter::once(raw.clone()), *escape);
    }
}

fn shared_text(scan: &mut Scan<'_>, source: &str, group: Option<Group>, range: Range<usize>, escape: Escape) {
    if let Some(group) = group {
        formula::text(scan, source, group, range, escape);
    }
}

fn cell_formula(scan: &mut Scan<'_>, source: &str, _: Option<Group>, range: Range<usize>, escape: Escape) {
    formula::scan(scan, source, range, escape, Brackets::Columns);
}

fn list(scan: &mut Scan<'_>, source: &str, _: Option<Group>, range: Range<usize>, escape: Escape) {
    formula::scan_list(scan, source, range, escape);
}

/// A header or footer: its three sections are begun by `&L`, `&C` and `&R`; `&"Font,Style"`, `&14`, `&K` with six digits of a
/// colour and `&B` set the type; `&P` and others stand for numbers and names.
fn header_or_footer(scan: &mut Scan<'_>, source: &str, _: Option<Group>, range: Range<usize>, escape: Escape) {
    let group = scan.group(Role::Text);
    let units: Vec<_> = escape
        .units(&source[range.clone()])
        .map(|(at, character)| (range.start + at.start..range.start + at.end, character))
        .collect();
    let (mut at, mut start) = (0, range.start);
    while let Some((place, character)) = units.get(at) {
        at += 1;
        if *character != Some('&') {
            continue;
        }
        scan.text(group, start..place.start, escape);
        let code = units.get(at).and_then(|unit| unit.1);
        let count = |from: usize, is_in: fn(char) -> bool| {
            units[from.min(units.len())..].iter().take_while(|unit| unit.1.is_some_and(is_in)).count()
        };
        let (len, stand_in) = match code {
            Some('"') => (2 + count(at + 1, |character| character != '"'), None),
            Some('0'..='9') => (count(at, |character| character.is_ascii_digit()), None),
            // `&K01+024` is a colour of the theme.
            Some('K') => (1 + count(at + 1, |c| c.is_ascii_hexdigit() || matches!(c, '+' | '-')).min(6), None),
            Some('B' | 'I' | 'U' | 'E' | 'S' | 'X' | 'Y' | 'O' | 'H') => (1, None),
            Some('P' | 'N') => (1, Some(StandIn::Number)),
            Some('D' | 'T' | 'F' | 'A' | 'Z') => (1, Some(StandIn::Word)),
            Some(_) => (1, Some(StandIn::Break)),
            None => (0, None),
        };
        at = (at + len).min(units.len());
        let end = units[at - 1].0.end;
        if let Some(stand_in) = stand_in {
            scan.kept(group, place.start..end, stand_in);
        }
        start = end;
    }
    scan.text(group, start..range.end, escape);
}
