//! Parquet files: conversion of the texts in some columns, with the other columns copied.

use std::{
    any::Any,
    io::{self, Read, Seek, SeekFrom, Write},
    ops::Range,
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use ::parquet::{
    arrow::{ARROW_SCHEMA_META_KEY, encode_arrow_schema, parquet_to_arrow_schema},
    basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical, ZstdLevel},
    bloom_filter::Sbbf,
    column::{
        reader::{ColumnReader, get_column_reader, get_typed_column_reader},
        writer::ColumnCloseResult,
    },
    data_type::{
        BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type,
        Int64Type, Int96Type,
    },
    errors::ParquetError,
    file::{
        metadata::{
            ColumnChunkMetaData, KeyValue, PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData,
        },
        properties::{EnabledStatistics, WriterProperties},
        reader::{ChunkReader, Length},
        serialized_reader::SerializedPageReader,
        writer::{SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::{ColumnDescPtr, Type, TypePtr},
};
use arrow_schema::{DataType as ArrowType, Field, Schema};

use bytes::Bytes;
use fanjian::{Error, ErrorKind};

use crate::{
    metric::{Metric, Metrics, Value},
    options::{Processed, RecordOptions},
    path::{Path, Step},
    report::{Counts, DetectedRecord, RejectedRecord},
    text::Text,
};

/// Conversion of the texts in some columns of Parquet files.
///
/// A column is named by the [`Path`] of its values in a record, as in JSON: `text`, `meta.title`, `paragraphs[].text`; for a
/// map, `map[].key` and `map[].value`. It may be of any type that stores strings: `string`, `large_string`, `string_view`,
/// dictionaries of them, `binary` in UTF-8.
///
/// The schema, nulls, key-value metadata and the division into row groups are preserved. A column chunk without changes is
/// copied byte for byte, with its encoding, compression, statistics and indexes. A changed one is written with the same
/// compression; and so are all columns of a row group from which rows are dropped.
///
/// Memory is that of the chosen columns of one row group, and of one more column if rows are dropped.
///
/// ```no_run
/// use std::fs::File;
/// use fanjian::{Converter, Target};
/// use fanjian_records::{Parquet, RecordOptions};
///
/// let options = RecordOptions::default().convert(Converter::for_target(Target::Taiwan));
/// let parquet = Parquet::new(options, ["text".parse()?]);
/// let counts = parquet.copy(File::open("in.parquet")?, File::create("out.parquet")?, 4, |_| true, |_| {})?;
/// println!("{} of {} rows changed", counts.changed, counts.read);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Parquet {
    options: RecordOptions,
    columns: Vec<Path>,
}

impl Parquet {
    /// A conversion of the texts in these columns.
    pub fn new(options: RecordOptions, columns: impl IntoIterator<Item = Path>) -> Parquet {
        Parquet { options, columns: columns.into_iter().collect() }
    }

    /// The columns.
    pub fn columns(&self) -> &[Path] {
        &self.columns
    }

    /// Whether columns are added to those of the file.
    pub fn adds_columns(&self) -> bool {
        !self.options.added().is_empty()
    }

    /// Converts a file, by this number of threads. `broken` is called with each row with a text that is not UTF-8, or cannot be
    /// converted, and returns whether to go on without it: if not, this is an error. `progress` is called after each row group,
    /// with its size in the input in bytes.
    ///
    /// # Errors
    ///
    /// [`Io`](ErrorKind::Io) if reading or writing fails; [`Damaged`](ErrorKind::Damaged) if the input is not a Parquet file;
    /// [`NotFound`](ErrorKind::NotFound) for a chosen column that does not exist; [`Syntax`](ErrorKind::Syntax) for an added
    /// column that exists; and the error of a broken row.
    pub fn copy<R: Read + Seek + Send + 'static>(
        &self,
        input: R,
        output: impl Write + Send,
        threads: usize,
        broken: impl FnMut(RejectedRecord) -> bool,
        progress: impl FnMut(u64),
    ) -> Result<Counts, Error> {
        caught(|| self.copy_sound(input, output, threads, broken, progress))
    }

    /// Detects what the texts of each row are, by this number of threads, and writes nothing. `found` is called with each row
    /// in order; `broken` and `progress` as by [`copy`](Self::copy). The options need to
    /// [detect](RecordOptions::detect).
    ///
    /// # Errors
    ///
    /// [`Io`](ErrorKind::Io) if reading fails; [`Damaged`](ErrorKind::Damaged) if the input is not a Parquet file;
    /// [`NotFound`](ErrorKind::NotFound) for a chosen column that does not exist; and the error of a broken row.
    ///
    /// ```no_run
    /// use std::fs::File;
    /// use fanjian_records::{Parquet, RecordOptions};
    ///
    /// let parquet = Parquet::new(RecordOptions::default().detect(), ["text".parse()?]);
    /// let found = |record: fanjian_records::DetectedRecord| println!("{}: {}", record.line, record.detection.script());
    /// parquet.detect(File::open("in.parquet")?, 4, found, |_| true, |_| {})?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn detect<R: Read + Seek + Send + 'static>(
        &self,
        input: R,
        threads: usize,
        found: impl FnMut(DetectedRecord),
        broken: impl FnMut(RejectedRecord) -> bool,
        progress: impl FnMut(u64),
    ) -> Result<Counts, Error> {
        caught(|| self.detect_sound(input, threads, found, broken, progress))
    }

    fn detect_sound<R: Read + Seek + Send + 'static>(
        &self,
        input: R,
        threads: usize,
        mut found: impl FnMut(DetectedRecord),
        mut broken: impl FnMut(RejectedRecord) -> bool,
        mut progress: impl FnMut(u64),
    ) -> Result<Counts, Error> {
        let (input, metadata) = open(input)?;
        let chosen = self.find(&metadata)?;
        let input = Arc::new(input);
        let mut counts = Counts::new(self.columns.len());
        let mut line = 0;
        for (number, metadata_of_group) in metadata.row_groups().iter().enumerate() {
            let group = Group { input: &input, metadata: &metadata, group: metadata_of_group, number };
            for row in self.rows(&Texts::read(&group, &chosen)?, threads) {
                counts.read += 1;
                line += 1;
                match row {
                    Ok((processed, counted)) => {
                        counts += &counted;
                        counts.kept += u64::from(processed.is_kept);
                        counts.dropped += u64::from(!processed.is_kept);
                        if let Some(detected) = processed.detected {
                            found(DetectedRecord { line, ..detected });
                        }
                    }
                    Err((error, record)) => {
                        counts.broken += 1;
                        if !broken(RejectedRecord::new(line, &error, &record).part()) {
                            return Err(Error::new(error.kind(), format!("row {line}: {error}")));
                        }
                    }
                }
            }
            progress(metadata_of_group.compressed_size() as u64);
        }
        Ok(counts)
    }

    fn copy_sound<R: Read + Seek + Send + 'static>(
        &self,
        input: R,
        output: impl Write + Send,
        threads: usize,
        mut broken: impl FnMut(RejectedRecord) -> bool,
        mut progress: impl FnMut(u64),
    ) -> Result<Counts, Error> {
        let (input, metadata) = open(input)?;
        let chosen = self.find(&metadata)?;
        let mut file = self.writer(&metadata, &chosen, output)?;
        let input = Arc::new(input);
        let mut counts = Counts::new(self.columns.len());
        let mut first_row = 1;
        for (number, metadata_of_group) in metadata.row_groups().iter().enumerate() {
            let group = Group { input: &input, metadata: &metadata, group: metadata_of_group, number };
            let texts = Texts::read(&group, &chosen)?;
            let mut rows = Rows::default();
            for (row, result) in self.rows(&texts, threads).into_iter().enumerate() {
                counts.read += 1;
                match result {
                    Ok((processed, counted)) => {
                        counts += &counted;
                        counts.kept += u64::from(processed.is_kept);
                        counts.dropped += u64::from(!processed.is_kept);
                        counts.changed += u64::from(processed.outputs.iter().any(Option::is_some));
                        rows.push(processed);
                    }
                    Err((error, record)) => {
                        counts.broken += 1;
                        let number = first_row + row as u64;
                        if !broken(RejectedRecord::new(number, &error, &record).part()) {
                            return Err(Error::new(error.kind(), format!("row {number}: {error}")));
                        }
                        rows.push(Processed::default());
                    }
                }
            }
            first_row += metadata_of_group.num_rows() as u64;
            if rows.kept.contains(&true) {
                let mut out = file.next_row_group().map_err(damaged)?;
                self.write(&group, &chosen, texts, rows, &mut out)?;
                out.close().map_err(damaged)?;
            }
            progress(metadata_of_group.compressed_size() as u64);
        }
        file.close().map_err(damaged)?;
        Ok(counts)
    }

    /// The numbers of the chosen columns, in order; and for each of them, the number of its path.
    fn find(&self, metadata: &ParquetMetaData) -> Result<Vec<(usize, usize)>, Error> {
        let schema = metadata.file_metadata().schema_descr();
        let mut paths = Vec::new();
        for field in schema.root_schema().get_fields() {
            leaves(field, vec![Step::Member(field.name().to_owned())], &mut paths);
        }
        let mut chosen = Vec::new();
        for (number, path) in self.columns.iter().enumerate() {
            let Some(column) = paths.iter().position(|known| known == path) else {
                let texts = paths.iter().zip(schema.columns());
                let texts = texts.filter(|(_, column)| column.physical_type() == Physical::BYTE_ARRAY);
                let texts: Vec<_> = texts.map(|(path, _)| path.to_string()).collect();
                let message = format!("unknown column '{path}'; expected one of {}", texts.join(", "));
                return Err(Error::new(ErrorKind::NotFound, message));
            };
            let kind = schema.column(column).physical_type();
            if kind != Physical::BYTE_ARRAY {
                let message = format!("the column '{path}' is not text, but of the type {kind}");
                return Err(Error::new(ErrorKind::Syntax, message));
            }
            chosen.push((column, number));
        }
        chosen.sort_unstable();
        for pair in chosen.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            self.options.check_one_format((pair[0].1, pair[1].1), |path| self.columns[path].to_string())?;
        }
        chosen.dedup_by_key(|(column, _)| *column);
        Ok(chosen)
    }

    fn writer<W: Write + Send>(
        &self,
        metadata: &ParquetMetaData,
        chosen: &[(usize, usize)],
        output: W,
    ) -> Result<SerializedFileWriter<W>, Error> {
        let file = metadata.file_metadata();
        let root = file.schema_descr().root_schema();
        let mut fields = root.get_fields().to_vec();
        if let Some((_, name)) =
            self.options.added().iter().find(|(_, name)| fields.iter().any(|field| field.name() == name))
        {
            let message = format!("there already is a column '{name}': choose another name");
            return Err(Error::new(ErrorKind::Syntax, message));
        }
        for (metric, name) in self.options.added() {
            fields.push(Arc::new(added_type(*metric, name).map_err(damaged)?));
        }
        let schema = Type::group_type_builder(root.name()).with_fields(fields).build().map_err(damaged)?;

        let mut properties =
            WriterProperties::builder().set_key_value_metadata(self.key_values(metadata).map_err(damaged)?);
        if let Some(first) = metadata.row_groups().first() {
            for column in first.columns() {
                let path = column.column_path().clone();
                let has_dictionary = column.dictionary_page_offset().is_some();
                let statistics = match (column.statistics().is_some(), column.column_index_offset().is_some()) {
                    (false, _) => EnabledStatistics::None,
                    (true, false) => EnabledStatistics::Chunk,
                    (true, true) => EnabledStatistics::Page,
                };
                properties = properties
                    .set_column_compression(path.clone(), compression(column.compression()).map_err(damaged)?)
                    .set_column_dictionary_enabled(path.clone(), has_dictionary)
                    .set_column_bloom_filter_enabled(path.clone(), column.bloom_filter_offset().is_some())
                    .set_column_statistics_enabled(path, statistics);
            }
            if let Some(column) = first.columns().first() {
                properties = properties.set_compression(compression(column.compression()).map_err(damaged)?);
            }
            // Rows sorted by a converted text may no longer be sorted.
            let sorting = first.sorting_columns().filter(|sorting| {
                !sorting.iter().any(|by| chosen.iter().any(|(column, _)| *column as i32 == by.column_idx))
            });
            properties = properties.set_sorting_columns(sorting.cloned());
        }
        SerializedFileWriter::new(output, Arc::new(schema), Arc::new(properties.build())).map_err(damaged)
    }

    /// The key-value metadata, with the added columns in its Arrow schema.
    fn key_values(&self, metadata: &ParquetMetaData) -> Result<Option<Vec<KeyValue>>, ParquetError> {
        let file = metadata.file_metadata();
        let Some(mut all) = file.key_value_metadata().cloned() else { return Ok(None) };
        if let Some(arrow) = all.iter_mut().find(|pair| pair.key == ARROW_SCHEMA_META_KEY)
            && !self.options.added().is_empty()
        {
            let schema = parquet_to_arrow_schema(file.schema_descr(), file.key_value_metadata())?;
            let mut fields = schema.fields().to_vec();
            for (metric, name) in self.options.added() {
                let kind = if *metric == Metric::Script { ArrowType::Utf8 } else { ArrowType::Int64 };
                fields.push(Arc::new(Field::new(name, kind, false)));
            }
            arrow.value = Some(encode_arrow_schema(&Schema::new_with_metadata(fields, schema.metadata().clone())));
        }
        Ok(Some(all))
    }

    /// The results for the rows of a group. A panic is marked as one of the conversion.
    fn rows(&self, texts: &Texts, threads: usize) -> Vec<Row> {
        let rows = || self.rows_by_threads(texts, threads);
        panic::catch_unwind(AssertUnwindSafe(rows))
            .unwrap_or_else(|reason| panic::resume_unwind(Box::new(OfRow(reason))))
    }

    fn rows_by_threads(&self, texts: &Texts, threads: usize) -> Vec<Row> {
        let threads = threads.clamp(1, texts.rows.max(1));
        let range = |thread: usize| thread * texts.rows / threads..(thread + 1) * texts.rows / threads;
        let work = |rows: Range<usize>| rows.map(|row| self.row(texts, row)).collect::<Vec<_>>();
        if threads == 1 {
            return work(range(0));
        }
        thread::scope(|scope| {
            let spawn = |at| thread::Builder::new().spawn_scoped(scope, move || work(range(at)));
            let handles: Vec<_> = (1..threads).map(|at| (at, spawn(at))).collect();
            let mut all = work(range(0));
            for (at, handle) in handles {
                match handle.map(thread::ScopedJoinHandle::join) {
                    Ok(Ok(rows)) => all.extend(rows),
                    Ok(Err(panic)) => panic::resume_unwind(panic),
                    // Where no thread can be started, this one does the work.
                    Err(_) => all.extend(work(range(at))),
                }
            }
            all
        })
    }

    fn row(&self, texts: &Texts, row: usize) -> Row {
        let mut counts = Counts::new(self.columns.len());
        let mut row_texts = Vec::new();
        let mut is_missing = false;
        for column in &texts.columns {
            let values = &column.levels.values[column.starts[row]..column.starts[row + 1]];
            if values.is_empty() {
                counts.without_text[column.path] += 1;
                is_missing = true;
            }
            for value in values {
                match simdutf8::basic::from_utf8(value.data()) {
                    Ok(text) => row_texts.push(Text::new(column.path, text)),
                    Err(_) => {
                        let error = Error::invalid_utf8(value.data(), 0).at(self.columns[column.path].to_string());
                        return Err((error, value.data().to_vec()));
                    }
                }
            }
        }
        match self.options.apply(&row_texts, is_missing, |path| self.columns[path].to_string()) {
            Ok(processed) => {
                counts.glossed += u64::from(processed.has_glosses);
                Ok((processed, counts))
            }
            Err(error) => {
                let record: Vec<_> = row_texts.iter().map(|text| &*text.text).collect();
                Err((error, record.join("\n").into_bytes()))
            }
        }
    }

    /// Writes the results for a row group.
    fn write<R: Read + Seek + Send + 'static, W: Write + Send>(
        &self,
        group: &Group<'_, R>,
        chosen: &[(usize, usize)],
        mut texts: Texts,
        rows: Rows,
        out: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), Error> {
        let is_whole = !rows.kept.contains(&false);
        let changed = texts.replace(&rows);
        let mut columns = texts.columns.into_iter();
        for column in 0..group.group.num_columns() {
            let is_chosen = chosen.iter().any(|(chosen, _)| *chosen == column);
            let text = if is_chosen { columns.next() } else { None };
            match text.filter(|text| !is_whole || changed[text.number]) {
                Some(text) => {
                    let mut writer = next_column(out)?;
                    text.levels.kept(&rows.kept).write::<ByteArrayType>(&mut writer).map_err(damaged)?;
                    writer.close().map_err(damaged)?;
                }
                None if is_whole => group.copy(column, out).map_err(damaged)?,
                None => group.filter(column, &rows.kept, out)?,
            }
        }
        for (metric, _) in self.options.added() {
            let mut writer = next_column(out)?;
            let values = rows.metrics.iter().map(|metrics| metrics.value(*metric));
            let result = match metric {
                Metric::Script => {
                    let names = values.map(|value| match value {
                        Value::Name(name) => ByteArray::from(name),
                        Value::Count(_) => ByteArray::new(),
                    });
                    Levels { values: names.collect(), ..Levels::default() }.write::<ByteArrayType>(&mut writer)
                }
                _ => {
                    let counts = values.map(|value| match value {
                        Value::Count(count) => count as i64,
                        Value::Name(_) => 0,
                    });
                    Levels { values: counts.collect(), ..Levels::default() }.write::<Int64Type>(&mut writer)
                }
            };
            result.and_then(|()| writer.close()).map_err(damaged)?;
        }
        Ok(())
    }
}

