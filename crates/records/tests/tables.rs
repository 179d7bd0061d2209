//! Tables: the texts in the chosen columns are converted, and every other byte is preserved.

use fanjian::{Config, Converter, Error, ErrorKind};
use fanjian_records::{Chunk, Counts, Layout, Metric, ReadOptions, RecordOptions, RejectedRecord, Table};
use proptest::prelude::*;

fn table(columns: &[&str], layout: Layout) -> Table {
    let options = RecordOptions::default().convert(Converter::new(Config::S2t));
    Table::new(options, columns.iter().map(|column| column.parse().unwrap()), layout)
}

/// The output, the counts, and the lines of broken rows with their reasons.
type Copied = (String, Counts, Vec<(u64, String)>);

fn copy(table: &Table, input: &[u8]) -> Result<Copied, Error> {
    let (mut out, mut broken) = (Vec::new(), Vec::new());
    let counts = table.copy(input, &mut out, |record| {
        broken.push((record.line, record.reason));
        true
    })?;
    Ok((String::from_utf8(out).unwrap(), counts, broken))
}

#[test]
fn chosen_fields_are_converted_and_nothing_else() {
    for (layout, column, input, output) in [
        (Layout::CSV, "b", "a,b\n头,头\n", "a,b\n头,頭\n"),
        (
            Layout::CSV,
            "b",
            "\u{feff}\"b\",a\r\n\"头\"\"\r\n\",\"头\"\r\n\r\n头,",
            "\u{feff}\"b\",a\r\n\"頭\"\"\r\n\",\"头\"\r\n\r\n頭,",
        ),
        (Layout::CSV, "2", "头,头\n头,一\n", "头,头\n头,一\n"),
        (Layout::CSV, "头", "头,b\n头,头\r", "头,b\n頭,头\r"),
        (Layout::CSV.header(false), "2", "头,头\n头,一\n", "头,頭\n头,一\n"),
        (Layout::CSV, "b", "b\n头\"x\n", "b\n\"頭\"\"x\"\n"),
        (Layout::CSV.delimiter(b';'), "b", "a;b\n头,;头,\n", "a;b\n头,;頭,\n"),
        (Layout::TSV, "b", "a\tb\n\"头\t\"头\n", "a\tb\n\"头\t\"頭\n"),
        // Columns of the same name, and a name that is a number.
        (Layout::CSV, "b", "b,b\n头,头\n", "b,b\n頭,頭\n"),
        (Layout::CSV, "1", "a,1\n头,头\n", "a,1\n头,頭\n"),
        (Layout::CSV, "b", "", ""),
    ] {
        assert_eq!(copy(&table(&[column], layout), input.as_bytes()).unwrap().0, output);
    }
}

/// Rows that end in CR alone have no lines: the first row of each chunk was taken for the header.
#[test]
fn rows_without_line_feeds_are_not_headers() {
    let table = table(&["b"], Layout::CSV);
    let mut chunks = table.chunks("b\r头\r发\r".as_bytes()).unwrap().size(1);
    let mut out = Vec::new();
    while let Some(chunk) = chunks.read_next(Chunk::default()).unwrap() {
        table.chunk(&chunk, &mut out);
    }
    assert_eq!(String::from_utf8(out).unwrap(), "b\r頭\r發\r");
}

#[test]
fn rows_with_other_numbers_of_fields_are_broken() {
    let (out, counts, broken) =
        copy(&table(&["b"], Layout::CSV), "a,b\n\"1\n\",头\n2\n3,头,\n4,\"头".as_bytes()).unwrap();
    assert_eq!(out, "a,b\n\"1\n\",頭\n");
    assert_eq!((counts.read, counts.kept, counts.broken), (4, 1, 3));
    let reasons = [
        (4, "the row has 1 field, and the first one has 2".to_owned()),
        (5, "the row has 3 fields, and the first one has 2".to_owned()),
        (6, "a quotation mark is not closed".to_owned()),
    ];
    assert_eq!(broken, reasons);
}

#[test]
fn other_columns_may_hold_any_bytes() {
    let input = b"\xff\xfe,b\n\xff,\xe5\xa4\xb4\n1,\xff\n";
    let mut out = Vec::new();
    let counts = table(&["b"], Layout::CSV).copy(&input[..], &mut out, |_| true).unwrap();
    assert_eq!(out, b"\xff\xfe,b\n\xff,\xe9\xa0\xad\n");
    assert_eq!(counts.broken, 1);
    let mut out = Vec::new();
    table(&["b"], Layout::CSV)
        .read_options(ReadOptions::default().replace_invalid(true))
        .copy(&input[..], &mut out, |_| true)
        .unwrap();
    assert_eq!(out, b"\xff\xfe,b\n\xff,\xe9\xa0\xad\n1,\xef\xbf\xbd\n");
}

