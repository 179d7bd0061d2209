//! Speed of documents, next to that of the same text without markup, and to unpacking and packing alone.

use std::{
    fmt::Write as _,
    hint::black_box,
    io::{Cursor, Read, Write as _},
};

use cpu_time::ProcessTime;
use fanjian::{Config, Converter, Target};
use fanjian_documents::{Format, Languages, Options, convert};
use import::Result;
use measure::{grouped, median};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::peers;
use crate::texts;

const ROUNDS: usize = 7;

/// Names and bytes of the parts of an archive.
type Parts = Vec<(String, Vec<u8>)>;

/// A document with the text that it is made of.
struct Document {
    name: &'static str,
    format: Format,
    bytes: Vec<u8>,
}

/// Measures CPU time, the median of several rounds. Returns a table.
pub(super) fn run(with_peers: bool) -> Result<String> {
    let natural = texts::natural()?;
    let lines: Vec<&str> = natural[0].text.lines().filter(|line| !line.trim().is_empty()).collect();
    let text = lines.join("\n");
    let documents = [
        Document { name: "HTML, much text", format: Format::Html, bytes: page(&lines, false).into_bytes() },
        Document { name: "HTML, much markup", format: Format::Html, bytes: page(&lines, true).into_bytes() },
        Document { name: "SubRip", format: Format::Srt, bytes: subtitles(&lines).into_bytes() },
        Document { name: "JSON", format: Format::Json, bytes: json(&lines)?.into_bytes() },
        Document { name: "EPUB", format: Format::Epub, bytes: book(&lines)? },
        Document { name: "DOCX", format: Format::Docx, bytes: word(&lines)? },
    ];
    let mut table =
        "| | MB | conversion | MB/s of CPU time | the same, of its text alone | ratio |\n|---|---|---|---|---|---|\n"
            .to_owned();
    let converters = [
        ("s2t", Converter::new(Config::S2t), Languages::of_config(Config::S2t)),
        ("s2twp", Converter::new(Config::S2twp), Languages::of_config(Config::S2twp)),
        ("zh-TW", Converter::for_target(Target::Taiwan), Languages::to_target(Target::Taiwan, None)),
    ];
    let mut peers = if with_peers { peers::start()? } else { Vec::new() };
    for Document { name, format, bytes } in &documents {
        let (all, size) = match format.is_container() {
            true => unpacked(bytes)?,
            false => (Vec::new(), bytes.len()),
        };
        let speed = |seconds: f64| size as f64 / 1e6 / seconds;
        for (conversion, converter, languages) in &converters {
            let options = Options::new(converter.clone()).languages(languages.clone());
            let plain = seconds(|| {
                black_box(converter.convert(&text));
                Ok(())
            })?;
            let document = seconds(|| convert(bytes, *format, &options).map(drop).map_err(Into::into))?;
            let (of_document, of_text) = (speed(document), text.len() as f64 / 1e6 / plain);
            writeln!(
                table,
                "| {name} | {:.1} | {conversion} | {} | {} | {:.2} |",
                size as f64 / 1e6,
                grouped(of_document.round()),
                grouped(of_text.round()),
                of_document / of_text
            )?;
        }
        if format.is_container() {
            let packing = seconds(|| repacked(&all).map(drop))?;
            let unpacking = seconds(|| unpacked(bytes).map(drop))?;
            let both = grouped(speed(packing + unpacking).round());
            writeln!(table, "| {name} | {:.1} | unpacked and packed alone | {both} | | |", size as f64 / 1e6)?;
        }
        for peer in
            peers.iter_mut().filter(|peer| peer.takes(*format) && ["html", "epub", "docx"].contains(&format.name()))
        {
            let mut times = Vec::new();
            for _ in 0..3 {
                times.push(peer.convert(bytes, *format)?.1);
            }
            let of_peer = grouped(speed(median(&times)));
            writeln!(table, "| {name} | {:.1} | s2twp, {} | {of_peer} | | |", size as f64 / 1e6, peer.name())?;
        }
    }
    Ok(table)
}

