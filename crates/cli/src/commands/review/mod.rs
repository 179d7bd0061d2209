//! `fanjian review`: the places whose conversion is doubtful.

use std::{fs::File, io::Read, path::Path};

use self::{contexts::Contexts, places::Reader};
use crate::{
    args::review::{ReviewArgs, ReviewFormat},
    commands::inputs::Inputs,
    error::{Failure, Status},
    files::walk,
    io::{identity::is_same_file, output::Output},
    messages::message,
    print,
    settings::{
        config_file::ConfigFile,
        join::{self, check_same_file, conflict},
        resolver::{Flags, SettingsResolver},
    },
};

mod contexts;
mod forms;
mod page;
mod places;
mod reasons;

pub(crate) fn run(args: &ReviewArgs) -> Result<Status, Failure> {
    conflict(
        args.conversion.show_config,
        "--show-config cannot be combined with review: use it without the subcommand",
    )?;
    let format = format(args)?;
    let output = args.output.as_deref();
    if args.paths.is_empty() {
        check_same_file(None, output, false, ANOTHER_FILE)?;
    }
    for path in &args.paths {
        check_same_file(Some(path), output, false, ANOTHER_FILE)?;
    }
    let mut settings = resolver(args);
    let excluded = Some(settings.excluded_folders());
    let (mut inputs, mut files) = Inputs::find("review", &args.paths, &args.filter, excluded)?;
    if let Some(output) = output
        && let Some(index) = files.iter().position(|file| is_same_file(output, &file.path))
    {
        // An earlier review may be in the folder.
        let file = files.remove(index);
        if file.is_given || !is_review(output)? {
            check_same_file(Some(&file.path), Some(output), false, ANOTHER_FILE)?;
        }
    }
    let mut outputs = Output::open(output)?;
    let mut contexts = Contexts::default();
    let mut count = inputs.failed();
    for (file, settings) in walk::with_settings(files, inputs.selection(), &mut settings)? {
        if !file.is_selected(&settings.extensions) {
            continue;
        }
        if let Some(why) = file.left_out {
            if file.is_given && !args.quiet {
                print::note(format_args!("fanjian: {}: {}", print::name(&file.path), why.skipped()));
            }
            continue;
        }
        count += 1;
        let options = contexts.options_of(&file.path, &settings)?;
        let reader = Reader { settings: &settings, confidence: args.confidence, takes_binary: args.filter.text };
        match reader.read(&file) {
            Ok(Some(found)) => contexts.add(&file.path, found, options),
            Ok(None) => {}
            Err(failure) => inputs.fail(&file.path, failure.message()?),
        }
    }
    let (places, found) = (contexts.places(), contexts.len());
    let contexts = contexts.most_doubtful(args.limit);
    match format {
        ReviewFormat::Html => outputs.write(page::page(&contexts).as_bytes())?,
        ReviewFormat::Json => {
            for line in forms::json_lines(&contexts) {
                outputs.write_line(&line)?;
            }
        }
        ReviewFormat::Tsv => {
            for line in forms::tsv_lines(&contexts) {
                outputs.write_line(&line)?;
            }
        }
    }
    outputs.finish()?;
    if !args.quiet {
        let left = found - contexts.contexts.len();
        let left = match left {
            0 => String::new(),
            left => message!("; {left} less doubtful ones are left out (--limit)", left),
        };
        let note = match (places, found) {
            (1, 1) => message!("1 doubtful place in 1 context{left}", left),
            (_, 1) => message!("{places} doubtful places in 1 context{left}", places, left),
            _ => message!("{places} doubtful places in {found} contexts{left}", places, found, left),
        };
        print::note(format_args!("{note}"));
    }
    inputs.finish(count)
}

const ANOTHER_FILE: &str = "write to another file";

/// Whether a file is empty, or begins as a review does.
fn is_review(path: &Path) -> Result<bool, Failure> {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(1024).read_to_end(&mut head));
    read.map_err(|error| Failure::io("read", print::name(path), &error))?;
    let head = String::from_utf8_lossy(&head);
    Ok(head.is_empty() || page::is_page(&head) || forms::is_form(&head))
}

/// The format that is named, or that the name of the output has.
fn format(args: &ReviewArgs) -> Result<ReviewFormat, Failure> {
    if let Some(format) = args.format {
        return Ok(format);
    }
    let Some(output) = &args.output else { return Ok(ReviewFormat::Json) };
    match output.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase()).as_deref() {
        Some("html" | "htm") => Ok(ReviewFormat::Html),
        Some("json" | "jsonl") => Ok(ReviewFormat::Json),
        Some("tsv" | "txt") => Ok(ReviewFormat::Tsv),
        _ => Err(Failure::Usage(message!(
            "{path}: its extension is no format of a review: --format html, json or tsv names it",
            path = print::name(output)
        ))),
    }
}

fn resolver(args: &ReviewArgs) -> SettingsResolver {
    let given = ConfigFile {
        from_encoding: args.from_encoding,
        extension: args.filter.extension.clone(),
        ..join::documents(join::conversion(&args.conversion), &args.documents)
    };
    SettingsResolver::new(Flags {
        given,
        isolated: args.conversion.isolated,
        settings: args.conversion.settings.clone(),
        // In standard input, marks count only with --marks.
        marks: !args.paths.is_empty(),
        search: args.conversion.configuration.path.clone(),
        ..Flags::default()
    })
}
