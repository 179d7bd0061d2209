//! A summary on a terminal, or as plain text: bars as wide as there is room.

use std::{
    env,
    io::{self, IsTerminal},
};

use anstyle::{AnsiColor, Style};
use console::Term;
use unicode_width::UnicodeWidthStr;

use crate::{
    commands::detect::{
        sections::{Row, grouped, heading, percent, sections, totals, why},
        summary::Summary,
    },
    error::Failure,
    print::{self, Color, Printer},
};

const TITLE: Style = Style::new().bold();
const BAR: Style = AnsiColor::Cyan.on_default();
const PLACE: Style = AnsiColor::Cyan.on_default();
/// The width in columns where there is no terminal.
const WIDTH: usize = 80;
/// The widest bar, in columns.
const BAR_WIDTH: usize = 40;

/// Writes a summary to standard output.
pub(super) fn write(summary: &Summary, color: Color) -> Result<(), Failure> {
    let is_terminal = io::stdout().is_terminal();
    let size = Term::stdout().size_checked().filter(|_| is_terminal);
    let form = Form { width: size.map_or(WIDTH, |(_, columns)| columns.into()), has_blocks: is_terminal && is_utf_8() };
    let mut printer = Printer::new(color);
    for (style, text) in form.summary(summary) {
        printer.text(style, &text)?;
    }
    printer.flush()
}

/// Whether the locale writes UTF-8, so that the terminal has blocks.
fn is_utf_8() -> bool {
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
    cfg!(windows) || locale.is_some_and(|locale| locale.to_ascii_lowercase().replace('-', "").contains("utf8"))
}

/// The room for a summary, and what bars are made of.
struct Form {
    /// In columns.
    width: usize,
    /// Whether bars are of blocks, by eighths of a column; otherwise, of number signs.
    has_blocks: bool,
}

impl Form {
    /// The pieces of the text, each with its style.
    fn summary(&self, summary: &Summary) -> Vec<(Style, String)> {
        let plain = |line: String| (Style::new(), line);
        let mut text: Vec<_> = totals(summary).into_iter().map(|line| plain(line + "\n")).collect();
        for section in sections(summary) {
            text.push((TITLE, format!("\n{}\n", section.title)));
            let widest =
                |column: &dyn Fn(&Row) -> String| section.rows.iter().map(|row| column(row).width()).max().unwrap_or(0);
            let (label, count) = (widest(&|row| row.label.clone()), widest(&|row| grouped(row.texts)));
            for row in &section.rows {
                let line =
                    format!("  {}  {:>count$}  {:>7}", pad(&row.label, label), grouped(row.texts), percent(row.share));
                let bar = self.bar(row.share, self.bar_width(line.width() + 2));
                match bar.is_empty() {
                    true => text.push(plain(line)),
                    false => text.extend([plain(line + "  "), (BAR, bar)]),
                }
                text.push(plain("\n".to_owned()));
            }
        }
        if let Some(heading) = heading(summary) {
            text.push((TITLE, format!("\n{heading}\n")));
        }
        for suspicious in summary.worst() {
            let place = &suspicious.place;
            let line = place.line.map_or_else(String::new, |line| format!(":{line}"));
            let path = format!("{}{line}", print::escape(&place.path));
            text.extend([plain("  ".to_owned()), (PLACE, path), plain(format!(": {}\n", why(suspicious)))]);
            if !place.beginning.is_empty() {
                let beginning = cut(&print::escape(&place.beginning), self.width.saturating_sub(4));
                text.push(plain(format!("    {beginning}\n")));
            }
        }
        text
    }

    /// The room for the bars of lines that begin with this many columns. Where the font has blocks of two columns, as
    /// fonts for Chinese may, a whole bar fits, too.
    fn bar_width(&self, before: usize) -> usize {
        let room = self.width.saturating_sub(before + 1);
        (if self.has_blocks { room / 2 } else { room }).min(BAR_WIDTH)
    }

    /// The bar of a share, from 0 to 1. A share that is not 0 has one.
    fn bar(&self, share: f64, columns: usize) -> String {
        const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
        let is_there = usize::from(share > 0.0 && columns > 0);
        if self.has_blocks {
            let eighths = ((share * (columns * 8) as f64).round() as usize).max(is_there);
            return "█".repeat(eighths / 8) + EIGHTHS[eighths % 8];
        }
        "#".repeat(((share * columns as f64).round() as usize).max(is_there))
    }
}

fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

/// As much of a text as has room in these columns, of which a Chinese character takes two.
fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut cut = String::new();
    for character in text.chars() {
        cut.push(character);
        if cut.width() >= columns {
            cut.pop();
            break;
        }
    }
    cut + "…"
}

#[cfg(test)]
mod tests {
    use fanjian::detect;
    use proptest::prelude::*;

    use super::*;
    use crate::commands::detect::summary::Place;

    fn lines(form: &Form, summary: &Summary) -> Vec<String> {
        let text: String = form.summary(summary).into_iter().map(|(_, text)| text).collect();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn bars_have_eighths_on_a_terminal_and_whole_columns_elsewhere() {
        let (blocks, signs) = (Form { width: 80, has_blocks: true }, Form { width: 80, has_blocks: false });
        assert_eq!([0.0, 0.0001, 0.55, 1.0].map(|share| blocks.bar(share, 2)), ["", "▏", "█▏", "██"]);
        assert_eq!([0.0, 0.0001, 0.5, 1.0].map(|share| signs.bar(share, 4)), ["", "#", "##", "####"]);
        assert_eq!(
            (cut("头发abc", 5), cut("头发", 4), cut("头发", 0)),
            ("头发…".to_owned(), "头发".to_owned(), "…".to_owned())
        );
    }

    proptest! {
        #[test]
        fn no_bar_is_wider_than_the_terminal(width in 1_usize..300, has_blocks: bool, texts in 1_usize..30) {
            let mut summary = Summary::new(true, 5);
            for number in 0..texts {
                let text = ["我们的头发", "我們的頭髮", "头髮", "abc"][number % 4].repeat(number);
                summary.add(detect(&text), None, || Place {
                    path: "a".to_owned(),
                    line: Some(1),
                    beginning: "皇后的头髮".repeat(8),
                });
            }
            for line in lines(&Form { width, has_blocks }, &summary) {
                let bar = line.chars().filter(|character| "█▏▎▍▌▋▊▉#".contains(*character)).count();
                let fits = line.width() + if has_blocks { bar } else { 0 } <= width;
                prop_assert!(bar == 0 || fits, "{line}");
                prop_assert!(!line.starts_with("    ") || width < 6 || line.width() <= width, "{line}");
            }
        }
    }
}
