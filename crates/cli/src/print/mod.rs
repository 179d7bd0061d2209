//! Standard output and standard error: the only module that prints, and it never panics.

use std::{
    borrow::Cow,
    fmt,
    io::{self, IsTerminal, Write},
    mem,
    path::Path,
};

use anstream::{AutoStream, ColorChoice, stream::RawStream};
use anstyle::{AnsiColor, Style};
use fanjian_dictionary::named;

use self::pager::Pager;
use crate::error::Failure;

pub(crate) mod pager;

named! {
    /// When output is coloured.
    #[derive(Default)]
    pub(crate) enum Color: "choice of colours" {
        #[default]
        Auto "auto" "on a terminal, unless NO_COLOR is set",
        Always "always" "always",
        Never "never" "never",
    }
}

/// A name in a form for one line and for a terminal: control characters, and those that turn the direction of text,
/// are escaped.
pub(crate) fn name(name: impl AsRef<Path>) -> String {
    escape(&name.as_ref().to_string_lossy())
}

/// The text in a form for one line, as [`name`] has it.
pub(crate) fn escape(text: &str) -> String {
    escape_but(text, &[])
}

/// Whether a terminal obeys a character rather than showing it.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text with control characters escaped, but these.
pub(crate) fn escape_but(text: &str, kept: &[char]) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) && !kept.contains(&character) {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// The text as that of an HTML page.
pub(crate) fn markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Whether standard output is coloured.
pub(crate) fn is_coloured(color: Color) -> bool {
    choice(color, &io::stdout()) != ColorChoice::Never
}

/// Whether people look at standard output: a terminal, or what is coloured as for one.
pub(crate) fn is_for_people(color: Color) -> bool {
    io::stdout().is_terminal() || color == Color::Always
}

fn choice(color: Color, stream: &impl RawStream) -> ColorChoice {
    match color {
        Color::Auto => AutoStream::choice(stream),
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    }
}

/// Where standard output of a report goes.
struct Stdout {
    direct: io::Stdout,
    /// Whether a pager is wanted, when there is something to show.
    wants_pager: bool,
    /// The pager that gets it.
    pager: Option<Pager>,
}

impl Stdout {
    fn stream(&mut self) -> &mut (dyn Write + Send + 'static) {
        if mem::take(&mut self.wants_pager) {
            self.pager = Pager::start();
        }
        match &mut self.pager {
            Some(pager) => pager,
            None => &mut self.direct,
        }
    }
}

/// Prints lines for people and programs, with or without colours.
///
/// Names and texts may have control characters. A terminal never gets them as they are; a file gets those of a text
/// exactly, so that a diff can be applied.
pub(crate) struct Printer {
    stdout: Stdout,
    choice: ColorChoice,
    stderr: AutoStream<io::Stderr>,
    is_terminal: bool,
    /// What is to be written to standard error when the pager has ended.
    waiting: Vec<u8>,
}

/// Whether JSON may have a control character as it is.
fn is_c1(character: char) -> bool {
    matches!(character, '\u{7f}'..='\u{9f}')
}

const ERROR: Style = AnsiColor::Red.on_default().bold();

impl Printer {
    pub(crate) fn new(color: Color) -> Printer {
        let (stdout, stderr) = (io::stdout(), io::stderr());
        let (choice, is_terminal) = (choice(color, &stdout), stdout.is_terminal());
        let stderr = AutoStream::new(stderr, self::choice(color, &io::stderr()));
        let stdout = Stdout { direct: stdout, wants_pager: false, pager: None };
        Printer { stdout, choice, stderr, is_terminal, waiting: Vec::new() }
    }

    /// The same through a pager.
    pub(crate) fn paged(mut self) -> Printer {
        self.stdout.wants_pager = true;
        self
    }

    /// Writes a line to standard output.
    pub(crate) fn line(&mut self, line: &str) -> Result<(), Failure> {
        self.write(format_args!("{}\n", for_terminal(line)))
    }

    /// Writes a line of texts in their styles to standard output.
    pub(crate) fn styled(&mut self, texts: &[(Style, String)]) -> Result<(), Failure> {
        for (style, text) in texts {
            self.write(format_args!("{style}{}{style:#}", for_terminal(text)))?;
        }
        self.write(format_args!("\n"))
    }

    /// Writes a JSON value, and a line feed, to standard output.
    pub(crate) fn json(&mut self, value: impl fmt::Display) -> Result<(), Failure> {
        let mut json = value.to_string();
        if json.contains(is_c1) {
            // They are only within strings. serde_json escapes those below.
            let escape = |character: char| match is_c1(character) {
                true => format!("\\u{:04x}", u32::from(character)),
                false => character.to_string(),
            };
            json = json.chars().map(escape).collect();
        }
        self.write(format_args!("{json}\n"))
    }

    /// Writes a piece of text in this style to standard output.
    pub(crate) fn text(&mut self, style: Style, text: &str) -> Result<(), Failure> {
        if text.is_empty() {
            return Ok(());
        }
        let text = if self.is_terminal { for_terminal(text) } else { Cow::Borrowed(text) };
        match self.choice {
            // The stream would take control characters out of the text, too.
            ColorChoice::Never => self.stdout.stream().write_all(text.as_bytes()).map_err(cannot_print),
            _ => self.write(format_args!("{style}{text}{style:#}")),
        }
    }

    fn write(&mut self, text: fmt::Arguments<'_>) -> Result<(), Failure> {
        AutoStream::new(self.stdout.stream(), self.choice).write_fmt(text).map_err(cannot_print)
    }

    /// Writes a line to standard error. If that fails, there is no place left to say so: the exit status has to.
    pub(crate) fn note(&mut self, line: &str) {
        self.write_error(format_args!("{}\n", for_terminal(line)));
    }

    /// Writes a message about a failure to standard error.
    pub(crate) fn error(&mut self, message: &str) {
        self.write_error(format_args!("{ERROR}fanjian:{ERROR:#} {}\n", for_terminal(message)));
    }

    fn write_error(&mut self, text: fmt::Arguments<'_>) {
        let _ = match self.stdout.pager {
            // It has the terminal.
            Some(_) => self.waiting.write_fmt(text),
            None => self.stderr.write_fmt(text),
        };
    }

    /// Sends what was written to standard output on its way. A pager has got all, and has ended.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        if self.stdout.pager.take().is_some() {
            let _ = self.stderr.write_all(&mem::take(&mut self.waiting));
        }
        self.stdout.direct.flush().map_err(cannot_print)
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        // Failures are reported, also if the pager was left before the end.
        let _ = self.flush();
    }
}