/// A file and what it says of itself.
fn open<R: Read + Seek + Send + 'static>(input: R) -> Result<(Input<R>, ParquetMetaData), Error> {
    let input = Input::new(input).map_err(|error| damaged(error.into()))?;
    let metadata = ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Optional);
    let metadata = metadata.parse_and_finish(&input).map_err(damaged)?;
    Ok((input, metadata))
}

/// An input, which is read at any place.
struct Input<R> {
    reader: Arc<Mutex<R>>,
    len: u64,
}

impl<R: Read + Seek> Input<R> {
    fn new(mut reader: R) -> io::Result<Input<R>> {
        let len = reader.seek(SeekFrom::End(0))?;
        Ok(Input { reader: Arc::new(Mutex::new(reader)), len })
    }
}

impl<R: Send> Length for Input<R> {
    fn len(&self) -> u64 {
        self.len
    }
}

impl<R: Read + Seek + Send> ChunkReader for Input<R> {
    type T = io::BufReader<InputAt<R>>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(io::BufReader::new(InputAt { reader: Arc::clone(&self.reader), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let mut bytes = Vec::with_capacity(length.min(self.len.saturating_sub(start) as usize));
        InputAt { reader: Arc::clone(&self.reader), at: start }.take(length as u64).read_to_end(&mut bytes)?;
        match bytes.len() == length {
            true => Ok(bytes.into()),
            false => Err(ParquetError::EOF(format!("expected {length} bytes, but there are {}", bytes.len()))),
        }
    }
}

/// A reader from a place of an input on.
struct InputAt<R> {
    reader: Arc<Mutex<R>>,
    at: u64,
}

impl<R: Read + Seek> Read for InputAt<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        reader.seek(SeekFrom::Start(self.at))?;
        let read = reader.read(bytes)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// The result for a row, or its error with its texts.
type Row = Result<(Processed, Counts), (Error, Vec<u8>)>;

fn damaged(error: ParquetError) -> Error {
    if let ParquetError::External(source) = &error
        && let Some(source) = source.downcast_ref::<io::Error>()
    {
        return Error::new(ErrorKind::Io, source.to_string());
    }
    Error::new(ErrorKind::Damaged, error.to_string())
}

/// Reads a file. The parser of pages panics on some that are damaged: that is an error, and what it has then is dropped.
fn caught(read: impl FnOnce() -> Result<Counts, Error>) -> Result<Counts, Error> {
    panic::catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|panic| {
        let panic = match panic.downcast::<OfRow>() {
            Ok(of_row) => panic::resume_unwind(of_row.0),
            Err(panic) => panic,
        };
        let message = panic.downcast_ref::<&str>().copied();
        let message = message.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Err(damaged(ParquetError::General(message.unwrap_or("a page cannot be read").to_owned())))
    })
}

/// The reason of a panic in the conversion of a row, which is no fault of the file.
struct OfRow(Box<dyn Any + Send>);

fn next_column<'o, W: Write + Send>(
    out: &'o mut SerializedRowGroupWriter<'_, W>,
) -> Result<SerializedColumnWriter<'o>, Error> {
    let missing = || Error::new(ErrorKind::Damaged, "there are more columns than the schema has");
    out.next_column().map_err(damaged)?.ok_or_else(missing)
}

