//! Tables in CSV and TSV: conversion of the texts in some columns, with every other byte preserved.

use std::{
    fmt,
    io::{Read, Write},
    ops::Range,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
};

use csv_core::{ReadFieldResult, ReadRecordResult, Reader, ReaderBuilder};
use fanjian::{Error, ErrorKind};

use crate::{
    chunks::{Chunk, Chunks, Split, first_too_long},
    copy::copy,
    header::Header,
    metric::Value,
    options::RecordOptions,
    read::ReadOptions,
    report::{Added, Counts, RejectedRecord, Report},
    text::Text,
};

/// A column of a table: its name in the header, or its number, counted from 1. A name that is a number takes precedence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Column(String);

impl FromStr for Column {
    type Err = Error;

    fn from_str(column: &str) -> Result<Column, Error> {
        Ok(Column(column.to_owned()))
    }
}

serde_as_text!(Column);

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The syntax of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Layout {
    /// The separator of fields: a byte of ASCII.
    pub delimiter: u8,
    /// Whether a field may be quoted, and then contain delimiters and line endings.
    pub quotes: bool,
    /// Whether the first row names the columns.
    pub header: bool,
}

impl Layout {
    /// Commas, quotation marks, and a header.
    pub const CSV: Layout = Layout { delimiter: b',', quotes: true, header: true };
    /// Tabs and a header, without quoting: a quotation mark is an ordinary character, and no field contains a tab or a line
    /// ending.
    pub const TSV: Layout = Layout { delimiter: b'\t', quotes: false, header: true };

    /// The same with another delimiter.
    #[must_use]
    pub fn delimiter(mut self, delimiter: u8) -> Layout {
        self.delimiter = delimiter;
        self
    }

    /// The same with or without a header.
    #[must_use]
    pub fn header(mut self, header: bool) -> Layout {
        self.header = header;
        self
    }
}

/// Readers of rows. To make one takes longer than to read a hundred rows, and its clone does not work, so they are used again.
#[derive(Clone, Debug)]
struct Readers {
    layout: Layout,
    unused: Arc<Mutex<Vec<Reader>>>,
}

impl Readers {
    fn new(layout: Layout) -> Readers {
        Readers { layout, unused: Arc::default() }
    }

    /// Calls a function with a reader of what begins with a row or a blank line.
    fn with<T>(&self, read: impl FnOnce(&mut Reader) -> T) -> T {
        let unused = || self.unused.lock().unwrap_or_else(PoisonError::into_inner);
        let known = unused().pop();
        let make = || ReaderBuilder::new().delimiter(self.layout.delimiter).quoting(self.layout.quotes).build();
        let mut reader = known.unwrap_or_else(make);
        reader.reset();
        // It would remove a byte order mark at its beginning, which is not that of the table.
        reader.read_field(b"\n", &mut []);
        let result = read(&mut reader);
        unused().push(reader);
        result
    }
}

fn blank(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
}

/// The end of the last row, and of the blank lines behind it.
fn last_end(reader: &mut Reader, bytes: &[u8]) -> usize {
    // Blank lines before a row are no part of it: they do not count for its length.
    let (mut last, mut at) = (blank(bytes), 0);
    let (mut fields, mut ends) = ([0; 4096], [0; 256]);
    loop {
        let (result, read, ..) = reader.read_record(&bytes[at..], &mut fields, &mut ends);
        at += read;
        match result {
            ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {}
            ReadRecordResult::InputEmpty | ReadRecordResult::End => return last,
            ReadRecordResult::Record => {
                if bytes[at - 1] == b'\r' {
                    match bytes.get(at) {
                        Some(b'\n') => at += 1,
                        Some(_) => {}
                        // It may be the next byte to be read.
                        None => return last,
                    }
                }
                last = at + blank(&bytes[at..]);
            }
        }
    }
}

impl Split for Readers {
    fn last_end(&self, bytes: &[u8]) -> usize {
        self.with(|reader| last_end(reader, bytes))
    }

    fn blank(&self, bytes: &[u8]) -> usize {
        blank(bytes)
    }

    /// A quotation mark that is not closed makes the rest of the input one row.
    fn next_end(&self, _: &[u8]) -> Option<usize> {
        None
    }
}

/// The places of the chosen fields in a row, in order, each with the number of its column.
fn by_place(chosen: &[Vec<usize>]) -> Vec<(usize, usize)> {
    let columns = chosen.iter().enumerate();
    let fields = columns.flat_map(|(column, fields)| fields.iter().map(move |&field| (field, column)));
    let mut all: Vec<_> = fields.collect();
    all.sort_unstable();
    all
}

