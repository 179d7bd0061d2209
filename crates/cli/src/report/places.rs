//! Places for people: a line for each change, and below it, on a terminal, the line of the file with the place underlined.

use std::path::Path;

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::{
    print::{escape, name},
    report::changes::Change,
};

/// Text with its style.
pub(super) type Styled = (Style, String);

const PLAIN: Style = Style::new();
const NAME: Style = Style::new().bold();
const OLD: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default();
const MARGIN: Style = AnsiColor::Blue.on_default().bold();
const QUIET: Style = Style::new().dimmed();

/// How wide the shown part of a line is at most, in columns of a terminal.
const WIDTH: usize = 76;
/// How much of that is before the place, at most.
const WIDTH_BEFORE: usize = 32;
/// The mark of what is left out.
const CUT: &str = "…";

/// The lines about a change. `has_lines` is whether that in the file is shown, too.
pub(super) fn lines(path: &Path, change: &Change, shows_text: bool) -> Vec<Vec<Styled>> {
    let place = match &change.part {
        Some(part) => format!(": {}", escape(part)),
        None => format!(":{}:{}", change.line, change.column),
    };
    let mut first = vec![
        (NAME, name(path)),
        (PLAIN, format!("{place}: ")),
        (OLD, escape(&change.source)),
        (PLAIN, if change.source.is_empty() { "→ " } else { " → " }.to_owned()),
        (NEW, escape(&change.output)),
    ];
    if let Some(kind) = change.kind {
        first.push((QUIET, format!(" [{}]", kind.name())));
    }
    let excerpt = Excerpt::of(change);
    if !shows_text {
        // The text is the only place that there is in an archive.
        if change.part.is_some() {
            first.push((PLAIN, format!(": {}{}{}", excerpt.before, excerpt.place, excerpt.behind)));
        }
        return vec![first];
    }
    let number = if change.part.is_some() { String::new() } else { change.line.to_string() };
    let margin = " ".repeat(number.len());
    let Excerpt { before, place, behind } = excerpt;
    let underline = format!("{} {}", " ".repeat(before.width()), "^".repeat(place.width().max(1)));
    vec![
        first,
        vec![(MARGIN, format!(" {number} |")), (PLAIN, format!(" {before}")), (OLD, place), (PLAIN, behind)],
        vec![(MARGIN, format!(" {margin} |")), (NEW, underline)],
    ]
}

/// A part of a line around a place.
#[derive(Debug, PartialEq, Eq)]
struct Excerpt {
    before: String,
    place: String,
    behind: String,
}

impl Excerpt {
    fn of(change: &Change) -> Excerpt {
        // A change of another division into lines may begin behind the first one.
        let start = change.start.min(change.text.len());
        let end = (start + change.source.len()).min(change.text.len());
        let (before, rest) = change.text.split_at(start);
        let (place, behind) = rest.split_at(change.text.floor_char_boundary(end) - start);
        let shown = |text: &str| escape(&text.replace('\t', " "));
        let place = cut(&shown(place), WIDTH, false);
        // What is far away is not looked at: a line may have millions of characters.
        let near = before.char_indices().rev().take(WIDTH).last().map_or(0, |(at, _)| at);
        let end = behind.char_indices().nth(WIDTH).map_or(behind.len(), |(at, _)| at);
        let behind = shown(&behind[..end]);
        // What the text behind the place does not need is for the text before it.
        let room = WIDTH.saturating_sub(place.width());
        let before =
            match (cut(&shown(&before[near..]), WIDTH_BEFORE.max(room.saturating_sub(behind.width())), true), near) {
                (text, 0) => text,
                (text, _) if text.starts_with(CUT) => text,
                (text, _) => CUT.to_owned() + &text,
            };
        let behind = cut(&behind, room.saturating_sub(before.width()), false);
        Excerpt { before, place, behind }
    }
}

/// A text of at most this width, cut at its beginning or at its end.
fn cut(text: &str, width: usize, at_beginning: bool) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut left = width.saturating_sub(CUT.width());
    let mut fits = |character: &char| {
        let fits = character.width().unwrap_or(0) <= left;
        left = left.saturating_sub(character.width().unwrap_or(0));
        fits
    };
    if at_beginning {
        let kept: Vec<char> = text.chars().rev().take_while(&mut fits).collect();
        return CUT.chars().chain(kept.into_iter().rev()).collect();
    }
    text.chars().take_while(fits).chain(CUT.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::changes::changes;

    fn shown(old: &str, new: &str) -> Vec<String> {
        let change = &changes(old, new, None, &[])[0];
        let lines = lines(Path::new("a.txt"), change, true);
        lines.into_iter().map(|line| line.into_iter().map(|(_, text)| text).collect()).collect()
    }

    #[test]
    fn a_place_is_underlined_by_the_width_of_its_characters() {
        let expected = ["a.txt:1:3: 头发 → 頭髮 [script]", " 1 | a的头发b", "   |    ^^^^"];
        assert_eq!(shown("a的头发b", "a的頭髮b"), expected);
        assert_eq!(shown("\t头", "\t頭")[1..], [" 1 |  头", "   |  ^^"]);
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let (old, new) = ("一".repeat(500) + "头" + &"二".repeat(500), "一".repeat(500) + "頭" + &"二".repeat(500));
        let lines = shown(&old, &new);
        assert_eq!(lines[0], "a.txt:1:501: 头 → 頭 [script]");
        assert!(lines[1].starts_with(" 1 | …一") && lines[1].ends_with("二…"), "{lines:?}");
        assert!(lines[1].width() <= WIDTH + 5, "{lines:?}");
        assert_eq!(lines[2].width(), lines[1].split('头').next().unwrap().width() + 2);
    }
}
