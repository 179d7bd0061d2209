//! A book: `tests/epub/book` has its parts, and `tests/epub/s2twp` those that change, as they become.

mod common;

use std::{
    fs,
    io::{Cursor, Read, Write},
    iter,
    path::Path,
};

use fanjian::{Config, Converter, ErrorKind};
use fanjian_documents::{Format, Options, convert, differences, groups};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

/// The parts in their order in the archive.
const PARTS: [&str; 10] = [
    "mimetype",
    "META-INF/container.xml",
    "META-INF/encryption.xml",
    "OEBPS/content.opf",
    "OEBPS/toc.ncx",
    "OEBPS/nav.xhtml",
    "OEBPS/Text/second.xhtml",
    "OEBPS/Text/头发.xhtml",
    "OEBPS/Images/头发.svg",
    "OEBPS/style.css",
];

fn file(folder: &str, name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/epub").join(folder).join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The parts of the book, with fonts that have these characters.
fn parts() -> Vec<(String, Vec<u8>)> {
    let mut parts: Vec<_> = PARTS.iter().map(|&name| (name.to_owned(), file("book", name))).collect();
    parts.push(("OEBPS/font.ttf".to_owned(), common::font("头发软件里第一章很干燥她的钱钟书體")));
    parts.push(("OEBPS/hidden.otf".to_owned(), b"obfuscated".to_vec()));
    parts.push(("OEBPS/packed.woff2".to_owned(), b"wOF2".to_vec()));
    parts
}

/// An archive of parts, of which the first is stored.
fn archive(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (at, (name, bytes)) in parts.iter().enumerate() {
        let method = if at == 0 { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        writer.start_file(name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The names, methods and bytes of the parts of an archive.
fn read(archive: &[u8]) -> Vec<(String, CompressionMethod, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut part = |at| {
        let mut part = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        (part.name().unwrap().into_owned(), part.compression(), bytes)
    };
    (0..PARTS.len() + 3).map(&mut part).collect()
}

#[test]
fn a_book_becomes_what_is_expected() {
    let source = archive(&parts());
    let converted = convert(&source, Format::Epub, &common::options("s2twp")).unwrap();
    let (old, new) = (read(&source), read(&converted.bytes));
    let mut changed = 0;
    for ((name, method, old), (new_name, new_method, new)) in old.iter().zip(&new) {
        assert_eq!((name, method), (new_name, new_method));
        if old != new {
            changed += 1;
            let (new, expected) = (String::from_utf8_lossy(new), file("s2twp", name));
            assert_eq!(new, String::from_utf8_lossy(&expected), "{name}");
        }
    }
    assert_eq!(converted.report.parts, changed);
    assert_eq!(changed, 6);
}

#[test]
fn the_laws_hold_for_books() {
    let source = archive(&parts());
    common::check_laws(&source, Format::Epub, "a book");
    common::check_cuts(&source, Format::Epub);
}

#[test]
fn documents_are_read_in_the_order_of_the_book() {
    let groups = groups(&archive(&parts()), Format::Epub, &common::options("s2twp")).unwrap();
    let mut order: Vec<_> = groups.iter().map(|group| group.part.as_deref().unwrap()).collect();
    order.dedup();
    let expected = [
        "OEBPS/content.opf",
        "OEBPS/nav.xhtml",
        "OEBPS/toc.ncx",
        "OEBPS/Text/头发.xhtml",
        "OEBPS/Text/second.xhtml",
        "OEBPS/Images/头发.svg",
    ];
    assert_eq!(order, expected);
}

#[test]
fn fonts_that_lack_characters_are_reported() {
    let report = convert(&archive(&parts()), Format::Epub, &common::options("s2twp")).unwrap().report;
    let fonts: Vec<_> = report.fonts.iter().map(|font| (font.part.as_str(), font.lacking)).collect();
    // 頭, 髮, 軟, 裡, 乾, 錢, 鍾, 書; the font has 體.
    let expected = [("OEBPS/font.ttf", Some(8)), ("OEBPS/hidden.otf", None), ("OEBPS/packed.woff2", None)];
    assert_eq!(fonts, expected);
    // The same is found between a book and what it became, also in an archive.
    let book = archive(&parts());
    let packed = archive(&[("a.epub".to_owned(), book.clone())]);
    for (source, format) in [(book, Format::Epub), (packed, Format::Zip)] {
        let options = common::options("s2twp");
        let converted = convert(&source, format, &options).unwrap();
        let found = differences(&source, &converted.bytes, format, &options).unwrap();
        assert_eq!((found.parts, &found.fonts), (converted.report.parts, &converted.report.fonts));
        assert_eq!(found.fonts.len(), 3);
    }
    // Nothing changes, so that nothing is lacking.
    let nothing = Options::new(Converter::new(Config::S2t)).protect(|text| iter::once(0..text.len()).collect());
    let report = convert(&archive(&parts()), Format::Epub, &nothing).unwrap().report;
    assert_eq!((report.fonts.len(), report.parts), (0, 0));
}

#[test]
fn a_book_in_japanese_is_left() {
    let mut parts = parts();
    for (_, bytes) in &mut parts {
        if let Ok(text) = String::from_utf8(bytes.clone()) {
            *bytes = text.replace("<dc:language>zh-CN", "<dc:language>ja").replace("zh-CN", "ja").into_bytes();
        }
    }
    let source = archive(&parts);
    assert_eq!(*convert(&source, Format::Epub, &common::options("s2twp")).unwrap().bytes, *source);
}

#[test]
fn books_that_are_encrypted_or_signed_are_errors() {
    let with = |name: &str, text: String| {
        let mut parts = parts();
        parts.retain(|(other, _)| other != name);
        parts.push((name.to_owned(), text.into_bytes()));
        convert(&archive(&parts), Format::Epub, &common::options("s2t")).unwrap_err()
    };
    let encryption = String::from_utf8(file("book", "META-INF/encryption.xml")).unwrap();
    let error = with("META-INF/encryption.xml", encryption.replace("http://www.idpf.org/2008/embedding", "urn:aes"));
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.to_string().contains("protected by DRM (urn:aes)"), "{error}");
    let error = with("META-INF/signatures.xml", "<signatures/>".to_owned());
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let error = with("META-INF/container.xml", "<container/>".to_owned());
    assert_eq!(error.kind(), ErrorKind::Syntax);
    let error = with("OEBPS/content.opf", "<package>\n".to_owned());
    assert_eq!(error.kind(), ErrorKind::Syntax);
}