/// Conversion of the texts in some columns of a table. Every other byte is preserved: other fields and their quotation marks,
/// line endings, blank lines.
///
/// A changed field is quoted if it was before, or has to be. A row with more or fewer fields than the first one is broken. So
/// is a row that is too long, and with it all rows behind it: a quotation mark may be missing.
///
/// ```
/// use fanjian::{Config, Converter};
/// use fanjian_records::{Layout, RecordOptions, Table};
///
/// let options = RecordOptions::default().convert(Converter::new(Config::S2twp)).add("script".parse()?, "script");
/// let table = Table::new(options, ["body".parse()?], Layout::CSV);
/// let mut out = Vec::new();
/// let input = "id,body,\"note\"\r\n1,\"鼠标,头发\",软件\r\n";
/// let counts = table.copy(input.as_bytes(), &mut out, |_| true)?;
/// let output = "id,body,\"note\",script\r\n1,\"滑鼠,頭髮\",软件,simplified\r\n";
/// assert_eq!(String::from_utf8_lossy(&out), output);
/// assert_eq!(counts.changed, 1);
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Table {
    options: RecordOptions,
    columns: Vec<Column>,
    layout: Layout,
    readers: Readers,
    read: ReadOptions,
}

impl Table {
    /// A conversion of the texts in these columns.
    pub fn new(options: RecordOptions, columns: impl IntoIterator<Item = Column>, layout: Layout) -> Table {
        let (columns, readers) = (columns.into_iter().collect(), Readers::new(layout));
        Table { options, columns, layout, readers, read: ReadOptions::default() }
    }

    /// Sets the options for reading. Invalid bytes are replaced in the chosen columns.
    #[must_use]
    pub fn read_options(mut self, options: ReadOptions) -> Table {
        self.read = options;
        self
    }

    /// The columns.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// A reader of an input as chunks. It reads the header, if there is one.
    ///
    /// # Errors
    ///
    /// [`Io`](ErrorKind::Io) if the reader fails; [`NotFound`](ErrorKind::NotFound) for a chosen column that does not exist;
    /// [`Syntax`](ErrorKind::Syntax) for an added column that exists; [`TooLarge`](ErrorKind::TooLarge) for a header longer than
    /// the limit.
    pub fn chunks<R: Read>(&self, reader: R) -> Result<Chunks<R>, Error> {
        let mut chunks = Chunks::new(reader, self.readers.clone(), self.read.max_record);
        let first = chunks.peek()?.unwrap_or_default();
        let header = self.readers.with(|reader| self.header(Rows::new(reader, first)))?;
        Ok(chunks.header(header))
    }

    /// Converts the rows of a chunk, and appends those that are kept.
    pub fn chunk(&self, chunk: &Chunk, out: &mut Vec<u8>) -> Report {
        let mut report = Report::new(self.columns.len());
        if let Some(len) = chunk.too_long {
            report.counts.read += 1;
            report.add_too_long(chunk.line, &chunk.bytes, len, true, &self.read);
            return report;
        }
        self.readers.with(|reader| self.rows(chunk, Rows::new(reader, &chunk.bytes), report, out))
    }

    /// The same for the rows of a chunk, none of which was skipped.
    fn rows(&self, chunk: &Chunk, mut rows: Rows<'_, '_>, mut report: Report, out: &mut Vec<u8>) -> Report {
        let unknown = Header::default();
        let header = chunk.header.as_deref().unwrap_or(&unknown);
        let mut line = chunk.line;
        if chunk.is_first {
            out.extend_from_slice(rows.skip_mark());
        }
        let mut is_header = chunk.is_first && self.layout.header;
        loop {
            let blank = rows.skip_blank();
            line += lines(blank);
            out.extend_from_slice(blank);
            let Some(row) = rows.next() else { return report };
            if std::mem::take(&mut is_header) {
                self.add_names(&row, out);
                line += lines(row.bytes);
                continue;
            }
            report.counts.read += 1;
            if report.add_too_long(line, row.bytes, row.bytes.len() as u64, true, &self.read) {
                return report;
            }
            let result = self.row(header, &row, &mut report.counts, out);
            if !report.add(line, row.without_end(), result, &self.read) {
                return report;
            }
            line += lines(row.bytes);
        }
    }

    /// Converts a whole input by one thread, in bounded memory. `broken` is called with each broken row, and returns whether to
    /// go on.
    ///
    /// # Errors
    ///
    /// Those of [`chunks`](Self::chunks), and [`Io`](ErrorKind::Io) if the writer fails.
    pub fn copy(
        &self,
        reader: impl Read,
        writer: impl Write,
        broken: impl FnMut(RejectedRecord) -> bool,
    ) -> Result<Counts, Error> {
        let chunks = self.chunks(reader)?;
        let counts = Counts::new(self.columns.len());
        copy(chunks, writer, counts, broken, |chunk, out| self.chunk(chunk, out))
    }

