//! A limit to how much longer a text may become by the stages of a configuration.

use fanjian_engine::StageKind;

use crate::{Error, ErrorKind};

/// How many times as long as the text the output may become. Forty stages that double a character would fill any
/// memory with a text of one character.
const MOST_GROWTH: u64 = 1 << 20;

/// An error for stages that together may make a text longer than that.
pub(super) fn check_growth(stages: &[StageKind]) -> Result<(), Error> {
    let mut growth: u64 = 1;
    for (number, stage) in stages.iter().enumerate() {
        // Own words at segmentation leave the conversion: what they put out does not grow again.
        let (StageKind::Normalize(group) | StageKind::Convert(group)) = stage else { continue };
        growth = growth.saturating_mul(group.growth());
        if growth > MOST_GROWTH {
            let names: Vec<_> = group.dictionaries().iter().map(|dictionary| dictionary.name()).collect();
            let message = format!(
                "stage {} ({}): with the stages before it, it could make a text {growth} times as long; at most \
                 {MOST_GROWTH} times is allowed",
                number + 1,
                names.join(", ")
            );
            return Err(Error::new(ErrorKind::Config, message));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    fn chain(values: &[&str]) -> Result<crate::Converter, Error> {
        let stage = |value: &&str| format!(r#"{{"dict": {{"type": "inline", "entries": {{"a": "{value}"}}}}}}"#);
        let stages: Vec<_> = values.iter().map(stage).collect();
        let json = format!(r#"{{"conversion_chain": [{}]}}"#, stages.join(","));
        crate::Converter::builder().config_json(json).build()
    }

    /// 64 stages that double a character used to take memory without limit.
    #[test]
    fn stages_that_let_a_text_grow_without_limit_are_an_error() {
        assert_eq!(chain(&["aa"; 10]).unwrap().convert("a").len(), 1024);
        assert_eq!(chain(&["b"; 64]).unwrap().convert("a"), "b");
        assert!(chain(&["aa"; 20]).is_ok());
        let error = chain(&["aa"; 64]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        let message = error.to_string();
        assert!(message.contains("stage 21 (conversion_chain[20].dict (inline))"), "{message}");
        assert!(message.contains("could make a text 2097152 times as long"), "{message}");
        assert!(chain(&["a".repeat(2000).as_str(); 2]).is_err());
    }

    #[test]
    fn shipped_configurations_grow_little() {
        for &config in Config::ALL {
            for tofu_risk in [false, true] {
                let builder = crate::Converter::builder().config_json(config.json()).tofu_risk(tofu_risk);
                assert!(builder.build().is_ok(), "{config}");
            }
        }
    }
}