fn added_type(metric: Metric, name: &str) -> Result<Type, ParquetError> {
    match metric {
        Metric::Script => Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
            .with_logical_type(Some(LogicalType::String))
            .with_converted_type(ConvertedType::UTF8),
        _ => Type::primitive_type_builder(name, Physical::INT64),
    }
    .with_repetition(Repetition::REQUIRED)
    .build()
}

/// The compression of a written column. The level is not stored in files: this is the usual one.
fn compression(of: Compression) -> Result<Compression, ParquetError> {
    Ok(match of {
        Compression::ZSTD(_) => Compression::ZSTD(ZstdLevel::try_new(3)?),
        other => other,
    })
}

/// Finds the path of each column below a field, in the order of the schema.
fn leaves(field: &TypePtr, path: Vec<Step>, found: &mut Vec<Path>) {
    let info = field.get_basic_info();
    if field.is_primitive() {
        found.push(Path(path));
        return;
    }
    let fields = field.get_fields();
    let is_list = info.converted_type() == ConvertedType::LIST || info.logical_type_ref() == Some(&LogicalType::List);
    let is_map = [ConvertedType::MAP, ConvertedType::MAP_KEY_VALUE].contains(&info.converted_type())
        || info.logical_type_ref() == Some(&LogicalType::Map);
    if let [repeated] = fields
        && (is_list || is_map)
    {
        let path = [path, vec![Step::Every]].concat();
        // By the specification of lists, a group of one field wraps the element, except in lists of the old kind.
        let is_wrapper = !repeated.is_primitive()
            && (is_map || repeated.get_fields().len() == 1 && repeated.name() != "array")
            && repeated.name() != format!("{}_tuple", field.name());
        match is_wrapper && is_list {
            true => below(&repeated.get_fields()[0], path, found),
            false => below(repeated, path, found),
        }
        return;
    }
    below(field, path, found);
}

