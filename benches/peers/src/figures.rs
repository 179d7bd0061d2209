//! What was measured.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::machine::Machine;

/// A whole comparison.
#[derive(Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) date: String,
    pub(crate) command_line: String,
    pub(crate) rounds: u32,
    pub(crate) machine: Machine,
    /// Bytes of each text.
    pub(crate) texts: BTreeMap<String, usize>,
    pub(crate) sources: Value,
    pub(crate) peers: Vec<Entrant>,
    /// Peers that could not take part, in all or in one measurement, and why.
    pub(crate) absent: Vec<String>,
    /// Bytes of the command, with all that is embedded in it.
    pub(crate) program: u64,
    pub(crate) figures: Vec<Figure>,
}

/// A peer that took part.
#[derive(Serialize, Deserialize)]
pub(crate) struct Entrant {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) version: String,
}

/// What a figure is about, and its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    MegabytesPerCpuSecond,
    NanosecondsPerCall,
    FirstConversionCpuMilliseconds,
    FirstConversionPageFaults,
    PeakMebibytes,
    /// Of the lines, those that are as the reference has them; 1 only where all the text is.
    ShareOfEqualLines,
    CommandMilliseconds,
    CommandMegabytesPerSecond,
    CommandMegabytesPerCpuSecond,
    CommandPeakMebibytes,
}

/// The values of one peer in one scenario, a value for each round.
#[derive(Serialize, Deserialize)]
pub(crate) struct Figure {
    pub(crate) kind: Kind,
    pub(crate) scenario: String,
    pub(crate) peer: String,
    pub(crate) values: Vec<f64>,
}

impl Figure {
    pub(crate) fn median(&self) -> f64 {
        measure::median(&self.values)
    }

    pub(crate) fn greatest(&self) -> f64 {
        self.values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }
}

impl Record {
    /// Writes down, once, why a peer takes no part in something.
    pub(crate) fn fail(&mut self, reason: &str) {
        if !self.absent.iter().any(|known| known == reason) {
            eprintln!("left out: {reason}");
            self.absent.push(reason.to_owned());
        }
    }

    pub(crate) fn add(&mut self, kind: Kind, scenario: &str, peer: &str, value: f64) {
        let found = self.figures.iter_mut().find(|figure| figure.is(kind, scenario, peer));
        match found {
            Some(figure) => figure.values.push(value),
            None => {
                let (scenario, peer) = (scenario.to_owned(), peer.to_owned());
                self.figures.push(Figure { kind, scenario, peer, values: vec![value] });
            }
        }
    }

    pub(crate) fn find(&self, kind: Kind, scenario: &str, peer: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.is(kind, scenario, peer))
    }

    /// The median of fanjian in a scenario.
    pub(crate) fn ours(&self, kind: Kind, scenario: &str) -> Option<f64> {
        self.find(kind, scenario, "fanjian").map(Figure::median)
    }

    /// The medians of the other converters in a scenario, with their names. The bare loop is none.
    pub(crate) fn others<'r>(&'r self, kind: Kind, scenario: &'r str) -> impl Iterator<Item = (f64, &'r str)> {
        let is_converter = |peer: &&Entrant| !matches!(peer.name.as_str(), "fanjian" | "bare-loop");
        let median =
            move |peer: &'r Entrant| Some((self.find(kind, scenario, &peer.name)?.median(), peer.name.as_str()));
        self.peers.iter().filter(is_converter).filter_map(median)
    }

    /// The scenarios that have figures of this kind, in the order of the measurement.
    pub(crate) fn scenarios(&self, kind: Kind) -> Vec<&str> {
        let mut scenarios: Vec<&str> = Vec::new();
        for figure in self.figures.iter().filter(|figure| figure.kind == kind) {
            if !scenarios.contains(&figure.scenario.as_str()) {
                scenarios.push(&figure.scenario);
            }
        }
        scenarios
    }
}

impl Figure {
    fn is(&self, kind: Kind, scenario: &str, peer: &str) -> bool {
        self.kind == kind && self.scenario == scenario && self.peer == peer
    }
}
