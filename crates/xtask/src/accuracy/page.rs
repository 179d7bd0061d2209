//! The page for readers, and its chart.

use std::{collections::BTreeMap, fmt::Write};

use import::Result;
use measure::{
    chart::{Bar, Chart, Panel, Role},
    grouped,
};

use super::{
    OWN,
    native::{Judged, Native, Verdict},
    score::Score,
};

/// How many lines there are, and how many of them a second conversion changes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Second {
    lines: usize,
    changed: usize,
}

impl Second {
    pub(crate) fn add(&mut self, once: &[String], twice: &[String]) {
        self.lines += once.len();
        self.changed += once.iter().zip(twice).filter(|(one, other)| one != other).count();
    }
}

/// Everything that the page reports.
pub(crate) struct Measured<'m> {
    pub(crate) date: &'m str,
    pub(crate) note: Option<&'m str>,
    /// The converters.
    pub(crate) names: &'m [String],
    pub(crate) native: &'m Native,
    /// By direction, whether it is Cantonese, and converter: the lenient score.
    pub(crate) regions: BTreeMap<(String, bool, usize), Score>,
    /// Texts where fanjian has more wrong ambiguous characters than OpenCC: OpenCC's, and fanjian's.
    pub(crate) worse: Vec<(String, usize, usize)>,
    /// By direction and converter.
    pub(crate) second: BTreeMap<(String, usize), Second>,
}

/// Headings of the converted texts, with their direction, and whether they are Cantonese.
const REGIONS: [(&str, &str, bool); 5] = [
    ("Simplified to zh-Hant", "s2t", false),
    ("Simplified to zh-TW", "s2tw", false),
    ("Simplified to zh-HK", "s2hk", false),
    ("Simplified to zh-HK, Cantonese", "s2hk", true),
    ("Traditional to zh-Hans", "t2s", false),
];
/// The section with the chart of `models/calibration.toml`.
const MARGINS: &str = "\n## How sure a decision is\n\n\
    ![How often a decision is wrong, by its lead: measured and expected](calibration.svg)\n\n\
    Drawn by `cargo xtask generate` from `models/calibration.toml`, which `cargo train calibration` writes.\n";
/// A genre is in the chart, and its share is quoted, from this number of places on.
const LEAST_PLACES: usize = 100;
/// How many characters the table of characters has.
const CHARACTERS: usize = 40;
/// How often a character must occur before its errors are compared.
const LEAST_OCCURRENCES: usize = 20;
/// A converter whose bars would hide all others: it maps characters one by one.
const OFF_SCALE: &str = "hanziconv";

fn in_ten_thousand(errors: usize, all: usize) -> f64 {
    10_000.0 * errors as f64 / all.max(1) as f64
}

fn rounded(rate: f64) -> String {
    if rate < 1_000.0 { format!("{rate:.1}") } else { grouped(rate) }
}

/// A part of OpenCC's errors, in per cent.
fn share(errors: usize, of: usize) -> String {
    if of == 0 { "–".to_owned() } else { format!("{:.0} %", 100.0 * errors as f64 / of as f64) }
}