/// Continues with a type whose own name is not part of the path.
fn below(kind: &TypePtr, path: Vec<Step>, found: &mut Vec<Path>) {
    let info = kind.get_basic_info();
    let is_nested = info.converted_type() != ConvertedType::NONE || info.logical_type_ref().is_some();
    if kind.is_primitive() || is_nested && kind.get_fields().len() == 1 && kind.get_fields()[0].is_repeated() {
        return leaves(kind, path, found);
    }
    for field in kind.get_fields() {
        let mut path = [path.clone(), vec![Step::Member(field.name().to_owned())]].concat();
        if field.is_repeated() {
            path.push(Step::Every);
        }
        leaves(field, path, found);
    }
}

trait IsRepeated {
    fn is_repeated(&self) -> bool;
}

impl IsRepeated for Type {
    fn is_repeated(&self) -> bool {
        self.get_basic_info().has_repetition() && self.get_basic_info().repetition() == Repetition::REPEATED
    }
}

/// The values of a column, and the levels that define their places and those of nulls.
struct Levels<T> {
    values: Vec<T>,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
    /// The definition level of a value.
    highest: i16,
}

impl<T> Default for Levels<T> {
    fn default() -> Levels<T> {
        Levels { values: Vec::new(), definitions: Vec::new(), repetitions: Vec::new(), highest: 0 }
    }
}

