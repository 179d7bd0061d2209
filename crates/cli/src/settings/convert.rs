//! Task of `fanjian` itself.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use fanjian::InvalidUtf8;
use fanjian_records::Missing;

use crate::{
    args::{
        CommandLine,
        groups::{OpenccJsonArgs, RecordArgs, SingleArgs},
    },
    error::Failure,
    io::input::is_stdin,
    messages::message,
    report::options::{Format, ReportOptions},
    settings::{
        join::{self, check_same_file, conflict},
        meant,
        resolver::{Flags, SettingsResolver},
        task::{Action, Destination, Input, OpenccJson, RecordFormat, RecordTask, Task, What},
    },
    text::decisions::Decisions,
};

/// What the command line asks for.
pub(crate) fn resolve(line: &CommandLine) -> Result<Task, Failure> {
    meant::check(line)?;
    join::check_no_sync(&line.files, line.single.output.as_deref(), line.records.errors.as_deref())?;
    let records = records(&line.records);
    let report = report(line, records.as_ref());
    // A preview is about files, of which a single input is one.
    let is_preview = report.preview.is_on();
    let has_paths = !line.paths.is_empty() || line.files.filter.files_from.is_some();
    conflict(
        is_preview && line.single.output.is_some(),
        "--output cannot be combined with --check, --diff or --dry-run",
    )?;
    let is_single = !has_paths && !is_preview && !line.conversion.show_config;
    let action = match records {
        _ if line.conversion.show_config => Action::ShowSettings,
        Some(records) => {
            check_records(line, &records)?;
            Action::Records(Box::new(records))
        }
        None => opencc_json(&line.opencc_json).map_or(Action::Text, Action::Json),
    };
    let is_text = matches!(action, Action::Text);
    let (input, output, threads) = if is_single {
        check_single(line, &action)?;
        // Several threads wait for blocks of a megabyte.
        let threads = line.output.threads.filter(|_| !line.single.line_buffered);
        let threads = join::threads(threads.unwrap_or(1));
        (Input::Single(line.single.input.clone()), single_destination(line)?, threads)
    } else {
        let is_json = matches!(action, Action::Json(_));
        conflict(is_json, "--segmentation, --inspect and --ambiguities cannot be combined with files")?;
        let output = match &line.single.output {
            Some(output) => {
                conflict(
                    !is_text,
                    "--output cannot be combined with PATHs of records, or to show settings: name the file by --input",
                )?;
                join::named_destination(&line.paths, &line.files, output)?
            }
            None => join::destination(&line.files),
        };
        let is_parquet = matches!(&action, Action::Records(records) if records.format == RecordFormat::Parquet);
        check_files(&report, &output, is_parquet, line.conversion.show_config)?;
        (files(line, &report, &output)?, output, join::threads(line.output.threads.unwrap_or(0)))
    };
    let conversion = join::documents(join::conversion(&line.conversion), &line.documents);
    let given = join::given(conversion, &line.encodings, &line.files.filter);
    let decisions = match &line.decisions.decisions {
        Some(path) => {
            check_decisions(line, &action)?;
            Some(Arc::new(Decisions::read(path)?))
        }
        None => None,
    };
    let flags = Flags {
        given,
        decisions: decisions.clone(),
        isolated: line.conversion.isolated,
        settings: line.conversion.settings.clone(),
        // In a single input and in records, marks count only with --marks.
        marks: !is_single && (is_text || line.conversion.show_config),
        search: line.conversion.configuration.path.clone(),
        cleaning: None,
        requires_choice: has_paths && is_text,
    };
    Ok(Task {
        input,
        what: What { action, settings: SettingsResolver::new(flags) },
        output,
        report,
        threads,
        decisions,
    })
}

/// An error where decisions cannot be applied.
fn check_decisions(line: &CommandLine, action: &Action) -> Result<(), Failure> {
    let is_of_texts = matches!(action, Action::Text | Action::ShowSettings);
    conflict(
        !is_of_texts,
        "--decisions cannot be combined with records, nor with --segmentation, --inspect or --ambiguities",
    )?;
    conflict(
        line.encodings.invalid_utf8 == Some(InvalidUtf8::Pass),
        "--invalid-utf8 pass cannot be combined with --decisions: use strict or replace",
    )
}

