//! What is converted as a whole: configurations, targets and own words on texts of several kinds.

use worker::{OWN_WORDS, TARGETS};

use crate::texts::{GENRES, HOSTILE};

/// A measurement of speed.
pub(crate) struct Scenario {
    /// What reports call it.
    pub(crate) name: String,
    /// The conversion: a configuration, a target, or a configuration with own words.
    pub(crate) conversion: String,
    /// The file.
    pub(crate) text: String,
}

/// The script that a configuration reads.
pub(crate) fn script(config: &str) -> &'static str {
    if config.starts_with('s') { "simplified" } else { "traditional" }
}

/// The configuration of OpenCC that is nearest to a conversion to a target: for peers that have no targets.
pub(crate) fn nearest(conversion: &str) -> Option<&'static str> {
    TARGETS.iter().find(|(name, _)| *name == conversion).map(|(_, config)| *config)
}

/// All scenarios that are about these configurations.
pub(crate) fn all(configs: &[&str]) -> Vec<Scenario> {
    let scenario =
        |name: String, conversion: &str, text: String| Scenario { name, conversion: conversion.to_owned(), text };
    let is_asked = |config: &&str| configs.contains(config);
    let natural = |config: &str| format!("{}.txt", script(config));
    let mut scenarios: Vec<_> =
        configs.iter().map(|&config| scenario(config.to_owned(), config, natural(config))).collect();
    for config in ["s2t", "t2s"].into_iter().filter(is_asked) {
        scenarios.push(scenario(format!("{config}, HTML"), config, format!("{}.html", script(config))));
    }
    for (config, target) in [("s2t", "traditional"), ("t2s", "simplified")] {
        if is_asked(&config) {
            scenarios.push(scenario(format!("{config}, already {target}"), config, format!("{target}.txt")));
        }
    }
    for (of_genre, genre) in GENRES {
        for config in ["s2t", "s2twp", "t2s", "tw2sp"].into_iter().filter(is_asked) {
            if script(config) == of_genre {
                scenarios.push(scenario(format!("{config}, {genre}"), config, format!("{of_genre}.{genre}.txt")));
            }
        }
    }
    for (target, config) in TARGETS.into_iter().filter(|(_, config)| is_asked(config)) {
        scenarios.push(scenario(target.to_owned(), target, natural(config)));
    }
    for (name, config) in OWN_WORDS.into_iter().filter(|(_, config)| is_asked(config)) {
        scenarios.push(scenario(name.to_owned(), name, natural(config)));
    }
    for (conversion, config) in [("s2t", "s2t"), ("s2twp", "s2twp"), ("zh-TW", "s2tw")] {
        if is_asked(&config) {
            scenarios.push(scenario(format!("{conversion}, hostile text"), conversion, HOSTILE.to_owned()));
        }
    }
    scenarios
}