impl<T> Levels<T> {
    fn read<D: DataType<T = T>>(reader: ColumnReader, descriptor: &ColumnDescPtr, rows: usize) -> Result<Self, Error> {
        let mut reader = get_typed_column_reader::<D>(reader);
        let mut levels = Levels { highest: descriptor.max_def_level(), ..Levels::default() };
        let mut read = 0;
        while read < rows {
            let (definitions, repetitions) = (&mut levels.definitions, &mut levels.repetitions);
            let (records, ..) = reader
                .read_records(rows - read, Some(definitions), Some(repetitions), &mut levels.values)
                .map_err(damaged)?;
            if records == 0 {
                let message = format!("a column has {read} rows, but its row group has {rows}");
                return Err(Error::new(ErrorKind::Damaged, message));
            }
            read += records;
        }
        Ok(levels)
    }

    /// For each level, whether it begins a row, and whether it has a value.
    fn each(&self) -> impl Iterator<Item = (bool, bool)> {
        let len = self.values.len().max(self.definitions.len()).max(self.repetitions.len());
        (0..len).map(|at| {
            let begins = self.repetitions.get(at).is_none_or(|&level| level == 0);
            (begins, self.definitions.get(at).is_none_or(|&level| level == self.highest))
        })
    }

    /// The values and levels of the rows that are kept.
    fn kept(self, kept: &[bool]) -> Levels<T> {
        if !kept.contains(&false) {
            return self;
        }
        let mut row = usize::MAX;
        let each: Vec<_> = self
            .each()
            .map(|(begins, has_value)| {
                row = row.wrapping_add(usize::from(begins));
                (kept.get(row).copied().unwrap_or(false), has_value)
            })
            .collect();
        fn only<V>(all: Vec<V>, mut kept: impl Iterator<Item = bool>) -> Vec<V> {
            all.into_iter().filter(|_| kept.next().unwrap_or(false)).collect()
        }
        Levels {
            values: only(self.values, each.iter().filter(|(_, has_value)| *has_value).map(|&(is_kept, _)| is_kept)),
            definitions: only(self.definitions, each.iter().map(|&(is_kept, _)| is_kept)),
            repetitions: only(self.repetitions, each.iter().map(|&(is_kept, _)| is_kept)),
            highest: self.highest,
        }
    }

