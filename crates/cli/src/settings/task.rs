//! Task: what one run of the command does, decided and free of contradictions.

use std::{path::PathBuf, sync::Arc};

use fanjian_clean::GlossMode;
use fanjian_dictionary::named;
use fanjian_documents::Format as DocumentFormat;
use fanjian_records::{Condition, Metric, Missing, Path};
use serde::{Serialize, Serializer};

use crate::{
    io::{compression::Compression, output::Durability},
    report::options::ReportOptions,
    settings::resolver::SettingsResolver,
    text::decisions::Decisions,
};

/// One run of `fanjian` or `fanjian clean`.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) input: Input,
    pub(crate) what: What,
    pub(crate) output: Destination,
    pub(crate) report: ReportOptions,
    pub(crate) threads: usize,
    /// The decisions of a person that are applied.
    pub(crate) decisions: Option<Arc<Decisions>>,
}

/// What is read.
#[derive(Debug)]
pub(crate) enum Input {
    /// One text: a file, or standard input.
    Single(Option<PathBuf>),
    /// Files, and folders of them.
    Files { paths: Vec<PathBuf>, selection: Selection },
}

/// Which files in folders are taken.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    pub(crate) globs: Vec<String>,
    pub(crate) extensions: Vec<String>,
    pub(crate) hidden: bool,
    pub(crate) no_ignore: bool,
    pub(crate) follow: bool,
    /// Whether binary files are text.
    pub(crate) binary: bool,
    /// Whether files that are given are left out, too, where `fanjian.toml` excludes them.
    pub(crate) forces_exclude: bool,
    /// Whether backups are converted.
    pub(crate) includes_backups: bool,
    /// Whether it is no failure if there is no file.
    pub(crate) allows_empty: bool,
}

/// What is done, and by which settings.
#[derive(Debug)]
pub(crate) struct What {
    pub(crate) action: Action,
    pub(crate) settings: SettingsResolver,
}

#[derive(Debug)]
pub(crate) enum Action {
    /// Convert texts, or clean them if the settings say so.
    Text,
    /// Write JSON about the conversion.
    Json(OpenccJson),
    /// Convert the texts in records.
    Records(Box<RecordTask>),
    /// Print the settings.
    ShowSettings,
}

/// OpenCC's forms of JSON about a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OpenccJson {
    Segmentation,
    Inspection,
    Ambiguities,
}

/// Where the output goes, or would go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    Stdout {
        flushes: bool,
    },
    File {
        path: PathBuf,
        flushes: bool,
        durability: Durability,
    },
    InPlace {
        backup: Option<String>,
        rename: bool,
        durability: Durability,
    },
    Folder {
        path: PathBuf,
        rename: bool,
        durability: Durability,
    },
    /// A file of this path, for the one that is read.
    Named {
        path: PathBuf,
        durability: Durability,
    },
    /// A file beside each, under another name.
    Beside {
        /// Whether it replaces what is there and has other contents.
        forced: bool,
        durability: Durability,
    },
}

impl Destination {
    /// The folder that files are mirrored to.
    pub(crate) fn folder(&self) -> Option<&std::path::Path> {
        match self {
            Destination::Folder { path, .. } => Some(path),
            _ => None,
        }
    }

    /// The suffix of the files that keep the old contents.
    pub(crate) fn backup(&self) -> Option<&str> {
        match self {
            Destination::InPlace { backup, .. } => backup.as_deref(),
            _ => None,
        }
    }

    /// Whether what is written has to be on the disk before it takes its place.
    pub(crate) fn durability(&self) -> Durability {
        match self {
            Destination::Stdout { .. } => Durability::OnDisk,
            Destination::File { durability, .. }
            | Destination::InPlace { durability, .. }
            | Destination::Folder { durability, .. }
            | Destination::Named { durability, .. }
            | Destination::Beside { durability, .. } => *durability,
        }
    }

    /// Whether each file is written to a file of its own.
    pub(crate) fn is_files(&self) -> bool {
        matches!(
            self,
            Destination::InPlace { .. }
                | Destination::Folder { .. }
                | Destination::Named { .. }
                | Destination::Beside { .. }
        )
    }

    /// Whether standard output is flushed after each piece.
    pub(crate) fn flushes(&self) -> bool {
        matches!(self, Destination::Stdout { flushes: true } | Destination::File { flushes: true, .. })
    }
}

named! {
    /// The format of records.
    pub(crate) enum RecordFormat: "format of records" {
        Jsonl "jsonl" "JSON lines",
        Csv "csv" "comma-separated values",
        Tsv "tsv" "tab-separated values",
        Parquet "parquet" "Parquet",
    }
}

impl RecordFormat {
    /// The extensions of its files, without a compression's.
    pub(crate) fn extensions(self) -> &'static [&'static str] {
        match self {
            RecordFormat::Jsonl => &["jsonl", "ndjson"],
            RecordFormat::Csv => &["csv"],
            RecordFormat::Tsv => &["tsv", "tab"],
            RecordFormat::Parquet => &["parquet"],
        }
    }
}

/// What is done with records.
///
/// Its serialized form is part of the key by which a finished input is known: whatever affects the output has to be
/// in it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RecordTask {
    pub(crate) format: RecordFormat,
    #[serde(serialize_with = "each_by_name")]
    pub(crate) fields: Vec<Path>,
    pub(crate) columns: Vec<String>,
    /// The fields or columns that are documents, by number, and their formats.
    pub(crate) documents: Vec<(usize, DocumentFormat)>,
    pub(crate) delimiter: Option<u8>,
    pub(crate) has_header: bool,
    pub(crate) gloss: Option<GlossMode>,
    #[serde(serialize_with = "added_by_name")]
    pub(crate) added: Vec<(Metric, String)>,
    #[serde(serialize_with = "each_by_name")]
    pub(crate) conditions: Vec<Condition>,
    pub(crate) missing: Missing,
    /// Whether it is an error if no record has a field.
    pub(crate) requires_fields: bool,
    /// The file of broken records. Which one does not matter for the output, but whether there is one.
    #[serde(serialize_with = "is_some")]
    pub(crate) errors: Option<PathBuf>,
    pub(crate) max_record: usize,
    pub(crate) from_compression: Option<Compression>,
    pub(crate) to_compression: Option<Compression>,
    pub(crate) compression_level: Option<u32>,
}

impl RecordTask {
    /// The task without options: records of this format are read, and nothing is done with them.
    pub(crate) fn new(format: RecordFormat) -> RecordTask {
        RecordTask {
            format,
            fields: Vec::new(),
            columns: Vec::new(),
            documents: Vec::new(),
            delimiter: None,
            has_header: true,
            gloss: None,
            added: Vec::new(),
            conditions: Vec::new(),
            missing: Missing::Keep,
            requires_fields: true,
            errors: None,
            max_record: 1024,
            from_compression: None,
            to_compression: None,
            compression_level: None,
        }
    }

    /// The names of the fields or columns.
    pub(crate) fn field_names(&self) -> Vec<String> {
        self.fields.iter().map(ToString::to_string).chain(self.columns.iter().cloned()).collect()
    }

    /// Whether anything is done beside converting.
    pub(crate) fn does_more(&self) -> bool {
        self.gloss.is_some() || !self.added.is_empty() || !self.conditions.is_empty()
    }
}

fn each_by_name<S: Serializer>(values: &[impl ToString], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(values.iter().map(ToString::to_string))
}

fn added_by_name<S: Serializer>(added: &[(Metric, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(added.iter().map(|(metric, name)| (metric.name(), name)))
}

fn is_some<S: Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bool(path.is_some())
}
