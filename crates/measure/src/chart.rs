//! Bar charts as SVG, readable on a light background and on a dark one.

use std::fmt::Write as _;

/// A chart: panels of horizontal bars.
pub struct Chart {
    /// The short description for those who do not see the picture.
    pub description: String,
    /// The heading.
    pub title: String,
    /// The lines under the heading: conditions of the measurement, and what marks mean.
    pub notes: Vec<String>,
    /// Panels beside each other.
    pub columns: usize,
    /// Pixels for the names of the bars.
    pub label_width: usize,
    /// Pixels of the longest bar.
    pub bar_width: usize,
    /// Pixels for the number behind the longest bar.
    pub number_width: usize,
    /// The panels, from left to right and from top to bottom.
    pub panels: Vec<Panel>,
}

/// Bars with a common scale.
pub struct Panel {
    /// The heading.
    pub title: String,
    /// The bars, from top to bottom.
    pub bars: Vec<Bar>,
}

/// A name, a bar and its number.
pub struct Bar {
    /// The name.
    pub label: String,
    /// How the bar is coloured.
    pub role: Role,
    /// The length, where there is one.
    pub value: Option<f64>,
    /// The number as it is printed.
    pub text: String,
}

/// What a bar is, which gives its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// This project.
    Own,
    /// Something that it is compared with.
    Peer,
    /// A lower or upper bound, no converter.
    Bound,
}

const ROW_HEIGHT: usize = 20;
const PANEL_TOP: usize = 30;
const PANEL_BOTTOM: usize = 24;
const LEFT: usize = 20;

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

impl Chart {
    /// The chart as an SVG document.
    pub fn draw(&self) -> String {
        let panel_width = self.label_width + self.bar_width + self.number_width;
        let rows = self.panels.chunks(self.columns.max(1));
        let heights: Vec<usize> = rows
            .map(|panels| {
                let most_bars = panels.iter().map(|panel| panel.bars.len()).max().unwrap_or(0);
                PANEL_TOP + most_bars * ROW_HEIGHT + PANEL_BOTTOM
            })
            .collect();
        let top = 44 + self.notes.len() * 20;
        let width = self.columns * panel_width + LEFT;
        let height = top + heights.iter().sum::<usize>();
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
             <title>{}</title>\n\
             <style>\n{STYLE}\n</style>\n\
             <rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>\n\
             <text class=\"title\" x=\"{LEFT}\" y=\"28\">{}</text>\n",
            escape(&self.description),
            escape(&self.title),
        );
        for (row, note) in self.notes.iter().enumerate() {
            let _ = writeln!(svg, "<text x=\"{LEFT}\" y=\"{}\">{}</text>", 48 + row * 20, escape(note));
        }
        for (index, panel) in self.panels.iter().enumerate() {
            let left = LEFT + index % self.columns * panel_width;
            let top = top + heights[..index / self.columns].iter().sum::<usize>();
            let title = escape(&panel.title);
            let _ = writeln!(svg, "<text class=\"panel\" x=\"{left}\" y=\"{}\">{title}</text>", top + 18);
            let longest = panel.bars.iter().filter_map(|bar| bar.value).fold(0.0, f64::max);
            for (row, bar) in panel.bars.iter().enumerate() {
                svg += &self.row(bar, left, top + PANEL_TOP + row * ROW_HEIGHT, longest);
            }
        }
        svg + "</svg>\n"
    }

    fn row(&self, bar: &Bar, left: usize, y: usize, longest: f64) -> String {
        let class = match bar.role {
            Role::Own => "own",
            Role::Peer => "peer",
            Role::Bound => "bare",
        };
        let (base, start) = (y + 13, left + self.label_width);
        let mut row = format!(
            "<text class=\"{class}\" x=\"{}\" y=\"{base}\" text-anchor=\"end\">{}</text>\n",
            start - 8,
            escape(&bar.label),
        );
        let length = bar.value.filter(|_| longest > 0.0).map_or(0.0, |value| self.bar_width as f64 * value / longest);
        if bar.value.is_some() {
            let _ = writeln!(
                row,
                "<rect class=\"{class}\" x=\"{start}\" y=\"{}\" width=\"{length:.1}\" height=\"14\" rx=\"2\"/>",
                y + 2,
            );
        }
        let (end, text) = (start as f64 + length + 6.0, escape(&bar.text));
        let _ = writeln!(row, "<text class=\"{class}\" x=\"{end:.1}\" y=\"{base}\">{text}</text>");
        row
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_have_lengths_in_proportion_and_text_is_escaped() {
        let bar = |label: &str, role, value| Bar { label: label.to_owned(), role, value, text: "1".to_owned() };
        let bars = vec![bar("a<b", Role::Own, Some(4.0)), bar("c", Role::Peer, Some(1.0)), bar("d", Role::Bound, None)];
        let chart = Chart {
            description: "A & B".to_owned(),
            title: "T".to_owned(),
            notes: vec!["N".to_owned()],
            columns: 1,
            label_width: 100,
            bar_width: 200,
            number_width: 70,
            panels: vec![Panel { title: "P".to_owned(), bars }],
        };
        let svg = chart.draw();
        assert!(svg.contains("<title>A &amp; B</title>"), "{svg}");
        assert!(svg.contains("a&lt;b"), "{svg}");
        assert!(svg.contains("<rect class=\"own\" x=\"120\" y=\"96\" width=\"200.0\""), "{svg}");
        assert!(svg.contains("<rect class=\"peer\" x=\"120\" y=\"116\" width=\"50.0\""), "{svg}");
        assert!(!svg.contains("rect class=\"bare\" x"), "{svg}");
    }
}