    fn write<D: DataType<T = T>>(self, writer: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let some = |levels| Some(levels).filter(|levels: &&[i16]| !levels.is_empty());
        let (definitions, repetitions) = (some(self.definitions.as_slice()), some(self.repetitions.as_slice()));
        writer.typed::<D>().write_batch(&self.values, definitions, repetitions).map(drop)
    }
}

/// A row group of the input.
struct Group<'g, R> {
    input: &'g Arc<Input<R>>,
    metadata: &'g ParquetMetaData,
    group: &'g RowGroupMetaData,
    number: usize,
}

impl<R: Read + Seek + Send + 'static> Group<'_, R> {
    fn rows(&self) -> usize {
        self.group.num_rows() as usize
    }

    fn reader(&self, column: usize) -> Result<ColumnReader, Error> {
        let chunk = self.group.column(column);
        let pages = SerializedPageReader::new(Arc::clone(self.input), chunk, self.rows(), None).map_err(damaged)?;
        Ok(get_column_reader(chunk.column_descr_ptr(), Box::new(pages)))
    }

    fn levels<D: DataType>(&self, column: usize) -> Result<Levels<D::T>, Error> {
        Levels::read::<D>(self.reader(column)?, &self.group.column(column).column_descr_ptr(), self.rows())
    }

