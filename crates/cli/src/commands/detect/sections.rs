//! The sections of a summary, as the terminal and the page show them.

use fanjian::{Named, Script};

use crate::{
    commands::detect::summary::{REASONS, Reason, Summary, Suspicious},
    messages::{message, text, translatable},
};

/// Shares of texts, each with a bar.
pub(super) struct Section {
    pub(super) title: String,
    pub(super) rows: Vec<Row>,
}

/// A share.
pub(super) struct Row {
    pub(super) label: String,
    /// What the label means, if it does not say so.
    pub(super) meaning: &'static str,
    pub(super) texts: u64,
    /// The share of the texts of its section, from 0 to 1.
    pub(super) share: f64,
}

/// All sections that have texts.
pub(super) fn sections(summary: &Summary) -> Vec<Section> {
    let row = |label: String, meaning, texts: u64, all: u64| Row { label, meaning, texts, share: share(texts, all) };
    let scripts = summary.scripts.iter().filter(|(_, count)| count.texts > 0);
    let scripts =
        scripts.map(|(script, count)| row(script.name().into(), script.description(), count.texts, summary.texts));
    let lengths = summary.by_length().into_iter().map(|(from, to, texts)| {
        let label = match from == to {
            true => message!("empty"),
            false => message!("{from} to {to}", from = grouped(from), to = grouped(to)),
        };
        row(label, "", texts, summary.texts)
    });
    let decided = summary.confidence.iter().sum();
    let confidence = summary.by_confidence().into_iter();
    let confidence = confidence.map(|(from, to, texts)| row(message!("{from} to {to}", from, to), "", texts, decided));
    let reasons = REASONS.iter().zip(summary.reasons).filter(|(_, texts)| *texts > 0);
    let reasons = reasons.map(|(reason, texts)| row(text(kind(*reason)), "", texts, summary.texts));
    [
        Section { title: text("Script and region"), rows: scripts.collect() },
        Section { title: text("Length in characters"), rows: lengths.collect() },
        Section { title: text("Confidence, where there is evidence of a script"), rows: confidence.collect() },
        Section { title: text("Suspicious"), rows: reasons.collect() },
    ]
    .into_iter()
    .filter(|section| !section.rows.is_empty())
    .collect()
}

/// The totals, as sentences.
pub(super) fn totals(summary: &Summary) -> Vec<String> {
    let mut totals = vec![message!(
        "{texts}: {characters} characters, {han} Chinese",
        texts = counted(summary, summary.texts),
        characters = grouped(summary.characters),
        han = grouped(summary.han)
    )];
    let mut others = Vec::new();
    if summary.binary > 0 {
        others.push(message!("{count} binary", count = grouped(summary.binary)));
    }
    if summary.failed > 0 {
        let count = grouped(summary.failed);
        others.push(match summary.is_of_records {
            true => message!("{count} broken or unreadable", count),
            false => message!("{count} unreadable", count),
        });
    }
    if !others.is_empty() {
        totals.push(message!("not counted: {others}", others = others.join(&text(", "))));
    }
    if summary.machine_converted.texts > 0 {
        let is_chinese = |script: Script| !matches!(script, Script::NotChinese | Script::Japanese);
        let chinese = summary.scripts.iter().filter(|(script, _)| is_chinese(*script));
        let chinese: u64 = chinese.map(|(_, count)| count.texts).sum();
        totals.push(message!(
            "machine-converted: {count} of {all} in Chinese ({share})",
            count = grouped(summary.machine_converted.texts),
            all = counted(summary, chinese),
            share = percent(share(summary.machine_converted.texts, chinese))
        ));
    }
    for (target, texts, others) in &summary.named {
        let (target, texts) = (target.name(), counted(summary, *texts));
        totals.push(match others {
            0 => message!("in paths for {target}: {texts}, none of another script or region", target, texts),
            others => message!(
                "in paths for {target}: {texts}, {others} of another script or region",
                target,
                texts,
                others = grouped(*others)
            ),
        });
    }
    totals
}

/// The heading of the list of suspicious texts. None if there are none.
pub(super) fn heading(summary: &Summary) -> Option<String> {
    let listed = summary.worst().len() as u64;
    let all = counted(summary, summary.suspicious);
    (summary.suspicious > 0).then(|| match listed < summary.suspicious {
        true => message!("Suspicious texts: the first {listed} of {all}", listed = grouped(listed), all),
        false => message!("Suspicious texts: {all}", all),
    })
}

/// Why a text is suspicious, for people.
pub(super) fn why(suspicious: &Suspicious) -> String {
    let script = suspicious.found.script();
    let reasons = suspicious.reasons.iter().map(|reason| match reason {
        Reason::OtherThanNamed(target) => {
            message!("{script}, but its path names {target}", script, target = target.name())
        }
        Reason::MachineConverted if suspicious.found.converted == 1 => message!("machine-converted (1 word)"),
        Reason::MachineConverted => message!("machine-converted ({count} words)", count = suspicious.found.converted),
        Reason::Mixed => message!(
            "mixed ({simplified} only Simplified, {traditional} only Traditional)",
            simplified = suspicious.found.simplified,
            traditional = suspicious.found.traditional
        ),
        Reason::LowConfidence => {
            message!("confidence {confidence}", confidence = format!("{:.2}", suspicious.found.confidence()))
        }
    });
    reasons.collect::<Vec<_>>().join(&text("; "))
}

fn kind(reason: Reason) -> &'static str {
    match reason {
        Reason::OtherThanNamed(_) => translatable("another script than its path names"),
        Reason::MachineConverted => translatable("machine-converted"),
        Reason::Mixed => translatable("mixed scripts"),
        Reason::LowConfidence => translatable("low confidence"),
    }
}

/// The number of texts of the summary, with their noun.
fn counted(summary: &Summary, count: u64) -> String {
    match (summary.is_of_records, count) {
        (false, 1) => message!("1 file"),
        (false, count) => message!("{count} files", count = grouped(count)),
        (true, 1) => message!("1 record"),
        (true, read) => message!("{read} records", read = grouped(read)),
    }
}

pub(super) fn share(part: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { part as f64 / all as f64 }
}

/// A share in percent. One that is not 0 is not written as 0, nor one below 1 as 100 %.
pub(super) fn percent(share: f64) -> String {
    match share * 100.0 {
        percent if percent > 0.0 && percent < 0.05 => "<0.1 %".to_owned(),
        percent if (99.95..100.0).contains(&percent) => ">99.9 %".to_owned(),
        percent => format!("{percent:.1} %"),
    }
}

/// A number with commas between its thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_shares_rounded_within_their_bounds() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([0.0, 0.0001, 0.5, 0.9999, 1.0].map(percent), ["0.0 %", "<0.1 %", "50.0 %", ">99.9 %", "100.0 %"]);
        assert_eq!(share(0, 0), 0.0);
    }
}
