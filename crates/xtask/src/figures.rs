//! Figures in pages of documentation, between two marks, which a task writes.

use std::{fs, path::Path};

use import::Result;

use crate::machine;

const END: &str = "<!-- end of the figures -->";

/// Writes the figures of a long run into docs/reliability.md, with the date, the tools and the machine.
pub(crate) fn record(command: &str, date: &str, tools: &str, text: &str) -> Result<()> {
    let figures = format!("Run on {date} with {tools}, on {}. {}", machine::processor(), text.trim_end());
    write(&import::root().join("docs/reliability.md"), command, &figures)
}

/// Writes figures that a command has made into a page, between the mark that names the command and the next end.
pub(crate) fn write(path: &Path, command: &str, figures: &str) -> Result<()> {
    let page = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let begin = format!("<!-- figures: {command} -->\n");
    let parts = page.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, behind) =
        parts.ok_or_else(|| format!("{} has no marks for the figures of {command}", path.display()))?;
    Ok(fs::write(path, format!("{before}{begin}\n{figures}\n{END}{behind}"))?)
}