    /// The number and the places of columns, by the first of these rows.
    fn header(&self, mut rows: Rows<'_, '_>) -> Result<Header, Error> {
        rows.skip_mark();
        let blank = rows.skip_blank();
        let row = rows.next();
        // The reader notices that only if it reads the row in several pieces.
        if blank.len() > self.read.max_record {
            return Err(first_too_long(self.read.max_record));
        }
        let Some(row) = row else { return Ok(Header::default()) };
        if row.bytes.len() > self.read.max_record {
            return Err(first_too_long(self.read.max_record));
        }
        let names: Vec<_> = match self.layout.header {
            true => (0..row.spans.len()).map(|field| String::from_utf8_lossy(row.text(field))).collect(),
            false => Vec::new(),
        };
        let is_added = |name: &&str| self.options.added().iter().any(|(_, added)| added == name);
        if let Some(name) = names.iter().map(|name| &**name).find(is_added) {
            let message = format!("there already is a column '{name}': choose another name");
            return Err(Error::new(ErrorKind::Syntax, message));
        }
        let find = |column: &Column| {
            let named: Vec<_> = (0..names.len()).filter(|&field| names[field] == column.0).collect();
            let numbers = 1..=row.spans.len();
            match column.0.parse() {
                _ if !named.is_empty() => Ok(named),
                Ok(number) if numbers.contains(&number) => Ok(vec![number - 1]),
                _ => {
                    let known = match self.layout.header {
                        true => names.join(", "),
                        false => format!("the numbers 1 to {}", row.spans.len()),
                    };
                    let message = format!("unknown column '{column}'; expected one of {known}");
                    Err(Error::new(ErrorKind::NotFound, message))
                }
            }
        };
        let chosen = self.columns.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        let columns = by_place(&chosen);
        for pair in columns.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            self.options.check_one_format((pair[0].1, pair[1].1), |column| self.columns[column].to_string())?;
        }
        Ok(Header { fields: row.spans.len(), chosen })
    }

    /// Appends the header with the names of added columns.
    fn add_names(&self, row: &Row<'_>, out: &mut Vec<u8>) {
        out.extend_from_slice(row.without_end());
        for (_, name) in self.options.added() {
            out.push(self.layout.delimiter);
            out.extend_from_slice(self.written(name, false).unwrap_or_else(|_| name.clone()).as_bytes());
        }
        out.extend_from_slice(row.end());
    }

    /// Converts a row, and appends it if it is kept.
    fn row(&self, header: &Header, row: &Row<'_>, counts: &mut Counts, out: &mut Vec<u8>) -> Result<Added, Error> {
        let (fields, wanted) = (row.spans.len(), header.fields);
        let quotes = |span: &Range<usize>| memchr::memchr_iter(b'"', &row.bytes[span.clone()]).count();
        if row.spans.last().is_some_and(|last| row.is_quoted(last, self.layout) && quotes(last) % 2 == 1) {
            return Err(Error::new(ErrorKind::Syntax, "a quotation mark is not closed"));
        }
        if fields != wanted {
            let noun = if fields == 1 { "field" } else { "fields" };
            let message = format!("the row has {fields} {noun}, and the first one has {wanted}");
            return Err(Error::new(ErrorKind::Syntax, message));
        }
        let mut is_missing = false;
        for (without, columns) in counts.without_text.iter_mut().zip(&header.chosen) {
            let has_text = columns.iter().any(|&field| !row.text(field).is_empty());
            *without += u64::from(!has_text);
            is_missing |= !has_text;
        }
        let mut chosen = by_place(&header.chosen);
        chosen.dedup_by_key(|(field, _)| *field);
        let texts = chosen
            .iter()
            .map(|&(field, column)| Ok(Text::new(column, self.read.text(row.text(field))?)))
            .collect::<Result<Vec<_>, Error>>()?;
        let processed = self.options.apply(&texts, is_missing, |column| self.columns[column].to_string())?;
        counts.glossed += u64::from(processed.has_glosses);
        let added = Added { is_kept: processed.is_kept, detected: processed.detected };
        if !added.is_kept {
            return Ok(added);
        }
        counts.changed += u64::from(processed.outputs.iter().any(Option::is_some));
        let before = out.len();
        let mut at = 0;
        for ((&(field, _), text), output) in chosen.iter().zip(&texts).zip(&processed.outputs) {
            // Text in which invalid bytes were replaced has changed as well.
            let is_same = text.text.as_bytes() == row.text(field);
            let Some(output) = output.as_deref().or((!is_same).then_some(&text.text)) else { continue };
            let span = &row.spans[field];
            let is_quoted = row.is_quoted(span, self.layout) || (output.is_empty() && fields == 1);
            match self.written(output, is_quoted) {
                Ok(written) => {
                    out.extend_from_slice(&row.bytes[at..span.start]);
                    out.extend_from_slice(written.as_bytes());
                }
                Err(error) => {
                    out.truncate(before);
                    return Err(error);
                }
            }
            at = span.end;
        }
        out.extend_from_slice(&row.without_end()[at..]);
        for (metric, _) in self.options.added() {
            out.push(self.layout.delimiter);
            match processed.metrics.value(*metric) {
                Value::Name(name) => out.extend_from_slice(name.as_bytes()),
                Value::Count(count) => out.extend_from_slice(count.to_string().as_bytes()),
            }
        }
        out.extend_from_slice(row.end());
        Ok(added)
    }

    /// A text as a field.
    fn written(&self, text: &str, is_quoted: bool) -> Result<String, Error> {
        let has = |byte: u8| memchr::memchr(byte, text.as_bytes()).is_some();
        let needs_quotes = has(self.layout.delimiter) || has(b'\n') || has(b'\r') || (self.layout.quotes && has(b'"'));
        if needs_quotes && !self.layout.quotes {
            let message =
                "the converted text contains a delimiter or a line ending, but the table has no quotation marks";
            return Err(Error::new(ErrorKind::Syntax, message));
        }
        Ok(match (is_quoted || needs_quotes) && self.layout.quotes {
            true => format!("\"{}\"", text.replace('"', "\"\"")),
            false => text.to_owned(),
        })
    }
}

fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// The rows of a chunk, one after the other.
struct Rows<'r, 'b> {
    reader: &'r mut Reader,
    bytes: &'b [u8],
    at: usize,
}

/// A row: its bytes, and its fields.
struct Row<'b> {
    bytes: &'b [u8],
    /// The ranges of the fields as written, with their quotation marks.
    spans: Vec<Range<usize>>,
    texts: Vec<u8>,
    /// The end of the text of each field.
    ends: Vec<usize>,
}

impl<'r, 'b> Rows<'r, 'b> {
    fn new(reader: &'r mut Reader, bytes: &'b [u8]) -> Rows<'r, 'b> {
        Rows { reader, bytes, at: 0 }
    }

    fn skip_mark(&mut self) -> &'b [u8] {
        let mark = b"\xef\xbb\xbf";
        self.at += if self.bytes[self.at..].starts_with(mark) { mark.len() } else { 0 };
        &self.bytes[..self.at]
    }

    /// Skips blank lines up to the beginning of the next row.
    fn skip_blank(&mut self) -> &'b [u8] {
        let rest = &self.bytes[self.at..];
        let len = blank(rest);
        self.at += len;
        &rest[..len]
    }

    fn next(&mut self) -> Option<Row<'b>> {
        let start = self.at;
        if start == self.bytes.len() {
            return None;
        }
        let mut row = Row { bytes: b"", spans: Vec::new(), texts: vec![0; 256], ends: Vec::new() };
        let (mut field, mut written) = (start, 0);
        loop {
            let rest = &self.bytes[self.at..];
            let (result, read, wrote) = self.reader.read_field(rest, &mut row.texts[written..]);
            self.at += read;
            written += wrote;
            match result {
                ReadFieldResult::OutputFull => row.texts.resize(2 * row.texts.len(), 0),
                // Called again with no input, it returns the rest.
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::End => break,
                ReadFieldResult::Field { record_end } => {
                    row.spans.push(field - start..self.at - usize::from(read > 0) - start);
                    row.ends.push(written);
                    field = self.at;
                    if record_end {
                        break;
                    }
                }
            }
        }
        if self.bytes[..self.at].ends_with(b"\r") && self.bytes[self.at..].starts_with(b"\n") {
            self.at += 1;
        }
        row.bytes = &self.bytes[start..self.at];
        Some(row)
    }
}

impl<'b> Row<'b> {
    fn text(&self, field: usize) -> &[u8] {
        let start = field.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.texts[start..self.ends[field]]
    }

    fn is_quoted(&self, span: &Range<usize>, layout: Layout) -> bool {
        layout.quotes && self.bytes[span.clone()].starts_with(b"\"")
    }

    fn without_end(&self) -> &'b [u8] {
        &self.bytes[..self.spans.last().map_or(0, |last| last.end)]
    }

    fn end(&self) -> &'b [u8] {
        &self.bytes[self.without_end().len()..]
    }
}
