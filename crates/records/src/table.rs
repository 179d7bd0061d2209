//! The texts in columns of CSV and TSV: every other byte of a row stays as it is.

use std::{
    fmt,
    io::{self, Read, Write},
    ops::Range,
    str::FromStr,
};

use csv_core::{ReadFieldResult, ReadRecordResult, Reader, ReaderBuilder};

use crate::{
    Chunk, Chunks, Counts, RecordOptions, RejectedRecord, Report,
    chunks::Cut,
    condition::Value,
    options::Text,
    report::{self, ReadOptions},
};
use fanjian::{Error, ErrorKind};

/// A column of a table: by its name in the header, or its number, from 1. A name that is a number comes before the number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Column(String);

impl FromStr for Column {
    type Err = Error;

    fn from_str(column: &str) -> Result<Column, Error> {
        Ok(Column(column.to_owned()))
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Layout {
    /// What stands between two fields: a byte of ASCII.
    pub delimiter: u8,
    /// Whether a field may stand in quotation marks, and then have delimiters and line ends in it.
    pub quotes: bool,
    /// Whether the first row names the columns.
    pub header: bool,
}

impl Layout {
    /// Commas, quotation marks, and a header.
    pub const CSV: Layout = Layout { delimiter: b',', quotes: true, header: true };
    /// Tabs and a header. A quotation mark is a character like others, and no field has a tab or a line end in it.
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

    fn reader(&self) -> Reader {
        let mut reader = ReaderBuilder::new().delimiter(self.delimiter).quoting(self.quotes).build();
        // It takes a byte order mark at its beginning away, which is elsewhere than that of the table.
        reader.read_field(b"\n", &mut []);
        reader
    }

    /// Where the last row that is complete ends.
    pub(crate) fn last_end(&self, bytes: &[u8]) -> Option<usize> {
        let (mut reader, mut last, mut at) = (self.reader(), None, 0);
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
                            // It may be there yet.
                            None => return last,
                        }
                    }
                    last = Some(at);
                }
            }
        }
    }
}

/// What the first row of a table tells.
#[derive(Clone, Debug, Default)]
pub(crate) struct Header {
    /// How many fields a row has.
    fields: usize,
    /// For each chosen column, where it is.
    chosen: Vec<Vec<usize>>,
}

/// Converts the texts in some columns of a table, and leaves every other byte as it is: other fields and how they are
/// quoted, line endings, blank lines.
///
/// A field that changes is in quotation marks if it was, or has to be. A row that has more or fewer fields than the first
/// one is broken.
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
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Table {
    options: RecordOptions,
    columns: Vec<Column>,
    layout: Layout,
    limits: ReadOptions,
}

impl Table {
    /// Does this with the texts in these columns.
    pub fn new(options: RecordOptions, columns: impl IntoIterator<Item = Column>, layout: Layout) -> Table {
        Table { options, columns: columns.into_iter().collect(), layout, limits: ReadOptions::default() }
    }

    /// A row of more bytes is broken, and with it all that follows: a quotation mark may be missing. The default is 64 MiB.
    #[must_use]
    pub fn limit(mut self, bytes: usize) -> Table {
        self.limits.record = bytes;
        self
    }

    /// Ends a chunk at the first row that is broken.
    #[must_use]
    pub fn stop_at_broken(mut self, stops: bool) -> Table {
        self.limits.stops = stops;
        self
    }

    /// Puts U+FFFD in the place of bytes that are not UTF-8, in the chosen columns. Else such a row is broken.
    #[must_use]
    pub fn replace_invalid(mut self, replaces: bool) -> Table {
        self.limits.replaces = replaces;
        self
    }

    /// The columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Reads an input as chunks, and the header of it. The inner error is of a header that does not fit.
    pub fn chunks<R: Read>(&self, reader: R) -> io::Result<Result<Chunks<R>, Error>> {
        let mut chunks = Chunks::new(reader, Cut::Row(self.layout), self.limits.record);
        let result = chunks.read_header(|bytes| self.header(bytes))?;
        Ok(result.map(|()| chunks))
    }