#[test]
fn metrics_are_added_as_columns() {
    let options = || RecordOptions::default().add(Metric::Script, "the script").add(Metric::Han, "han");
    let table = Table::new(options(), ["b".parse().unwrap()], Layout::CSV);
    let (out, ..) = copy(&table, "b,a\r\n头发,x\r\n\"\",\"\"\r\n".as_bytes()).unwrap();
    assert_eq!(out, "b,a,the script,han\r\n头发,x,simplified,2\r\n\"\",\"\",not-chinese,0\r\n");
    let error = copy(&table, b"b,han\n").unwrap_err();
    assert_eq!(error.to_string(), "there already is a column 'han': choose another name");
    let table = Table::new(options(), ["7".parse().unwrap()], Layout::CSV);
    let error = copy(&table, b"b,a\n").unwrap_err();
    assert_eq!(error.to_string(), "unknown column '7'; expected one of b, a");
}

#[test]
fn a_row_that_is_too_long_breaks_the_rest() {
    let table = table(&["b"], Layout::CSV).read_options(ReadOptions::default().max_record(10));
    let (out, _, broken) = copy(&table, "b\n头\n\"头头头头\n一\n二\n".as_bytes()).unwrap();
    assert_eq!(out, "b\n頭\n");
    assert_eq!(broken, [(3, "the row is longer than the limit of 10 bytes".to_owned())]);
}

/// The output, and the broken rows, of chunks of this size.
fn in_chunks(table: &Table, input: &[u8], size: usize) -> Result<(String, Vec<RejectedRecord>), Error> {
    let mut chunks = table.chunks(input)?.size(size);
    let (mut out, mut broken) = (Vec::new(), Vec::new());
    while let Some(chunk) = chunks.read_next(Chunk::default())? {
        broken.extend(table.chunk(&chunk, &mut out).broken);
        if broken.iter().any(|broken| broken.is_last) {
            break;
        }
    }
    Ok((String::from_utf8(out).unwrap(), broken))
}

#[test]
fn a_row_that_is_too_long_is_the_same_in_chunks_of_any_size() {
    // In small chunks, blank lines before such a row used to be lost and to be counted with it: for its line, its length, and the
    // bytes that are reported.
    let table = table(&["b"], Layout::CSV).read_options(ReadOptions::default().max_record(10));
    for input in ["b\n头\n\n\r\n\r\"头头头头\n一\n二\n", "b\r\r头\r\r\r头头头头\r一\r"] {
        let whole = in_chunks(&table, input.as_bytes(), 1000).unwrap();
        assert_eq!(whole.0.len(), input.rfind("头头头头").unwrap() - usize::from(input.contains('"')));
        assert_eq!(whole.1.len(), 1);
        assert!(whole.1[0].is_last && whole.1[0].record.ends_with("头头头".as_bytes()));
        for size in 1..input.len() {
            assert_eq!(in_chunks(&table, input.as_bytes(), size).unwrap(), whole, "{input:?} by {size} bytes");
        }
    }
}

#[test]
fn blank_lines_are_no_part_of_a_row() {
    // In small chunks, more blank lines than the limit used to make the row behind them too long, and end the table.
    let table = table(&["b"], Layout::CSV).read_options(ReadOptions::default().max_record(10));
    for end in ["\n", "\r\n", "\r"] {
        let blank = end.repeat(30);
        let input = format!("b{end}头{end}{blank}发{end}{blank}");
        let output = Converter::new(Config::S2t).convert(&input).into_owned();
        for size in 1..input.len() + 2 {
            let expected = (output.clone(), Vec::new());
            assert_eq!(in_chunks(&table, input.as_bytes(), size).unwrap(), expected, "{input:?} by {size} bytes");
        }
        // Before the first row, they are held in memory: as many as the limit.
        let blank = |bytes: usize| end.repeat(bytes / end.len());
        for size in 1..30 {
            let input = format!("{}b{end}头{end}", blank(10));
            assert!(in_chunks(&table, input.as_bytes(), size).is_ok(), "{input:?} by {size} bytes");
            let input = format!("{}b{end}头{end}", blank(12));
            let error = in_chunks(&table, input.as_bytes(), size).unwrap_err();
            assert_eq!(error.to_string(), "the first record is longer than the limit of 10 bytes");
        }
    }
}

#[test]
fn a_first_row_that_is_too_long_is_an_error_however_it_is_read() {
    // It used to be accepted if all of it was read at once.
    let table = table(&["a"], Layout::CSV).read_options(ReadOptions::default().max_record(10));
    let input = "a,a long name\n1,2\n".as_bytes();
    for cut in [0, 11] {
        let (first, rest) = input.split_at(cut);
        let error = table.copy(std::io::Read::chain(first, rest), Vec::new(), |_| true).unwrap_err();
        assert_eq!(error.to_string(), "the first record is longer than the limit of 10 bytes");
    }
    assert!(table.copy("a,2345678\n1,2\n".as_bytes(), Vec::new(), |_| true).is_ok());
}

