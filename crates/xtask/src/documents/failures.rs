//! What converters get wrong in documents: small ones, converted by s2twp, and what they must become.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read, Write},
};

use fanjian::{Config, Converter};
use fanjian_documents::{Format, Languages, Options, convert};
use import::Result;
use serde::Deserialize;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::peers::{self, Peer};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Failures {
    page: Page,
    docx: BTreeMap<String, String>,
    xlsx: BTreeMap<String, String>,
    epub: BTreeMap<String, String>,
    row: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    /// The format of an archive; none for a page.
    r#in: Option<String>,
    #[serde(default)]
    part: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    expected: String,
    #[serde(default)]
    html_only: bool,
    /// The archive itself is compared.
    #[serde(default)]
    archive: bool,
}

/// The part that a page is in, in a book.
const CHAPTER: &str = "OEBPS/头发.xhtml";

/// Converts each document by all converters. Returns the table, and whether this one got all right.
pub(super) fn run(with_peers: bool) -> Result<(String, bool)> {
    let failures: Failures = toml::from_str(include_str!("failures.toml"))?;
    let mut peers = if with_peers { peers::start()? } else { Vec::new() };
    let options = Options::new(Converter::new(Config::S2twp)).languages(Languages::of_config(Config::S2twp));
    let names: Vec<_> = peers.iter().map(Peer::name).collect();
    let mut table =
        format!("| | fanjian{} |\n|---|---|", names.iter().map(|name| format!(" | {name}")).collect::<String>());
    table += &"---|".repeat(peers.len());
    let mut is_good = true;
    for row in &failures.row {
        let page = failures.page.text.replace("{}", &row.source);
        let archive = failures.archive(row)?;
        let format: Format = row.r#in.as_deref().unwrap_or("html").parse()?;
        let own =
            |source: &[u8], format| Ok::<_, fanjian::Error>(convert(source, format, &options)?.bytes.into_owned());
        let mut is_right = true;
        if row.r#in.is_none() {
            is_right &= row.is_in(&String::from_utf8(own(page.as_bytes(), format)?)?);
        }
        if let Some((archive, format, part)) = &archive {
            is_right &= row.is_in_archive(archive, &own(archive, *format)?, part)?;
        }
        is_good &= is_right;
        let place = row.r#in.as_deref().map(|format| format!("{}: ", format.to_uppercase())).unwrap_or_default();
        table += &format!("\n| {place}{} | {} |", row.name, verdict(is_right));
        for peer in &mut peers {
            let answer = match &archive {
                Some((archive, format, part)) if peer.takes(*format) => {
                    let (converted, _) = peer.convert(archive, *format)?;
                    verdict(row.is_in_archive(archive, &converted, part)?)
                }
                _ if peer.takes(format) && !row.html_only => {
                    let (converted, _) = peer.convert(page.as_bytes(), format)?;
                    verdict(row.is_in(&String::from_utf8(converted)?))
                }
                _ => "–",
            };
            table += &format!(" {answer} |");
        }
    }
    Ok((table + "\n", is_good))
}

fn verdict(is_right: bool) -> &'static str {
    if is_right { "right" } else { "**wrong**" }
}

impl Failures {
    /// The archive of a row, with its format and the part that is looked at. None for a page that is no chapter.
    fn archive(&self, row: &Row) -> Result<Option<(Vec<u8>, Format, String)>> {
        let (format, parts) = match row.r#in.as_deref() {
            None if row.html_only => return Ok(None),
            None | Some("epub") => (Format::Epub, &self.epub),
            Some("docx") => (Format::Docx, &self.docx),
            Some("xlsx") => (Format::Xlsx, &self.xlsx),
            Some(other) => return Err(format!("failures.toml: '{other}' is no archive").into()),
        };
        let part = if row.r#in.is_none() { CHAPTER } else { &row.part };
        // One that has text to convert, so that it is written.
        let text = if row.archive {
            ("word/document.xml", "<w:p><w:r><w:t>头发</w:t></w:r></w:p>")
        } else {
            (part, &*row.source)
        };
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        // The type of a book comes first.
        let (first, others): (Vec<_>, Vec<_>) = parts.iter().partition(|(name, _)| *name == "mimetype");
        for (name, content) in first.into_iter().chain(others) {
            let stored = ["mimetype", "word/media/image1.svg"].contains(&name.as_str());
            let method = if stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
            let time = DateTime::from_date_and_time(2001, 2, 3, 4, 5, 6)?;
            writer
                .start_file(name, SimpleFileOptions::default().compression_method(method).last_modified_time(time))?;
            let content = content.replace("{}", if name == text.0 { text.1 } else { "" });
            writer.write_all(content.as_bytes())?;
        }
        Ok(Some((writer.finish()?.into_inner(), format, part.to_owned())))
    }
}

impl Row {
    fn is_in(&self, text: &str) -> bool {
        plain(text).contains(&plain(&self.expected))
    }

    fn is_in_archive(&self, source: &[u8], converted: &[u8], part: &str) -> Result<bool> {
        if self.archive {
            return Ok(listing(source)? == listing(converted)?);
        }
        let mut archive = ZipArchive::new(Cursor::new(converted))?;
        let Ok(mut part) = archive.by_name(part) else { return Ok(false) };
        let mut text = String::new();
        part.read_to_string(&mut text)?;
        Ok(self.is_in(&text))
    }
}

/// Name, method and time of each part.
fn listing(archive: &[u8]) -> Result<Vec<String>> {
    let mut archive = ZipArchive::new(Cursor::new(archive))?;
    let len = archive.len();
    let mut line = |at| -> Result<String> {
        let part = archive.by_index_raw(at)?;
        Ok(format!("{} {:?} {:?}", part.name()?, part.compression(), part.last_modified()))
    };
    (0..len).map(&mut line).collect()
}

/// A text whose entities of numbers are the characters that they stand for.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("&#") {
        plain.push_str(&rest[..at]);
        let end = rest[at..].find(';').map_or(rest.len(), |len| at + len + 1);
        let number = rest[at + 2..end].trim_end_matches(';');
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => number.parse().ok(),
        };
        match code.and_then(char::from_u32) {
            Some(character) => plain.push(character),
            None => plain.push_str(&rest[at..end]),
        }
        rest = &rest[end..];
    }
    plain + rest
}
