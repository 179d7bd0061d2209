//! `fanjian man`: manual pages.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use clap::Command;
use clap_mangen::Man;

use crate::{
    args::{commands::ManArgs, help, localized::localized},
    error::{Failure, Status},
    io::output::Output,
    messages::{self, message, translatable},
};

pub(crate) fn run(args: &ManArgs) -> Result<Status, Failure> {
    let mut top = localized(help::command());
    top.build();
    match &args.output_dir {
        Some(folder) => write_all(&top, folder)?,
        None => write(find(&top, &args.commands)?, args.commands.is_empty(), Output::open(None)?)?,
    }
    Ok(Status::Done)
}

/// The subcommand of these names.
fn find<'a>(top: &'a Command, names: &[String]) -> Result<&'a Command, Failure> {
    let mut command = top;
    for name in names {
        command = command.find_subcommand(name).ok_or_else(|| {
            let known: Vec<_> = subcommands(command).map(Command::get_name).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let command = command.get_bin_name().unwrap_or("fanjian");
            Failure::Usage(message!(
                "unknown subcommand '{name}' of {command}; expected one of {known}",
                name,
                command,
                known
            ))
        })?;
    }
    Ok(command)
}

/// The subcommands that have a page: `help` shows those of the others.
fn subcommands(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|command| command.get_name() != "help")
}

/// Writes the pages of a command and of all below it into a folder, such as `fanjian-dict-check.1`.
fn write_all(top: &Command, folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| Failure::io("create the folder", folder.display(), &error))?;
    let mut commands = vec![top];
    while let Some(command) = commands.pop() {
        let name = command.get_display_name().unwrap_or(command.get_name());
        let output = Output::open_file(&folder.join(format!("{name}.1")))?;
        write(command, std::ptr::eq(command, top), output)?;
        commands.extend(subcommands(command));
    }
    Ok(())
}

fn write(command: &Command, is_top: bool, mut output: Output) -> Result<(), Failure> {
    let page = page(command, is_top).map_err(|error| Failure::io("write", "the manual page", &error))?;
    output.write(&page)?;
    output.finish()
}

fn page(command: &Command, is_top: bool) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let man = Man::new(command.clone()).source(concat!("fanjian ", env!("CARGO_PKG_VERSION")));
    man.render_title(&mut page)?;
    // Lines are not stretched, and names of options not cut: Chinese has no spaces, and options have hyphens.
    writeln!(page, ".ad l\n.nh")?;
    man.render_name_section(&mut page)?;
    write!(page, "{}", synopsis(&mut command.clone()))?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    if is_top {
        for (heading, text) in help::manual_sections() {
            // As it is written, without filling.
            writeln!(page, ".SH \"{heading}\"\n.nf\n{}\n.fi", escaped(&text))?;
        }
    }
    if command.get_version().is_some() {
        man.render_version_section(&mut page)?;
    }
    Ok(in_language(page))
}

/// The section with the usage, as help has it: all options would be a page of their own.
fn synopsis(command: &mut Command) -> String {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").lines().map(str::trim);
    let lines: Vec<_> = usage.map(escaped).collect();
    format!(".SH SYNOPSIS\n{}\n", lines.join("\n.br\n"))
}

/// A text as roff reads it.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('-', "\\-")
}

/// The headings that every manual page has.
const HEADINGS: [&str; 6] = [
    translatable("NAME"),
    translatable("SYNOPSIS"),
    translatable("DESCRIPTION"),
    translatable("OPTIONS"),
    translatable("SUBCOMMANDS"),
    translatable("VERSION"),
];

/// The page with its headings in the chosen language. Values of options are lines of a text there, which has none in roff.
fn in_language(page: Vec<u8>) -> Vec<u8> {
    let mut page = String::from_utf8_lossy(&page).into_owned();
    for heading in HEADINGS {
        if let Some(translation) = messages::translation(heading) {
            page = page.replace(&format!("\n.SH {heading}\n"), &format!("\n.SH {translation}\n"));
        }
    }
    if !messages::is_english() {
        page = breakable(&page.replace("\n\\- ", "\n.br\n\\- "));
    }
    page.into_bytes()
}

/// A Chinese page whose lines may end behind punctuation before an option or a word of Latin letters, where roff lets none end by
/// itself.
fn breakable(page: &str) -> String {
    let mut breakable = String::with_capacity(page.len());
    for piece in page.split_inclusive(&['、', '，', '；', '：', '。', '）']) {
        if !breakable.is_empty() && piece.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '\\') {
            breakable.push_str("\\:");
        }
        breakable.push_str(piece);
    }
    breakable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_chinese_pages_can_end_between_words() {
        assert_eq!(breakable("有 line、column 和（a）b。\n"), "有 line、\\:column 和（a）\\:b。\n");
        assert_eq!(breakable("不改動，\\-\\-check 與\\fB-o\\fR\n"), "不改動，\\:\\-\\-check 與\\fB-o\\fR\n");
    }
}
