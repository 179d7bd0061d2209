//! The page that shows a record.

use std::fmt::Write as _;

use crate::{
    figures::{Figure, Kind, Record},
    headline,
};

/// The scenarios of the first table.
const MAIN: [&str; 6] = ["s2t", "t2s", "s2twp", "tw2sp", "s2t, HTML", "t2s, HTML"];

pub(crate) fn page(record: &Record) -> String {
    let speeds = record.scenarios(Kind::MegabytesPerCpuSecond);
    let main: Vec<&str> = speeds.into_iter().filter(|name| MAIN.contains(name)).collect();
    let median_and_best = |figure: &Figure| format!("{} [{}]", number(figure.median()), number(figure.greatest()));
    let sections = [
        (
            "Speed",
            "MB of input per CPU second, one thread, in process: median of the rounds, best round in brackets."
                .to_owned(),
            by_peer(record, Kind::MegabytesPerCpuSecond, &main, median_and_best),
        ),
        ("Ratios", "fanjian's median against others'.".to_owned(), ratios(record)),
        (
            "Results equal to OpenCC's",
            format!(
                "Of the lines of the text, those that are as OpenCC {} converts them, with its tofu-risk dictionaries \
                 or without.",
                import::VERSION
            ),
            by_scenario(record, Kind::ShareOfEqualLines, |figure| share(figure.median())),
        ),
        (
            "Speed, all measurements",
            "MB of input per CPU second, median of the rounds.".to_owned(),
            by_scenario(record, Kind::MegabytesPerCpuSecond, median),
        ),
        (
            "Short strings",
            "Nanoseconds a call, by the string's length.".to_owned(),
            by_scenario(record, Kind::NanosecondsPerCall, median),
        ),
        (
            "First conversion",
            "CPU milliseconds in a fresh process: making the converter, and a sentence.".to_owned(),
            by_scenario(record, Kind::FirstConversionCpuMilliseconds, median),
        ),
        (
            "Page faults",
            "Page faults of the first conversion in a fresh process.".to_owned(),
            by_scenario(record, Kind::FirstConversionPageFaults, |figure| format!("{:.0}", figure.median())),
        ),
        (
            "Memory",
            "Peak MiB of a process that converts 20 MB; the text and its result, 38 MiB, are part of it.".to_owned(),
            by_scenario(record, Kind::PeakMebibytes, median),
        ),
        (
            "Commands",
            format!(
                "The whole process, output to nowhere. No peak is below what starts the process, some 3 MiB. The command \
                 `fanjian`, with all its data, has {:.1} MB.",
                record.program as f64 / 1e6
            ),
            commands(record),
        ),
    ];
    let mut page = format!("# fanjian and its peers, {}\n\n{}", record.date, headline::list(record));
    for (title, note, table) in sections {
        let _ = write!(page, "\n## {title}\n\n{note}\n\n{table}");
    }
    let _ = write!(page, "\n## Conditions\n{}", circumstances(record));
    page
}

/// The page with the picture under its title, for a record of this date.
pub(crate) fn with_chart(page: &str, date: &str) -> String {
    page.replacen('\n', &format!("\n\n![MB per CPU second of each converter]({date}.svg)\n"), 1)
}

fn circumstances(record: &Record) -> String {
    let machine = &record.machine;
    let mut text = format!(
        "\n- Machine: {}, {} cores, {}\n- Tools: {}, fanjian at {}\n- Command line: `{}`; {} rounds, in which the \
         peers take turns\n",
        machine.processor,
        machine.cores,
        machine.system,
        machine.rustc,
        machine.revision,
        ["peers", &record.command_line].join(" ").trim_end(),
        record.rounds,
    );
    for (name, bytes) in &record.texts {
        let source = &record.sources[name];
        let _ = write!(text, "- {name}: {:.1} MB", *bytes as f64 / 1e6);
        if let Some(han) = source["han"].as_f64() {
            let _ = write!(text, ", {:.0} % of it Han characters", han * 100.0);
        }
        if let Some(packages) = source["sources"].as_object() {
            let packages: Vec<String> = packages
                .iter()
                .map(|(package, what)| format!("{package} ({})", what.as_str().unwrap_or_default()))
                .collect();
            let _ = write!(text, "; from {}", packages.join(", "));
        }
        text.push('\n');
    }
    let peers: Vec<String> =
        record.peers.iter().map(|peer| format!("{} {}", peer.title, peer.version).trim_end().to_owned()).collect();
    let _ = writeln!(text, "- Versions: {}", peers.join("; "));
    for absent in &record.absent {
        let _ = writeln!(text, "- Left out: {}", absent.lines().next().unwrap_or_default());
    }
    text
}