fn opencc_json(args: &OpenccJsonArgs) -> Option<OpenccJson> {
    match args {
        OpenccJsonArgs { segmentation: true, .. } => Some(OpenccJson::Segmentation),
        OpenccJsonArgs { inspect: true, .. } => Some(OpenccJson::Inspection),
        OpenccJsonArgs { ambiguities: true, .. } => Some(OpenccJson::Ambiguities),
        _ => None,
    }
}

fn report(line: &CommandLine, records: Option<&RecordTask>) -> ReportOptions {
    let mut report = join::report(&line.check, &line.output);
    if let Some(records) = records {
        (report.fields, report.has_glosses) = (records.field_names(), records.gloss.is_some());
        report.requires_fields = records.requires_fields;
    }
    report
}

fn records(args: &RecordArgs) -> Option<RecordTask> {
    let RecordArgs { jsonl, csv, tsv, parquet, field, column, table, input, .. } = args;
    let task = join::records([*jsonl, *csv, *tsv, *parquet], field, column, table, input)?;
    Some(RecordTask {
        gloss: args.gloss,
        added: args.detect.iter().flat_map(|added| added.0.clone()).collect(),
        conditions: args.keep_if.clone(),
        missing: args.missing.unwrap_or(Missing::Keep),
        requires_fields: args.missing != Some(Missing::Keep),
        errors: args.errors.clone(),
        to_compression: args.to_compression,
        compression_level: args.compression_level,
        ..task
    })
}

fn check_records(line: &CommandLine, records: &RecordTask) -> Result<(), Failure> {
    let CommandLine { check, files, encodings, .. } = line;
    conflict(
        opencc_json(&line.opencc_json).is_some(),
        "--segmentation, --inspect and --ambiguities cannot be combined with records",
    )?;
    conflict(
        check.diff || !matches!(check.format, Format::Text | Format::Json),
        "--diff and --format, other than json, cannot be combined with records: use --check",
    )?;
    let is_stream = line.records.errors.as_deref().is_some_and(is_stdin);
    conflict(is_stream, "--errors needs the name of a file: ./- for one named -, /dev/stderr for standard error")?;
    conflict(
        files.rename || files.beside || line.single.line_buffered,
        "--rename, --beside and --line-buffered cannot be combined with records",
    )?;
    check_document_fields(line, records)?;
    let is_other = encodings.from_encoding.is_some_and(|from| !from.is_utf_8())
        || encodings.to_encoding.is_some_and(|to| !to.is_utf_8());
    conflict(
        is_other || encodings.replacement.is_some(),
        "--from-encoding, --to-encoding and --replacement cannot be combined with records, which are UTF-8: \
         convert the file first, as by `iconv -f GBK -t UTF-8 in.csv > utf-8.csv` (for Big5, -f BIG5-HKSCS)",
    )?;
    conflict(
        encodings.invalid_utf8 == Some(InvalidUtf8::Pass),
        "--invalid-utf8 pass cannot be combined with records: use strict or replace",
    )?;
    let names_compression = records.to_compression.is_some() || records.from_compression.is_some();
    conflict(
        names_compression && join::destination(files).is_files(),
        "--from-compression and --to-compression cannot be combined with --in-place or --output-dir: the extensions of files say it",
    )?;
    conflict(
        names_compression && records.format == RecordFormat::Parquet,
        "--from-compression and --to-compression cannot be combined with --parquet, which keeps its own compression",
    )
}

/// An error for what documents in fields cannot be.
fn check_document_fields(line: &CommandLine, records: &RecordTask) -> Result<(), Failure> {
    conflict(
        line.documents.format.is_some() || line.documents.plain,
        "--as and --plain cannot be combined with records: a field has its own format, as in --field page:as=html",
    )?;
    conflict(
        line.documents.code && records.documents.is_empty(),
        "--code needs a field that is a document, as in --field page:as=html",
    )?;
    conflict(
        !line.documents.without_styles.is_empty() && records.documents.is_empty(),
        "--without-styles needs a field that is a document, as in --field subtitles:as=ass",
    )?;
    conflict(
        records.gloss.is_some() && !records.documents.is_empty(),
        "--gloss cannot be combined with a field that is a document (:as=)",
    )?;
    let names = records.field_names();
    let format = |number: usize| records.documents.iter().find(|(of, _)| *of == number).map(|&(_, format)| format);
    for (number, name) in names.iter().enumerate() {
        let differs = |other: usize| names[other] == *name && format(other) != format(number);
        conflict(
            (0..number).any(differs),
            &message!("the field '{name}' is given twice, with different formats", name),
        )?;
    }
    Ok(())
}

