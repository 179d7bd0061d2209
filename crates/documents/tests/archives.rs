//! Archives: what stays in them, and which are refused.

mod common;

use std::io::{Cursor, Read, Write};

use fanjian::ErrorKind;
use fanjian_documents::{Format, convert};
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, write::SimpleFileOptions};

const SUBTITLES: &str = "1\n00:00:01,000 --> 00:00:02,000\n头发\n";
const CONVERTED: &str = "1\n00:00:01,000 --> 00:00:02,000\n頭髮\n";

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

fn time() -> DateTime {
    DateTime::from_date_and_time(2001, 2, 3, 4, 5, 6).unwrap()
}

/// An archive of these parts: a name, whether it is compressed, and the content.
fn archive(parts: &[(&str, bool, &[u8])]) -> Vec<u8> {
    archive_behind(b"", parts)
}

fn archive_behind(before: &[u8], parts: &[(&str, bool, &[u8])]) -> Vec<u8> {
    let mut out = Cursor::new(before.to_vec());
    out.set_position(before.len() as u64);
    let mut writer = ZipWriter::new(out);
    writer.set_comment("comment 头").unwrap();
    for &(name, is_compressed, content) in parts {
        let method = if is_compressed { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        let options = SimpleFileOptions::default().compression_method(method).last_modified_time(time());
        let options = options.unix_permissions(0o640).into_full_options().with_file_comment("part");
        let options = options.with_extended_timestamp(Some(981_173_106), None, None).unwrap();
        writer.start_file(name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn kind(source: &[u8], format: Format) -> (ErrorKind, String) {
    let error = convert(source, format, &common::options("s2twp")).expect_err("the archive is refused");
    (error.kind(), error.to_string())
}

fn zipped(source: &[u8]) -> Vec<u8> {
    common::converted(source, Format::Zip, &common::options("s2twp"))
}

/// Replaces bytes, wherever they are.
fn replace(bytes: &mut [u8], old: &[u8], new: &[u8]) {
    assert_eq!(old.len(), new.len());
    let places: Vec<_> = (0..=bytes.len() - old.len()).filter(|&at| bytes[at..].starts_with(old)).collect();
    for place in places {
        bytes[place..place + new.len()].copy_from_slice(new);
    }
}

fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|window| window == what).unwrap()
}

#[test]
fn parts_keep_their_order_method_time_and_comments() {
    let picture = [7; 5000];
    let source = archive(&[
        ("z.bin", true, &picture),
        ("stored.srt", false, SUBTITLES.as_bytes()),
        ("a/packed.srt", true, SUBTITLES.as_bytes()),
        ("empty/", false, b""),
    ]);
    let converted = zipped(&source);
    let mut old = ZipArchive::new(Cursor::new(&source)).unwrap();
    let mut new = ZipArchive::new(Cursor::new(&converted)).unwrap();
    assert_eq!(new.comment(), old.comment());
    assert_eq!(new.len(), old.len());
    for index in 0..old.len() {
        let (old, mut new) = (old.by_index(index).unwrap(), new.by_index(index).unwrap());
        assert_eq!(old.name_raw(), new.name_raw());
        assert_eq!(old.compression(), new.compression());
        assert_eq!((old.last_modified(), old.unix_mode()), (new.last_modified(), new.unix_mode()));
        assert_eq!((old.comment(), old.extra_data()), (new.comment(), new.extra_data()), "{:?}", old.name());
        if new.name().unwrap().ends_with(".srt") {
            let mut text = String::new();
            new.read_to_string(&mut text).unwrap();
            assert_eq!(text, CONVERTED);
        } else {
            assert_eq!(old.crc32(), new.crc32());
        }
    }
    assert_eq!(zipped(&archive(&[("z.bin", true, &picture)])), archive(&[("z.bin", true, &picture)]));
}

#[test]
fn names_in_other_encodings_keep_their_bytes() {
    // A name in GBK without the mark of UTF-8, as Chinese Windows writes it: "头发.srt".
    let gbk = [0xcd, 0xb7, 0xb7, 0xa2];
    let mut source = archive(&[("ABCD.srt", true, SUBTITLES.as_bytes()), ("ABCD.bin", true, b"1")]);
    replace(&mut source, b"ABCD", &gbk);
    let converted = zipped(&source);
    let mut archive = ZipArchive::new(Cursor::new(&converted)).unwrap();
    let mut part = archive.by_index(0).unwrap();
    assert_eq!(part.name_raw(), [&gbk[..], b".srt"].concat());
    let mut text = String::new();
    part.read_to_string(&mut text).unwrap();
    assert_eq!(text, CONVERTED);
    drop(part);
    assert_eq!(archive.by_index(1).unwrap().name_raw(), [&gbk[..], b".bin"].concat());
    // No part is marked as UTF-8: bit 11 of the flags.
    for (at, _) in converted.windows(4).enumerate().filter(|(_, window)| *window == b"PK\x01\x02") {
        assert_eq!(converted[at + 9] & 0x08, 0);
    }
}

#[test]
fn what_stands_before_an_archive_is_kept() {
    let source = archive_behind(b"#!/bin/sh\n", &[("a.srt", true, SUBTITLES.as_bytes())]);
    let converted = zipped(&source);
    assert!(converted.starts_with(b"#!/bin/sh\nPK"));
    assert_eq!(ZipArchive::new(Cursor::new(&converted)).unwrap().len(), 1);
    // The directory's offsets do not count what was put before it.
    let shifted = [b"#!/bin/sh\n", &archive(&[("a.srt", true, SUBTITLES.as_bytes())])[..]].concat();
    let converted = zipped(&shifted);
    assert!(converted.starts_with(b"#!/bin/sh\nPK"));
    assert_eq!(ZipArchive::new(Cursor::new(&converted)).unwrap().len(), 1);
}

#[test]
fn sizes_behind_the_content_and_large_archives_are_read() {
    // Written as a stream, with data descriptors.
    let mut writer = ZipWriter::new_stream(Vec::new());
    writer.start_file("a.srt", SimpleFileOptions::default()).unwrap();
    writer.write_all(SUBTITLES.as_bytes()).unwrap();
    writer.start_file("b.bin", SimpleFileOptions::default()).unwrap();
    writer.write_all(&[7; 100]).unwrap();
    let source = writer.finish().unwrap().into_inner();
    let mut archive = ZipArchive::new(Cursor::new(zipped(&source))).unwrap();
    let mut bytes = Vec::new();
    archive.by_index(1).unwrap().read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, [7; 100]);
    // Zip64.
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("a.srt", SimpleFileOptions::default().large_file(true)).unwrap();
    writer.write_all(SUBTITLES.as_bytes()).unwrap();
    let source = writer.finish().unwrap().into_inner();
    let mut text = String::new();
    ZipArchive::new(Cursor::new(zipped(&source))).unwrap().by_index(0).unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, CONVERTED);
}

