//! `fanjian fill`: what a catalogue has not is taken from its sibling, converted.

use std::{
    fs::Metadata,
    io::ErrorKind as IoErrorKind,
    path::{Path, PathBuf},
    sync::Arc,
};

use fanjian::{ErrorKind, InvalidUtf8, Target};
use fanjian_documents::{Filled, Format, Languages, convert_text, fill, named_target};
use serde_json::json;

use crate::{
    args::{commands::FillArgs, values::AnswerFormat},
    error::{Failure, Status},
    io::{
        documents,
        encodings::{Advice, Decoder, Encoder, FileEncoding, FromEncoding, NotFound},
        identity::is_same_file,
        input::is_stdin,
        output::{self, Output},
        source::Source,
    },
    messages::{self, message, translatable},
    print,
    settings::{
        config_file::ConfigFile,
        join::{self, conflict},
        resolver::{FileSettings, Flags, SettingsResolver},
    },
    text::document::LIMIT,
};

pub(crate) fn run(args: &FillArgs) -> Result<Status, Failure> {
    check(args)?;
    let (path, shown) = (&*args.target, print::name(&args.target));
    let of = |path: &Path| {
        let name = if is_stdin(path) { "standard input".to_owned() } else { print::name(path) };
        move |failure: Failure| failure.of(&name)
    };
    let present = read(path).map_err(of(path))?;
    let source = read(&args.source).map_err(of(&args.source))?.ok_or_else(|| {
        Failure::failed("there is no such file: --from names the catalogue to fill from").of(&print::name(&args.source))
    })?;
    let head = present.as_ref().map_or(&source.bytes, |present| &present.bytes);
    let format = documents::format(path, head, args.format_of_input).filter(|format| format.is_filled());
    let format = format.ok_or_else(|| {
        let known: Vec<_> = Format::filled().map(|format| format.to_string()).collect();
        Failure::Usage(message!(
            "{path}: it is no catalogue that can be filled; --as names its format: {formats}",
            path = &shown,
            formats = known.join(", ")
        ))
    })?;
    // A catalogue of all languages is its own sibling.
    conflict(
        is_same_file(path, &args.source) && !matches!(format, Format::Xcstrings | Format::Json | Format::Yaml),
        &message!("{shown} is both TARGET and --from: name the catalogue in the other script", shown = &shown),
    )?;
    let present_text =
        |from| present.as_ref().map(|present| present.decoded(format, from).map_err(of(path))).transpose();
    // The encoding may be one of the settings, and they may be of the language that the text names.
    let settings = settings(args, &|| {
        let text = present_text(None).ok().flatten().map(|(text, _)| text).unwrap_or_default();
        named_target(path, &text, format)
    })?;
    let target = present_text(settings.from)?;
    let (source, encoding) = source.decoded(format, settings.from).map_err(of(&args.source))?;
    let options = &settings.text.documents;
    let Some((target, encoding)) = target else {
        let options = options.clone().languages(settings.languages.clone().of_path(path));
        let options = options.kept_encoding(Some(encoding.encoding.to_string()));
        let text = convert_text(&source, format, &options).map_err(Failure::from).map_err(of(&args.source))?.text;
        return made(args, &text, encoding);
    };
    let written = Some(encoding.encoding.to_string());
    // What has ASCII alone, as a new template does, may state any encoding, or none yet.
    let options = &match target.is_ascii() && encoding.encoding.is_utf_8() {
        true => options.clone().encoding(written),
        false => options.clone().kept_encoding(written),
    };
    let filled = fill(&target, &source, format, options).map_err(|error| {
        // Its place is in one of the two.
        let is_of_target = error.kind() != ErrorKind::Syntax || fill(&target, &target, format, options).is_err();
        of(if is_of_target { path } else { &args.source })(Failure::Failed(error.to_string()))
    })?;
    if args.check {
        report(args, translatable("missing"), &filled)?;
        let is_in_step = filled.added.is_empty() && filled.stale.is_empty();
        return Ok(if is_in_step { Status::Done } else { Status::Found });
    }
    let metadata = present.as_ref().and_then(|present| present.metadata.as_ref());
    let is_written = !args.in_place || filled.text != target;
    if is_written {
        write(args, &filled.text, (encoding, &args.target), metadata)?;
    }
    if args.format == AnswerFormat::Json {
        report(args, translatable("added"), &filled)?;
    } else if !args.quiet {
        let (added, stale) = (filled.added.len(), filled.stale.len());
        let source = print::name(&args.source);
        let stale = match stale {
            0 => String::new(),
            stale => message!("; {stale} not in {source} (--check lists them)", stale, source),
        };
        print::note(format_args!("fanjian: {shown}: {}", message!("{added} added{stale}", added, stale)));
    }
    Ok(Status::Done)
}

