//! Parts of a task from groups of options, shared by the commands.

use std::{
    path::{Path, PathBuf},
    thread,
};

use crate::{
    args::groups::{CheckArgs, ConfigurationArgs, ConversionArgs, EncodingArgs, FileArgs, FileFilter, OutputOptions},
    error::Failure,
    io::{
        input::{self, is_stdin},
        output::Durability,
        path_list,
    },
    print::name,
    report::options::{Format, Preview, ReportOptions},
    settings::{
        config_file::ConfigFile,
        task::{Destination, Selection},
    },
};

/// A conflict of options, if it is there.
pub(crate) fn conflict(is_there: bool, message: &str) -> Result<(), Failure> {
    if is_there { Err(Failure::usage(message)) } else { Ok(()) }
}

/// The conversion in the form of `fanjian.toml`.
pub(crate) fn conversion(args: &ConversionArgs) -> ConfigFile {
    ConfigFile {
        dict: args.dict.clone(),
        protect: args.protect.clone(),
        protect_regex: args.protect_regex.iter().map(|regex| regex.as_str().to_owned()).collect(),
        marks: (args.marks || args.no_marks).then_some(args.marks),
        ..configuration(&args.configuration)
    }
}

/// The target or the configuration in the form of `fanjian.toml`.
pub(crate) fn configuration(args: &ConfigurationArgs) -> ConfigFile {
    ConfigFile {
        config: args.config.clone(),
        to: args.to,
        from: args.from,
        vocabulary: args.vocabulary,
        tofu_risk: args.tofu_risk(),
        ..ConfigFile::default()
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
        None if files.in_place => Destination::InPlace { backup: backup.clone(), rename, durability },
        None => Destination::Stdout { flushes: true },
    }
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
    conflict(has_stdin && output.is_files(), "- (standard input) cannot be used with --in-place or --output-dir")?;
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

/// JSON and SARIF cannot share standard output with converted text.
pub(crate) fn check_format(report: &ReportOptions, output: &Destination) -> Result<(), Failure> {
    let is_mixed = report.format != Format::Text && !report.preview.is_on() && !output.is_files();
    let format = report.format;
    conflict(
        is_mixed,
        &format!(
            "--format {format} cannot be used with text on standard output: use --check, --in-place or --output-dir"
        ),
    )
}

/// The same file cannot be read and written, unless that is asked for.
pub(crate) fn check_same_file(input: Option<&Path>, output: &Path, hint: &str) -> Result<(), Failure> {
    let Some(input) = input.filter(|path| !is_stdin(path)) else { return Ok(()) };
    // Only files: to look at a pipe, it would have to be opened, and that waits for its other end.
    if input.is_file() && output.is_file() && same_file::is_same_file(input, output).unwrap_or(false) {
        return Err(Failure::Usage(format!("{} is both input and output: {hint}", name(input))));
    }
    Ok(())
}