#[test]
fn a_byte_order_mark_is_no_row_however_the_table_is_read() {
    // In pieces, a mark and a blank line used to be the first row, and a quotation mark behind a mark did not quote.
    let table = table(&["1"], Layout::CSV.header(false));
    for (input, output) in
        [("\u{feff}\n头,1\n", "\u{feff}\n頭,1\n"), ("\u{feff}\"头\n发\",1\n", "\u{feff}\"頭\n發\",1\n")]
    {
        for cut in 0..input.len() {
            let (first, rest) = input.as_bytes().split_at(cut);
            let mut out = Vec::new();
            let counts =
                table.copy(std::io::Read::chain(first, rest), &mut out, |broken| panic!("{broken:?}")).unwrap();
            assert_eq!((String::from_utf8(out).unwrap().as_str(), counts.kept), (output, 1), "{cut}");
        }
    }
}

/// A reader that fails behind some bytes.
struct Failing(&'static [u8]);

impl std::io::Read for Failing {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        match self.0.is_empty() {
            true => Err(std::io::Error::other("the cable is out")),
            false => self.0.read(bytes),
        }
    }
}

#[test]
fn errors_of_readers_and_writers_are_errors_of_one_type() {
    for input in [&b""[..], b"b\n1\n"] {
        let error = copy_from(Failing(input)).unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (ErrorKind::Io, "cannot read the input: the cable is out")
        );
    }
    let mut full: [u8; 2] = [0; 2];
    let error = table(&["b"], Layout::CSV).copy(&b"b\n1\n"[..], full.as_mut_slice(), |_| true).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().starts_with("cannot write the output: "), "{error}");
}

fn copy_from(reader: Failing) -> Result<Counts, Error> {
    table(&["b"], Layout::CSV).copy(reader, std::io::sink(), |_| true)
}

fn field() -> impl Strategy<Value = String> {
    prop_oneof!["[头发里a ]{0,4}", "[头\",\r\n\t;a]{0,6}", Just(String::new()), Just("\u{feff}头".to_owned()),]
}

/// A field in one of its spellings.
fn written(text: &str, is_quoted: bool) -> String {
    match is_quoted || text.contains(['"', ',', '\r', '\n']) || text.is_empty() {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

proptest! {
    #[test]
    fn any_converted_table_is_read_by_another_parser(
        rows in prop::collection::vec(prop::collection::vec((field(), any::<bool>()), 3), 1..8),
        end in prop_oneof![Just("\n"), Just("\r\n"), Just("\r"), Just("\n\n")],
        size in 1_usize..100,
    ) {
        let lines = rows.iter().map(|row| {
            row.iter().map(|(text, is_quoted)| written(text, *is_quoted)).collect::<Vec<_>>().join(",") + end
        });
        // A mark at the very beginning belongs to no field.
        let input = format!("一,二,三{end}{}", lines.collect::<String>());
        let table = table(&["二"], Layout::CSV);
        let mut chunks = table.chunks(input.as_bytes()).unwrap().size(size);
        let mut out = Vec::new();
        while let Some(chunk) = chunks.read_next(Chunk::default()).unwrap() {
            let report = table.chunk(&chunk, &mut out);
            prop_assert_eq!(report.broken, []);
        }
        let out = String::from_utf8(out).unwrap();
        let converter = Converter::new(Config::S2t);
        let read: Vec<Vec<String>> = csv::Reader::from_reader(out.as_bytes())
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect();
        let expected: Vec<Vec<String>> = rows
            .iter()
            .map(|row| vec![row[0].0.clone(), converter.convert(&row[1].0).into_owned(), row[2].0.clone()])
            .collect();
        prop_assert_eq!(read, expected);
        // Other columns are unchanged.
        let lines = rows.iter().map(|row| {
            let text = converter.convert(&row[1].0);
            [written(&row[0].0, row[0].1), written(&text, row[1].1), written(&row[2].0, row[2].1)].join(",") + end
        });
        prop_assert_eq!(out, format!("一,二,三{end}{}", lines.collect::<String>()));
    }

    #[test]
    fn any_bytes_are_preserved(
        input in prop::collection::vec(prop::sample::select(b"a\"\",,\r\n\n\t\xff".as_slice()), 0..60),
        size in 1_usize..30,
    ) {
        let table = Table::new(RecordOptions::default(), [], Layout::CSV.header(false));
        let mut whole = Vec::new();
        let mut reasons = Vec::new();
        let counts = table.copy(input.as_slice(), &mut whole, |broken| { reasons.push(broken); true }).unwrap();
        let mut chunks = table.chunks(input.as_slice()).unwrap().size(size);
        let (mut parts, mut broken) = (Vec::new(), Vec::new());
        while let Some(chunk) = chunks.read_next(Chunk::default()).unwrap() {
            broken.extend(table.chunk(&chunk, &mut parts).broken);
        }
        prop_assert_eq!(&parts, &whole);
        prop_assert_eq!(&broken, &reasons);
        if counts.broken == 0 {
            prop_assert_eq!(whole, input);
        }
    }
}