    /// Copies a column byte for byte.
    fn copy<W: Write + Send>(
        &self,
        column: usize,
        out: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let chunk: &ColumnChunkMetaData = self.group.column(column);
        let index = self.metadata.page_index();
        let close = ColumnCloseResult {
            bytes_written: chunk.compressed_size() as u64,
            rows_written: self.group.num_rows() as u64,
            metadata: chunk.clone(),
            bloom_filter: Sbbf::read_from_column_chunk(chunk, &**self.input)?,
            column_index: index.and_then(|index| index.column_index(self.number, column)).cloned(),
            offset_index: index.and_then(|index| index.offset_index(self.number, column)).cloned(),
        };
        out.append_column(&**self.input, close)
    }

    /// Writes the values of a column in the rows that are kept.
    fn filter<W: Write + Send>(
        &self,
        column: usize,
        kept: &[bool],
        out: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), Error> {
        let mut writer = next_column(out)?;
        macro_rules! rewrite {
            ($kind:ty) => {
                self.levels::<$kind>(column)?.kept(kept).write::<$kind>(&mut writer)
            };
        }
        match self.group.column(column).column_type() {
            Physical::BOOLEAN => rewrite!(BoolType),
            Physical::INT32 => rewrite!(Int32Type),
            Physical::INT64 => rewrite!(Int64Type),
            Physical::INT96 => rewrite!(Int96Type),
            Physical::FLOAT => rewrite!(FloatType),
            Physical::DOUBLE => rewrite!(DoubleType),
            Physical::BYTE_ARRAY => rewrite!(ByteArrayType),
            Physical::FIXED_LEN_BYTE_ARRAY => rewrite!(FixedLenByteArrayType),
        }
        .and_then(|()| writer.close())
        .map_err(damaged)
    }
}

