//! A page of the kind that web crawls bring, whole and in pieces of every length.

use fanjian::{Config, Converter};

use crate::ways::{WAYS, stream};

const PAGE: &str = include_str!("../pages/crawled.txt");

const CONVERTED: [(Config, &str); 6] = [
    (Config::S2t, include_str!("../pages/crawled.s2t.txt")),
    (Config::S2twp, include_str!("../pages/crawled.s2twp.txt")),
    (Config::S2hk, include_str!("../pages/crawled.s2hk.txt")),
    (Config::T2s, include_str!("../pages/crawled.t2s.txt")),
    (Config::Tw2sp, include_str!("../pages/crawled.tw2sp.txt")),
    (Config::Hk2t, include_str!("../pages/crawled.hk2t.txt")),
];

#[test]
fn the_page_becomes_what_it_must() {
    for (config, converted) in CONVERTED {
        for (way, convert) in WAYS {
            assert_eq!(convert(&Converter::new(config), PAGE), converted, "{config}, {way}");
        }
    }
}

#[test]
fn the_page_in_pieces_becomes_what_it_becomes_whole() {
    for &config in Config::ALL {
        let converter = Converter::new(config);
        let whole = converter.convert(PAGE);
        for length in 1..=64 {
            assert_eq!(stream(&converter, PAGE.as_bytes().chunks(length)), whole, "{config}, {length} bytes");
        }
    }
}
