//! Work on the records of a file: the format, and what is done with each record.

use std::{
    io::Read,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use fanjian::InvalidUtf8;
#[cfg(feature = "parquet")]
use fanjian_records::Parquet;
use fanjian_records::{
    Chunk, Chunks, Column, Counts, Jsonl, Layout, Presence, ReadOptions, RecordOptions, RejectedRecord, Report, Table,
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    error::Failure,
    messages::{message, text},
    print,
    records::finished::{self, FileStamp},
    report,
    settings::{
        config_file::ConfigFile,
        dictionaries::ReleasePath,
        resolver::FileSettings,
        task::{RecordFormat, RecordTask},
    },
    text::protected::ProtectedRegions,
};

/// Texts with a mark that switched conversion off, and that none switched on again.
#[derive(Default)]
pub(crate) struct UnclosedMarks {
    texts: AtomicU64,
    /// The beginning of one: the least, so that it does not depend on the threads.
    example: Mutex<Option<String>>,
}

impl UnclosedMarks {
    pub(crate) fn add(&self, text: &str) {
        /// How many characters of a text are enough to find it by.
        const SHOWN: usize = 40;
        self.texts.fetch_add(1, Ordering::Relaxed);
        let text: String = text.chars().take(SHOWN).collect();
        let mut example = self.example.lock().unwrap_or_else(PoisonError::into_inner);
        if example.as_ref().is_none_or(|known| text < *known) {
            *example = Some(text);
        }
    }

    /// Adds those of a file that is done.
    pub(crate) fn add_all(&self, other: &UnclosedMarks) {
        let example = other.example.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(example) = example {
            self.add(&example);
            // One is added with the example.
            self.texts.fetch_add(other.texts.load(Ordering::Relaxed) - 1, Ordering::Relaxed);
        }
    }

    #[cfg(test)]
    pub(crate) fn texts(&self) -> u64 {
        self.texts.load(Ordering::Relaxed)
    }

    /// Notes them at the end, if there are any.
    pub(crate) fn note(&self) {
        let texts = match self.texts.load(Ordering::Relaxed) {
            0 => return,
            1 => message!("1 text has"),
            texts => message!("{texts} texts have", texts),
        };
        let example = self.example.lock().unwrap_or_else(PoisonError::into_inner);
        let example = print::escape(example.as_deref().unwrap_or_default());
        let note = message!(
            "{texts} a 'fanjian:off' that is never closed by 'fanjian:on' in the same text: its rest was not converted (as \
             in the text that begins with '{example}')",
            texts,
            example
        );
        print::note(format_args!("fanjian: {note}"));
    }
}

/// What is done with the records of a file.
pub(crate) struct Work {
    /// Makes the format for one conversion, which counts its unclosed marks: a conversion can fail, and be tried again.
    pub(crate) format: Box<MakeFormat>,
    /// The key by which a finished input is known: all that decides about the output.
    pub(crate) key: Value,
    /// The fields one of which a file must have in a record. Empty if that is no error.
    pub(crate) required: Vec<String>,
}

/// Makes a format, whose conversion counts the unclosed marks there.
pub(crate) type MakeFormat = dyn Fn(&Arc<UnclosedMarks>) -> Result<Format, Failure> + Send + Sync;

pub(crate) enum Format {
    Lines(Lines),
    #[cfg(feature = "parquet")]
    Parquet(Parquet),
}

/// A format whose records come in chunks.
pub(crate) enum Lines {
    Jsonl(Jsonl),
    Table(Table),
}

impl Work {
    pub(crate) fn new(task: &RecordTask, settings: &Arc<FileSettings>) -> Result<Work, Failure> {
        if !settings.is_named && !task.does_more() {
            let message = "nothing is to be done with the records: use --to, --config, --gloss, --detect or --keep-if";
            return Err(Failure::usage(message));
        }
        // What is wrong about it is known before there is an output.
        format(task, settings, &Arc::default())?;
        let required = if task.requires_fields { task.field_names() } else { Vec::new() };
        let key = key(task, &settings.effective)?;
        let (task, settings) = (task.clone(), Arc::clone(settings));
        Ok(Work { format: Box::new(move |unclosed| format(&task, &settings, unclosed)), key, required })
    }
}

fn format(task: &RecordTask, settings: &FileSettings, unclosed: &Arc<UnclosedMarks>) -> Result<Format, Failure> {
    let read_options = ReadOptions::default()
        .stop_at_broken(task.errors.is_none())
        .replace_invalid(settings.text.invalid == InvalidUtf8::Replace);
    Format::new(task, options(task, settings, unclosed)?, read_options)
}

impl Format {
    /// The format of a task's records, in which these options say what is done with the texts.
    pub(crate) fn new(task: &RecordTask, options: RecordOptions, read_options: ReadOptions) -> Result<Format, Failure> {
        let read_options = read_options.max_record(task.max_record);
        Ok(match task.format {
            RecordFormat::Jsonl => {
                let jsonl = Jsonl::new(options, task.fields.iter().cloned());
                Format::Lines(Lines::Jsonl(jsonl.read_options(read_options)))
            }
            RecordFormat::Csv | RecordFormat::Tsv => {
                let table = Table::new(options, columns(task)?, layout(task));
                Format::Lines(Lines::Table(table.read_options(read_options)))
            }
            RecordFormat::Parquet => parquet(task, options)?,
        })
    }
}

fn columns(task: &RecordTask) -> Result<Vec<Column>, Failure> {
    Ok(task.columns.iter().map(|column| column.parse()).collect::<Result<_, _>>()?)
}

fn layout(task: &RecordTask) -> Layout {
    let layout = if task.format == RecordFormat::Csv { Layout::CSV } else { Layout::TSV };
    layout.delimiter(task.delimiter.unwrap_or(layout.delimiter)).header(task.has_header)
}

#[cfg(feature = "parquet")]
fn parquet(task: &RecordTask, options: RecordOptions) -> Result<Format, Failure> {
    let columns = task.columns.iter().map(|column| column.parse()).collect::<Result<Vec<_>, _>>()?;
    Ok(Format::Parquet(Parquet::new(options, columns)))
}

#[cfg(not(feature = "parquet"))]
fn parquet(_: &RecordTask, _: RecordOptions) -> Result<Format, Failure> {
    Err(Failure::failed("this program was built without Parquet (feature `parquet` of fanjian-cli)"))
}

impl Lines {
    pub(crate) fn chunks<R: Read>(&self, reader: R) -> Result<Chunks<R>, Failure> {
        match self {
            Lines::Jsonl(jsonl) => Ok(jsonl.chunks(reader)),
            Lines::Table(table) => Ok(table.chunks(reader)?),
        }
    }

    pub(crate) fn chunk(&self, chunk: &Chunk, out: &mut Vec<u8>) -> Report {
        match self {
            Lines::Jsonl(jsonl) => jsonl.chunk(chunk, out),
            Lines::Table(table) => table.chunk(chunk, out),
        }
    }
}

fn options(
    task: &RecordTask,
    settings: &FileSettings,
    unclosed: &Arc<UnclosedMarks>,
) -> Result<RecordOptions, Failure> {
    let mut options = RecordOptions::default().missing(task.missing);
    if let Some(mode) = task.gloss {
        options = options.gloss(mode);
    }
    for (metric, name) in &task.added {
        options = options.add(*metric, name);
    }
    for condition in &task.conditions {
        options = options.keep_if(condition.clone());
    }
    let text = &settings.text;
    if !task.documents.is_empty() {
        let unclosed = Arc::clone(unclosed);
        options = options.documents(task.documents.iter().copied(), text.documents.clone())?;
        options = options.observe_documents(move |text, report| {
            if report.unclosed_mark.is_some() {
                unclosed.add(text);
            }
        });
    }
    Ok(match (settings.is_named, text.rules.is_empty()) {
        (false, _) => options,
        (true, true) => options.convert(text.converter.clone()),
        (true, false) => {
            let (converter, rules, unclosed) = (text.converter.clone(), Arc::clone(&text.rules), Arc::clone(unclosed));
            options.convert_by(move |text| {
                let mut converted = Vec::with_capacity(text.len());
                let mut regions = ProtectedRegions::new(&converter, InvalidUtf8::Strict, &rules);
                regions.push(text.as_bytes(), true, &mut converted)?;
                if regions.unclosed().is_some() {
                    unclosed.add(text);
                }
                // It is text, since a text went in.
                let converted = String::from_utf8_lossy(&converted).into_owned();
                Ok((converted != text).then_some(converted))
            })
        }
    })
}

/// All that decides about the output, to be compared with what an earlier run was asked for: the settings and the
/// task as they are, and not a list of some of them.
#[derive(Serialize)]
struct Key<'k> {
    version: &'static str,
    settings: ConfigFile,
    files: Vec<FileStamp>,
    records: &'k RecordTask,
}