/// The median of the CPU time of several runs, after one that is not counted.
fn seconds(mut run: impl FnMut() -> Result<()>) -> Result<f64> {
    run()?;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let start = ProcessTime::now();
        run()?;
        times.push(start.elapsed().as_secs_f64());
    }
    Ok(median(&times))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A page of paragraphs; with much markup, one as a site's templates make them.
fn page(lines: &[&str], has_markup: bool) -> String {
    let mut page =
        "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>评论</title></head><body>\n"
            .to_owned();
    for (number, line) in lines.iter().enumerate() {
        let line = escaped(line);
        let middle = line.char_indices().nth(line.chars().count() / 2).map_or(0, |(at, _)| at);
        let (front, behind) = line.split_at(middle);
        page += &match has_markup {
            true => format!(
                "<div class=\"item item-{number}\" data-id=\"{number}\"><a class=\"link\" href=\"/item/{number}.html\" \
                 title=\"评论\"><span class=\"text\">{front}</span></a><em>{behind}</em><br></div>\n"
            ),
            false => format!("<p>{front}<b>{behind}</b></p>\n"),
        };
    }
    page + "</body></html>\n"
}

fn subtitles(lines: &[&str]) -> String {
    let cue = |(number, line): (usize, &&str)| {
        let (minute, second) = (number / 60 % 60, number % 60);
        format!("{}\n01:{minute:02}:{second:02},000 --> 01:{minute:02}:{second:02},900\n<i>{line}</i>\n\n", number + 1)
    };
    lines.iter().enumerate().map(cue).collect()
}

fn json(lines: &[&str]) -> Result<String> {
    let values: Vec<_> = lines.iter().map(|line| serde_json::json!({ "id": 1, "text": line })).collect();
    Ok(serde_json::to_string_pretty(&values)?)
}

fn book(lines: &[&str]) -> Result<Vec<u8>> {
    let mut parts = vec![
        ("mimetype".to_owned(), "application/epub+zip".to_owned()),
        (
            "META-INF/container.xml".to_owned(),
            "<container xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles><rootfile \
             full-path=\"content.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>"
                .to_owned(),
        ),
    ];
    let mut items = String::new();
    for (number, lines) in lines.chunks(500).enumerate() {
        items += &format!("<item id=\"c{number}\" href=\"{number}.xhtml\" media-type=\"application/xhtml+xml\"/>");
        let text: String = lines.iter().map(|line| format!("<p>{}</p>\n", escaped(line))).collect();
        let chapter = format!(
            "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>x</title></head><body>{text}</body></html>"
        );
        parts.push((format!("{number}.xhtml"), chapter));
    }
    let package = format!(
        "<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\"><metadata/><manifest>{items}</manifest><spine/></package>"
    );
    parts.push(("content.opf".to_owned(), package));
    repacked(&parts.into_iter().map(|(name, text)| (name, text.into_bytes())).collect::<Vec<_>>())
}

fn word(lines: &[&str]) -> Result<Vec<u8>> {
    let paragraph = |line: &&str| {
        format!("<w:p><w:pPr><w:jc w:val=\"both\"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>", escaped(line))
    };
    let text: String = lines.iter().map(paragraph).collect();
    let parts = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override \
             PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.\
             wordprocessingml.document.main+xml\"/></Types>"
                .to_owned(),
        ),
        (
            "_rels/.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship \
             Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
             Target=\"word/document.xml\"/></Relationships>"
                .to_owned(),
        ),
        (
            "word/document.xml",
            format!(
                "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{text}\
                 </w:body></w:document>"
            ),
        ),
    ];
    repacked(&parts.map(|(name, text)| (name.to_owned(), text.into_bytes())))
}

/// The parts of an archive, unpacked, and their size together.
fn unpacked(archive: &[u8]) -> Result<(Parts, usize)> {
    let mut archive = ZipArchive::new(Cursor::new(archive))?;
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at)?;
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes)?;
        parts.push((part.name()?.into_owned(), bytes));
    }
    let size = parts.iter().map(|(_, bytes)| bytes.len()).sum();
    Ok((parts, size))
}

/// An archive of these parts.
fn repacked(parts: &[(String, Vec<u8>)]) -> Result<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let method = if name == "mimetype" { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        writer.start_file(name, SimpleFileOptions::default().compression_method(method))?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}
