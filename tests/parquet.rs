//! Parquet files, through the library and the command.

mod tree;

use std::{collections::HashMap, fs::File, io::Cursor, sync::Arc};

use fanjian::{
    Config, Converter,
    records::{Counts, Fact, Parquet, Recipe},
};
use parquet::{
    basic::{Compression, ZstdLevel},
    data_type::{BoolType, ByteArray, ByteArrayType, Int32Type, Int64Type},
    file::{
        metadata::KeyValue,
        properties::{EnabledStatistics, WriterProperties},
        reader::{FileReader, SerializedFileReader},
        writer::SerializedFileWriter,
    },
    record::{Field, Row},
    schema::parser::parse_message_type,
};
use tree::Tree;

const SCHEMA: &str = "
    message schema {
        required int64 id;
        optional binary text (STRING);
        optional group parts (LIST) { repeated group list { optional binary element (STRING); } }
        required group meta { required binary title (STRING); optional int32 year; }
        optional boolean flag;
        required binary raw;
    }
";

/// The texts of a row group: for each row the text, the parts, and the title.
type Texts = Vec<(Option<&'static str>, Option<Vec<Option<&'static str>>>, &'static str)>;

fn groups() -> Vec<Texts> {
    vec![
        vec![
            (Some("头发"), Some(vec![Some("头"), None, Some("发展")]), "软件"),
            (None, None, "头"),
            (Some("頭髮"), Some(vec![]), "a"),
        ],
        vec![(Some(""), Some(vec![None]), "b"), (Some("一"), Some(vec![Some("里面")]), "c")],
        vec![(Some("头发头发"), None, "d")],
    ]
}

fn write(groups: &[Texts]) -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_column_compression("id".into(), Compression::SNAPPY)
        .set_column_bloom_filter_enabled("id".into(), true)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_key_value_metadata(Some(vec![KeyValue::new("made by".to_owned(), "a test".to_owned())]))
        .build();
    let mut file = Vec::new();
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let mut writer = SerializedFileWriter::new(&mut file, schema, Arc::new(properties)).unwrap();
    let bytes = |text: &str| ByteArray::from(text);
    for rows in groups {
        let mut group = writer.next_row_group().unwrap();
        let len = rows.len();
        macro_rules! column {
            ($kind:ty, $values:expr, $definitions:expr, $repetitions:expr) => {{
                let (values, definitions, repetitions): (Vec<_>, Option<Vec<i16>>, Option<Vec<i16>>) =
                    ($values, $definitions, $repetitions);
                let mut column = group.next_column().unwrap().unwrap();
                let typed = column.typed::<$kind>();
                typed.write_batch(&values, definitions.as_deref(), repetitions.as_deref()).unwrap();
                column.close().unwrap();
            }};
        }
        column!(Int64Type, (0..len as i64).collect(), None, None);
        let texts = rows.iter().map(|(text, ..)| text);
        let definitions = texts.clone().map(|text| i16::from(text.is_some())).collect();
        column!(ByteArrayType, texts.flatten().map(|text| bytes(text)).collect(), Some(definitions), None);
        let (mut values, mut definitions, mut repetitions) = (Vec::new(), Vec::new(), Vec::new());
        for (_, parts, _) in rows {
            match parts {
                None => definitions.push(0),
                Some(parts) if parts.is_empty() => definitions.push(1),
                Some(parts) => definitions.extend(parts.iter().map(|part| if part.is_some() { 3 } else { 2 })),
            }
            let levels = parts.as_ref().map_or(1, |parts| parts.len().max(1));
            repetitions.extend((0..levels).map(|at| i16::from(at > 0)));
            values.extend(parts.iter().flatten().flatten().map(|part| bytes(part)));
        }
        column!(ByteArrayType, values, Some(definitions), Some(repetitions));
        column!(ByteArrayType, rows.iter().map(|(.., title)| bytes(title)).collect(), None, None);
        column!(Int32Type, vec![2026; len / 2], Some((0..len).map(|at| i16::from(at < len / 2)).collect()), None);
        column!(BoolType, vec![true; len], Some(vec![1; len]), None);
        column!(ByteArrayType, (0..len).map(|at| ByteArray::from(vec![0xff, at as u8])).collect(), None, None);
        group.close().unwrap();
    }
    writer.close().unwrap();
    file
}

