//! Parts of a task from groups of options, shared by the commands.

use std::{
    path::{Path, PathBuf},
    thread,
};

use fanjian::InvalidUtf8;

use crate::{
    args::{
        groups::{
            CheckArgs, ConfigurationArgs, ConversionArgs, DocumentArgs, EncodingArgs, FileArgs, FileFilter,
            OutputOptions, OwnWordArgs, RecordInputArgs, TableArgs, TargetArgs,
        },
        values::Field,
    },
    error::Failure,
    io::{
        encodings::Encoding,
        identity::{Stream, is_same_file},
        input::{self, is_stdin},
        output::{self, Durability},
        path_list,
    },
    messages::message,
    print::name,
    report::options::{Format, Preview, ReportOptions},
    settings::{
        config_file::ConfigFile,
        dictionaries::ReleasePath,
        task::{Destination, RecordFormat, RecordTask, Selection},
    },
};

/// A conflict of options, if it is there.
pub(crate) fn conflict(is_there: bool, message: &str) -> Result<(), Failure> {
    if is_there { Err(Failure::usage(message)) } else { Ok(()) }
}

/// The conversion in the form of `fanjian.toml`.
pub(crate) fn conversion(args: &ConversionArgs) -> ConfigFile {
    ConfigFile {
        marks: (args.marks || args.no_marks).then_some(args.marks),
        ..own_words(configuration(&args.configuration), &args.own_words)
    }
}

/// The target or the configuration in the form of `fanjian.toml`.
pub(crate) fn configuration(args: &ConfigurationArgs) -> ConfigFile {
    ConfigFile {
        config: args.config.name.clone(),
        from: args.from,
        tofu_risk: args.tofu_risk(),
        dictionaries: args.dictionaries.clone().map(ReleasePath::from),
        ..target(&args.target)
    }
}

/// The target in the form of `fanjian.toml`.
pub(crate) fn target(args: &TargetArgs) -> ConfigFile {
    ConfigFile {
        to: args.to,
        vocabulary: args.vocabulary,
        punctuation: args.punctuation,
        keep_words: args.keep_words.clone(),
        prefer: args.prefer.clone(),
        ..ConfigFile::default()
    }
}

/// The conversion with own words and protected text.
pub(crate) fn own_words(conversion: ConfigFile, args: &OwnWordArgs) -> ConfigFile {
    ConfigFile {
        dict: args.dict.clone(),
        dict_both_scripts: args.dict_both_scripts.then_some(true),
        protect: args.protect.clone(),
        protect_regex: args.protect_regex.iter().map(|regex| regex.as_str().to_owned()).collect(),
        ..conversion
    }
}

/// The conversion with the treatment of documents.
pub(crate) fn documents(conversion: ConfigFile, args: &DocumentArgs) -> ConfigFile {
    ConfigFile {
        format: args.format,
        plain: args.plain.then_some(true),
        code: args.code.then_some(true),
        without_styles: args.without_styles.clone(),
        ..conversion
    }
}

/// The conversion with encodings and extensions.
pub(crate) fn given(conversion: ConfigFile, encodings: &EncodingArgs, filter: &FileFilter) -> ConfigFile {
    ConfigFile {
        extension: filter.extension.clone(),
        from_encoding: encodings.from_encoding,
        to_encoding: encodings.to_encoding,
        replacement: encodings.replacement.clone(),
        invalid_utf8: encodings.invalid_utf8,
        ..conversion
    }
}

/// Which files in folders are taken.
pub(crate) fn selection(filter: &FileFilter) -> Selection {
    Selection {
        globs: filter.glob.clone(),
        extensions: filter.extension.clone(),
        hidden: filter.hidden,
        no_ignore: filter.no_ignore,
        follow: filter.follow,
        binary: filter.text,
        forces_exclude: filter.force_exclude,
        includes_backups: filter.include_backups,
        allows_empty: filter.allow_empty,
    }
}

/// Where files go.
pub(crate) fn destination(files: &FileArgs) -> Destination {
    let FileArgs { rename, backup, .. } = files;
    let (rename, durability) = (*rename, durability(files));
    match &files.output_dir {
        Some(folder) => Destination::Folder { path: folder.clone(), rename, durability },
        None if files.beside => Destination::Beside { forced: files.force, durability },
        None if files.in_place => Destination::InPlace { backup: backup.clone(), rename, durability },
        None => Destination::Stdout { flushes: true },
    }
}

/// Where the one PATH is written that is given with `--output`.
pub(crate) fn named_destination(paths: &[PathBuf], files: &FileArgs, output: &Path) -> Result<Destination, Failure> {
    conflict(
        files.in_place || files.output_dir.is_some() || files.rename || files.beside,
        "--output cannot be combined with --in-place, --output-dir, --rename or --beside, unless --input names the file",
    )?;
    let is_one = matches!(paths, [path] if !path.is_dir() && !is_stdin(path));
    conflict(!is_one, "--output needs one file as PATH: for several files, and for folders, use --output-dir")?;
    conflict(
        output.is_dir() || output.file_name().is_none(),
        &message!("--output {output} is a folder: use --output-dir {output}", output = name(output)),
    )?;
    if output::is_stdout(output) || output::is_open_file(output) {
        return Ok(destination(files));
    }
    Ok(Destination::Named { path: output.to_owned(), durability: durability(files) })
}

/// An error for `--no-sync` where no file is written.
pub(crate) fn check_no_sync(files: &FileArgs, output: Option<&Path>, errors: Option<&Path>) -> Result<(), Failure> {
    let writes_file =
        files.in_place || files.beside || files.output_dir.is_some() || output.is_some() || errors.is_some();
    conflict(
        files.no_sync && !writes_file,
        "--no-sync needs a file that is written: use --in-place, --output-dir, --beside or --output",
    )
}

