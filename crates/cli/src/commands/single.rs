//! One text, as OpenCC's command takes it: standard input or a file, to standard output or a file.

use std::{
    fs::Metadata,
    io::{self, IsTerminal},
    path::{Path, PathBuf},
    sync::Arc,
};

use fanjian::Converter;
use fanjian_documents::Format;

use crate::{
    error::{Failure, Status},
    io::{
        documents,
        encodings::{self, Encoding, FileEncoding, FromEncoding, HEAD},
        input::Input,
        output::Output,
        progress::Progress,
    },
    messages::{self, message},
    print,
    report::{
        Report,
        options::ReportOptions,
        outcome::{Outcome, State},
    },
    settings::{
        join::check_json,
        resolver::{FileSettings, SettingsResolver},
        task::{Destination, OpenccJson},
    },
    text::{inspect, overlooked_marks, parallel, stream, transform::Transform, unclosed_mark},
};

/// Converts or cleans a text.
pub(crate) fn convert(
    path: Option<&Path>,
    mut settings: SettingsResolver,
    destination: &Destination,
    options: &ReportOptions,
    threads: usize,
) -> Result<Status, Failure> {
    let mut settings = settings.find(None)?;
    if let (Some(path), Some(decisions)) = (path, settings.text.decisions.clone()) {
        Arc::make_mut(&mut settings).text.decisions = Some(decisions.of_file(path));
    }
    let mut input = open_input(path, destination, options)?;
    let flushes = destination.flushes();
    let text = &settings.text;
    if text.cleaning.is_some() {
        return clean(path, input, &settings, destination, options).map(|()| Status::Done);
    }
    let mut decided = None;
    let mut output = open_output(destination, &input)?;
    if text.document.is_some_and(Format::is_container) {
        let mut transform = Transform::new(text, FileEncoding::BYTES, None);
        stream::transform(&mut transform, input, &mut output, flushes)?;
        decided = transform.decided();
    } else if !is_plain(&settings) {
        let (mut input, found) = find_encoding(input, text.document, settings.from)?;
        let name = input.name().to_owned();
        let head = look_ahead(&mut input, &settings);
        let mut transform = transform(&settings, found, head.as_deref());
        stream::transform(&mut transform, input, &mut output, flushes)?;
        if let Some(line) = transform.unclosed_mark().filter(|_| !options.quiet) {
            print::note(format_args!("fanjian: {name}: {}", unclosed_mark(line)));
        }
        decided = transform.decided();
        if let Some(marks) = transform.overlooked_marks().filter(|_| options.verbose) {
            print::note(format_args!("fanjian: {name}: {}", overlooked_marks(marks)));
        }
    } else {
        let head = look_ahead(&mut input, &settings);
        let prior = head.map(|head| text.converter.prior(&String::from_utf8_lossy(&head))).unwrap_or_default();
        if threads > 1 {
            parallel::convert(&text.converter, input, text.invalid, prior, (&mut output, flushes), threads)?;
        } else {
            let stream = text.converter.stream().invalid_utf8(text.invalid).with_history(prior);
            stream::convert(stream, input, &mut output, flushes)?;
        }
    }
    output.finish()?;
    let decided = decided.unwrap_or_default();
    let name = path.map_or_else(|| messages::text("standard input"), print::name);
    for line in decided.lines().filter(|_| !options.quiet || !decided.lost.is_empty()) {
        print::note(format_args!("fanjian: {name}: {line}"));
    }
    Ok(if decided.lost.is_empty() { Status::Done } else { Status::Failed })
}

/// The beginning of the input, for the script of its first lines: of a regular file alone. What is there of a pipe depends
/// on when it is read, and what a live one brings is not to wait.
fn look_ahead(input: &mut Input, settings: &FileSettings) -> Option<Vec<u8>> {
    input.opened().metadata.as_ref().filter(|_| settings.decides_script())?;
    let mut head = Vec::new();
    let result = input.fill(&mut head, encodings::HEAD_FOR_SCRIPT);
    input.put_back(head.clone(), result);
    Some(head)
}

/// Writes JSON about the conversion of a text.
pub(crate) fn json(
    path: Option<&Path>,
    json: OpenccJson,
    mut settings: SettingsResolver,
    destination: &Destination,
    options: &ReportOptions,
) -> Result<(), Failure> {
    let settings = settings.find(None)?;
    let text = &settings.text;
    let (converter, invalid) = (&text.converter, text.invalid);
    // A file of settings may have them, too.
    check_json(invalid, text.to, text.replacement.is_some())?;
    if json == OpenccJson::Segmentation {
        check_segmentation(converter, &settings)?;
    }
    let (input, found) = find_encoding(open_input(path, destination, options)?, None, settings.from)?;
    let mut output = open_output(destination, &input)?;
    let lines = inspect::Lines::new(input, found, invalid);
    match json {
        OpenccJson::Segmentation => inspect::lines(converter, lines, &mut output, inspect::segmentation)?,
        OpenccJson::Inspection => inspect::lines(converter, lines, &mut output, inspect::inspection)?,
        OpenccJson::Ambiguities => inspect::ambiguities(converter, lines, &mut output)?,
    }
    output.finish()
}

