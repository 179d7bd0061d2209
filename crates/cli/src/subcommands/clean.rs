//! `fanjian clean`: takes out what a machine put into pages, and makes right text of them.

use std::{path::PathBuf, process::ExitCode};

use clap::{ArgAction, Args, CommandFactory, ValueEnum, error::ErrorKind};
use fanjian::Target;
use fanjian_clean::{GlossMode, Options, Thresholds};

use crate::{
    arguments::{self, Conversion, Encodings, Files, Format, Look, Manners, Pipe, Policy, Records, Show, Words},
    cleaning::Cleaning,
    convert,
    encodings::{self, Encoding},
    files, find,
    input::Input,
    output::Output,
    report::{Outcome, Report, State},
    run::Failure,
    settings::Finder,
    transform::Transform,
};

/// Clean web pages that a machine has converted and annotated
///
/// Finds glosses that a machine put into pages, as in 中國(guó)臺(tái)灣網(wǎng), tells of them, takes them out, mends what they
/// damaged, and converts what is left to a target. A text is looked at as a whole; without --to and --gloss, this only tells.
#[derive(Args)]
#[command(mut_arg("rename", |arg| arg.hide(true)))]
pub(crate) struct Arguments {
    /// Files, and folders of text files; standard input for none, and for -
    #[arg(value_name = "PATH", conflicts_with_all = ["input", "output"])]
    paths: Vec<PathBuf>,
    /// What to do with glosses: report tells of them, strip takes them out, repair also mends what they damaged, drop leaves texts
    /// with glosses out, off does not look for them. It is report, and with --to it is repair
    #[arg(long, value_name = "MODE", num_args = 0..=1, default_missing_value = "report")]
    gloss: Option<Mode>,
    #[command(flatten)]
    thresholds: GateArguments,
    /// Hold texts of up to so many bytes (k, m and g for KiB, MiB and GiB); longer ones go through unchanged, and that is told
    #[arg(long, value_name = "SIZE", default_value = "64m", value_parser = arguments::size)]
    limit: usize,
    /// Convert to this target, after that: zh-TW, zh-HK, zh-Hant or zh-Hans
    #[arg(long, value_name = "TAG", help_heading = "Conversion")]
    to: Option<Target>,
    /// Keep words, or take the region's own
    #[arg(long, value_name = "WORDS", help_heading = "Conversion", requires = "to")]
    vocabulary: Option<Words>,
    /// Leave lines that are Simplified, such as titles and lists around an article, as they are
    #[arg(long, help_heading = "Conversion", requires = "to")]
    keep_simplified: bool,
    /// Use the words of a dictionary before the built-in ones
    #[arg(long, value_name = "FILE", help_heading = "Conversion", requires = "to")]
    dict: Vec<PathBuf>,
    /// Leave the terms in FILE as they are, one on each line
    #[arg(long, value_name = "FILE", help_heading = "Conversion", requires = "to")]
    protect: Vec<PathBuf>,
    /// Read from FILE instead of standard input
    #[arg(short, long, value_name = "FILE", help_heading = "One text")]
    input: Option<PathBuf>,
    /// Write to FILE instead of standard output; it is replaced when all is done
    #[arg(short, long, value_name = "FILE", help_heading = "One text")]
    output: Option<PathBuf>,
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    look: Look,
    #[command(flatten)]
    encodings: Encodings,
    #[command(flatten)]
    manners: Manners,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mode {
    Off,
    Report,
    Strip,
    Drop,
    Repair,
}

/// When readings are taken for a machine's glosses.
#[derive(Args)]
#[command(next_help_heading = "When readings are glosses of a machine")]
struct GateArguments {
    /// So much of a character's occurrences has a gloss, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = Thresholds::default().share, value_parser = share)]
    gate_share: f64,
    /// So many characters have glosses, at least
    #[arg(long, value_name = "N", default_value_t = Thresholds::default().characters)]
    gate_characters: usize,
    /// So many glosses are there, at least
    #[arg(long, value_name = "N", default_value_t = Thresholds::default().glosses)]
    gate_glosses: usize,
    /// So much of all glosses is on characters that only Traditional text has, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = Thresholds::default().traditional, value_parser = share)]
    gate_traditional: f64,
    /// Only such characters have glosses
    #[arg(long, value_name = "BOOL", default_value_t = true, action = ArgAction::Set)]
    gate_only_traditional: bool,
    /// Glosses are readings of their characters, and not only syllables
    #[arg(long, value_name = "BOOL", default_value_t = true, action = ArgAction::Set)]
    gate_only_readings: bool,
    /// Glosses are in half-width parentheses, which touch their characters, without spaces
    #[arg(long, value_name = "BOOL", default_value_t = true, action = ArgAction::Set)]
    gate_only_touching: bool,
}

/// A share, from 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "not a number from 0 to 1".to_owned())
}

impl GateArguments {
    fn thresholds(&self) -> Thresholds {
        let mut thresholds = Thresholds::default();
        thresholds.share = self.gate_share;
        thresholds.characters = self.gate_characters;
        thresholds.glosses = self.gate_glosses;
        thresholds.traditional = self.gate_traditional;
        thresholds.only_traditional = self.gate_only_traditional;
        thresholds.only_readings = self.gate_only_readings;
        thresholds.only_touching = self.gate_only_touching;
        thresholds
    }
}