fn check_single(line: &CommandLine, action: &Action) -> Result<(), Failure> {
    let CommandLine { single, files, encodings, output, .. } = line;
    conflict(
        files.output_dir.is_some() || files.backup.is_some() || files.rename || files.beside,
        "--output-dir, --backup, --rename and --beside need files: name them as PATH",
    )?;
    conflict(files.in_place && single.input.is_none(), "--in-place needs files: name them as PATH")?;
    let has_report = matches!(action, Action::Records(_)) || line.check.format == Format::Text;
    conflict(!has_report, "--format needs --check, --diff, or files: name them as PATH")?;
    let is_pass = encodings.invalid_utf8 == Some(InvalidUtf8::Pass);
    match action {
        Action::Records(records) => check_single_parquet(single, records),
        Action::Json(_) => {
            let invalid = encodings.invalid_utf8.unwrap_or_default();
            join::check_json(invalid, encodings.to_encoding, encodings.replacement.is_some())?;
            conflict(output.threads.unwrap_or(1) != 1, "--threads cannot be combined with JSON")
        }
        Action::Text | Action::ShowSettings => {
            let is_other = encodings.from_encoding.is_some_and(|from| !from.is_utf_8());
            conflict(
                is_pass && is_other,
                "--invalid-utf8 pass cannot be combined with --from-encoding, other than utf-8: use strict or replace",
            )
        }
    }
}

fn check_single_parquet(single: &SingleArgs, records: &RecordTask) -> Result<(), Failure> {
    let has_files = single.input.as_deref().is_some_and(|path| path != Path::new("-")) && single.output.is_some();
    conflict(
        records.format == RecordFormat::Parquet && !has_files,
        "--parquet needs files: use --input and --output, or PATH with --in-place or --output-dir",
    )
}

fn check_files(
    report: &ReportOptions,
    output: &Destination,
    is_parquet: bool,
    shows_settings: bool,
) -> Result<(), Failure> {
    if shows_settings {
        return Ok(());
    }
    conflict(
        is_parquet && !output.is_files() && !report.preview.is_on(),
        "--parquet needs files: use --in-place or --output-dir, or --input and --output",
    )?;
    join::check_format(report, output)
}

fn single_destination(line: &CommandLine) -> Result<Destination, Failure> {
    let SingleArgs { input, output, noflush, line_buffered } = &line.single;
    let flushes = *line_buffered || !noflush.unwrap_or(false);
    let hint = if input.is_some() { "--in-place allows that" } else { "name it by --input, with --in-place" };
    check_same_file(input.as_deref(), output.as_deref(), line.files.in_place, hint)?;
    let Some(output) = output else { return Ok(Destination::Stdout { flushes }) };
    Ok(Destination::File { path: output.clone(), flushes, durability: join::durability(&line.files) })
}