fn check(args: &FillArgs) -> Result<(), Failure> {
    let writes_file = args.in_place || args.output.as_deref().is_some_and(|path| !output::is_stdout(path));
    conflict(is_stdin(&args.target), "TARGET has to be a file: - (standard input) can be given to --from")?;
    conflict(
        args.format == AnswerFormat::Json && !args.check && !writes_file,
        "--format json needs --check, --in-place or --output: standard output has the catalogue",
    )?;
    let is_source = args.output.as_deref().is_some_and(|output| is_same_file(output, &args.source));
    conflict(is_source && !is_same_file(&args.target, &args.source), "--output cannot be the file that --from names")
}

/// A file that has been read.
struct Read {
    bytes: Vec<u8>,
    /// None for standard input.
    metadata: Option<Metadata>,
}

/// Reads a file. None if there is none.
fn read(path: &Path) -> Result<Option<Read>, Failure> {
    if !is_stdin(path) && path.symlink_metadata().is_err_and(|error| error.kind() == IoErrorKind::NotFound) {
        return Ok(None);
    }
    let mut source = Source::open(path, false)?;
    let mut bytes = Vec::new();
    source.read(&mut bytes, LIMIT + 1)?;
    if bytes.len() > LIMIT {
        return Err(Failure::Failed(message!("a document of more than {limit} MiB", limit = LIMIT >> 20)));
    }
    Ok(Some(Read { bytes, metadata: source.metadata }))
}

impl Read {
    /// The text, with its byte order mark.
    fn decoded(&self, format: Format, from: Option<FromEncoding>) -> Result<(String, FileEncoding), Failure> {
        let found =
            documents::find_encoding(Some(format), &self.bytes, true, from, false).map_err(|error| match error {
                NotFound::Uncertain(message) => Failure::Failed(message),
                NotFound::NoText(why) => Failure::Failed(why.to_string()),
            })?;
        let mut text = Vec::new();
        let mut decoder = Decoder::new(found.encoding, InvalidUtf8::Strict, 0).advising(Advice::Save);
        decoder.push(&self.bytes, true, &mut text).map_err(Failure::Failed)?;
        let text = String::from_utf8(text).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            Failure::Failed(message!(
                "not UTF-8, at byte {at}: save it as UTF-8, or as UTF-16 with a byte order mark",
                at
            ))
        })?;
        let encoding = found.encoding.of_text(text.as_bytes());
        Ok((text, FileEncoding { encoding, ..found }))
    }
}