#[test]
fn altered_archives_are_damaged() {
    let source = archive(&[("a.srt", false, SUBTITLES.as_bytes()), ("b.srt", false, SUBTITLES.as_bytes())]);
    // Another content than that of which the checksum is.
    let mut altered = source.clone();
    replace(&mut altered, "头发".as_bytes(), "头友".as_bytes());
    assert_eq!(kind(&altered, Format::Zip).0, ErrorKind::Damaged);
    // Two parts of one name.
    let mut altered = source.clone();
    replace(&mut altered, b"b.srt", b"a.srt");
    assert_eq!(kind(&altered, Format::Zip), (ErrorKind::Damaged, "two parts of the archive have the same name".into()));
    // Another name in the directory than at the part.
    let mut altered = source.clone();
    let at = find(&altered, b"b.srt");
    altered[at] = b'c';
    assert!(kind(&altered, Format::Zip).1.contains("another name"));
    // A name that leads out of the archive.
    let mut altered = source.clone();
    replace(&mut altered, b"b.srt", b"../rt");
    assert!(kind(&altered, Format::Zip).1.contains("leads out"));
    // Two parts at one place.
    let mut altered = source.clone();
    let directory = find(&altered, b"PK\x01\x02");
    let second = directory + 4 + find(&altered[directory + 4..], b"PK\x01\x02");
    altered.copy_within(directory + 42..directory + 46, second + 42);
    assert_eq!(kind(&altered, Format::Zip).0, ErrorKind::Damaged);
    // Cut, or no archive.
    assert_eq!(kind(&source[..source.len() - 1], Format::Docx).0, ErrorKind::Damaged);
    assert_eq!(kind(b"", Format::Docx).0, ErrorKind::Damaged);
}

