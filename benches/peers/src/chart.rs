//! The chart of a record: speeds, with a panel for each of some configurations.

use measure::chart::{Bar, Chart, Panel, Role};

use crate::{
    figures::{Figure, Kind, Record},
    report::number,
};

const CHOSEN: [&str; 4] = ["s2t", "t2s", "s2twp", "tw2sp"];

pub(crate) fn draw(record: &Record) -> String {
    let kind = Kind::MegabytesPerCpuSecond;
    let scenarios = record.scenarios(kind).into_iter().filter(|name| CHOSEN.contains(name));
    let (date, processor, rounds) = (&record.date, &record.machine.processor, record.rounds);
    let chart = Chart {
        description: format!("MB per CPU second of each converter, {date}"),
        title: "MB of natural text converted per CPU second".to_owned(),
        notes: vec![format!("{processor}, one thread, {date}, median of {rounds} rounds; * not OpenCC’s results")],
        columns: 2,
        label_width: 120,
        bar_width: 280,
        number_width: 70,
        panels: scenarios.map(|scenario| panel(record, scenario)).collect(),
    };
    chart.draw()
}

fn panel(record: &Record, scenario: &str) -> Panel {
    let bar = |name: &String| {
        let rate = record.find(Kind::MegabytesPerCpuSecond, scenario, name).map(Figure::median);
        let mark = if rate.is_none() || is_exact(record, scenario, name) { "" } else { " *" };
        Bar {
            label: format!("{name}{mark}"),
            role: match name.as_str() {
                "fanjian" => Role::Own,
                "bare-loop" => Role::Bound,
                _ => Role::Peer,
            },
            value: rate,
            text: rate.map_or_else(|| "–".to_owned(), number),
        }
    };
    let bars = record.peers.iter().map(|peer| bar(&peer.name)).collect();
    Panel { title: scenario.to_owned(), bars }
}

fn is_exact(record: &Record, config: &str, peer: &str) -> bool {
    record.find(Kind::ShareOfEqualLines, config, peer).is_some_and(|figure| figure.median() == 1.0)
}

#[cfg(test)]
mod tests {
    use std::fs;

    #[test]
    fn the_committed_chart_is_that_of_the_committed_record() {
        let record = import::root().join("benches/record/2026-11-29.json");
        let json = fs::read_to_string(&record).unwrap();
        let chart = super::draw(&serde_json::from_str(&json).unwrap());
        assert_eq!(chart, fs::read_to_string(record.with_extension("svg")).unwrap());
    }
}