fn files(line: &CommandLine, report: &ReportOptions, output: &Destination) -> Result<Input, Failure> {
    let SingleArgs { input, output: to, .. } = &line.single;
    conflict(
        line.files.filter.files_from.is_some() && (input.is_some() || to.is_some()),
        "--files-from cannot be combined with --input or --output",
    )?;
    let mut given = line.paths.clone();
    if given.is_empty() && line.files.filter.files_from.is_none() {
        let is_preview = report.preview.is_on() && !line.conversion.show_config;
        if is_preview && input.is_none() {
            join::check_previewed_input()?;
        }
        let default = if is_preview { "-" } else { "." };
        given.push(input.clone().unwrap_or_else(|| PathBuf::from(default)));
    }
    let paths = join::paths(&given, &line.files.filter, output)?;
    Ok(Input::Files { paths, selection: join::selection(&line.files.filter) })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn task(arguments: &str) -> Result<Task, Failure> {
        let arguments = ["fanjian"].into_iter().chain(arguments.split(' ').filter(|argument| !argument.is_empty()));
        resolve(&CommandLine::try_parse_from(arguments).unwrap_or_else(|error| panic!("{error}")))
    }

    #[track_caller]
    fn refuse(arguments: &str) -> String {
        match task(arguments) {
            Err(Failure::Usage(message)) => message,
            other => panic!("{arguments}: {other:?}"),
        }
    }

    #[test]
    fn every_conflict_is_wrong_usage() {
        for arguments in [
            "--check -o out.txt",
            "--in-place -o out.txt in.txt",
            "-o out.txt in.txt other.txt",
            "-o out.txt src",
            "-o src Cargo.toml",
            "-o out.txt -",
            "--jsonl --field a -o out.jsonl a.jsonl",
            "--in-place",
            "-O out",
            "--rename",
            "--from-encoding gbk --invalid-utf8 pass",
            "-j 2 --inspect",
            "--inspect --invalid-utf8 pass",
            "--inspect --to-encoding gbk",
            "--ambiguities --replacement ?",
            "--inspect --check",
            "--files-from list -i in.txt",
            "--in-place -",
            "--no-sync in.txt",
            "--no-sync -i in.txt",
            "--no-sync --check in.txt",
            "--no-sync --jsonl --field a a.jsonl",
            "--format json in.txt",
            "-c s2t explain 头",
            "explian 头",
            "头发",
            "Cargo.toml none.txt",
            "--check",
            "--diff",
            "--jsonl --field a --dry-run",
            "--jsonl --field a --diff a.jsonl",
            "--jsonl --field a --format sarif --check a.jsonl",
            "--jsonl --field a --rename --in-place a.jsonl",
            "--jsonl --field a --line-buffered",
            "--jsonl --field a --from-encoding gbk",
            "--jsonl --field a --invalid-utf8 pass",
            "--jsonl --field a --to-compression gzip -O out a.jsonl",
            "--jsonl --field a --segmentation",
            "--jsonl --field a --as html",
            "--jsonl --field a --plain",
            "--jsonl --field a --code",
            "--jsonl --field a:as=html --gloss report",
            "--jsonl --field a --field a:as=html",
            "--csv --column a:as=html --column a:as=markdown",
            "--parquet --column a --to-compression gzip -i a -o b",
            "--parquet --column a",
            "--parquet --column a -i a",
            "--parquet --column a a.parquet",
        ] {
            refuse(arguments);
        }
        assert!(refuse("explian 头").ends_with("tip: did you mean the subcommand 'explain'?"));
    }

    #[test]
    fn one_text_and_files_are_told_apart() {
        let single = task("-i in.txt -o out.txt --noflush 1").unwrap();
        assert!(matches!(single.input, Input::Single(Some(_))));
        assert_eq!((single.output.flushes(), single.threads), (false, 1));
        let files = task("--in-place --backup .bak -j 3 a b").unwrap();
        assert!(matches!(&files.input, Input::Files { paths, .. } if paths.len() == 2));
        assert_eq!((files.output.backup(), files.threads), (Some(".bak"), 3));
        let named = task("in.txt -o out.txt").unwrap();
        assert!(matches!(named.output, Destination::Named { path, .. } if path == Path::new("out.txt")));
        assert!(matches!(task("in.txt -o -").unwrap().output, Destination::Stdout { .. }));
        let preview = task("--check -i in.txt").unwrap();
        assert!(matches!(&preview.input, Input::Files { paths, .. } if *paths == [PathBuf::from("in.txt")]));
        let shown = task("--show-config").unwrap();
        assert!(matches!(&shown.input, Input::Files { paths, .. } if *paths == [PathBuf::from(".")]));
        assert!(matches!(shown.what.action, Action::ShowSettings));
    }

    #[test]
    fn fields_keep_their_formats() {
        let task = task("--jsonl --field a --field b:as=html --code --to zh-TW").unwrap();
        let Action::Records(records) = task.what.action else { panic!() };
        assert_eq!(records.field_names(), ["a", "b"]);
        assert_eq!(records.documents, [(1, fanjian_documents::Format::Html)]);
    }

    #[test]
    fn records_are_a_part_of_the_task() {
        let task =
            task("--to zh-TW --jsonl --field text --field meta.title --detect script,han=n --gloss strip").unwrap();
        let Action::Records(records) = task.what.action else { panic!() };
        assert_eq!(
            (records.format, records.field_names()),
            (RecordFormat::Jsonl, vec!["text".into(), "meta.title".into()])
        );
        assert!(task.report.has_glosses && records.added.len() == 2 && records.does_more());
    }
}
