//! Diff as one page of HTML that needs nothing else: side by side, with the changes within lines marked.

use std::{fmt::Write as _, path::Path};

use crate::{
    messages::{self, message, text},
    print,
    report::{
        changes::Change,
        diff::{Line, LineKind, lines},
        outcome::Totals,
    },
};

/// The columns: numbers and texts.
const COLUMNS: &str = "<colgroup><col class=\"number\"><col><col class=\"number\"><col></colgroup>";

const STYLE: &str = include_str!("diff.css");

/// The page of a run, file by file.
#[derive(Debug, Default)]
pub(super) struct Page {
    contents: String,
    files: String,
    count: usize,
}

impl Page {
    /// Adds the diff of a file. `language` is the tag of the new text.
    pub(super) fn add(&mut self, path: &Path, diff: &str, changes: &[Change], language: Option<&str>) {
        if diff.is_empty() {
            return;
        }
        self.count += 1;
        let (id, name) = (self.count, escaped(&print::name(path)));
        let number = match changes.len() {
            0 => String::new(),
            1 => format!(" <small>{}</small>", text("1 change")),
            number => format!(" <small>{}</small>", message!("{number} changes", number)),
        };
        let _ = writeln!(self.contents, "<li><a href=\"#f{id}\">{name}</a>{number}</li>");
        let language = language.map_or_else(String::new, |tag| format!(" lang=\"{}\"", escaped(tag)));
        let _ = writeln!(self.files, "<section id=\"f{id}\">\n<h2>{name}{number}</h2>\n<table>\n{COLUMNS}");
        let lines = lines(diff, changes);
        let mut rest = lines.as_slice();
        while let [line, behind @ ..] = rest {
            rest = behind;
            match line.kind {
                LineKind::Head => {}
                LineKind::Place => {
                    let place = escaped(line.text.trim_end());
                    let _ = writeln!(self.files, "<tr class=\"place\"><td colspan=\"4\">{place}</td></tr>");
                }
                LineKind::Kept => {
                    let (old, new) = (cell(line, line.number, "", ""), cell(line, line.new_number, "", &language));
                    let _ = writeln!(self.files, "<tr>{old}{new}</tr>");
                }
                LineKind::Removed | LineKind::Added => {
                    let is_of_change = |line: &Line<'_>| {
                        matches!(line.kind, LineKind::Removed | LineKind::Added) || line.text.starts_with('\\')
                    };
                    let end = rest.iter().position(|line| !is_of_change(line)).unwrap_or(rest.len());
                    let all = || [line].into_iter().chain(&behind[..end]);
                    let of = |kind, class, language| {
                        let lines = all().filter(move |line| line.kind == kind);
                        lines.map(move |line| cell(line, line.number, class, language)).collect()
                    };
                    self.rows(of(LineKind::Removed, "old", ""), of(LineKind::Added, "new", &language));
                    rest = &rest[end..];
                }
            }
        }
        self.files += "</table>\n</section>\n";
    }

    /// Adds lines side by side.
    fn rows(&mut self, old: Vec<String>, new: Vec<String>) {
        const NOTHING: &str = "<td></td><td class=\"none\"></td>";
        for row in 0..old.len().max(new.len()) {
            let (old, new) = (old.get(row).map_or(NOTHING, |cell| cell), new.get(row).map_or(NOTHING, |cell| cell));
            let _ = writeln!(self.files, "<tr>{old}{new}</tr>");
        }
    }

    /// All of the page.
    pub(super) fn finish(self, totals: &Totals) -> String {
        let Page { contents, files, .. } = self;
        let (language, title, line) = (messages::tag(), text("Changes"), escaped(&totals.line(true)));
        let contents = if contents.is_empty() { String::new() } else { format!("<ul>\n{contents}</ul>\n") };
        format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <title>fanjian: {title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
             <h1>{title}</h1>\n<p>{line}</p>\n{contents}{files}</body>\n</html>\n"
        )
    }
}

/// The number of a line and its text, with its changes marked.
fn cell(line: &Line<'_>, number: usize, class: &str, language: &str) -> String {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let mut text = String::new();
    let end = line.text.trim_end_matches(['\n', '\r']).len();
    let tag = if line.kind == LineKind::Removed { "del" } else { "ins" };
    let mut at = 1;
    for range in line.changed.iter().filter(|range| range.end <= end) {
        text += &escaped(&line.text[at..range.start]);
        let _ = write!(text, "<{tag}>{}</{tag}>", escaped(&line.text[range.clone()]));
        at = range.end;
    }
    text += &escaped(&line.text[at.min(end)..end]);
    format!("<td>{number}</td><td{class}{language}>{text}</td>")
}

/// A text as HTML, with its tabs.
fn escaped(text: &str) -> String {
    print::markup(&print::escape_but(text, &['\t']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{changes::changes, diff::diff};

    #[test]
    fn lines_are_side_by_side_and_escaped() {
        let (old, new) = ("一\n<b>头发 & \"</b>\n", "一\n<b>頭髮 & \"</b>\n");
        let mut page = Page::default();
        page.add(Path::new("a<b>.txt"), &diff(old, new, "a"), &changes(old, new, None, &[]), Some("zh-TW"));
        let page = page.finish(&Totals::default());
        assert!(page.contains(
            "<td>2</td><td class=\"old\">&lt;b&gt;<del>头发</del> &amp; &quot;&lt;/b&gt;</td>\
             <td>2</td><td class=\"new\" lang=\"zh-TW\">&lt;b&gt;<ins>頭髮</ins>"
        ));
        assert!(
            page.contains("<a href=\"#f1\">a&lt;b&gt;.txt</a>") && !page.contains("http:") && !page.contains("src=")
        );
    }

    #[test]
    fn lines_without_a_partner_stand_beside_nothing() {
        let mut page = Page::default();
        page.add(Path::new("a"), &diff("一\n", "二\n三\n", "a"), &[], None);
        let page = page.finish(&Totals::default());
        assert!(
            page.contains("<tr><td></td><td class=\"none\"></td><td>2</td><td class=\"new\">三</td></tr>"),
            "{page}"
        );
    }
}