    /// Converts the rows of a chunk, and appends those that are kept.
    pub fn chunk(&self, chunk: &Chunk, out: &mut Vec<u8>) -> Report {
        let mut report = Report { counts: Counts::new(self.columns.len()), broken: Vec::new() };
        if let Some(len) = chunk.too_long {
            report.counts.read += 1;
            let broken = RejectedRecord::too_long(chunk.line, &chunk.bytes, len, &self.limits);
            report.break_off(RejectedRecord { is_last: true, ..broken });
            return report;
        }
        let unknown = Header::default();
        let header = chunk.header.as_deref().unwrap_or(&unknown);
        let mut rows = Rows::new(self.layout, &chunk.bytes);
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
            if row.bytes.len() > self.limits.record {
                let broken = RejectedRecord::too_long(line, row.bytes, row.bytes.len() as u64, &self.limits);
                report.break_off(RejectedRecord { is_last: true, ..broken });
                return report;
            }
            let result = self.row(header, &row, &mut report.counts, out);
            let number = line;
            line += lines(row.bytes);
            match result {
                Ok(true) => report.counts.kept += 1,
                Ok(false) => report.counts.dropped += 1,
                Err(error) => {
                    report.break_off(RejectedRecord::new(number, error.to_string(), row.without_end()));
                    if self.limits.stops {
                        return report;
                    }
                }
            }
        }
    }

    /// Converts a whole input by one thread, in bounded memory. `broken` is given each row that is broken, and says whether
    /// to go on. A header that does not fit is an error of the kind `InvalidInput`.
    pub fn copy(
        &self,
        reader: impl Read,
        writer: impl Write,
        broken: impl FnMut(RejectedRecord) -> bool,
    ) -> io::Result<Counts> {
        let chunks =
            self.chunks(reader)?.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.to_string()))?;
        let counts = Counts::new(self.columns.len());
        report::copy(chunks, writer, counts, broken, |chunk, out| self.chunk(chunk, out))
    }

    /// What the first row of these tells.
    fn header(&self, bytes: &[u8]) -> Result<Header, Error> {
        let mut rows = Rows::new(self.layout, bytes);
        rows.skip_mark();
        rows.skip_blank();
        let Some(row) = rows.next() else { return Ok(Header::default()) };
        let names: Vec<_> = match self.layout.header {
            true => (0..row.spans.len()).map(|field| String::from_utf8_lossy(row.text(field))).collect(),
            false => Vec::new(),
        };
        let is_added = |name: &&str| self.options.added().iter().any(|(_, added)| added == name);
        if let Some(name) = names.iter().map(|name| &**name).find(is_added) {
            let message = format!("there is a column '{name}' already: add it under another name");
            return Err(Error::new(ErrorKind::Syntax, message));
        }
        let find = |column: &Column| {
            let named: Vec<_> = (0..names.len()).filter(|&field| names[field] == column.0).collect();
            let numbers = 1..=row.spans.len();
            match column.0.parse() {
                _ if !named.is_empty() => Ok(named),
                Ok(number) if numbers.contains(&number) => Ok(vec![number - 1]),
                _ => {
                    let there = match self.layout.header {
                        true => names.join(", "),
                        false => format!("1 to {}, without names", row.spans.len()),
                    };
                    Err(Error::new(ErrorKind::NotFound, format!("there is no column '{column}'; there are {there}")))
                }
            }
        };
        let chosen = self.columns.iter().map(find).collect::<Result<_, _>>()?;
        Ok(Header { fields: row.spans.len(), chosen })
    }

    /// Appends the header with the names of what is added.
    fn add_names(&self, row: &Row<'_>, out: &mut Vec<u8>) {
        out.extend_from_slice(row.without_end());
        for (_, name) in self.options.added() {
            out.push(self.layout.delimiter);
            out.extend_from_slice(self.written(name, false).unwrap_or_else(|_| name.clone()).as_bytes());
        }
        out.extend_from_slice(row.end());
    }

    /// Appends a row, if it is kept.
    fn row(&self, header: &Header, row: &Row<'_>, counts: &mut Counts, out: &mut Vec<u8>) -> Result<bool, Error> {
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
        let mut chosen: Vec<_> = header.chosen.iter().flatten().copied().collect();
        chosen.sort_unstable();
        chosen.dedup();
        let texts = chosen
            .iter()
            .map(|&field| Ok(Text { text: self.limits.text(row.text(field))?, surrogates: Vec::new() }))
            .collect::<Result<Vec<_>, Error>>()?;
        let done = self.options.apply(&texts, is_missing)?;
        counts.glossed += u64::from(done.has_glosses);
        if !done.is_kept {
            return Ok(false);
        }
        counts.changed += u64::from(done.outputs.iter().any(Option::is_some));
        let before = out.len();
        let mut at = 0;
        for ((&field, text), output) in chosen.iter().zip(&texts).zip(&done.outputs) {
            // Text that had to be made UTF-8 has changed, too.
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
        for (fact, _) in self.options.added() {
            out.push(self.layout.delimiter);
            match done.facts.value(*fact) {
                Value::Name(name) => out.extend_from_slice(name.as_bytes()),
                Value::Count(count) => out.extend_from_slice(count.to_string().as_bytes()),
            }
        }
        out.extend_from_slice(row.end());
        Ok(true)
    }

    /// A text as a field.
    fn written(&self, text: &str, is_quoted: bool) -> Result<String, Error> {
        let has = |byte: u8| memchr::memchr(byte, text.as_bytes()).is_some();
        let needs_quotes = has(self.layout.delimiter) || has(b'\n') || has(b'\r') || (self.layout.quotes && has(b'"'));
        if needs_quotes && !self.layout.quotes {
            let message =
                "the converted text has a delimiter or a line end in it, for which there would have to be quotes";
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
struct Rows<'b> {
    reader: Reader,
    bytes: &'b [u8],
    at: usize,
    /// The memory of the next row.
    texts: Vec<u8>,
}

/// A row: its bytes, and its fields.
struct Row<'b> {
    bytes: &'b [u8],
    /// The fields as they are written, with their quotation marks.
    spans: Vec<Range<usize>>,
    texts: Vec<u8>,
    /// Where the text of each field ends.
    ends: Vec<usize>,
}

impl<'b> Rows<'b> {
    fn new(layout: Layout, bytes: &'b [u8]) -> Rows<'b> {
        Rows { reader: layout.reader(), bytes, at: 0, texts: Vec::new() }
    }

    fn skip_mark(&mut self) -> &'b [u8] {
        let mark = b"\xef\xbb\xbf";
        self.at += if self.bytes[self.at..].starts_with(mark) { mark.len() } else { 0 };
        &self.bytes[..self.at]
    }

    /// Goes on to where the next row begins.
    fn skip_blank(&mut self) -> &'b [u8] {
        let rest = &self.bytes[self.at..];
        let len = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.at += len;
        &rest[..len]
    }

    fn next(&mut self) -> Option<Row<'b>> {
        let start = self.at;
        let mut row = Row { bytes: b"", spans: Vec::new(), texts: std::mem::take(&mut self.texts), ends: Vec::new() };
        row.texts.clear();
        row.texts.resize(256, 0);
        let (mut field, mut written) = (start, 0);
        if start == self.bytes.len() {
            return None;
        }
        loop {
            let rest = &self.bytes[self.at..];
            let (result, read, wrote) = self.reader.read_field(rest, &mut row.texts[written..]);
            self.at += read;
            written += wrote;
            match result {
                ReadFieldResult::OutputFull => row.texts.resize(2 * row.texts.len(), 0),
                // Asked again with nothing, it gives what it has.
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
