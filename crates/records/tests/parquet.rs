//! Parquet files through the library.

mod shard;

use std::{collections::HashMap, io::Cursor};

use fanjian::{Config, Converter, ErrorKind};
use fanjian_records::{Counts, Metric, Parquet, RecordOptions};
use parquet::{file::reader::FileReader, record::Field};
use shard::*;

fn parquet(options: RecordOptions, columns: &[&str]) -> Parquet {
    Parquet::new(options, columns.iter().map(|column| column.parse().unwrap()))
}

fn to_traditional() -> RecordOptions {
    RecordOptions::default().convert(Converter::new(Config::S2t))
}

fn copy(parquet: &Parquet, file: &[u8], threads: usize) -> (Vec<u8>, Counts) {
    let mut out = Vec::new();
    let input = Cursor::new(file.to_vec());
    let counts = parquet.copy(input, Cursor::new(&mut out), threads, |broken| panic!("{broken:?}"), |_| {}).unwrap();
    (out, counts)
}

/// The bytes of a column chunk in the file.
fn chunk<'f>(file: &'f [u8], group: usize, column: &str) -> &'f [u8] {
    let reader = reader(file);
    let group = reader.metadata().row_group(group);
    let column = group.columns().iter().find(|known| known.column_path().string() == column).unwrap();
    let (start, len) = column.byte_range();
    &file[start as usize..(start + len) as usize]
}

#[test]
fn chosen_columns_are_converted_and_the_others_copied() {
    let file = write(&groups());
    let parquet = parquet(to_traditional(), &["text", "parts[]"]);
    let (out, counts) = copy(&parquet, &file, 1);
    assert_eq!((counts.read, counts.kept, counts.changed), (6, 6, 3));
    assert_eq!(counts.without_text, [1, 4]);
    let expected: Vec<_> = shown(&file)
        .into_iter()
        .map(|row| {
            let (before, after) = row.split_once(", meta").unwrap();
            format!("{}, meta{after}", Converter::new(Config::S2t).convert(before))
        })
        .collect();
    assert_eq!(shown(&out), expected);
    let (old, new) = (reader(&file), reader(&out));
    let (old, new) = (old.metadata(), new.metadata());
    assert_eq!(new.file_metadata().schema(), old.file_metadata().schema());
    assert_eq!(new.file_metadata().key_value_metadata(), old.file_metadata().key_value_metadata());
    assert_eq!(new.num_row_groups(), 3);
    for (group, (old, new)) in old.row_groups().iter().zip(new.row_groups()).enumerate() {
        for (old, new) in old.columns().iter().zip(new.columns()) {
            assert_eq!(new.compression(), old.compression());
            assert_eq!(new.bloom_filter_offset().is_some(), old.bloom_filter_offset().is_some());
            assert_eq!(new.column_index_offset().is_some(), old.column_index_offset().is_some());
            let name = old.column_path().string();
            let is_same = chunk(&file, group, &name) == chunk(&out, group, &name);
            let changes = match name.as_str() {
                "text" => group != 1,
                "parts.list.element" => group != 2,
                _ => false,
            };
            assert_eq!(is_same, !changes, "{name} of group {group}");
        }
    }
    assert_eq!(copy(&parquet, &file, 4).0, out);
}

#[test]
fn rows_are_dropped_with_all_their_values() {
    let file = write(&groups());
    let options =
        to_traditional().keep_if("han>=3".parse().unwrap()).add(Metric::Script, "script").add(Metric::Han, "n");
    let (out, counts) = copy(&parquet(options, &["parts[]", "text", "meta.title"]), &file, 2);
    assert_eq!((counts.kept, counts.dropped), (3, 3));
    let rows = shown(&out);
    let old = shown(&file);
    let added = ["simplified\", n: 7}", "undecided\", n: 3}", "simplified\", n: 4}"];
    for ((new, old), added) in rows.iter().zip([&old[0], &old[4], &old[5]]).zip(added) {
        let old = Converter::new(Config::S2t).convert(old).replace('}', "");
        assert_eq!(new.replace('}', ""), format!("{old}, script: \"{added}").replace('}', ""));
    }
    assert_eq!(rows.len(), 3);
    // A row group without rows is omitted.
    let options = RecordOptions::default().keep_if("han>100".parse().unwrap());
    let (out, _) = copy(&parquet(options, &["text"]), &file, 1);
    assert_eq!((reader(&out).num_row_groups(), shown(&out).len()), (0, 0));
    assert_eq!(reader(&out).metadata().file_metadata().schema(), reader(&file).metadata().file_metadata().schema());
}

#[test]
fn every_kind_of_column_keeps_the_values_of_the_rows_that_are_kept() {
    let file = write(&groups());
    let options = RecordOptions::default().keep_if("script=hans".parse().unwrap());
    let (out, _) = copy(&parquet(options, &["text"]), &file, 1);
    let kept: HashMap<_, _> = [(0, 0), (1, 5)].into();
    let (old, new) = (rows(&file), rows(&out));
    assert_eq!(new.len(), 2);
    for (new_row, old_row) in kept {
        let pairs = new[new_row].get_column_iter().zip(old[old_row].get_column_iter());
        for ((_, new), (_, old)) in pairs {
            assert!(matches!(new, Field::Null) == matches!(old, Field::Null));
            assert_eq!(new, old);
        }
    }
}