#[test]
fn large_parts_and_archives_in_archives_are_limited() {
    let options = common::options("s2twp").part_limit(1000);
    let subtitles = format!("{SUBTITLES}{}", "\n".repeat(2000));
    let source = archive(&[("a.srt", true, subtitles.as_bytes())]);
    assert_eq!(convert(&source, Format::Zip, &options).unwrap_err().kind(), ErrorKind::TooLarge);
    // Each part is small, and all of them are not: in archives within, too.
    let part = format!("{SUBTITLES}{}", "\n".repeat(900));
    let inner = archive(&[("a.srt", true, part.as_bytes()), ("b.srt", true, part.as_bytes())]);
    let names: Vec<String> = (0..20).map(|number| format!("{number}.zip")).collect();
    let parts: Vec<_> = names.iter().map(|name| (name.as_str(), true, &inner[..])).collect();
    let error = convert(&archive(&parts), Format::Zip, &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
    assert!(convert(&archive(&parts[..3]), Format::Zip, &options).is_ok());
    // A chain of archives is followed to a depth, and kept below.
    let mut chain = archive(&[("a.srt", true, SUBTITLES.as_bytes())]);
    for _ in 0..40 {
        chain = archive(&[("a.zip", true, &chain)]);
    }
    assert_eq!(zipped(&chain), chain);
}

#[test]
fn encrypted_and_signed_documents_are_unsupported() {
    let ole = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0];
    let (unsupported, message) = kind(&ole, Format::Docx);
    assert!(unsupported == ErrorKind::Unsupported && message.contains("password") && message.contains("97"));

    let mut encrypted = archive(&[("a.srt", true, SUBTITLES.as_bytes())]);
    for mark in [b"PK\x03\x04", b"PK\x01\x02"] {
        let at = find(&encrypted, mark) + if mark[2] == 3 { 6 } else { 8 };
        encrypted[at] |= 1;
    }
    assert_eq!(kind(&encrypted, Format::Zip).0, ErrorKind::Unsupported);

    let types = |more: &str| {
        format!(
            "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Default Extension='xml' \
             ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/>{more}</Types>"
        )
    };
    let signature = "<Default Extension='sigs' \
                     ContentType='application/vnd.openxmlformats-package.digital-signature-origin'/>";
    let types = types(signature);
    let parts: [(&str, bool, &[u8]); 3] = [
        ("[Content_Types].xml", true, types.as_bytes()),
        ("word/document.xml", true, b"<w/>"),
        ("_xmlsignatures/origin.sigs", true, b""),
    ];
    assert!(convert(&archive(&parts[..2]), Format::Docx, &common::options("s2twp")).is_ok());
    let (unsupported, message) = kind(&archive(&parts), Format::Docx);
    assert!(
        unsupported == ErrorKind::Unsupported && message.contains("signed: the signature would be void"),
        "{message}"
    );

    let manifest = "<m:manifest xmlns:m='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'><m:file-entry \
                    m:full-path='content.xml'><m:encryption-data/></m:file-entry></m:manifest>";
    let parts: [(&str, bool, &[u8]); 2] =
        [("META-INF/manifest.xml", true, manifest.as_bytes()), ("content.xml", true, &[1, 2, 3])];
    let (unsupported, message) = kind(&archive(&parts), Format::Odt);
    assert!(unsupported == ErrorKind::Unsupported && message.contains("encrypted"));
    let parts: [(&str, bool, &[u8]); 2] =
        [("META-INF/documentsignatures.xml", true, b"<a/>"), ("content.xml", true, b"<a/>")];
    assert!(kind(&archive(&parts), Format::Odt).1.contains("signed"));
}

