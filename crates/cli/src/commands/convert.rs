//! `fanjian` itself, and `fanjian clean`: a task is given to the room that does it.

use std::path::PathBuf;

use crate::{
    commands::single,
    error::{Failure, Status},
    files,
    io::{input, output::Output},
    records,
    settings::{
        resolver::SettingsResolver,
        task::{Action, Input, Task, What},
    },
};

/// Does a task. The exit status says whether a file failed, or would change where that was asked.
pub(crate) fn run(task: Task) -> Result<Status, Failure> {
    let Task { input, what: What { action, settings }, output, report, threads } = task;
    if matches!(input, Input::Single(None)) && !report.quiet {
        input::announce_terminal();
    }
    match (action, input) {
        (Action::ShowSettings, Input::Files { paths, .. }) => show_settings(&paths, settings).map(|()| Status::Done),
        (Action::ShowSettings, Input::Single(_)) => {
            show_settings(&[PathBuf::from(".")], settings).map(|()| Status::Done)
        }
        (Action::Records(records), Input::Files { paths, selection }) => {
            records::shards::run((&paths, &selection), &records, settings, &output, &report, threads)
        }
        (Action::Records(records), Input::Single(path)) => {
            records::single::run(path.as_deref(), &records, settings, &output, &report, threads).map(|()| Status::Done)
        }
        (Action::Text | Action::Json(_), Input::Files { paths, selection }) => {
            files::convert::run(&paths, &selection, settings, &output, &report, threads)
        }
        (Action::Text, Input::Single(path)) => {
            single::convert(path.as_deref(), settings, &output, &report, threads).map(|()| Status::Done)
        }
        (Action::Json(json), Input::Single(path)) => {
            single::json(path.as_deref(), json, settings, &output, &report).map(|()| Status::Done)
        }
    }
}

fn show_settings(paths: &[PathBuf], mut settings: SettingsResolver) -> Result<(), Failure> {
    let shown = paths.iter().map(|path| settings.show(path)).collect::<Result<Vec<_>, _>>()?;
    let mut output = Output::open(None)?;
    output.write(shown.join("\n").as_bytes())?;
    output.finish()
}
