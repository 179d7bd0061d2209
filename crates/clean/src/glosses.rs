//! Search for glosses, and the decision whether a machine made them.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

use fanjian::{detect, has_simplified_form, is_han};

use crate::{
    found::{Gloss, Glosses},
    readings, repair,
    thresholds::Thresholds,
};

/// The longest syllable has six letters, each of four bytes at most; with spaces around them.
const LONGEST: usize = 6 * 4 + 8;

/// Finds the glosses that a machine has made in a whole document, and the damage done by them.
///
/// The cost is one pass over the characters, and memory for the results. The first call builds a table of readings, which
/// takes some tens of milliseconds.
///
/// ```
/// use fanjian_clean::{Thresholds, glosses};
///
/// let page = "中國(guó)臺(tái)灣網(wǎng)，國(guó)際(jì)網(wǎng)臺(tái)發(fā)自?xún)?nèi)心";
/// let found = glosses(page, &Thresholds::default());
/// assert_eq!(found.characters, 5);
/// assert_eq!(found.strip(page, true), "中國臺灣網，國際網臺發自內心");
///
/// let textbook = "一(yī)二(èr)三(sān)國(guó)";
/// assert_eq!(glosses(textbook, &Thresholds::default()).glosses, []);
/// ```
#[must_use]
pub fn glosses(text: &str, thresholds: &Thresholds) -> Glosses {
    let all = find(text, thresholds);
    if all.is_empty() {
        return Glosses::default();
    }
    // The number of glosses of each character, and of its occurrences.
    let mut glossed: HashMap<char, (usize, usize)> = HashMap::new();
    for gloss in &all {
        glossed.entry(gloss.character).or_default().0 += 1;
    }
    for character in text.chars().filter(|&character| !character.is_ascii()) {
        if let Some((_, occurrences)) = glossed.get_mut(&character) {
            *occurrences += 1;
        }
    }
    let is_traditional = |character: char| has_simplified_form(character);
    let characters: BTreeSet<char> = glossed
        .iter()
        .filter(|&(&character, &(count, occurrences))| {
            let share = count as f64 / occurrences as f64;
            share >= thresholds.share && (is_traditional(character) || !thresholds.only_traditional)
        })
        .map(|(&character, _)| character)
        .collect();
    let on_traditional = all.iter().filter(|gloss| is_traditional(gloss.character)).count();
    let is_enough = on_traditional as f64 >= thresholds.traditional * all.len() as f64;
    let glosses: Vec<_> = all.into_iter().filter(|gloss| characters.contains(&gloss.character)).collect();
    if !is_enough || characters.len() < thresholds.characters || glosses.len() < thresholds.glosses {
        return Glosses::default();
    }
    let mut found = Glosses {
        characters: characters.len(),
        share: glosses.len() as f64 / detect(text).han.max(1) as f64,
        damages: repair::damages(text, &glosses),
        glosses,
    };
    // Glosses within damage are repaired with it, or left with it.
    let mut damages = found.damages.iter().peekable();
    found.glosses.retain(|gloss| {
        while damages.next_if(|damage| damage.span.end <= gloss.span.start).is_some() {}
        damages.peek().is_none_or(|damage| gloss.span.end <= damage.span.start)
    });
    found
}

/// The same for a document that consists of several texts, such as the paragraphs of a page. Returns what is in each of them, by
/// the thresholds for all: [`characters`](Glosses::characters) and [`share`](Glosses::share) are those of the whole document.
///
/// ```
/// use fanjian_clean::{Thresholds, glosses_of_texts};
///
/// let page = ["中國(guó)臺(tái)灣網(wǎng)", "國(guó)際(jì)網(wǎng)臺(tái)"];
/// let found = glosses_of_texts(page, &Thresholds::default());
/// assert_eq!(found[1].glosses.len(), 4);
/// assert_eq!(found[1].strip(page[1], true), "國際網臺");
/// ```
#[must_use]
pub fn glosses_of_texts<'t>(texts: impl IntoIterator<Item = &'t str>, thresholds: &Thresholds) -> Vec<Glosses> {
    // One text after the other, with a line feed between them, and the end of each.
    let (mut whole, mut ends) = (String::new(), Vec::new());
    for text in texts {
        if !ends.is_empty() {
            whole.push('\n');
        }
        whole.push_str(text);
        ends.push(whole.len());
    }
    let all = glosses(&whole, thresholds);
    let of_all = Glosses { characters: all.characters, share: all.share, ..Glosses::default() };
    let mut found = vec![of_all; ends.len()];
    // The text that a span is in, and its beginning. None for a span across two texts.
    let place = |span: &Range<usize>| {
        let at = ends.partition_point(|&end| end < span.end);
        let start = at.checked_sub(1).map_or(0, |before| ends[before] + 1);
        (span.start >= start && at < ends.len()).then_some((at, start))
    };
    for mut gloss in all.glosses {
        if let Some((at, start)) = place(&gloss.span) {
            gloss.span = gloss.span.start - start..gloss.span.end - start;
            found[at].glosses.push(gloss);
        }
    }
    for mut damage in all.damages {
        if let Some((at, start)) = place(&damage.span) {
            damage.span = damage.span.start - start..damage.span.end - start;
            found[at].damages.push(damage);
        }
    }
    found
}

/// All glosses, of machines and of people.
fn find(text: &str, thresholds: &Thresholds) -> Vec<Gloss> {
    let mut found = Vec::new();
    let is_opening = |character: char| character == '(' || (character == '（' && !thresholds.only_touching);
    for (open, parenthesis) in text.match_indices(is_opening) {
        let before = if thresholds.only_touching { &text[..open] } else { text[..open].trim_end_matches(is_space) };
        let Some(character) = before.chars().next_back().filter(|&character| is_han(character)) else {
            continue;
        };
        let inner = open + parenthesis.len();
        let behind = &text[inner..];
        let behind = &behind[..behind.floor_char_boundary(LONGEST + 1)];
        let closing = if parenthesis == "(" { ')' } else { '）' };
        let Some(len) = behind.find(closing) else { continue };
        let reading = if thresholds.only_touching { &behind[..len] } else { behind[..len].trim_matches(is_space) };
        let normal = readings::normal(reading);
        let fits = if thresholds.only_readings {
            readings::is_reading(character, &normal)
        } else {
            readings::is_syllable(reading)
        };
        if fits {
            let span = before.len()..inner + len + closing.len_utf8();
            found.push(Gloss { character, reading: reading.to_owned(), span });
        }
    }
    found
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\u{a0}' | '\u{3000}')
}