#[test]
fn archives_that_are_no_documents_are_errors() {
    let source = archive(&[("a.srt", true, SUBTITLES.as_bytes())]);
    for format in [Format::Docx, Format::Xlsx, Format::Pptx, Format::Odt, Format::Ods, Format::Odp] {
        assert_eq!(kind(&source, format).0, ErrorKind::Syntax);
    }
    // What is not well-formed is an error with its place.
    let root = format!("<w:document xmlns:w='{WORD}'>");
    let source = archive(&[("word/document.xml", true, format!("{root}\n<w:p></w:document>").as_bytes())]);
    let (syntax, message) = kind(&source, Format::Docx);
    assert!(syntax == ErrorKind::Syntax && message.starts_with("word/document.xml:2: "), "{message}");
    // Deep elements end the walk, and not the stack.
    let deep = format!("{root}{}", "<a>".repeat(100_000));
    assert_eq!(kind(&archive(&[("word/document.xml", true, deep.as_bytes())]), Format::Docx).0, ErrorKind::Syntax);
    let bomb =
        format!("<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;&b;'>]>{root}<w:p><w:t>头&c;</w:t></w:p></w:document>");
    let source = archive(&[("word/document.xml", true, bomb.as_bytes())]);
    let converted = common::converted(&source, Format::Docx, &common::options("s2twp"));
    assert_eq!(part(&converted, 0), bomb.replace('头', "頭").as_bytes());
}

/// The content of a part.
fn part(archive: &[u8], index: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    ZipArchive::new(Cursor::new(archive)).unwrap().by_index(index).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// Parts whose content type is missing, or says no more than XML, are found by their root elements.
#[test]
fn parts_are_found_without_content_types() {
    let sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let strings = format!("<sst xmlns='{sheet}'><si><t>头</t></si></sst>");
    let source = archive(&[
        ("customXml/item1.xml", true, "<头>头</头>".as_bytes()),
        ("a/b.xml", true, format!("<workbook xmlns='{sheet}'/>").as_bytes()),
        ("a/c.xml", true, strings.as_bytes()),
        ("broken.xml", true, b"<"),
    ]);
    let converted = common::converted(&source, Format::Xlsx, &common::options("s2twp"));
    assert_eq!(part(&converted, 0), "<头>头</头>".as_bytes());
    assert_eq!(part(&converted, 2), strings.replace('头', "頭").as_bytes());
    let signature = "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/>";
    let source = archive(&[("_xmlsignatures/sig1.xml", true, signature.as_bytes())]);
    assert_eq!(kind(&source, Format::Xlsx).0, ErrorKind::Unsupported);
}

#[test]
fn parts_in_utf_16_stay_in_it() {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><w:document xmlns:w=\"{WORD}\"><w:p><w:r><w:t>头</w:t></w:r><w:r><w:t>发\
         </w:t></w:r></w:p></w:document>"
    );
    let utf_16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    for mark in ["", "\u{feff}"] {
        let source = archive(&[("word/document.xml", true, &utf_16(&format!("{mark}{text}")))]);
        let converted = common::converted(&source, Format::Docx, &common::options("s2twp"));
        let expected = text.replace('头', "頭").replace('发', "髮");
        assert_eq!(part(&converted, 0), utf_16(&format!("{mark}{expected}")));
    }
}
