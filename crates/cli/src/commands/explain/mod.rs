//! `fanjian explain`: what decided a conversion.

use std::{
    io::{self, BufRead, Read},
    mem,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

use anstyle::{AnsiColor, Style};
use fanjian::{Decision, Error, InvalidUtf8, KeptWord, Replacement, ScriptHistory, Segment, Step};
use fanjian_documents::Group;
use serde_json::json;

use self::{
    forms::{detailed, object},
    place::{Place, Position},
};
use crate::{
    args::{commands::ExplainArgs, values::AnswerFormat},
    commands::{
        reasons::{self, Converted, bar, percent},
        rows::{change, printable},
        text,
    },
    error::{Failure, Status},
    io::{
        documents,
        encodings::{self, Decoder, NotFound},
        identity::Stream,
        input::{self, is_stdin},
        source::Source,
    },
    messages::{self, message},
    print::{self, Printer, escape},
    report::kinds::CLEAR,
    settings::{
        config_file::ConfigFile,
        join::{self, check_same_file},
        resolver::{FileSettings, Flags, SettingsResolver},
    },
    text::{
        decisions::{Decisions, Passage, within},
        document::LIMIT,
        lines::Lines,
    },
};

/// The styles of a line: places, what a text became, what stays, what decided, and probabilities.
const PLACE: Style = Style::new().dimmed();
const CHANGED: Style = AnsiColor::Green.on_default().bold();
const REASON: Style = Style::new();
const SURE: Style = AnsiColor::Green.on_default();
const LIKELY: Style = AnsiColor::Yellow.on_default();
const UNSURE: Style = AnsiColor::Red.on_default();

mod forms;
mod place;

pub(crate) fn run(args: &ExplainArgs) -> Result<Status, Failure> {
    let given = ConfigFile {
        marks: args.marks.then_some(true),
        ..join::own_words(join::configuration(&args.configuration), &args.own_words)
    };
    let decisions = args.decisions.decisions.as_deref().map(Decisions::read).transpose()?.map(Arc::new);
    let flags = |marks| Flags {
        given: given.clone(),
        isolated: args.isolated,
        settings: args.settings.clone(),
        search: args.configuration.path.clone(),
        marks,
        decisions: decisions.clone(),
        ..Flags::default()
    };
    // What is explained is what a file here would become, or the file that is named.
    let mut resolver = SettingsResolver::new(flags(false));
    let settings = resolver.find(Some(Path::new(".")))?;
    let mut explainer = Explainer::new(args, settings);
    if let Some(path) = args.input.as_deref().filter(|path| !is_stdin(path)) {
        explainer.settings = SettingsResolver::new(flags(true)).find(Some(path))?;
        explainer.file(args, path)?;
    } else if args.texts.is_empty() {
        input::announce_terminal();
        explainer.standard_input()?;
    }
    for text in &args.texts {
        let path = Path::new(text);
        if path.is_file() {
            let note = message!(
                "{path} is a file, whose text is explained (for its name as a text, use standard input)",
                path = print::name(path)
            );
            print::note(format_args!("fanjian: {note}"));
            let settings = SettingsResolver::new(flags(true)).find(Some(path))?;
            let before = mem::replace(&mut explainer.settings, settings);
            explainer.file(args, path)?;
            (explainer.settings, explainer.path) = (before, None);
        } else {
            explainer.name_config();
            explainer.whole(text)?;
            explainer.position = Position { line: explainer.position.line + 1, ..Position::default() };
        }
    }
    explainer.finish()
}

struct Explainer {
    settings: Arc<FileSettings>,
    /// The file that is explained. None: a text, or standard input.
    path: Option<PathBuf>,
    all: bool,
    verbose: bool,
    format: AnswerFormat,
    printer: Printer,
    /// Where the next text begins.
    position: Position,
    /// Where the text is, if it is one of a document.
    place: Option<Place>,
    /// What the text before that has shown of its script.
    history: ScriptHistory,
    /// The text before it that no entry decided: a line of it, or a part of one, is written as one.
    copied: String,
    /// Whether something was written, and how many characters were left out that have one form alone.
    has_written: bool,
    left_out: usize,
    /// The first of these, as long as nothing was written.
    brief: Vec<Brief>,
    /// Whether it was said which configuration is explained, where none is named.
    has_named_config: bool,
    /// Whether the place of a decision is not there any more.
    has_lost: bool,
}

/// A part that is only shown if there is nothing else to show.
struct Brief {
    position: Position,
    part: Option<String>,
    source: String,
    output: String,
    words: String,
}

/// How many of these are shown.
const MOST: usize = 8;

impl Explainer {
    fn new(args: &ExplainArgs, settings: Arc<FileSettings>) -> Explainer {
        let printer = Printer::new(args.color);
        // What is typed is explained line by line.
        let is_typed = args.texts.is_empty() && args.input.as_deref().is_none_or(is_stdin);
        Explainer {
            settings,
            path: None,
            all: args.all,
            verbose: args.verbose,
            format: args.format,
            printer: if args.no_pager || is_typed { printer } else { printer.paged() },
            position: Position::default(),
            place: None,
            history: ScriptHistory::default(),
            copied: String::new(),
            has_written: false,
            left_out: 0,
            brief: Vec::new(),
            has_named_config: false,
            has_lost: false,
        }
    }

    /// Says which configuration is explained, if nothing names one: it is not the target that most ask for.
    fn name_config(&mut self) {
        if self.settings.is_named || mem::replace(&mut self.has_named_config, true) {
            return;
        }
        let config = &self.settings.config;
        let note = message!("the conversion by {config} is explained; --to zh-TW, for example, names a target", config);
        print::note(format_args!("fanjian: {note}"));
    }

    /// Explains as much of standard input at a time as can be converted on its own: what a live pipe brings is
    /// explained when it comes.
    fn standard_input(&mut self) -> Result<(), Failure> {
        self.name_config();
        check_same_file(None, None, false, "")?;
        let fail = |error: &io::Error| Failure::io("read", "standard input", error);
        let converter = self.settings.text.converter.clone();
        // Marks count for all that follows, and decisions are found in a whole text.
        let is_held = !self.settings.text.rules.is_empty() || self.settings.text.decisions.is_some();
        let mut head = Vec::new();
        if Stream::Input.file().is_some() {
            io::stdin().take(encodings::HEAD_FOR_SCRIPT as u64).read_to_end(&mut head).map_err(|error| fail(&error))?;
            let beginning = String::from_utf8_lossy(&head);
            self.history = converter.prior(&self.settings.text.rules.unprotected(&beginning));
        }
        let mut stdin = head.chain(io::stdin().lock());
        let (mut text, mut line) = (String::new(), Vec::new());
        let (mut offset, mut asked) = (0, 0);
        loop {
            line.clear();
            stdin.read_until(b'\n', &mut line).map_err(|error| fail(&error))?;
            text.push_str(str::from_utf8(&line).map_err(|_| {
                let error = Error::invalid_utf8(&line, offset);
                Failure::Failed(message!(
                    "standard input: {error}; only UTF-8 can be explained (-i reads other encodings)",
                    error
                ))
            })?);
            offset += line.len() as u64;
            if line.is_empty() {
                self.parts(&text)?;
                return self.end_copied();
            }
            if text.len() < asked || is_held {
                continue;
            }
            // To ask again for each line costs time by the square of a text without boundaries.
            asked = match converter.boundary(&text) {
                Some(end) => {
                    self.explain(&text[..end], &[])?;
                    text.drain(..end);
                    0
                }
                None => 2 * text.len(),
            };
        }
    }

    /// Explains a file: a text, or the texts of a document.
    fn file(&mut self, args: &ExplainArgs, path: &Path) -> Result<(), Failure> {
        self.name_config();
        self.path = Some(path.to_owned());
        let fail = |message: String| Failure::Failed(format!("{}: {message}", print::name(path)));
        let mut bytes = Vec::new();
        let read = Source::open(path, false).and_then(|mut source| source.read(&mut bytes, LIMIT + 1));
        read.map_err(|failure| failure.of(&print::name(path)))?;
        if bytes.len() > LIMIT {
            return Err(fail(message!("more than {limit} MiB: explain a part of it", limit = LIMIT >> 20)));
        }
        let is_plain = self.settings.effective.plain == Some(true);
        let format = documents::format(path, &bytes, self.settings.text.document).filter(|_| !is_plain);
        let from = self.settings.from.unwrap_or(args.from_encoding);
        let Some(format) = format else {
            let found = encodings::find(&bytes, true, Some(from), true).map_err(|not_found| match not_found {
                NotFound::Uncertain(message) => fail(message),
                NotFound::NoText(why) => fail(why.to_string()),
            })?;
            let mut text = Vec::new();
            Decoder::new(found.encoding, InvalidUtf8::Replace, 0).push(&bytes, true, &mut text).map_err(fail)?;
            return self.whole(&String::from_utf8_lossy(&text));
        };
        let (groups, source) = text::document_texts(&bytes, format, from).map_err(fail)?;
        let source = Arc::new(Lines::new(source));
        let all: String = groups.iter().flat_map(|group| [group.text.as_str(), "\n"]).collect();
        self.history = self.settings.text.converter.prior(&all);
        let passages: Vec<_> =
            groups.iter().map(|Group { part, text, .. }| Passage { part: part.as_deref(), text }).collect();
        let fixed = self.decided(&passages);
        for (group, fixed) in groups.into_iter().zip(fixed) {
            self.position = Position::default();
            let text = group.text.clone();
            self.place = Some(Place { group, source: Arc::clone(&source) });
            self.explain(&text, &fixed)?;
            self.end_copied()?;
        }
        self.place = None;
        Ok(())
    }

    /// Explains a whole text.
    fn whole(&mut self, text: &str) -> Result<(), Failure> {
        self.history = self.settings.text.converter.prior(&self.settings.text.rules.unprotected(text));
        self.parts(text)?;
        self.end_copied()
    }

    /// Explains a text but for its protected regions.
    fn parts(&mut self, text: &str) -> Result<(), Failure> {
        let rules = Arc::clone(&self.settings.text.rules);
        let fixed = self.decided(&[Passage { part: None, text }]).concat();
        if rules.is_empty() {
            return self.explain(text, &fixed);
        }
        for (part, is_protected) in rules.parts(text) {
            let inside = within(&fixed, &part);
            let text = &text[part];
            if !is_protected {
                self.explain(text, &inside)?;
                continue;
            }
            self.end_copied()?;
            if !text.trim().is_empty() {
                let why = self.text_of(|| messages::text("protected by a pattern or by marks"));
                self.line(text, ["", text, ""], &[], &[], Some(&why))?;
            }
            self.position.pass(text);
        }
        Ok(())
    }

    /// What becomes what a person has decided, in each of these passages; and lines about what is not as it was.
    fn decided(&mut self, passages: &[Passage<'_>]) -> Vec<Vec<Replacement>> {
        let Some(decisions) = self.settings.text.decisions.clone() else { return vec![Vec::new(); passages.len()] };
        let (name, decisions) = match &self.path {
            Some(path) => (print::name(path), decisions.of_file(path)),
            None => (message!("standard input"), decisions),
        };
        let (fixed, decided) = decisions.find(passages);
        decided.lines().for_each(|line| print::note(format_args!("fanjian: {name}: {line}")));
        self.has_lost |= !decided.lost.is_empty();
        fixed
    }

    /// Explains a text, parts of which become something that was decided.
    fn explain(&mut self, text: &str, fixed: &[Replacement]) -> Result<(), Failure> {
        let converter = &self.settings.text.converter;
        let kept = converter.kept_words(text, self.history);
        let segments = converter.segments_replacing(text, fixed, &mut self.history)?;
        let converted = Converted::new(text, &segments);
        let mut kept = kept.iter().peekable();
        for Segment { source: place, output, decisions, .. } in &segments {
            let source = &text[place.clone()];
            let mut start = self.position;
            start.pass(&self.copied);
            if !decisions.is_empty() {
                self.end_copied()?;
                let reason = |decision| self.text_of(|| converted.reason(place, decision));
                let reasons: Vec<_> = decisions.iter().map(reason).collect();
                self.write(&converted, place, output, decisions, &reasons)?;
            } else {
                for part in source.split_inclusive('\n') {
                    self.copied.push_str(part);
                    if part.ends_with('\n') {
                        self.end_copied()?;
                    }
                }
            }
            while let Some(word) = kept.next_if(|word| word.source.start < place.end) {
                // A word that an own one or a term has taken the place of does not stay.
                let is_whole =
                    |part: &&Segment| part.source.start < word.source.end && part.source.end > word.source.start;
                let is_own = |segment: &Segment| {
                    let is_own =
                        |decision: &Decision| matches!(decision.step, Step::OwnEntry | Step::Protected | Step::Fixed);
                    segment.decisions.iter().any(is_own)
                };
                if word.source.start >= place.start && !segments.iter().filter(is_whole).any(is_own) {
                    let mut position = start;
                    position.pass(&text[place.start..word.source.start]);
                    self.kept(position, &converted, word)?;
                }
            }
        }
        Ok(())
    }

    /// A text of the answer, which is in English in JSON.
    fn text_of<T>(&self, text: impl FnOnce() -> T) -> T {
        messages::in_english_if(self.format == AnswerFormat::Json, text)
    }

    /// Writes the copied text, whatever follows it.
    fn end_copied(&mut self) -> Result<(), Failure> {
        let copied = mem::take(&mut self.copied);
        if copied.is_empty() {
            return Ok(());
        }
        if self.all {
            self.line(&copied, ["", &copied, ""], &[], &[], None)?;
        }
        self.position.pass(&copied);
        Ok(())
    }

    /// Writes a part that was decided about.
    fn write(
        &mut self,
        converted: &Converted<'_>,
        place: &Range<usize>,
        output: &str,
        decisions: &[Decision],
        reasons: &[reasons::Reason],
    ) -> Result<(), Failure> {
        let source = converted.source(place.clone());
        let is_choice = |decision: &Decision| matches!(decision.step, Step::Choice { .. });
        let has_one_form = decisions.iter().all(|decision| matches!(decision.step, Step::Character));
        let is_brief = self.format == AnswerFormat::Text && !self.verbose;
        let stays_for_certain = source == output
            && !decisions.is_empty()
            && decisions.iter().all(|decision| decision.probability().is_some_and(|it| it >= reasons::CERTAIN));
        if is_brief && (has_one_form || stays_for_certain) && !self.all {
            self.left_out += source.chars().count();
            if !self.has_written && source != output && self.brief.len() < MOST {
                let words: Vec<_> = reasons.iter().map(|reason| reason.words.as_str()).collect();
                self.brief.push(Brief {
                    position: self.shown(self.position),
                    part: self.part().map(str::to_owned),
                    source: source.to_owned(),
                    output: output.to_owned(),
                    words: words.join(", "),
                });
            }
        } else if self.all || source != output || decisions.iter().any(is_choice) {
            // A choice is shown with the word that speaks for it.
            let around = reasons.iter().find_map(|reason| reason.place.clone()).filter(|_| is_brief);
            let around = around.and_then(|around| {
                let before = converted.output(around.start..place.start)?;
                Some((converted.source(around.clone()), before, converted.output(place.end..around.end)?))
            });
            let (source, before, behind) = around.unwrap_or((source, String::new(), String::new()));
            self.line(source, [&before, output, &behind], decisions, reasons, None)?;
        }
        self.position.pass(source);
        Ok(())
    }

    fn line(
        &mut self,
        source: &str,
        parts: [&str; 3],
        decisions: &[Decision],
        reasons: &[reasons::Reason],
        why: Option<&str>,
    ) -> Result<(), Failure> {
        self.has_written = true;
        let output = parts.concat();
        if self.format == AnswerFormat::Json {
            let mut record = object(self.shown(self.position), source, &output, decisions, reasons);
            if let Some(part) = self.part() {
                record["part"] = part.into();
            }
            if let Some(why) = why {
                record["protected"] = why.into();
            }
            return self.printer.json(record);
        }
        self.write_place(self.shown(self.position), self.part().map(str::to_owned))?;
        if self.verbose {
            let lines = detailed(source, &output, decisions, reasons);
            return self.printer.text(REASON, &lines);
        }
        self.change(source, parts)?;
        // Of several choices of a part there is one, and the other decisions have no probability.
        if let Some(probability) = decisions.iter().find_map(Decision::probability) {
            let style = match probability {
                0.99.. => SURE,
                CLEAR.. => LIKELY,
                _ => UNSURE,
            };
            self.printer.text(style, &format!("  {}  {}", percent(probability), bar(probability)))?;
        }
        let words = match (reasons, why) {
            (_, Some(why)) => why.to_owned(),
            ([one], _) => one.words.clone(),
            _ => {
                let each = decisions.iter().zip(reasons);
                let each = each
                    .map(|(decision, reason)| format!("{}: {}", change(&decision.key, &decision.value), reason.words));
                each.collect::<Vec<_>>().join(", ")
            }
        };
        let words = if words.is_empty() { "\n".to_owned() } else { format!("  {words}\n") };
        self.printer.text(REASON, &words)
    }

    /// Writes a word that stays.
    fn kept(&mut self, position: Position, converted: &Converted<'_>, word: &KeptWord) -> Result<(), Failure> {
        let source = converted.source(word.source.clone());
        let output = converted.output(word.source.clone()).unwrap_or_else(|| source.to_owned());
        let why = self.text_of(|| reasons::kept(word, self.settings.effective.to));
        self.has_written = true;
        if self.format == AnswerFormat::Json {
            let mut record = object(self.shown(position), source, &output, &[], &[]);
            record["kept"] = json!({ "value": word.value, "why": word.reason.name(), "reason": why });
            if let Some(part) = self.part() {
                record["part"] = part.into();
            }
            return self.printer.json(record);
        }
        self.write_place(self.shown(position), self.part().map(str::to_owned))?;
        self.printer.text(REASON, &(message!("{text} kept  {why}", text = escape(&output), why) + "\n"))
    }

    /// The part of an archive that the text is in.
    fn part(&self) -> Option<&str> {
        self.place.as_ref()?.group.part.as_deref()
    }

    /// A position of the text as a position of the input.
    fn shown(&self, position: Position) -> Position {
        self.place.as_ref().map_or(position, |place| place.of_input(position))
    }

    fn write_place(&mut self, Position { line, column, .. }: Position, part: Option<String>) -> Result<(), Failure> {
        let part = part.map_or_else(String::new, |part| format!("{}:", print::name(part)));
        self.printer.text(PLACE, &format!("{part}{line}:{column}: "))
    }

    /// Writes what a text became, of which the middle part was decided.
    fn change(&mut self, source: &str, [before, decided, behind]: [&str; 3]) -> Result<(), Failure> {
        if source == [before, decided, behind].concat() {
            return self.printer.text(REASON, &message!("{text} stays", text = printable(source)));
        }
        self.printer.text(REASON, &format!("{} → {}", printable(source), escape(before)))?;
        self.printer.text(CHANGED, &printable(decided))?;
        if behind.is_empty() { Ok(()) } else { self.printer.text(REASON, &escape(behind)) }
    }

    fn finish(mut self) -> Result<Status, Failure> {
        let is_all = self.has_written;
        for Brief { position, part, source, output, words } in mem::take(&mut self.brief) {
            if is_all {
                break;
            }
            self.left_out -= source.chars().count();
            self.write_place(position, part)?;
            self.change(&source, ["", &output, ""])?;
            self.printer.text(REASON, &format!("  {words}\n"))?;
            self.has_written = true;
        }
        self.printer.flush()?;
        let left = self.left_out;
        let note = match (is_all, self.has_written) {
            (true, _) => None,
            (_, false) if left == 0 => Some(message!("nothing to explain: no character of the text has another form")),
            (_, false) => Some(message!(
                "nothing to explain: characters with one form alone, or that stay for certain: {count} (--all lists them)",
                count = left
            )),
            (_, true) if left > 0 => Some(message!(
                "left out: characters with one form alone, or that stay for certain: {count} (--all lists them)",
                count = left
            )),
            _ => None,
        };
        if let Some(note) = note {
            print::note(format_args!("fanjian: {note}"));
        }
        Ok(if self.has_lost { Status::Failed } else { Status::Done })
    }
}
