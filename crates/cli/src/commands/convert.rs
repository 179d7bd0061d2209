//! `fanjian` itself, and `fanjian clean`: a task is given to the room that does it.

use std::path::PathBuf;

use crate::{
    commands::single,
    error::{Failure, Status},
    files::{self, walk::has_extension},
    io::{compression::Compression, input, output::Output},
    messages::{self, message, translatable},
    ordered, print, records,
    report::options::ReportOptions,
    settings::{
        resolver::SettingsResolver,
        task::{Action, Destination, Input, Task, What},
    },
};

/// Does a task. The exit status says whether a file failed, or would change where that was asked.
pub(crate) fn run(task: Task) -> Result<Status, Failure> {
    let Task { input, what: What { action, settings }, output, report, threads, decisions } = task;
    if matches!(input, Input::Single(None)) && !report.quiet {
        input::announce_terminal();
    }
    let status = do_task(action, input, settings, &output, &report, threads)?;
    if let Some(unused) = decisions.and_then(|decisions| decisions.unused()).filter(|_| !report.quiet) {
        print::note(format_args!("fanjian: {unused}"));
    }
    Ok(status)
}

fn do_task(
    action: Action,
    input: Input,
    settings: SettingsResolver,
    output: &Destination,
    report: &ReportOptions,
    threads: usize,
) -> Result<Status, Failure> {
    match (action, input) {
        (Action::ShowSettings, Input::Files { paths, .. }) => show_settings(&paths, settings).map(|()| Status::Done),
        (Action::ShowSettings, Input::Single(_)) => {
            show_settings(&[PathBuf::from(".")], settings).map(|()| Status::Done)
        }
        (Action::Records(records), Input::Files { paths, selection }) => {
            records::shards::run((&paths, &selection), &records, settings, output, report, threads)
        }
        (Action::Records(records), Input::Single(path)) => {
            records::single::run(path.as_deref(), &records, settings, output, report, threads)
        }
        (Action::Text | Action::Json(_), Input::Files { paths, selection }) => {
            note_records(&paths, report.quiet);
            files::convert::run(&paths, &selection, settings, output, report, threads)
        }
        (Action::Text, Input::Single(path)) => {
            note_records(path.as_slice(), report.quiet);
            let name = path.as_ref().map_or_else(|| "standard input".to_owned(), |path| path.display().to_string());
            let convert = || single::convert(path.as_deref(), settings, output, report, threads);
            ordered::caught(convert).unwrap_or_else(|panicked| Err(Failure::from(panicked).of(&name)))
        }
        (Action::Json(json), Input::Single(path)) => {
            single::json(path.as_deref(), json, settings, output, report).map(|()| Status::Done)
        }
    }
}

/// Notes that files of records are given, without the option for that.
pub(super) fn note_records(paths: &[PathBuf], is_quiet: bool) {
    let formats = [
        (
            &["jsonl", "ndjson"][..],
            translatable("JSON lines are taken as text, with all names (use --jsonl --field NAME)"),
        ),
        (&["parquet"], translatable("Parquet is not text (use --parquet --column NAME)")),
    ];
    for (extensions, message) in formats {
        let extensions: Vec<_> = extensions.iter().map(ToString::to_string).collect();
        let is_meant = |path: &&PathBuf| has_extension(Compression::strip(path), &extensions) && path.is_file();
        let meant: Vec<_> = paths.iter().filter(is_meant).collect();
        let Some(first) = meant.first().filter(|_| !is_quiet) else { continue };
        let more = match meant.len() - 1 {
            0 => String::new(),
            count => message!(" and {count} more", count),
        };
        print::note(format_args!("fanjian: {}{more}: {}", print::name(first), messages::text(message)));
    }
}

fn show_settings(paths: &[PathBuf], mut settings: SettingsResolver) -> Result<(), Failure> {
    let shown = paths.iter().map(|path| settings.show(path)).collect::<Result<Vec<_>, _>>()?;
    let mut output = Output::open(None)?;
    output.write(shown.join("\n").as_bytes())?;
    output.finish()
}