/// A table with a line for each peer.
fn by_peer(record: &Record, kind: Kind, scenarios: &[&str], cell: impl Fn(&Figure) -> String) -> String {
    let mut rows = vec![std::iter::once("").chain(scenarios.iter().copied()).map(str::to_owned).collect()];
    for peer in &record.peers {
        let cells = scenarios.iter().map(|scenario| optional(record.find(kind, scenario, &peer.name), &cell));
        rows.push(std::iter::once(peer.title.clone()).chain(cells).collect());
    }
    table(&rows)
}

/// A table with a line for each scenario.
fn by_scenario(record: &Record, kind: Kind, cell: impl Fn(&Figure) -> String) -> String {
    let names = record.peers.iter().map(|peer| peer.name.clone());
    let mut rows: Vec<Vec<String>> = vec![std::iter::once(String::new()).chain(names).collect()];
    for scenario in record.scenarios(kind) {
        let cells = record.peers.iter().map(|peer| optional(record.find(kind, scenario, &peer.name), &cell));
        rows.push(std::iter::once(scenario.to_owned()).chain(cells).collect());
    }
    table(&rows)
}

fn ratios(record: &Record) -> String {
    let header = ["", "fanjian, MB/s", "fastest peer", "of the fastest peer", "of the bare loop", "of OpenCC"];
    let mut rows: Vec<Vec<String>> = vec![header.map(str::to_owned).to_vec()];
    let kind = Kind::MegabytesPerCpuSecond;
    for scenario in record.scenarios(kind) {
        let rate = |name: &str| record.find(kind, scenario, name).map(Figure::median);
        let Some(ours) = record.ours(kind, scenario) else { continue };
        let fastest = record.others(kind, scenario).max_by(|left, right| left.0.total_cmp(&right.0));
        let opencc = ["opencc-rust", "opencc-python"].into_iter().filter_map(rate).reduce(f64::max);
        let times =
            |theirs: Option<f64>| theirs.map_or_else(|| "-".to_owned(), |theirs| format!("{:.2}", ours / theirs));
        rows.push(vec![
            scenario.to_owned(),
            number(ours),
            fastest.map_or_else(|| "-".to_owned(), |(rate, name)| format!("{name}, {}", number(rate))),
            times(fastest.map(|(rate, _)| rate)),
            times(rate("bare-loop")),
            times(opencc),
        ]);
    }
    table(&rows)
}

fn commands(record: &Record) -> String {
    let header = ["", "wall, ms", "MB/s", "MB per CPU second", "peak, MiB"];
    let mut rows: Vec<Vec<String>> = vec![header.map(str::to_owned).to_vec()];
    for scenario in record.scenarios(Kind::CommandPeakMebibytes) {
        for name in ["fanjian", "fanjian -j 2", "opencc", "cat"] {
            let Some(peak) = record.find(Kind::CommandPeakMebibytes, scenario, name) else { continue };
            let cell = |kind| optional(record.find(kind, scenario, name), &median);
            rows.push(vec![
                format!("{name}, {scenario}"),
                cell(Kind::CommandMilliseconds),
                cell(Kind::CommandMegabytesPerSecond),
                cell(Kind::CommandMegabytesPerCpuSecond),
                number(peak.greatest()),
            ]);
        }
    }
    table(&rows)
}

fn optional(figure: Option<&Figure>, cell: &impl Fn(&Figure) -> String) -> String {
    figure.map_or_else(|| "-".to_owned(), cell)
}

/// Rows of a Markdown table, the first of which is the header.
fn table(rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        let _ = writeln!(text, "| {} |", row.join(" | "));
        if index == 0 {
            let _ = writeln!(text, "|---|{}", "---:|".repeat(row.len() - 1));
        }
    }
    text
}

fn median(figure: &Figure) -> String {
    number(figure.median())
}

/// Two digits at least that count.
pub(crate) fn number(value: f64) -> String {
    match value {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

fn share(share: f64) -> String {
    if share == 1.0 {
        return "identical".to_owned();
    }
    // Rounded down: what differs is never shown as all.
    format!("{:.2} %", (share * 1e4).floor() / 100.0)
}