impl Measured<'_> {
    fn opencc(&self) -> Result<&Judged> {
        self.native.system("OpenCC")
    }

    /// The converters of the native text: OpenCC, fanjian by models that have not seen the labels of the genre, the others.
    fn natives(&self) -> impl Iterator<Item = (&str, &[Verdict])> {
        let others = self.native.systems.iter().filter(|judged| !judged.name.starts_with(OWN));
        let others = others.map(|judged| (judged.name.as_str(), judged.verdicts.as_slice()));
        [(OWN, self.native.validated.as_slice())].into_iter().chain(others)
    }

    /// Errors of the texts whose ambiguous characters were counted.
    fn counted(&self, verdicts: &[Verdict]) -> usize {
        self.native.errors(verdicts, |index, _| index < self.native.first)
    }

    /// Converters of a region, each with wrong ambiguous characters in 10,000, and their number.
    fn region(&self, direction: &str, is_cantonese: bool) -> Vec<(&str, f64, usize)> {
        let scores =
            self.regions.iter().filter(|((other, cantonese, _), _)| other == direction && *cantonese == is_cantonese);
        let mut found: Vec<_> = scores
            .map(|((_, _, system), score)| {
                let (all, wrong) = score.ambiguous();
                (self.names[*system].as_str(), in_ten_thousand(wrong, all), all)
            })
            .collect();
        found.sort_by_key(|(name, ..)| *name != OWN);
        found
    }

    pub(crate) fn page(&self, chart: &str, tables: &str) -> Result<String> {
        let mut page = format!(
            "# Accuracy\n\nWritten by `cargo xtask accuracy`; do not edit. Measured on {}, in one run.\n\n\
             ![Wrong characters of each converter]({chart})\n\n",
            self.date
        );
        self.summary(&mut page)?;
        self.native(&mut page)?;
        page += MARGINS;
        self.converted(&mut page, tables)?;
        page += "\n## Regional words\n\n[accuracy-vocabulary.md](accuracy-vocabulary.md), by `cargo xtask vocabulary`, has the \
                 precision and the recall of replaced words.\n";
        self.twice(&mut page)?;
        self.characters(&mut page)?;
        Ok(page)
    }

    fn summary(&self, page: &mut String) -> Result<()> {
        let Native { ambiguous, .. } = *self.native;
        let opencc = &self.opencc()?.verdicts;
        let (ours, theirs) = (self.counted(&self.native.validated), self.counted(opencc));
        writeln!(
            page,
            "- Native Simplified text to `zh-Hant`, nine sources with {} ambiguous characters: fanjian has {:.1} errors in \
             10,000 of these, OpenCC {:.1}: {} of OpenCC's errors.",
            grouped(ambiguous as f64),
            in_ten_thousand(ours, ambiguous),
            in_ten_thousand(theirs, ambiguous),
            share(ours, theirs),
        )?;
        let mut shares = Vec::new();
        for (genre, places) in self.native.genres() {
            let of = |verdicts: &[Verdict]| self.native.errors(verdicts, |_, label| label.genre == genre);
            if places >= LEAST_PLACES {
                shares.push((of(&self.native.validated) as f64 / of(opencc).max(1) as f64, genre.clone()));
            }
        }
        shares.sort_by(|one, other| one.0.total_cmp(&other.0));
        if let (Some(best), Some(worst)) = (shares.first(), shares.last()) {
            writeln!(
                page,
                "- By genre, each decided by a model that has not seen its labels: from {:.0} % of OpenCC's errors ({}) to {:.0} % ({}).",
                100.0 * best.0,
                best.1,
                100.0 * worst.0,
                worst.1
            )?;
        }
        for (title, direction, is_cantonese) in REGIONS {
            let converters = self.region(direction, is_cantonese);
            let of = |start: &str| converters.iter().find(|(name, ..)| name.starts_with(start));
            let (Some(ours), Some(theirs)) = (of(OWN), of("OpenCC")) else { continue };
            writeln!(
                page,
                "- {title}, converted texts: {} errors in 10,000 ambiguous characters, OpenCC {}.",
                rounded(ours.1),
                rounded(theirs.1)
            )?;
        }
        let second = |name: &str| {
            let systems = self.second.iter().filter(|((_, system), _)| self.names[*system] == name);
            systems.fold((0, 0), |sum, (_, second)| (sum.0 + second.changed, sum.1 + second.lines))
        };
        let (changed, lines) = second(OWN);
        let native = self.native.system(OWN)?.changed;
        writeln!(
            page,
            "- A second conversion changes {} of {} lines of fanjian's output, and {native} of {} contexts of native text.",
            grouped(changed as f64),
            grouped(lines as f64),
            grouped(self.native.labels.len() as f64),
        )?;
        Ok(())
    }

    fn native(&self, page: &mut String) -> Result<()> {
        let Native { labels, first, ambiguous, fixed, .. } = self.native;
        let (all, sampled) = (self.native.places(|_, _| true), self.native.places(|index, _| index < *first));
        let opencc = &self.opencc()?.verdicts;
        let aligned: Vec<String> = self
            .native
            .systems
            .iter()
            .filter(|judged| judged.aligned > 0)
            .map(|judged| format!("{} in {}", judged.name, judged.aligned))
            .collect();
        writeln!(
            page,
            "\n## Native Simplified text\n\n\
             Reviews, news, posts, talk, encyclopaedia articles, technical and other text from the mainland, with places whose \
             answer was decided by reading: {} distinct contexts, which occur {} times. A place is right if its character is one \
             of the accepted spellings; shapes of one character are the same. Each context (the character with 12 to each side) \
             is converted as a text of its own, to `zh-Hant`, and counts as often as it occurs. Where an output is of another \
             length than its context, the character is found by the alignment of least edits ({}).\n\n\
             What this measures, and what not:\n\n\
             - The places are places of doubt: those where OpenCC and fanjian differed, or where fanjian was not sure, with the \
             model of the time. What is not in the sample counts as right for all. An error that OpenCC and fanjian both make \
             with certainty is in no column, and so is one of the new model where the old one was right and sure.\n\
             - The other converters had no part in the sample, so that their errors are at least those in the table, but for zhtw, \
             whose words of Taiwan may count as errors. (pyicu-wheels is ICU. zhtw converts to Taiwan's words, too. jieba with \
             OpenCC's phrases segments by jieba's words and OpenCC's, and then replaces these.)\n\
             - Errors in 10,000 are of the {} ambiguous characters of nine sources, to which the first {} places belong. Those of \
             the others were not counted, and neither were those of each genre.\n\
             - *fanjian* is decided as `cargo train validate` does: each genre by a model that has learned the labels of the \
             other genres, and not its own; phrases that nothing outweighs have no part in it. Places with one output, {} of \
             them, are the library's. The settings of the learner \
             were chosen by these figures, and the sentences of the project (`models/sentences`) were written knowing which \
             characters had most errors. `kinds.txt` among them was written after lists of these errors had been read, so that \
             the model of this table goes without it; a few phrases were, too, and are in it.\n\
             - The model that is shipped has learned all these labels: it has {} errors at these places, which is no measure.\n\
             - About one label in a hundred is wrong.\n\
             - The genres have the names of their sources: shop and hotel reviews (shopping, hotel), news \
             (msra_news, pd98), microblogs (weibo), titles, an encyclopaedia (cmrc_wiki), a technical weekly \
             (tech_weekly), a course (python_course), talk about films, music and travel (kdconv, kdconv_kb), \
             recipes (cooking), a technical book (agent_book). Their owners and licences are not recorded with the \
             labels. The contexts are their authors' words, and not part of the repository, which has weights and \
             counts alone.\n\n\
             | converter | errors at the first {} places | in 10,000 ambiguous characters | errors at all {} places | of OpenCC's errors |\n\
             |---|---|---|---|---|",
            grouped(labels.len() as f64),
            grouped(all as f64),
            if aligned.is_empty() { "none was".to_owned() } else { aligned.join(", ") },
            grouped(*ambiguous as f64),
            grouped(sampled as f64),
            fixed,
            grouped(self.native.errors(&self.native.system(OWN)?.verdicts, |_, _| true) as f64),
            grouped(sampled as f64),
            grouped(all as f64),
        )?;
        for (name, verdicts) in self.natives() {
            let (counted, errors) = (self.counted(verdicts), self.native.errors(verdicts, |_, _| true));
            writeln!(
                page,
                "| {name} | {} | {:.1} | {} | {} |",
                grouped(counted as f64),
                in_ten_thousand(counted, *ambiguous),
                grouped(errors as f64),
                share(errors, self.native.errors(opencc, |_, _| true)),
            )?;
        }
        page.push_str("\nErrors by genre:\n\n| genre | places |");
        self.natives().for_each(|(name, _)| *page += &format!(" {name} |"));
        *page += " fanjian, of OpenCC's |\n|---|---|---|";
        self.natives().for_each(|_| page.push_str("---|"));
        page.push('\n');
        for (genre, places) in self.native.genres() {
            let of = |verdicts: &[Verdict]| self.native.errors(verdicts, |_, label| label.genre == genre);
            write!(page, "| {genre} | {} |", grouped(places as f64))?;
            for (_, verdicts) in self.natives() {
                write!(page, " {} |", grouped(of(verdicts) as f64))?;
            }
            writeln!(page, " {} |", share(of(&self.native.validated), of(opencc)))?;
        }
        Ok(())
    }

    fn converted(&self, page: &mut String, tables: &str) -> Result<()> {
        writeln!(
            page,
            "\n## Converted texts, by region\n\n\
             Traditional text whose Simplified side was made by a conversion, or the other way round: wrong characters in 10,000 \
             of those with several candidates, where shapes of one character are the same and so are spellings that are both \
             in use. *fanjian* is a target with no other option; with *--from* it is given the script of the text, as the others \
             are. [{tables}]({tables}) has every text, converter and level; [accuracy-held-out.md](accuracy-held-out.md) has \
             sources and genres that a model had not learned from, with the share of real errors; [accuracy-unseen.md](accuracy-unseen.md) \
             has texts that were kept apart, measured once with an earlier model.\n"
        )?;
        if let Some(note) = self.note {
            writeln!(page, "{note}\n")?;
        }
        let panels = REGIONS.map(|(title, direction, is_cantonese)| (title, self.region(direction, is_cantonese)));
        *page += "| converter |";
        for (title, converters) in &panels {
            let all = converters.first().map_or(0, |(_, _, all)| *all);
            write!(page, " {title} ({}) |", grouped(all as f64))?;
        }
        *page += "\n|---|---|---|---|---|---|\n";
        for name in self.names {
            write!(page, "| {name} |")?;
            for (_, converters) in &panels {
                match converters.iter().find(|(other, ..)| other == name) {
                    Some((_, errors, _)) => write!(page, " {} |", rounded(*errors))?,
                    None => page.push_str(" – |"),
                }
            }
            page.push('\n');
        }
        let worse = self.worse.iter().map(|(text, theirs, ours)| format!("{text} ({theirs} and {ours})"));
        let worse: Vec<String> = worse.collect();
        let worse = if worse.is_empty() { "none".to_owned() } else { worse.join(", ") };
        writeln!(
            page,
            "\nIn brackets: the number of characters with several candidates.\n\nTexts where fanjian has more errors in these \
             than OpenCC, with OpenCC's and fanjian's: {worse}."
        )?;
        Ok(())
    }

    fn twice(&self, page: &mut String) -> Result<()> {
        let directions: Vec<&str> = {
            let mut directions: Vec<_> = self.second.keys().map(|(direction, _)| direction.as_str()).collect();
            directions.dedup();
            directions
        };
        *page += "\n## Second conversions\n\nLines that a second conversion of the output changes, in all texts of a direction, \
                  those apart as well, and in the contexts of native text.\n\n| converter |";
        for direction in &directions {
            let lines =
                self.second.iter().find(|((other, _), _)| other == direction).map_or(0, |(_, second)| second.lines);
            write!(page, " {direction} ({}) |", grouped(lines as f64))?;
        }
        writeln!(page, " native, s2t ({}) |", grouped(self.native.labels.len() as f64))?;
        *page += &format!("|---|{}\n", "---|".repeat(directions.len() + 1));
        for (system, name) in self.names.iter().enumerate() {
            write!(page, "| {name} |")?;
            for direction in &directions {
                match self.second.get(&((*direction).to_owned(), system)) {
                    Some(second) => write!(page, " {} |", grouped(second.changed as f64))?,
                    None => page.push_str(" – |"),
                }
            }
            match self.native.systems.iter().find(|judged| judged.name == *name) {
                Some(judged) => writeln!(page, " {} |", grouped(judged.changed as f64))?,
                None => page.push_str(" – |\n"),
            }
        }
        Ok(())
    }

    /// The characters with most errors, and those where OpenCC has fewer.
    fn characters(&self, page: &mut String) -> Result<()> {
        let mut characters: BTreeMap<char, [usize; 3]> = BTreeMap::new();
        let opencc = &self.opencc()?.verdicts;
        for (index, label) in self.native.labels.iter().enumerate() {
            let occurrences = label.occurrences as usize;
            let counts = characters.entry(label.character).or_default();
            counts[0] += occurrences;
            counts[1] += if opencc[index] == Verdict::Wrong { occurrences } else { 0 };
            counts[2] += if self.native.validated[index] == Verdict::Wrong { occurrences } else { 0 };
        }
        let mut sorted: Vec<_> = characters.into_iter().collect();
        sorted.sort_by_key(|(character, [_, theirs, ours])| (std::cmp::Reverse(theirs + ours), *character));
        writeln!(
            page,
            "\n## Characters with most errors\n\nAt the labelled places of native text, by the errors of both together.\n\n\
             | character | places | OpenCC's errors | fanjian's errors |\n|---|---|---|---|"
        )?;
        let cell = |count: &usize| grouped(*count as f64);
        for (character, [places, theirs, ours]) in sorted.iter().take(CHARACTERS) {
            writeln!(page, "| {character} | {} | {} | {} |", cell(places), cell(theirs), cell(ours))?;
        }
        let worse: Vec<String> = sorted
            .iter()
            .filter(|(_, [places, theirs, ours])| *places >= LEAST_OCCURRENCES && ours > theirs)
            .map(|(character, [places, theirs, ours])| format!("{character} ({theirs} and {ours} of {places})"))
            .collect();
        let worse = if worse.is_empty() { "none".to_owned() } else { worse.join(", ") };
        writeln!(
            page,
            "\nCharacters of {LEAST_OCCURRENCES} places or more where fanjian has more errors than OpenCC, with OpenCC's and \
             fanjian's: {worse}."
        )?;
        Ok(())
    }

    pub(crate) fn chart(&self) -> Result<Chart> {
        let opencc = &self.opencc()?.verdicts;
        let bar = |name: &str, value: f64, text: String| {
            let role = if name.starts_with(OWN) { Role::Own } else { Role::Peer };
            Bar { label: name.to_owned(), role, value: Some(value), text }
        };
        let is_shown = |name: &str| !name.starts_with(OFF_SCALE) && !name.ends_with("--from");
        let ambiguous = self.native.ambiguous;
        let rate = |verdicts: &[Verdict]| in_ten_thousand(self.counted(verdicts), ambiguous);
        let native = self.natives().filter(|(name, _)| is_shown(name));
        let mut panels = vec![Panel {
            title: format!("Native, Simplified to zh-Hant: {} characters", grouped(ambiguous as f64)),
            bars: native.map(|(name, verdicts)| bar(name, rate(verdicts), rounded(rate(verdicts)))).collect(),
        }];
        let mut genres = Vec::new();
        for (genre, places) in self.native.genres() {
            let of = |verdicts: &[Verdict]| self.native.errors(verdicts, |_, label| label.genre == genre);
            let (ours, theirs) = (of(&self.native.validated), of(opencc));
            if places >= LEAST_PLACES && theirs > 0 {
                let value = 100.0 * ours as f64 / theirs as f64;
                let text = format!("{value:.0} % of {}", grouped(theirs as f64));
                genres.push(Bar { label: genre, role: Role::Own, value: Some(value), text });
            }
        }
        panels.push(Panel { title: "Native, by genre: fanjian's errors in % of OpenCC's".to_owned(), bars: genres });
        for (title, direction, is_cantonese) in REGIONS {
            let converters = self.region(direction, is_cantonese);
            let all = converters.first().map_or(0, |(_, _, all)| *all);
            let shown = converters.into_iter().filter(|(name, ..)| is_shown(name));
            panels.push(Panel {
                title: format!("Converted, {title}: {} characters", grouped(all as f64)),
                bars: shown.map(|(name, errors, _)| bar(name, errors, rounded(errors))).collect(),
            });
        }
        let date = self.date;
        Ok(Chart {
            description: format!("Wrong characters of each converter in 10,000 ambiguous ones, {date}"),
            title: "Errors in 10,000 ambiguous characters: fewer is better".to_owned(),
            notes: vec![
                format!(
                    "{date}; native text: labelled places of doubt, each genre decided by a model that has not seen its labels"
                ),
                "converted text: texts that were at hand in development; other shapes of one character count as equal"
                    .to_owned(),
                format!("pyicu-wheels is ICU. Not shown: {OFF_SCALE}, which maps characters one by one"),
            ],
            columns: 2,
            label_width: 226,
            bar_width: 174,
            number_width: 120,
            panels,
        })
    }
}
