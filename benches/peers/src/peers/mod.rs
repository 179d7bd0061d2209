//! The converters that live in this program.

mod automaton;
mod bare_loop;
mod ours;
mod zhconv_by_target;

use std::{borrow::Cow, ops::Deref};

use ferrous_opencc::config::BuiltinConfig;
use opencc_fmmseg::{OpenCC, OpenccConfig};
use simplecc::dicts;
use worker::{CONFIGS, Peer};

/// The converter of this name.
pub(crate) fn find(name: &str) -> Option<Peer> {
    Some(match name {
        "fanjian" => ours::PEER,
        "bare-loop" => bare_loop::PEER,
        "zhconv" => zhconv_by_target::PEER,
        "daachorse" => automaton::PEER,
        "simplecc" => SIMPLECC,
        "opencc-fmmseg" => OPENCC_FMMSEG,
        "ferrous-opencc" => FERROUS_OPENCC,
        "zhhz" => ZHHZ,
        _ => return None,
    })
}

const SIMPLECC: Peer = Peer {
    configs: &["s2t", "t2s", "s2tw", "s2hk", "s2twp"],
    load: |config| {
        let dictionary = match config {
            "s2t" => dicts::S2T.deref(),
            "t2s" => dicts::T2S.deref(),
            "s2tw" => dicts::S2TW.deref(),
            "s2hk" => dicts::S2HK.deref(),
            _ => dicts::S2TWP.deref(),
        };
        Ok(Box::new(|text| Cow::Owned(dictionary.replace_all(text))))
    },
};

/// On one thread, as all the others.
const OPENCC_FMMSEG: Peer = Peer {
    configs: &CONFIGS,
    load: |config| {
        let config = OpenccConfig::parse(config).ok_or("unknown configuration")?;
        let mut converter = OpenCC::new();
        converter.set_parallel(false);
        Ok(Box::new(move |text| Cow::Owned(converter.convert_with_config(text, config, false))))
    },
};

const FERROUS_OPENCC: Peer = Peer {
    configs: &[
        "s2t", "t2s", "s2tw", "tw2s", "s2hk", "hk2s", "s2twp", "tw2sp", "t2tw", "tw2t", "t2hk", "hk2t", "t2jp", "jp2t",
    ],
    load: |config| {
        let config = BuiltinConfig::from_filename(&format!("{config}.json"))?;
        let converter = ferrous_opencc::OpenCC::from_config(config)?;
        Ok(Box::new(move |text| Cow::Owned(converter.convert(text))))
    },
};

const ZHHZ: Peer = Peer {
    configs: &CONFIGS,
    load: |config| {
        let converter = zhhz::Converter::new(zhhz::Config::parse(config)?);
        Ok(Box::new(move |text| Cow::Owned(converter.convert(text))))
    },
};
