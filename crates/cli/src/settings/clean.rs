//! Task of `fanjian clean`.

use std::path::PathBuf;

use fanjian::InvalidUtf8;
use fanjian_clean::{GlossMode, Options};

use crate::{
    args::commands::CleanArgs,
    error::Failure,
    messages::message,
    report::options::{Format, ReportOptions},
    settings::{
        join::{self, check_same_file, conflict},
        resolver::{Flags, SettingsResolver},
        task::{Action, Destination, Input, Task, What},
    },
    text::cleaner::Cleaning,
};

/// What the command line asks for.
pub(crate) fn resolve(args: &CleanArgs) -> Result<Task, Failure> {
    let mode = args.gloss.unwrap_or(if args.conversion.to.is_some() { GlossMode::Repair } else { GlossMode::Report });
    let only_reports = mode == GlossMode::Report && args.conversion.to.is_none();
    check(args, mode, only_reports)?;
    let mut report = ReportOptions { is_cleaning: true, ..join::report(&args.check, &args.output_options) };
    // What is only reported goes to standard output, as with --dry-run.
    report.preview.dry_run |= only_reports;
    let has_paths = !args.paths.is_empty() || args.files.filter.files_from.is_some();
    let threads = args.output_options.threads;
    let (input, output, threads) = if has_paths || report.preview.is_on() {
        let is_preview = report.preview.is_on();
        conflict(is_preview && args.output.is_some(), "--output cannot be combined with --check, --diff or --dry-run")?;
        let output = match &args.output {
            Some(output) => join::named_destination(&args.paths, &args.files, output)?,
            None => join::destination(&args.files),
        };
        (files(args, has_paths, &output)?, output, join::threads(threads.unwrap_or(0)))
    } else {
        conflict(
            join::destination(&args.files).is_files(),
            "--in-place and --output-dir need files: name them as PATH",
        )?;
        (Input::Single(args.input.clone()), single_destination(args)?, join::threads(threads.unwrap_or(1)))
    };
    let settings = SettingsResolver::new(flags(args, mode));
    Ok(Task { input, what: What { action: Action::Text, settings }, output, report, threads, decisions: None })
}

fn check(args: &CleanArgs, mode: GlossMode, only_reports: bool) -> Result<(), Failure> {
    let CleanArgs { files, check, .. } = args;
    let writes_files = files.in_place || files.output_dir.is_some() || args.output.is_some();
    let is_preview = check.check || check.diff || check.dry_run;
    join::check_no_sync(files, args.output.as_deref(), None)?;
    conflict(files.rename || files.beside, "--rename and --beside cannot be combined with clean")?;
    conflict(
        args.encodings.invalid_utf8 == Some(InvalidUtf8::Pass),
        "--invalid-utf8 pass cannot be combined with clean: use strict or replace",
    )?;
    conflict(only_reports && writes_files, "nothing would be written: add --to, or --gloss strip or --gloss repair")?;
    conflict(
        !matches!(check.format, Format::Text | Format::Json),
        &message!("--format {format} cannot be combined with clean: use --format json", format = check.format),
    )?;
    conflict(
        mode == GlossMode::Drop && files.in_place,
        "--gloss drop cannot be combined with --in-place: use --output-dir, or standard output",
    )?;
    let has_stdout = only_reports || writes_files || is_preview;
    conflict(
        check.format != Format::Text && !has_stdout,
        "--format json cannot be combined with text on standard output: use --output, --output-dir, --in-place or --check",
    )
}

fn flags(args: &CleanArgs, mode: GlossMode) -> Flags {
    let conversion = join::own_words(join::target(&args.conversion), &args.own_words);
    let conversion = join::documents(conversion, &args.documents);
    // The resolver has the converter.
    let options =
        Options::default().glosses(mode).thresholds(args.thresholds.thresholds()).keep_simplified(args.keep_simplified);
    let has_places = args.check.format == Format::Json;
    Flags {
        given: join::given(conversion, &args.encodings, &args.files.filter),
        isolated: true,
        cleaning: Some(Cleaning { options, limit: args.limit, has_places }),
        ..Flags::default()
    }
}

fn files(args: &CleanArgs, has_paths: bool, output: &Destination) -> Result<Input, Failure> {
    conflict(
        args.files.filter.files_from.is_some() && (args.input.is_some() || args.output.is_some()),
        "--files-from cannot be combined with --input or --output",
    )?;
    let mut given = args.paths.clone();
    if !has_paths {
        let is_preview = args.check.check || args.check.diff || args.check.dry_run;
        if is_preview && args.input.is_none() {
            join::check_previewed_input()?;
        }
        given.push(args.input.clone().unwrap_or_else(|| PathBuf::from("-")));
    }
    let paths = join::paths(&given, &args.files.filter, output)?;
    Ok(Input::Files { paths, selection: join::selection(&args.files.filter) })
}

fn single_destination(args: &CleanArgs) -> Result<Destination, Failure> {
    let hint = "name it as PATH, with --in-place";
    check_same_file(args.input.as_deref(), args.output.as_deref(), false, hint)?;
    let Some(output) = &args.output else { return Ok(Destination::Stdout { flushes: true }) };
    Ok(Destination::File { path: output.clone(), flushes: true, durability: join::durability(&args.files) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{commands::Subcommand, help, parse};

    fn task(arguments: &str) -> Result<Task, Failure> {
        let arguments =
            ["fanjian", "clean"].into_iter().chain(arguments.split(' ').filter(|argument| !argument.is_empty()));
        let line =
            parse::parsed(&mut help::command(), arguments.map(Into::into)).unwrap_or_else(|error| panic!("{error}"));
        let Some(Subcommand::Clean(args)) = line.subcommand else { panic!() };
        resolve(&args)
    }

    #[test]
    fn every_conflict_is_wrong_usage() {
        for arguments in [
            "--in-place a.txt",
            "-o out.txt",
            "--gloss drop --in-place a.txt",
            "--gloss strip --no-sync a.txt",
            "--gloss strip --format json a.txt",
            "--gloss strip --format sarif --check a.txt",
            "--gloss strip --invalid-utf8 pass a.txt",
            "--gloss strip --rename -O out a.txt",
            "--gloss strip -O out",
            "--gloss strip --check -o out.txt",
        ] {
            assert!(matches!(task(arguments), Err(Failure::Usage(_))), "{arguments}");
        }
    }

    #[test]
    fn without_a_target_and_a_mode_it_only_reports() {
        let reported = task("").unwrap();
        assert!(reported.report.preview.dry_run && matches!(reported.input, Input::Files { .. }));
        let cleaned = task("--to zh-TW").unwrap();
        assert!(!cleaned.report.preview.is_on() && matches!(cleaned.input, Input::Single(None)));
        let mut settings = cleaned.what.settings;
        let cleaning = settings.find(None).unwrap().text.cleaning.clone().unwrap();
        assert!(cleaning.options.glosses == GlossMode::Repair && cleaning.options.converter.is_some());
    }
}
