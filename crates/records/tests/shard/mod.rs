//! A Parquet shard with nested columns, and its rows as text: for the tests of the library and of the command.

use std::sync::Arc;

use parquet::{
    basic::{Compression, ZstdLevel},
    data_type::{BoolType, ByteArray, ByteArrayType, Int32Type, Int64Type},
    file::{
        metadata::KeyValue,
        properties::{EnabledStatistics, WriterProperties},
        reader::{FileReader, SerializedFileReader},
        writer::SerializedFileWriter,
    },
    record::Row,
    schema::parser::parse_message_type,
};

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
pub(crate) type Texts = Vec<(Option<&'static str>, Option<Vec<Option<&'static str>>>, &'static str)>;

pub(crate) fn groups() -> Vec<Texts> {
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

pub(crate) fn write(groups: &[Texts]) -> Vec<u8> {
    write_by(Compression::ZSTD(ZstdLevel::default()), groups)
}

fn write_by(compression: Compression, groups: &[Texts]) -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_compression(compression)
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

pub(crate) fn reader(file: &[u8]) -> SerializedFileReader<bytes::Bytes> {
    SerializedFileReader::new(bytes::Bytes::copy_from_slice(file)).unwrap()
}

pub(crate) fn rows(file: &[u8]) -> Vec<Row> {
    reader(file).get_row_iter(None).unwrap().map(Result::unwrap).collect()
}

/// The rows as text, with one character for another one in the chosen columns.
pub(crate) fn shown(file: &[u8]) -> Vec<String> {
    rows(file).iter().map(ToString::to_string).collect()
}

/// As many damaged files, always the same ones: cut at either end or in between, or with one byte or a few of them changed.
/// Without compression, so that what is damaged in a page reaches its parser.
pub(crate) fn damaged_files(count: usize) -> Vec<Vec<u8>> {
    let file = write_by(Compression::UNCOMPRESSED, &groups());
    let mut state = 1_u64;
    let mut below = |end: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % end
    };
    // The metadata at the end, which the format has the most to say in, is a fifth of the file.
    let metadata = u32::from_le_bytes(file[file.len() - 8..file.len() - 4].try_into().unwrap()) as usize + 8;
    let damage = |number: usize| {
        let mut damaged = file.to_vec();
        match number % 8 {
            0 => damaged.truncate(below(file.len())),
            1 => _ = damaged.drain(..below(file.len())),
            2 => _ = damaged.remove(below(file.len())),
            kind => {
                for _ in 0..kind - 2 {
                    let place = if below(2) == 0 { below(file.len()) } else { file.len() - 1 - below(metadata) };
                    damaged[place] = below(256) as u8;
                }
            }
        }
        damaged
    };
    (0..count).map(damage).collect()
}
