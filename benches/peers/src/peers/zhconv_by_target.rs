//! zhconv, whose tables are by target: MediaWiki's in this program, OpenCC's in the package `zhconv-opencc`.

use std::borrow::Cow;

use worker::Peer;
use zhconv::{Variant, get_builtin_converter};

/// The nearest of a configuration is that of its target.
pub(crate) const PEER: Peer = Peer {
    configs: &[
        "s2t", "t2s", "s2tw", "tw2s", "s2hk", "hk2s", "s2twp", "tw2sp", "s2hkp", "hk2sp", "t2tw", "tw2t", "t2hk",
        "hk2t",
    ],
    load: |config| {
        let target = match config {
            "s2t" | "tw2t" | "hk2t" => Variant::ZhHant,
            "s2tw" | "s2twp" | "t2tw" => Variant::ZhTW,
            "s2hk" | "s2hkp" | "t2hk" => Variant::ZhHK,
            "t2s" | "tw2s" | "hk2s" => Variant::ZhHans,
            _ => Variant::ZhCN,
        };
        let converter = get_builtin_converter(target);
        Ok(Box::new(|text| Cow::Owned(converter.convert(text))))
    },
};