fn key(task: &RecordTask, effective: &ConfigFile) -> Result<Value, Failure> {
    // The choice of files decides about no output.
    let settings = ConfigFile { extension: Vec::new(), ..effective.clone() };
    let config = settings.config.iter().map(AsRef::as_ref);
    let release = settings.dictionaries.as_ref().map(ReleasePath::file).transpose()?.flatten();
    let files = settings.dict.iter().chain(&settings.protect).map(AsRef::as_ref).chain(config);
    let files = files.chain(release.as_deref()).filter_map(finished::stamp).collect();
    let key = Key { version: env!("CARGO_PKG_VERSION"), settings, files, records: task };
    serde_json::to_value(key).map_err(|error| Failure::Failed(format!("cannot write the settings as JSON: {error}")))
}

/// An error if it is known that no record has any of the fields, with the option that allows it.
pub(crate) fn check_fields(fields: &[String], counts: &Counts) -> Result<(), Failure> {
    no_field(fields, counts).map_or(Ok(()), |message| Err(Failure::Failed(report::with_missing(&message))))
}

/// The message about the fields, if it is known that no record has any of them.
pub(crate) fn no_field(fields: &[String], counts: &Counts) -> Option<String> {
    let lacking = fields.iter().zip(&counts.presence).filter_map(|(_, presence)| match presence {
        Presence::Absent { instead } => Some(instead),
        _ => None,
    });
    let lacking: Vec<_> = lacking.collect();
    let first = lacking.first().filter(|_| lacking.len() == fields.len());
    first.map(|instead| report::no_field(fields, instead))
}

