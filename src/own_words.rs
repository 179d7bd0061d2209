//! Own words in both scripts.

use std::{collections::BTreeSet, sync::OnceLock};

use fanjian_dictionary::Dictionary;

use crate::{Config, Converter, Error};
#[cfg(feature = "targets")]
use crate::{
    Target,
    conversion::{ConversionPlan, Resolved},
    target,
};

/// Adds to each dictionary the other spellings of its keys, with the values of its entries.
pub(crate) fn match_both_scripts(dictionaries: &mut [Dictionary]) -> Result<(), Error> {
    for dictionary in dictionaries {
        let mut entries = dictionary.to_entries();
        // What is in the dictionary counts before that, and an earlier entry before a later one.
        let mut known: BTreeSet<String> = entries.iter().map(|(key, _)| key.to_owned()).collect();
        let mut added = Vec::new();
        for (key, candidates) in entries.iter() {
            let new = spellings(key).into_iter().filter(|spelling| known.insert(spelling.clone()));
            added.extend(new.map(|spelling| (spelling, candidates.to_vec())));
        }
        for (key, candidates) in added {
            entries.insert(key, candidates)?;
        }
        *dictionary = Dictionary::from_entries(dictionary.name(), &entries)?;
    }
    Ok(())
}

/// The spellings of a word in Simplified and in the Traditional of each region, without the word as it is given: by the
/// configurations `t2s`, `s2t`, `s2tw` and `s2hk`, and the targets `zh-TW` and `zh-HK` where the library has them.
///
/// ```
/// assert_eq!(fanjian::spellings("内存"), ["內存"]);
/// assert_eq!(fanjian::spellings("裡面"), ["里面", "裏面"]);
/// ```
#[must_use]
pub fn spellings(word: &str) -> Vec<String> {
    static CONVERTERS: OnceLock<(Converter, Vec<Converter>)> = OnceLock::new();
    let (to_simplified, to_traditional) = CONVERTERS.get_or_init(|| {
        let to_traditional = [Config::S2t, Config::S2tw, Config::S2hk].map(Converter::new).into_iter();
        #[cfg(feature = "targets")]
        let to_traditional = to_traditional.chain([Target::Taiwan, Target::HongKong].map(from_simplified));
        (Converter::new(Config::T2s), to_traditional.collect())
    });
    let simplified = to_simplified.convert(word).into_owned();
    let traditional = to_traditional.iter().map(|converter| converter.convert(&simplified).into_owned());
    let mut spellings: Vec<String> = Vec::new();
    for spelling in [simplified.clone()].into_iter().chain(traditional) {
        if spelling != word && !spellings.contains(&spelling) {
            spellings.push(spelling);
        }
    }
    spellings
}

/// The converter of Simplified text to a target.
#[cfg(feature = "targets")]
fn from_simplified(target: Target) -> Converter {
    let mut plan = target::TargetPlan::new(target);
    plan.source_script = Some(Target::Simplified);
    Converter::from(Resolved { stages: Vec::new().into(), plan: ConversionPlan::Target(plan) })
}