/// Whether what is written has to be on the disk.
pub(crate) fn durability(files: &FileArgs) -> Durability {
    if files.no_sync { Durability::InSystem } else { Durability::OnDisk }
}

/// The report, without what is of records and of cleaning.
pub(crate) fn report(check: &CheckArgs, output: &OutputOptions) -> ReportOptions {
    ReportOptions {
        format: check.format,
        preview: Preview { check: check.check, diff: check.diff, dry_run: check.dry_run },
        color: output.color,
        word_diff: check.word_diff,
        has_pager: !output.no_pager,
        quiet: output.quiet,
        verbose: output.verbose,
        has_progress: !output.no_progress && !output.quiet,
        ..ReportOptions::default()
    }
}

/// The number of threads; 0 is as many as the machine can run at once.
pub(crate) fn threads(number: u16) -> usize {
    match number {
        0 => thread::available_parallelism().map_or(1, usize::from),
        number => number.into(),
    }
}

/// All paths: those given, and those in the list. Standard input among them has to go to standard output.
pub(crate) fn paths(given: &[PathBuf], filter: &FileFilter, output: &Destination) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = given.to_owned();
    if let Some(list) = &filter.files_from {
        paths.extend(path_list::read(list, filter.null)?);
    }
    let has_stdin = paths.iter().any(|path| is_stdin(path));
    conflict(
        has_stdin && output.is_files(),
        "- (standard input) cannot be combined with --in-place, --output-dir or --beside",
    )?;
    Ok(paths)
}

/// A preview without PATH is of standard input, which has to have something: else a check that lacks its PATH would
/// find nothing for ever.
pub(crate) fn check_previewed_input() -> Result<(), Failure> {
    conflict(
        input::is_stdin_empty(),
        "--check, --diff and --dry-run need files: name them as PATH, such as . for the current folder (standard \
         input is empty; if that is right, name it as -)",
    )
}

/// Reports for programs cannot share standard output with converted text; but for JSON, they are of what would change.
pub(crate) fn check_format(report: &ReportOptions, output: &Destination) -> Result<(), Failure> {
    conflict(report.format == Format::Html && !report.preview.diff, "--format html needs --diff")?;
    conflict(
        report.word_diff && report.format != Format::Text,
        "--word-diff cannot be combined with --format: a diff of words is text",
    )?;
    let needs_preview = matches!(report.format, Format::Github | Format::Gitlab) && !report.preview.is_on();
    conflict(needs_preview, &message!("--format {format} needs --check", format = report.format))?;
    let is_mixed = report.format != Format::Text && !report.preview.is_on() && !output.is_files();
    let format = report.format;
    conflict(
        is_mixed,
        &message!(
            "--format {format} cannot be combined with text on standard output: use --check, --in-place or --output-dir",
            format
        ),
    )
}

/// An error for options of texts that JSON about a text does not have.
pub(crate) fn check_json(invalid: InvalidUtf8, to: Option<Encoding>, has_replacement: bool) -> Result<(), Failure> {
    conflict(invalid == InvalidUtf8::Pass, "--invalid-utf8 pass cannot be combined with JSON: use strict or replace")?;
    let is_encoded = to.is_some_and(|to| !to.is_utf_8()) || has_replacement;
    conflict(is_encoded, "--to-encoding and --replacement cannot be combined with JSON, which is UTF-8")
}

/// One file cannot be read and written, unless that is asked for (`may_replace`) and the output takes its place at the end.
/// None is standard input, or standard output.
pub(crate) fn check_same_file(
    input: Option<&Path>,
    output: Option<&Path>,
    may_replace: bool,
    hint: &str,
) -> Result<(), Failure> {
    let input = input.filter(|path| !is_stdin(path));
    let shown = input.map_or_else(|| "standard input".to_owned(), name);
    let is_input = |path: &Path| match input {
        Some(input) => is_same_file(input, path),
        None => Stream::Input.file().is_some_and(|file| file.is(path)),
    };
    let Some(output) = output.filter(|path| !output::is_stdout(path)) else {
        let is_input = Stream::Output.file().is_some_and(|output| match input {
            Some(input) => output.is(input),
            None => Stream::Input.file().is_some_and(|input| input.is_also(&output)),
        });
        return conflict(
            is_input,
            &message!("{shown} is both input and standard output: write to another file", shown),
        );
    };
    let is_both = output.is_file() && is_input(output) && (!may_replace || output::is_open_file(output));
    conflict(is_both, &message!("{shown} is both input and output: {hint}", shown, hint))
}

/// The texts in records, and how these are read. None if no format is given: JSON lines, CSV, TSV or Parquet, in this order.
pub(crate) fn records(
    formats: [bool; 4],
    fields: &[Field<fanjian_records::Path>],
    columns: &[Field<String>],
    table: &TableArgs,
    input: &RecordInputArgs,
) -> Option<RecordTask> {
    let (&format, _) = RecordFormat::ALL.iter().zip(formats).find(|(_, is_given)| *is_given)?;
    let documents = fields.iter().map(|field| field.format).chain(columns.iter().map(|column| column.format));
    Some(RecordTask {
        fields: fields.iter().map(|field| field.place.clone()).collect(),
        columns: columns.iter().map(|column| column.place.clone()).collect(),
        documents: documents.enumerate().filter_map(|(number, format)| Some((number, format?))).collect(),
        delimiter: table.delimiter,
        has_header: !table.no_header,
        max_record: input.max_record,
        from_compression: input.from_compression,
        ..RecordTask::new(format)
    })
}
