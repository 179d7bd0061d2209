use std::sync::OnceLock;

use fanjian::{Config, Converter};
use fanjian_records::{Chunk, Column, Layout, Metric, ReadOptions, RecordOptions, Report, Table};

use crate::{Source, targets::jsonl::Slow};

pub(super) fn run(bytes: &[u8]) {
    let mut source = Source::new(bytes);
    let choices = source.byte();
    let layout = match choices % 4 {
        0 | 1 => Layout::CSV,
        2 => Layout::TSV,
        _ => Layout::CSV.delimiter(b';'),
    };
    let layout = layout.header(choices & 4 > 0);
    if source.one_in(2) {
        structured(&mut source, layout);
        return;
    }
    let (size, most) = (source.byte(), source.byte());
    let input = source.rest();
    let columns = if layout.header { vec![column("text"), column("2")] } else { vec![column("1")] };
    let read =
        ReadOptions::default().replace_invalid(choices & 8 > 0).max_record(if choices & 16 > 0 { 40 } else { 1 << 20 });
    let same = RecordOptions::default().convert_by(|text| Ok(Some(text.to_owned())));
    let table = Table::new(same, columns.clone(), layout).read_options(read);
    if let Some((out, broken)) = cut(&table, input, size, most) {
        // Nothing changes: without a broken row and bytes that are replaced, all is as it was.
        if broken == 0 && (!read.replace_invalid || str::from_utf8(input).is_ok()) {
            assert_eq!(out, input, "{:?}", String::from_utf8_lossy(input));
        }
    }
    let options = RecordOptions::default().convert(converter().clone());
    let options = if choices & 32 > 0 { options.add(Metric::Script, "script") } else { options };
    let options = if choices & 64 > 0 { options.keep_if("han>=1".parse().expect("a condition")) } else { options };
    cut(&Table::new(options, columns, layout).read_options(read), input, size, most);
}

/// Rows of cells, each quoted or not.
fn structured(source: &mut Source<'_>, layout: Layout) {
    let delimiter = char::from(layout.delimiter);
    let end = *source.choose(&["\n", "\r\n"]);
    let (mut input, mut expected) = (String::new(), String::new());
    if layout.header {
        input += &format!("id{delimiter}text{delimiter}raw{end}");
    } else {
        input += &format!("1{delimiter}2{delimiter}3{end}");
    }
    expected += &input;
    for _ in 0..source.below(4) {
        for field in 0..3 {
            let text: String = source.text(3);
            let text = text.replace(['\t', '\r', '\n', '"', ',', ';', '\u{feff}'], "");
            let quoted = layout.quotes && source.one_in(2);
            let inner = if quoted { *source.choose(&["", "\"\"", ",", "\r\n", ";"]) } else { "" };
            let write = |text: &str| if quoted { format!("\"{text}{inner}\"") } else { format!("x{text}") };
            input += &write(&text);
            let whole = format!("{text}{}", inner.replace("\"\"", "\""));
            let converted = converter().convert(&whole).replace('"', "\"\"");
            let unquoted = converter().convert(&format!("x{text}")).into_owned();
            expected += &match (field, quoted) {
                (1, true) => format!("\"{converted}\""),
                (1, false) => unquoted,
                _ => write(&text),
            };
            let behind = if field < 2 { delimiter.to_string() } else { end.to_owned() };
            input += &behind;
            expected += &behind;
        }
    }
    let name = if layout.header { "text" } else { "2" };
    let table = Table::new(RecordOptions::default().convert(converter().clone()), [column(name)], layout);
    let (out, broken) = cut(&table, input.as_bytes(), source.byte(), source.byte()).expect("a header");
    assert_eq!((String::from_utf8_lossy(&out), broken), (expected.into(), 0), "{input:?}");
}

fn converter() -> &'static Converter {
    static FOUND: OnceLock<Converter> = OnceLock::new();
    FOUND.get_or_init(|| Converter::new(Config::S2twp))
}

fn column(name: &str) -> Column {
    name.parse().expect("a column")
}

/// Converts rows in one chunk and in small ones, and compares. None if the header is refused.
fn cut(table: &Table, input: &[u8], size: u8, most: u8) -> Option<(Vec<u8>, usize)> {
    let convert = |size: usize, most: usize| {
        let mut chunks = table.chunks(Slow { bytes: input, most }).ok()?.size(size);
        let (mut out, mut reports, mut chunk) = (Vec::new(), Vec::<Report>::new(), Chunk::default());
        while let Some(next) = chunks.read_next(chunk).expect("memory can be read") {
            reports.push(table.chunk(&next, &mut out));
            chunk = next;
            // What is behind it cannot be read.
            if reports.iter().flat_map(|report| &report.broken).any(|broken| broken.is_last) {
                break;
            }
        }
        let broken: Vec<_> = reports.iter().flat_map(|report| report.broken.clone()).collect();
        Some((out, broken))
    };
    let whole = convert(1 << 20, 1 << 20);
    let cut = convert(1 + usize::from(size), 1 + usize::from(most) % 48);
    match (&whole, &cut) {
        (Some((whole, whole_broken)), Some((cut, broken))) => {
            let shown = |out| String::from_utf8_lossy(out);
            assert_eq!(shown(whole), shown(cut), "in chunks of {}", 1 + usize::from(size));
            assert_eq!(whole_broken, broken);
        }
        _ => assert_eq!(whole.is_some(), cut.is_some(), "the header"),
    }
    whole.map(|(out, broken)| (out, broken.len()))
}