/// The settings of the catalogue. The target is that of the command line, or of its `fanjian.toml` if its name and language
/// have no other, or of its name and language.
fn settings(args: &FillArgs, named: &dyn Fn() -> Option<Target>) -> Result<Arc<FileSettings>, Failure> {
    let given = ConfigFile { config: args.config.name.clone(), ..join::target(&args.conversion) };
    let given = join::own_words(given, &args.own_words);
    let find = |to: Option<Target>| {
        let given = ConfigFile { to: to.or(given.to), ..given.clone() };
        let (isolated, settings) = (args.isolated, args.settings.clone());
        let flags = Flags { given, isolated, settings, marks: true, ..Flags::default() };
        SettingsResolver::new(flags).find(Some(&args.target))
    };
    if given.to.is_some() || given.config.is_some() {
        return find(None);
    }
    let Some(named) = named() else {
        let without = ConfigFile { vocabulary: None, keep_words: Vec::new(), ..given.clone() };
        let flags =
            Flags { given: without, isolated: args.isolated, settings: args.settings.clone(), ..Flags::default() };
        if SettingsResolver::new(flags).find(Some(&args.target))?.is_named {
            return find(None);
        }
        return Err(Failure::Usage(message!(
            "{path}: neither its name nor its language names a target: --to does, as in --to zh-TW",
            path = print::name(&args.target)
        )));
    };
    // A configuration for this language says more than the language.
    let by_name = find(Some(named))?;
    if given.vocabulary.is_some() || !given.keep_words.is_empty() {
        return Ok(by_name);
    }
    let by_file = find(None)?;
    let is_same = by_file.languages.tag() == Languages::to_target(named, None).tag();
    Ok(if by_file.is_named && is_same { by_file } else { by_name })
}

/// A catalogue that was not there: the conversion of its sibling.
fn made(args: &FillArgs, text: &str, encoding: FileEncoding) -> Result<Status, Failure> {
    let (shown, source) = (print::name(&args.target), print::name(&args.source));
    if args.check {
        let mut output = Output::open(None)?;
        output.write_line(&match args.format {
            AnswerFormat::Text => message!("{shown}: missing: the file", shown),
            AnswerFormat::Json => json!({ "path": args.target.display().to_string(), "kind": "missing" }).to_string(),
        })?;
        output.finish()?;
        return Ok(Status::Found);
    }
    write(args, text, (encoding, &args.source), None)?;
    if args.format == AnswerFormat::Json {
        let mut output = Output::open(None)?;
        output.write_line(&json!({ "path": args.target.display().to_string(), "kind": "made" }).to_string())?;
        output.finish()?;
    } else if !args.quiet {
        let note = message!("{shown}: there was no such file: it is {source}, converted as a whole", shown, source);
        print::note(format_args!("fanjian: {note}"));
    }
    Ok(Status::Done)
}

/// Writes a catalogue where it was asked for, in the encoding of the file that is named. `present` is that of the catalogue as it
/// was read.
fn write(
    args: &FillArgs,
    text: &str,
    (encoding, of): (FileEncoding, &Path),
    present: Option<&Metadata>,
) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    Encoder::new(encoding.encoding, None)
        .advising(Advice::Save)
        .push(text.as_bytes(), true, &mut bytes)
        .map_err(|message| Failure::Failed(message).of(&print::name(of)))?;
    let place: Option<&PathBuf> = if args.in_place { Some(&args.target) } else { args.output.as_ref() };
    let mut output = Output::open(place.map(PathBuf::as_path))?;
    if let Some(present) = present.filter(|_| place.is_some_and(|place| is_same_file(place, &args.target))) {
        output.expects(present);
    }
    output.write(&bytes)?;
    output.finish()
}

/// Writes a line for each message that was or is to be added, and for each that the sibling has not.
fn report(args: &FillArgs, kind: &str, filled: &Filled) -> Result<(), Failure> {
    let path = &args.target;
    let added = filled.added.iter().zip(&filled.added_lines).map(|(key, line)| (kind, key, line));
    let stale = filled.stale.iter().zip(&filled.stale_lines).map(|(key, line)| (translatable("stale"), key, line));
    let mut output = Output::open(None)?;
    for (kind, key, line) in added.chain(stale) {
        output.write_line(&match args.format {
            AnswerFormat::Text => {
                format!("{}:{line}: {}: {}", print::name(path), messages::text(kind), print::escape(key))
            }
            AnswerFormat::Json => {
                json!({ "path": path.display().to_string(), "kind": kind, "key": key, "line": line }).to_string()
            }
        })?;
    }
    output.finish()
}
