//! The picture of a record: bars of the speeds, a panel for each of some configurations.

use std::fmt::Write as _;

use crate::{
    figures::{Figure, Kind, Record},
    report::number,
};

const CHOSEN: [&str; 4] = ["s2t", "t2s", "s2twp", "tw2sp"];
/// Measures, in pixels.
const COLUMNS: usize = 2;
const PANEL_WIDTH: usize = 470;
const LABEL_WIDTH: usize = 120;
const BAR_WIDTH: f64 = 280.0;
const ROW_HEIGHT: usize = 20;
const TOP: usize = 64;
const PANEL_TOP: usize = 30;

/// Colours that keep their contrast on a light ground and on a dark one.
const STYLE: &str = "\
text { font: 12px system-ui, sans-serif; fill: #24292f; }
.title { font-size: 17px; font-weight: 600; }
.panel { font-size: 14px; font-weight: 600; }
.ground { fill: #ffffff; }
rect.own { fill: #c2410c; }
rect.bare { fill: #8c959f; }
rect.peer { fill: #3b76b8; }
text.own { font-weight: 600; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; }
.ground { fill: #0d1117; }
rect.own { fill: #f08a4b; }
rect.bare { fill: #6e7681; }
rect.peer { fill: #58a6e0; }
}";

pub(crate) fn draw(record: &Record) -> String {
    let kind = Kind::MegabytesPerCpuSecond;
    let scenarios: Vec<&str> = record.scenarios(kind).into_iter().filter(|name| CHOSEN.contains(name)).collect();
    let panel_height = PANEL_TOP + record.peers.len() * ROW_HEIGHT + 24;
    let width = COLUMNS * PANEL_WIDTH + 20;
    let height = TOP + scenarios.len().div_ceil(COLUMNS) * panel_height;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>MB per CPU second of each converter, {date}</title>\n\
         <style>\n{STYLE}\n</style>\n\
         <rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>\n\
         <text class=\"title\" x=\"20\" y=\"28\">MB of natural text converted per CPU second</text>\n\
         <text x=\"20\" y=\"48\">{processor}, one thread, {date}, median of {rounds} rounds; \
         * not OpenCC’s results</text>\n",
        date = record.date,
        processor = escape(&record.machine.processor),
        rounds = record.rounds,
    );
    for (index, scenario) in scenarios.iter().enumerate() {
        let left = 20 + index % COLUMNS * PANEL_WIDTH;
        let top = TOP + index / COLUMNS * panel_height;
        let _ = writeln!(svg, "<text class=\"panel\" x=\"{left}\" y=\"{}\">{scenario}</text>", top + 18);
        let rate = |name: &str| record.find(kind, scenario, name).map(Figure::median);
        let most = record.peers.iter().filter_map(|peer| rate(&peer.name)).fold(0.0, f64::max);
        for (row, peer) in record.peers.iter().enumerate() {
            let y = top + PANEL_TOP + row * ROW_HEIGHT;
            svg += &bar(left, y, &peer.name, rate(&peer.name), most, is_exact(record, scenario, &peer.name));
        }
    }
    svg + "</svg>\n"
}

/// A row of a panel: name, bar and number.
fn bar(left: usize, y: usize, name: &str, rate: Option<f64>, most: f64, exact: bool) -> String {
    let class = match name {
        "fanjian" => "own",
        "bare-loop" => "bare",
        _ => "peer",
    };
    let base = y + 13;
    let start = left + LABEL_WIDTH;
    let mut row = format!(
        "<text class=\"{class}\" x=\"{}\" y=\"{base}\" text-anchor=\"end\">{}{}</text>\n",
        start - 8,
        escape(name),
        if exact || rate.is_none() { "" } else { " *" },
    );
    let length = rate.map_or(0.0, |rate| BAR_WIDTH * rate / most);
    if rate.is_some() {
        let _ = writeln!(
            row,
            "<rect class=\"{class}\" x=\"{start}\" y=\"{}\" width=\"{length:.1}\" height=\"14\" rx=\"2\"/>",
            y + 2,
        );
    }
    let _ = writeln!(
        row,
        "<text class=\"{class}\" x=\"{:.1}\" y=\"{base}\">{}</text>",
        start as f64 + length + 6.0,
        rate.map_or_else(|| "–".to_owned(), number),
    );
    row
}

fn is_exact(record: &Record, config: &str, peer: &str) -> bool {
    record.find(Kind::ShareOfEqualLines, config, peer).is_some_and(|figure| figure.median() == 1.0)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