/// A broken record that ends the work.
pub(crate) fn fatal(task: &RecordTask, record: &RejectedRecord) -> Failure {
    Failure::Failed(message!("{place} (--errors FILE collects such records, and goes on)", place = at(task, record)))
}

/// A broken record that would be lost in part if the file was replaced.
pub(crate) fn unsaved(task: &RecordTask, record: &RejectedRecord) -> Failure {
    let way = match task.format {
        RecordFormat::Parquet => text("a row of Parquet cannot be moved to the file of --errors: use --output-dir"),
        _ => text("the file of --errors would have a part of it only: use a higher --max-record, or --output-dir"),
    };
    Failure::Failed(format!("{}; {way}", at(task, record)))
}

fn at(task: &RecordTask, RejectedRecord { line, reason, .. }: &RejectedRecord) -> String {
    match task.format == RecordFormat::Parquet {
        true => message!("row {line}: {reason}", line, reason),
        false => message!("line {line}: {reason}", line, reason),
    }
}

#[cfg(test)]
mod tests {
    use fanjian_records::Missing;

    use super::*;
    use crate::{io::compression::Compression, settings::task::RecordTask};

    fn task() -> RecordTask {
        RecordTask { fields: vec!["text".parse().unwrap()], ..RecordTask::new(RecordFormat::Jsonl) }
    }

    #[test]
    fn whatever_affects_the_output_is_in_the_key() {
        let settings = ConfigFile { to: Some(fanjian::Target::Taiwan), ..ConfigFile::default() };
        let first = key(&task(), &settings).unwrap();
        let changes: [&dyn Fn(&mut RecordTask); 15] = [
            &|task| task.format = RecordFormat::Csv,
            &|task| task.fields.push("title".parse().unwrap()),
            &|task| task.columns.push("1".to_owned()),
            &|task| task.documents.push((0, fanjian_documents::Format::Html)),
            &|task| task.documents.push((0, fanjian_documents::Format::Markdown)),
            &|task| task.delimiter = Some(b';'),
            &|task| task.has_header = false,
            &|task| task.gloss = Some(fanjian_clean::GlossMode::Strip),
            &|task| task.added.push(("script".parse().unwrap(), "s".to_owned())),
            &|task| task.conditions.push("han>2".parse().unwrap()),
            &|task| task.missing = Missing::Drop,
            &|task| task.errors = Some("bad.jsonl".into()),
            &|task| task.max_record = 1,
            &|task| task.to_compression = Some(Compression::Zstd),
            &|task| task.compression_level = Some(1),
        ];
        for (number, change) in changes.iter().enumerate() {
            let mut task = task();
            change(&mut task);
            assert_ne!(key(&task, &settings).unwrap(), first, "change {number}");
        }
        let changes: [&dyn Fn(&mut ConfigFile); 6] = [
            &|file| file.invalid_utf8 = Some(InvalidUtf8::Replace),
            &|file| file.to = None,
            &|file| file.vocabulary = Some(fanjian::Vocabulary::Local),
            &|file| file.punctuation = Some(fanjian::Punctuation::Local),
            &|file| file.protect_regex.push("a".to_owned()),
            &|file| file.marks = Some(true),
        ];
        for (number, change) in changes.iter().enumerate() {
            let mut settings = settings.clone();
            change(&mut settings);
            assert_ne!(key(&task(), &settings).unwrap(), first, "change {number}");
        }
    }

    #[test]
    fn what_does_not_affect_the_output_is_not() {
        let settings = ConfigFile::default();
        let first = key(&task(), &settings).unwrap();
        assert_eq!(key(&task(), &ConfigFile { extension: vec!["x".to_owned()], ..settings.clone() }).unwrap(), first);
        let errors = |name: &str| key(&RecordTask { errors: Some(name.into()), ..task() }, &settings).unwrap();
        assert_eq!(errors("a"), errors("b"));
    }
}