fn reader(file: &[u8]) -> SerializedFileReader<bytes::Bytes> {
    SerializedFileReader::new(bytes::Bytes::copy_from_slice(file)).unwrap()
}

fn rows(file: &[u8]) -> Vec<Row> {
    reader(file).get_row_iter(None).unwrap().map(Result::unwrap).collect()
}

/// The rows as text, with one character for another one in the chosen columns.
fn shown(file: &[u8]) -> Vec<String> {
    rows(file).iter().map(ToString::to_string).collect()
}

fn parquet(recipe: Recipe, columns: &[&str]) -> Parquet {
    Parquet::new(recipe, columns.iter().map(|column| column.parse().unwrap()))
}

fn to_traditional() -> Recipe {
    Recipe::default().convert(Converter::new(Config::S2t))
}

fn copy(parquet: &Parquet, file: &[u8], threads: usize) -> (Vec<u8>, Counts) {
    let mut out = Vec::new();
    let input = bytes::Bytes::copy_from_slice(file);
    let counts = parquet.copy(input, Cursor::new(&mut out), threads, |broken| panic!("{broken:?}"), |_| {}).unwrap();
    (out, counts)
}

/// The bytes of a column of a row group, as they stand in the file.
fn chunk<'f>(file: &'f [u8], group: usize, column: &str) -> &'f [u8] {
    let reader = reader(file);
    let group = reader.metadata().row_group(group);
    let column = group.columns().iter().find(|known| known.column_path().string() == column).unwrap();
    let (start, len) = column.byte_range();
    &file[start as usize..(start + len) as usize]
}