/// Whether a text of several lines has characters that a terminal obeys.
pub(crate) fn is_obeyed(text: &str) -> bool {
    text.contains(|character| is_hidden(character) && !matches!(character, '\n' | '\t'))
}

/// Text of several lines in which control characters are escaped.
fn for_terminal(text: &str) -> Cow<'_, str> {
    match is_obeyed(text) {
        false => Cow::Borrowed(text),
        true => Cow::Owned(escape_but(&text.replace("\r\n", "\n"), &['\n', '\t'])),
    }
}

fn cannot_print(error: io::Error) -> Failure {
    Failure::io("write", "standard output", &error)
}

/// Writes a line without colours to standard error, as [`Printer::note`] does.
pub(crate) fn note(line: fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{}", for_terminal(&line.to_string()));
}

/// The stream of converted text.
pub(crate) fn stdout() -> io::Stdout {
    io::stdout()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hidden_reaches_a_terminal() {
        assert_eq!(name("头\u{1b}[2J\n\u{202e}"), "头\\u{1b}[2J\\n\\u{202e}");
        assert_eq!(for_terminal("+头\u{9b}\0\t\r\n"), "+头\\u{9b}\\u{0}\t\n");
        assert!(matches!(for_terminal("头\n"), Cow::Borrowed(_)));
    }
}