/// The chosen columns of a row group.
struct Texts {
    rows: usize,
    columns: Vec<TextColumn>,
}

struct TextColumn {
    levels: Levels<ByteArray>,
    /// For each row, and the end, the number of values before.
    starts: Vec<usize>,
    /// The number of its path.
    path: usize,
    /// Its number among the chosen columns.
    number: usize,
}

impl Texts {
    fn read<R: Read + Seek + Send + 'static>(group: &Group<'_, R>, chosen: &[(usize, usize)]) -> Result<Texts, Error> {
        let columns = chosen.iter().enumerate().map(|(number, &(column, path))| {
            let levels = group.levels::<ByteArrayType>(column)?;
            let (mut starts, mut values) = (Vec::with_capacity(group.rows() + 1), 0);
            for (begins, has_value) in levels.each() {
                if begins {
                    starts.push(values);
                }
                values += usize::from(has_value);
            }
            starts.push(values);
            if starts.len() != group.rows() + 1 {
                return Err(Error::new(ErrorKind::Damaged, "a column and its row group differ in their rows"));
            }
            Ok(TextColumn { levels, starts, path, number })
        });
        Ok(Texts { rows: group.rows(), columns: columns.collect::<Result<_, _>>()? })
    }

    /// Replaces the texts by their outputs. Returns for each column whether a text has changed.
    fn replace(&mut self, rows: &Rows) -> Vec<bool> {
        let mut changed = vec![false; self.columns.len()];
        for (row, outputs) in rows.outputs.iter().enumerate() {
            let mut outputs = outputs.iter();
            for column in &mut self.columns {
                for value in column.starts[row]..column.starts[row + 1] {
                    if let Some(Some(output)) = outputs.next() {
                        column.levels.values[value] = ByteArray::from(output.as_str());
                        changed[column.number] = true;
                    }
                }
            }
        }
        changed
    }
}

/// The results for the rows of a group.
#[derive(Default)]
struct Rows {
    kept: Vec<bool>,
    /// For each row, the output of each text, if it has changed.
    outputs: Vec<Vec<Option<String>>>,
    /// The metrics of the rows that are kept.
    metrics: Vec<Metrics>,
}

impl Rows {
    fn push(&mut self, processed: Processed) {
        self.kept.push(processed.is_kept);
        if processed.is_kept {
            self.metrics.push(processed.metrics);
        }
        self.outputs.push(processed.outputs);
    }
}