#[test]
fn chosen_columns_are_converted_and_the_others_copied_as_they_stand() {
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
fn rows_are_left_out_with_all_their_values() {
    let file = write(&groups());
    let recipe = to_traditional().keep_if("han>=3".parse().unwrap()).add(Fact::Script, "script").add(Fact::Han, "n");
    let (out, counts) = copy(&parquet(recipe, &["parts[]", "text", "meta.title"]), &file, 2);
    assert_eq!((counts.kept, counts.dropped), (3, 3));
    let rows = shown(&out);
    let old = shown(&file);
    let added = ["simplified\", n: 7}", "undecided\", n: 3}", "simplified\", n: 4}"];
    for ((new, old), added) in rows.iter().zip([&old[0], &old[4], &old[5]]).zip(added) {
        let old = Converter::new(Config::S2t).convert(old).replace('}', "");
        assert_eq!(new.replace('}', ""), format!("{old}, script: \"{added}").replace('}', ""));
    }
    assert_eq!(rows.len(), 3);
    // A row group of which nothing is left is none.
    let recipe = Recipe::default().keep_if("han>100".parse().unwrap());
    let (out, _) = copy(&parquet(recipe, &["text"]), &file, 1);
    assert_eq!((reader(&out).num_row_groups(), shown(&out).len()), (0, 0));
    assert_eq!(reader(&out).metadata().file_metadata().schema(), reader(&file).metadata().file_metadata().schema());
}

#[test]
fn every_kind_of_column_keeps_the_values_of_the_rows_that_are_kept() {
    let file = write(&groups());
    let recipe = Recipe::default().keep_if("script=hans".parse().unwrap());
    let (out, _) = copy(&parquet(recipe, &["text"]), &file, 1);
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
fn wrong_columns_and_files_are_told() {
    let file = bytes::Bytes::from(write(&groups()));
    let error = |columns: &[&str], recipe: Recipe, file: &bytes::Bytes| {
        let mut out = Vec::new();
        parquet(recipe, columns).copy(file.clone(), &mut out, 1, |_| true, |_| {}).unwrap_err().to_string()
    };
    let message = "there is no column 'parts'; those with text are text, parts[], meta.title, raw";
    assert_eq!(error(&["parts"], to_traditional(), &file), message);
    assert_eq!(error(&["meta.year"], to_traditional(), &file), "the column 'meta.year' is of INT32, and has no text");
    let message = "there is a column 'flag' already: add it under another name";
    assert_eq!(error(&["text"], to_traditional().add(Fact::Han, "flag"), &file), message);
    for wrong in [file.slice(..file.len() - 3), file.slice(..0), bytes::Bytes::from_static(b"PAR1 no file PAR1")] {
        assert!(!error(&["text"], to_traditional(), &wrong).is_empty());
    }
}

#[test]
fn a_row_whose_text_is_no_text_is_broken() {
    let file = bytes::Bytes::from(write(&groups()));
    let mut lines = Vec::new();
    let mut out = Vec::new();
    let parquet = parquet(to_traditional(), &["text", "raw"]);
    let counts = parquet
        .copy(
            file.clone(),
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
    let error = parquet.copy(file, Vec::new(), 1, |_| false, |_| {}).unwrap_err();
    assert_eq!(error.to_string(), "row 1: not UTF-8: in 'raw', at byte 1");
}

#[test]
fn the_command_converts_shards() {
    let file = write(&groups());
    let tree = Tree::new(&[("s/a.parquet", &file), ("s/b.parquet", &file[..50]), ("s/notes.txt", b"")]);
    let arguments = ["-c", "s2t", "--parquet", "--column", "text", "--detect", "script", "-O", "out", "s"];
    let output = tree.run(&arguments).code(1);
    let told = String::from_utf8(output.get_output().stderr.clone()).unwrap();
    assert!(told.starts_with("fanjian: s/b.parquet: "), "{told}");
    assert!(told.ends_with("\n2 files: 1 changed, 0 unchanged, 0 skipped, 1 failed\n6 records: 6 kept, 2 changed, 0 dropped, 0 broken\n1 without text at 'text'\n"), "{told}");
    assert_eq!(
        tree.files(),
        ["out/.fanjian-finished.jsonl", "out/s/a.parquet", "s/a.parquet", "s/b.parquet", "s/notes.txt"]
    );
    assert!(shown(&tree.read("out/s/a.parquet"))[0].contains("text: \"頭髮\""));
    let told = String::from_utf8(tree.run(&arguments).code(1).get_output().stderr.clone()).unwrap();
    assert!(told.contains("1 failed, 1 finished before"), "{told}");
    // In place, from one file to another, and what cannot be.
    tree.run(&["-c", "s2t", "--parquet", "--column", "parts[]", "-q", "-i", "s/a.parquet", "-o", "b.parquet"])
        .success();
    tree.run(&["-c", "s2t", "--parquet", "--column", "text", "--in-place", "-q", "b.parquet"]).success();
    let (both, _) = copy(&parquet(to_traditional(), &["text", "parts[]"]), &file, 1);
    assert_eq!(shown(&tree.read("b.parquet")), shown(&both));
    tree.run(&["-c", "s2t", "--parquet", "--column", "text", "--check", "b.parquet"]).success();
    tree.run(&["-c", "s2t", "--parquet", "--column", "text", "s"]).code(2);
    tree.run(&["-c", "s2t", "--parquet", "--column", "raw", "-i", "s/a.parquet", "-o", "c.parquet"])
        .code(1)
        .stderr_eq("fanjian: s/a.parquet: row 1: not UTF-8: in 'raw', at byte 1 (--errors FILE takes[..]\n");
    assert!(File::open(tree.path("c.parquet")).is_err());
}