#[test]
fn wrong_columns_and_files_are_errors() {
    let file = write(&groups());
    let error = |columns: &[&str], options: RecordOptions, file: &[u8]| {
        let (input, mut out) = (Cursor::new(file.to_vec()), Vec::new());
        parquet(options, columns).copy(input, &mut out, 1, |_| true, |_| {}).unwrap_err().to_string()
    };
    let message = "unknown column 'parts'; expected one of text, parts[], meta.title, raw";
    assert_eq!(error(&["parts"], to_traditional(), &file), message);
    assert_eq!(
        error(&["meta.year"], to_traditional(), &file),
        "the column 'meta.year' is not text, but of the type INT32"
    );
    let message = "there already is a column 'flag': choose another name";
    assert_eq!(error(&["text"], to_traditional().add(Metric::Han, "flag"), &file), message);
    for wrong in [&file[..file.len() - 3], b"", b"PAR1 no file PAR1"] {
        assert!(!error(&["text"], to_traditional(), wrong).is_empty());
    }
}

#[test]
fn a_row_with_text_that_is_not_utf_8_is_broken() {
    let file = write(&groups());
    let mut lines = Vec::new();
    let mut out = Vec::new();
    let parquet = parquet(to_traditional(), &["text", "raw"]);
    let counts = parquet
        .copy(
            Cursor::new(file.clone()),
            &mut out,
            1,
            |broken| {
                lines.push(broken.line);
                true
            },
            |_| {},
        )
        .unwrap();
    assert_eq!((counts.broken, lines.as_slice()), (6, [1, 2, 3, 4, 5, 6].as_slice()));
    let error = parquet.copy(Cursor::new(file), Vec::new(), 1, |_| false, |_| {}).unwrap_err();
    assert_eq!(error.to_string(), "row 1: raw: not UTF-8: invalid byte 0xFF at offset 0");
}

/// The caller can catch it, whichever thread it was in.
#[test]
fn a_panic_in_a_row_reaches_the_caller_with_its_reason() {
    let file = write(&groups());
    for threads in [1, 3] {
        let parquet = parquet(RecordOptions::default().convert_by(|text| panic!("{text} went off")), &["text"]);
        let copied = std::panic::catch_unwind(|| copy(&parquet, &file, threads));
        let reason = copied.unwrap_err().downcast_ref::<String>().cloned();
        assert!(reason.is_some_and(|reason| reason.ends_with("went off")), "{threads}");
    }
}

/// The Parquet library panics on some damaged pages, which used to end the caller.
#[test]
fn a_damaged_file_is_an_error_and_no_panic() {
    let options = || to_traditional().keep_if("han>=1".parse().unwrap());
    let all = [
        parquet(to_traditional(), &["text"]),
        parquet(options().add(Metric::Han, "n"), &["parts[]", "text", "meta.title"]),
    ];
    let (mut failed, mut done) = (0, 0);
    for (number, damaged) in damaged_files(2000).into_iter().enumerate() {
        let mut out = Vec::new();
        let (parquet, threads) = (&all[number % 2], 1 + number % 3);
        match parquet.copy(Cursor::new(damaged), Cursor::new(&mut out), threads, |_| true, |_| {}) {
            Ok(counts) => {
                done += 1;
                assert_eq!(counts.read, counts.kept + counts.dropped + counts.broken, "{number}");
                assert!(out.starts_with(b"PAR1") && out.ends_with(b"PAR1"), "{number}");
            }
            Err(error) => {
                failed += 1;
                // To the Parquet library, a decompressor that fails is a reader that fails. Names can be damaged, too.
                assert!(
                    matches!(error.kind(), ErrorKind::Damaged | ErrorKind::Io | ErrorKind::NotFound),
                    "{number}: {error}"
                );
            }
        }
    }
    assert!(failed > 1000 && done > 50, "{failed} failed, {done} done");
}

#[cfg(feature = "documents")]
#[test]
fn columns_are_converted_as_documents() {
    use fanjian_documents::{Format, Options};
    let texts = |text: &'static str, part: &'static str| vec![(Some(text), Some(vec![Some(part)]), "头")];
    let file =
        write(&[texts("<a id=头>头</a>发", "[\"头\"]"), texts("", "[头"), texts("<b>发</b>", "{\"头\": \"头\"}")]);
    let options = to_traditional()
        .documents([(0, Format::Json), (1, Format::Html)], Options::new(Converter::new(Config::S2t)))
        .unwrap();
    let parquet = parquet(options, &["parts[]", "text"]);
    let run = |threads: usize| {
        let (mut out, mut reasons) = (Vec::new(), Vec::new());
        let broken = |row: fanjian_records::RejectedRecord| {
            reasons.push((row.line, row.reason));
            true
        };
        parquet.copy(Cursor::new(file.clone()), Cursor::new(&mut out), threads, broken, |_| {}).unwrap();
        (shown(&out), reasons)
    };
    let (rows, reasons) = run(1);
    assert_eq!(run(3), (rows.clone(), reasons.clone()));
    assert_eq!(rows.len(), 2);
    assert!(rows[0].contains("text: \"<a id=头>頭</a>髮\"") && rows[0].contains("[\"頭\"]"), "{}", rows[0]);
    assert!(rows[1].contains("text: \"<b>發</b>\"") && rows[1].contains("{\"头\": \"頭\"}"), "{}", rows[1]);
    assert!(rows.iter().all(|row| row.contains("title: \"头\"")));
    assert!(matches!(&*reasons, [(2, reason)] if reason.starts_with("parts[]: not json: ")), "{reasons:?}");
}