pub(super) fn run(given: &Arguments) -> Result<ExitCode, Failure> {
    let mode = match (given.gloss, given.to) {
        (Some(Mode::Off), _) => GlossMode::Off,
        (Some(Mode::Report), _) | (None, None) => GlossMode::Report,
        (Some(Mode::Strip), _) => GlossMode::Strip,
        (Some(Mode::Drop), _) => GlossMode::Drop,
        (Some(Mode::Repair), _) | (None, Some(_)) => GlossMode::Repair,
    };
    // What is told alone goes to standard output, as with --dry-run.
    let tells_only = mode == GlossMode::Report && given.to.is_none();
    let writes_files = given.files.in_place || given.files.output_dir.is_some() || given.output.is_some();
    let is_look = given.look.check || given.look.diff || given.look.dry_run;
    if given.files.rename {
        conflict("--rename goes with a conversion alone, not with clean");
    }
    if given.encodings.invalid_utf8 == Some(Policy::Pass) {
        conflict("--invalid-utf8 pass goes with a conversion alone: use strict or replace");
    }
    if tells_only && writes_files {
        conflict("nothing is written without --to and with --gloss report: use --gloss strip or repair");
    }
    if given.look.format == Format::Sarif {
        conflict("--format sarif has no results of cleaning: use json");
    }
    if mode == GlossMode::Drop && given.files.in_place {
        conflict("--gloss drop leaves whole texts out: use --output-dir, which gets the others, or standard output");
    }
    if given.look.format != Format::Text && !(tells_only || writes_files || is_look) {
        conflict("--format json would stand among the text: use --output, --output-dir, --in-place or --check");
    }
    let has_places = given.look.format == Format::Json;
    let thresholds = given.thresholds.thresholds();
    let options = Options::default().glosses(mode).thresholds(thresholds).keep_simplified(given.keep_simplified);
    let mut paths = find::with_list(&given.paths, &given.files.choice)?;
    let is_one = paths.is_empty() && given.files.choice.files_from.is_none();
    if is_one && (tells_only || is_look) {
        if given.output.is_some() {
            conflict("--output is for cleaned text: leave it out to look before writing");
        }
        paths.push(given.input.clone().unwrap_or_else(|| PathBuf::from("-")));
    }
    let is_files = !paths.is_empty() || !is_one;
    let arguments = given.as_main(Cleaning { options, limit: given.limit, has_places }, tells_only);
    let is_bad = if is_files { files::run(&arguments, &paths)? } else { one_text(&arguments)? };
    Ok(if is_bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Standard input or a file, to standard output or a file.
fn one_text(arguments: &arguments::Arguments) -> Result<bool, Failure> {
    let pipe = &arguments.pipe;
    if arguments.files.in_place || arguments.files.output_dir.is_some() || arguments.files.backup.is_some() {
        conflict("--in-place, --output-dir and --backup go with files: give them as PATH");
    }
    let local = Finder::new(arguments, false).find(None)?;
    let mut input = Input::open(pipe.input.as_deref())?;
    if let (Some(from), Some(to)) = (&pipe.input, &pipe.output)
        && to.is_file()
        && same_file::is_same_file(from, to).unwrap_or(false)
    {
        return Err(Failure::new(format!(
            "{} is both input and output: give it as PATH, with --in-place",
            from.display()
        )));
    }
    let mut head = Vec::new();
    let result = input.fill(&mut head, encodings::HEAD);
    let encoding = encodings::find(&head, head.len() < encodings::HEAD, local.from);
    input.put_back(head, result);
    let mut settings = local.settings.clone();
    settings.to.get_or_insert(Encoding::UTF_8);
    let mut output = Output::open(pipe.output.as_deref())?;
    let mut transform = Transform::new(&settings, encoding);
    convert::transform(&mut transform, input, &mut output, true)?;
    let found = transform.cleaned();
    let is_dropped = found.as_ref().is_some_and(|found| found.is_dropped);
    // A file that was there is not made empty for a text that is left out.
    if is_dropped {
        eprintln!("fanjian: the text has glosses, and is left out: nothing is written");
    } else {
        output.finish()?;
    }
    let name = pipe.input.clone().unwrap_or_else(|| PathBuf::from("-"));
    let mut outcome = Outcome::new(&name, true, if is_dropped { State::Dropped } else { State::Changed });
    (outcome.encoding, outcome.destination, outcome.cleaned) = (Some(encoding), pipe.output.clone(), found);
    let progress = crate::progress::Progress::new(None, false);
    let mut report = Report::new(arguments, &progress, false);
    report.tell(&outcome)?;
    report.finish(false)?;
    Ok(false)
}

impl Arguments {
    /// What the main command would be told.
    fn as_main(&self, cleaning: Cleaning, tells_only: bool) -> arguments::Arguments {
        let Arguments { files, look, encodings, manners, .. } = self;
        arguments::Arguments {
            paths: Vec::new(),
            conversion: Conversion::to(self.to, self.vocabulary, self.dict.clone(), self.protect.clone()),
            pipe: Pipe { input: self.input.clone(), output: self.output.clone(), noflush: None, line_buffered: false },
            files: files.clone(),
            look: Look { dry_run: look.dry_run || tells_only, ..look.clone() },
            encodings: encodings.clone(),
            manners: manners.clone(),
            show: Show::default(),
            records: Records::default(),
            subcommand: None,
            cleaning: Some(cleaning),
        }
    }
}

/// Ends the process as clap does for arguments that do not go together.
fn conflict(message: &str) -> ! {
    arguments::Arguments::command().error(ErrorKind::ArgumentConflict, message).exit()
}
