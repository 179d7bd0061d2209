//! The laws that hold for every format, and the options by which the cases are converted.

// Each test uses some of these.
#![allow(dead_code, reason = "each test has a part of it")]

use std::{
    collections::HashMap,
    io::{Cursor, Write},
    iter,
};

use fanjian::{Config, Converter, Replacement, Target, Vocabulary};
use fanjian_documents::{Format, Group, Languages, Options, SegmentedGroup, convert, groups, segments};
use zip::{ZipWriter, write::SimpleFileOptions};

/// The options that the name of a conversion stands for: a configuration, a target, or a target with `+local`.
pub(crate) fn options(name: &str) -> Options {
    if let Ok(config) = name.parse::<Config>() {
        return Options::new(Converter::new(config)).languages(Languages::of_config(config));
    }
    let (target, vocabulary) = match name.strip_suffix("+local") {
        Some(target) => (target, Vocabulary::Local),
        None => (name, Vocabulary::Keep),
    };
    let target: Target = target.parse().expect("the name of a configuration or of a target");
    let converter = Converter::builder().target(target).vocabulary(vocabulary).build().unwrap();
    Options::new(converter).languages(Languages::to_target(target, None))
}

/// A zip archive of these parts.
pub(crate) fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A document converted, as bytes.
pub(crate) fn converted(source: &[u8], format: Format, options: &Options) -> Vec<u8> {
    convert(source, format, options).unwrap_or_else(|error| panic!("{format}: {error}")).bytes.into_owned()
}

/// Checks the laws on a document that is in order.
pub(crate) fn check_laws(source: &[u8], format: Format, name: &str) {
    // A conversion that changes nothing gives the same bytes; every piece is read and written anew.
    let nothing = Options::new(Converter::new(Config::S2t)).protect(|text| iter::once(0..text.len()).collect());
    let unchanged = converted(source, format, &nothing);
    assert!(unchanged == source, "{name}: changed by a conversion that changes nothing");

    // The text of the result is, by group, the conversion of the text.
    // Of both scripts: what has been converted is read again, under its new name.
    let converter = Converter::new(Config::S2twp);
    let twp = Options::new(converter.clone()).languages(Languages::to_target(Target::Taiwan, None));
    let (old, result) = (groups(source, format, &twp).unwrap(), converted(source, format, &twp));
    let new = groups(&result, format, &twp).unwrap();
    assert_eq!(old.len(), new.len(), "{name}: another number of groups");
    for (old, new) in old.iter().zip(&new) {
        assert_eq!(new.text, converter.convert(&old.text), "{name}: {:?}", old.text);
    }

    // A second conversion to a target changes nothing.
    for target in ["zh-TW", "zh-HK", "zh-CN", "zh-TW+local"] {
        let options = options(target);
        let once = converted(source, format, &options);
        let twice = converted(&once, format, &options);
        assert!(once == twice, "{name}: a second conversion to {target} changes it");
    }
    check_segments(source, format, name);
}

/// Checks that a document that is cut anywhere is converted or an error. Archives are cut at some places.
pub(crate) fn check_cuts(source: &[u8], format: Format) {
    let options = options("s2twp");
    let step = if format.is_container() { source.len() / 97 + 1 } else { 1 };
    for end in (0..source.len()).step_by(step) {
        let _ = convert(&source[..end], format, &options);
        let _ = groups(&source[..end], format, &options);
    }
}

/// A font without outlines that has these characters, of which none is beyond U+FFFF.
pub(crate) fn font(characters: &str) -> Vec<u8> {
    let mut sorted: Vec<u32> = characters.chars().map(u32::from).collect();
    sorted.sort_unstable();
    sorted.dedup();
    let count = u16::try_from(sorted.len()).unwrap();
    // Version 0, one subtable: of Windows, for all of Unicode, in format 12.
    let mut cmap = vec![0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12, 0, 12, 0, 0];
    cmap.extend((16 + 12 * u32::from(count)).to_be_bytes());
    cmap.extend(0_u32.to_be_bytes());
    cmap.extend(u32::from(count).to_be_bytes());
    for (glyph, character) in (1_u32..).zip(&sorted) {
        cmap.extend([*character, *character, glyph].map(u32::to_be_bytes).concat());
    }
    let mut head = vec![0; 54];
    head[..4].copy_from_slice(&[0, 1, 0, 0]);
    head[18..20].copy_from_slice(&1000_u16.to_be_bytes());
    let mut hhea = vec![0; 36];
    hhea[34..].copy_from_slice(&1_u16.to_be_bytes());
    let maxp = [&[0, 0, 0x50, 0][..], &(count + 1).to_be_bytes()].concat();
    let tables: [(&[u8; 4], Vec<u8>); 4] = [(b"cmap", cmap), (b"head", head), (b"hhea", hhea), (b"maxp", maxp)];
    let mut font = vec![0, 1, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0];
    let mut offset = u32::try_from(font.len() + 16 * tables.len()).unwrap();
    for (tag, table) in &tables {
        let len = u32::try_from(table.len()).unwrap();
        font.extend(*tag);
        font.extend([0, offset, len].map(u32::to_be_bytes).concat());
        offset += len;
    }
    font.extend(tables.into_iter().flat_map(|(_, table)| table));
    font
}

/// The segments of the texts are what the conversion makes of them: each of a changed character, put in its place by the caller,
/// gives the same document.
fn check_segments(source: &[u8], format: Format, name: &str) {
    let options = options("zh-TW");
    let once = converted(source, format, &options);
    let found = segments(source, format, &options).unwrap();
    let texts = groups(&once, format, &options).unwrap();
    assert_eq!(found.len(), texts.len(), "{name}: another number of groups");
    let mut fixed = HashMap::new();
    for (SegmentedGroup { group, segments, .. }, new) in found.into_iter().zip(texts) {
        let joined: String = segments.iter().map(|segment| segment.output.as_str()).collect();
        assert_eq!(joined, new.text, "{name}: the segments of {:?}", group.text);
        let changed = segments.into_iter().filter(|segment| !segment.decisions.is_empty());
        let parts = changed.map(|segment| Replacement { source: segment.source, output: segment.output });
        fixed.insert((group.part, group.start, group.text), parts.collect::<Vec<_>>());
    }
    let replacing = options.replace(move |group: &Group| {
        let key = (group.part.clone(), group.start, group.text.clone());
        fixed.get(&key).unwrap_or_else(|| panic!("no group {key:?}")).clone()
    });
    assert!(converted(source, format, &replacing) == once, "{name}: what is said to become the same becomes another");
}