fn check_segmentation(converter: &Converter, settings: &FileSettings) -> Result<(), Failure> {
    match converter.has_segmentation() {
        true => Ok(()),
        false => {
            let name = settings.effective.to.map_or(settings.config.as_str(), |to| to.tag());
            Err(Failure::Usage(message!(
                "--segmentation cannot be combined with {config}, which has none",
                config = name
            )))
        }
    }
}

/// Cleans a text, as a whole, and reports the findings.
fn clean(
    path: Option<&Path>,
    mut input: Input,
    settings: &FileSettings,
    destination: &Destination,
    options: &ReportOptions,
) -> Result<(), Failure> {
    let document = settings.text.document;
    let found = match document.is_some_and(Format::is_container) {
        true => FileEncoding::BYTES,
        false => look_at_head(&mut input, document, settings.from)?,
    };
    let mut output = open_output(destination, &input)?;
    let mut transform = transform(settings, found, None);
    // Who types a text waits for nothing.
    let is_regular = input.opened().metadata.is_some();
    let progress =
        Progress::of_one_step("cleaning", options.has_progress && is_regular && leaves_terminal(destination));
    stream::transform(&mut transform, input, &mut output, true)?;
    progress.finish();
    let findings = transform.cleaned();
    let is_dropped = findings.as_ref().is_some_and(|findings| findings.is_dropped);
    // A file that was there is not made empty for a text that is left out.
    if is_dropped {
        let note = messages::text("the text has glosses, and is left out: nothing is written");
        print::note(format_args!("fanjian: {note}"));
    } else {
        output.finish()?;
    }
    let name = path.map_or_else(|| PathBuf::from("-"), Path::to_owned);
    let mut outcome = Outcome::new(&name, true, if is_dropped { State::Dropped } else { State::Changed });
    (outcome.encoding, outcome.cleaned, outcome.document) = (Some(found), findings, transform.document());
    if let Destination::File { path, .. } = destination {
        outcome.destination = Some(path.clone());
    }
    let progress = Progress::new(None, false);
    let mut report = Report::new(options, &progress, false);
    report.add(&outcome)?;
    report.finish(false)
}

fn transform(settings: &FileSettings, found: FileEncoding, head: Option<&[u8]>) -> Transform {
    let mut text = settings.text.clone();
    text.to.get_or_insert(Encoding::UTF_8);
    Transform::new(&text, found, head)
}

/// Whether the text is UTF-8, stays so, and is converted in full.
fn is_plain(settings: &FileSettings) -> bool {
    let text = &settings.text;
    settings.from.is_none_or(FromEncoding::is_utf_8)
        && text.to.is_none_or(Encoding::is_utf_8)
        && text.rules.is_empty()
        && text.document.is_none()
        && text.decisions.is_none()
}

/// The encoding of the input, which is looked at only if it is to be detected, or may be stated.
fn find_encoding(
    mut input: Input,
    format: Option<Format>,
    from: Option<FromEncoding>,
) -> Result<(Input, FileEncoding), Failure> {
    let found = match (format, from) {
        (None, Some(FromEncoding::Given(_)) | None) => find(&input, format, b"", false, from)?,
        _ => look_at_head(&mut input, format, from)?,
    };
    Ok((input, found))
}

/// The encoding of the input, by its beginning.
fn look_at_head(
    input: &mut Input,
    format: Option<Format>,
    from: Option<FromEncoding>,
) -> Result<FileEncoding, Failure> {
    let mut head = Vec::new();
    let result = input.fill(&mut head, HEAD);
    let found = find(input, format, &head, head.len() < HEAD, from)?;
    input.put_back(head, result);
    Ok(found)
}

/// One text is text, whatever it has.
fn find(
    input: &Input,
    format: Option<Format>,
    head: &[u8],
    is_whole: bool,
    from: Option<FromEncoding>,
) -> Result<FileEncoding, Failure> {
    documents::find_encoding(format, head, is_whole, from, true)
        .map_err(|not_found| Failure::Failed(format!("{}: {not_found}", input.name())))
}

fn open_input(path: Option<&Path>, destination: &Destination, options: &ReportOptions) -> Result<Input, Failure> {
    let mut input = Input::open(path)?;
    // Cleaning begins when the text has been read.
    if leaves_terminal(destination) && options.has_progress && !options.is_cleaning {
        let len = input.opened().metadata.as_ref().map(Metadata::len);
        input.show_progress(len);
    }
    Ok(input)
}

/// Whether the output is not on the terminal, so that progress can be.
fn leaves_terminal(destination: &Destination) -> bool {
    matches!(destination, Destination::File { .. }) || !io::stdout().is_terminal()
}

fn open_output(destination: &Destination, input: &Input) -> Result<Output, Failure> {
    let Destination::File { path, durability, .. } = destination else { return Output::open(None) };
    let mut output = Output::open(Some(path))?.with_durability(*durability);
    if let Some(metadata) = input.opened().replaced_by(path) {
        output.expects(metadata);
    }
    Ok(output)
}
