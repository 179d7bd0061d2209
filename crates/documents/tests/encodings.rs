//! Documents in other encodings than UTF-8, by themselves and in archives.

mod common;

use std::io::{Cursor, Read};

use common::archive;
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_16LE};
use fanjian::ErrorKind;
use fanjian_documents::{Format, convert, convert_text, groups};
use zip::ZipArchive;

fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    if encoding == UTF_16LE {
        return text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    }
    let (bytes, _, is_lossy) = encoding.encode(text);
    assert!(!is_lossy, "{text}");
    bytes.into_owned()
}

fn part(archive: &[u8], name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    ZipArchive::new(Cursor::new(archive)).unwrap().by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// Documents that state their encoding: what they are, and become by `conversion`.
const STATED: [(Format, &Encoding, &str, &str, &str); 14] = [
    (
        Format::Html,
        GBK,
        "s2t",
        "<!DOCTYPE html>\n<meta charset=\"gb2312\"><title>头发</title><p>头<b>发</b>",
        "<!DOCTYPE html>\n<meta charset=\"gbk\"><title>頭髮</title><p>頭<b>髮</b>",
    ),
    (
        Format::Html,
        BIG5,
        "t2tw",
        "<meta http-equiv=Content-Type content='text/html; charset=big5'><p>麵包裏",
        "<meta http-equiv=Content-Type content='text/html; charset=big5'><p>麵包裡",
    ),
    (Format::Html, UTF_16LE, "s2t", "\u{feff}<p>头发", "\u{feff}<p>頭髮"),
    (
        Format::Xhtml,
        GBK,
        "s2t",
        "<?xml version=\"1.0\" encoding=\"GBK\"?>\n<html><p>头发</p></html>",
        "<?xml version=\"1.0\" encoding=\"GBK\"?>\n<html><p>頭髮</p></html>",
    ),
    (
        Format::Feed,
        GBK,
        "s2t",
        "<?xml version='1.0' encoding='gb18030'?><rss><channel><title>头发</title></channel></rss>",
        "<?xml version='1.0' encoding='gb18030'?><rss><channel><title>頭髮</title></channel></rss>",
    ),
    (
        Format::Android,
        GBK,
        "s2t",
        "<?xml version='1.0' encoding='GBK'?><resources><string name='a'>头发</string></resources>",
        "<?xml version='1.0' encoding='GBK'?><resources><string name='a'>頭髮</string></resources>",
    ),
    (
        Format::Ttml,
        GBK,
        "s2t",
        "<?xml version='1.0' encoding='GBK'?><tt xmlns='http://www.w3.org/ns/ttml'><body><div><p>头发</p></div></body></tt>",
        "<?xml version='1.0' encoding='GBK'?><tt xmlns='http://www.w3.org/ns/ttml'><body><div><p>頭髮</p></div></body></tt>",
    ),
    (
        Format::Po,
        GBK,
        "s2t",
        "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=GBK\\n\"\n\nmsgid \"a\"\nmsgstr \"头发\"\n",
        "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=GBK\\n\"\n\nmsgid \"a\"\nmsgstr \"頭髮\"\n",
    ),
    // Each of these states an encoding that lacks what it gets.
    (
        Format::Po,
        GBK,
        "s2t",
        "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=GB2312\\n\"\n\nmsgid \"a\"\nmsgstr \"头发\"\n",
        "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=GBK\\n\"\n\nmsgid \"a\"\nmsgstr \"頭髮\"\n",
    ),
    (
        Format::Po,
        BIG5,
        "zh-HK",
        "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=BIG5\\n\"\n\nmsgid \"a\"\nmsgstr \"看著\"\n",
        "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=Big5-HKSCS\\n\"\n\nmsgid \"a\"\nmsgstr \"看着\"\n",
    ),
    (
        Format::Xhtml,
        GBK,
        "s2t",
        "<?xml version='1.0' encoding='gb2312'?>\n<html><meta charset='GB2312'/><p>头发</p></html>",
        "<?xml version='1.0' encoding='gbk'?>\n<html><meta charset='GBK'/><p>頭髮</p></html>",
    ),
    // Here it does not.
    (
        Format::Android,
        GBK,
        "s2t",
        "<?xml version='1.0' encoding='GB2312'?><resources><string name='a'>干杯</string></resources>",
        "<?xml version='1.0' encoding='GB2312'?><resources><string name='a'>乾杯</string></resources>",
    ),
    (Format::Css, GBK, "s2t", "@charset \"gb2312\";a{content:'头发'}", "@charset \"GBK\";a{content:'頭髮'}"),
    (Format::Css, GBK, "s2t", "@charset \"GBK\";a{content:'头发'}", "@charset \"GBK\";a{content:'頭髮'}"),
];

#[test]
fn documents_stay_in_the_encoding_that_they_state() {
    for (format, encoding, conversion, source, expected) in STATED {
        let options = common::options(conversion);
        let converted = common::converted(&encoded(source, encoding), format, &options);
        assert_eq!(converted, encoded(expected, encoding), "{source}");
        // In a zip archive, too; other parts stay.
        let name = format!("头发.{}", if format == Format::Html { "html" } else { "xhtml" });
        if matches!(format, Format::Html | Format::Xhtml) {
            let zip = archive(&[(&name, &encoded(source, encoding)), ("b.bin", b"\xff\xfe")]);
            let converted = common::converted(&zip, Format::Zip, &options);
            assert_eq!(part(&converted, &name), encoded(expected, encoding), "{source}");
        }
    }
}

/// `GBK` stayed, though it has no characters of four bytes.
#[test]
fn a_statement_becomes_as_wide_as_its_text_in_gb_18030() {
    let options = common::options("s2t").kept_encoding(Some("GB18030".to_owned()));
    for (stated, text, expected) in [
        ("GBK", "头𠮷", "gb18030"),
        ("x-gbk", "头𠮷", "gb18030"),
        ("gb2312", "头𠮷", "gb18030"),
        ("GB18030", "头𠮷", "GB18030"),
        ("GBK", "头发", "GBK"),
        ("utf-8", "头𠮷", "utf-8"),
    ] {
        let page = |label: &str, text: &str| format!("<meta charset={label}><p>{text}");
        let source = page(stated, text);
        let result = convert_text(&source, Format::Html, &options).unwrap().text;
        assert_eq!(result, page(expected, &text.replace("头", "頭").replace("发", "髮")), "{stated}");
    }
}

/// They were refused, as GBK has no such characters.
#[test]
fn what_states_gbk_and_is_in_gb_18030_is_read_and_written() {
    let options = common::options("s2t");
    for (format, source, expected) in [
        (Format::Html, "<meta charset=gb2312><p>头发𠮷", "<meta charset=gb18030><p>頭髮𠮷"),
        (
            Format::Svg,
            "<?xml version='1.0' encoding='GBK'?><svg xmlns='http://www.w3.org/2000/svg'><text>头𠮷</text></svg>",
            "<?xml version='1.0' encoding='gb18030'?><svg xmlns='http://www.w3.org/2000/svg'><text>頭𠮷</text></svg>",
        ),
    ] {
        let (source, expected) = (encoded(source, GB18030), encoded(expected, GB18030));
        assert_eq!(common::converted(&source, format, &options), expected);
        let name = if format == Format::Html { "a.html" } else { "a.svg" };
        let zip = archive(&[(name, &source)]);
        assert_eq!(part(&common::converted(&zip, Format::Zip, &options), name), expected);
    }
}

#[test]
fn what_states_another_encoding_than_it_is_in_is_utf_8() {
    let header = |charset: &str| format!("msgid \"\"\nmsgstr \"Content-Type: text/plain; charset={charset}\\n\"\n\n");
    for (format, source, expected) in [
        (Format::Html, "<meta charset=gb2312><p>她的头发".to_owned(), "<meta charset=utf-8><p>她的頭髮".to_owned()),
        // What does not change stays as a whole, and so does what is no name of an encoding.
        (Format::Html, "<meta charset=gb2312><p>她的".to_owned(), "<meta charset=gb2312><p>她的".to_owned()),
        (Format::Html, "<meta charset=none><p>头".to_owned(), "<meta charset=none><p>頭".to_owned()),
        (Format::Html, "<meta charset=gbk><p>&#22836;".to_owned(), "<meta charset=gbk><p>&#38957;".to_owned()),
        (
            Format::Svg,
            "<?xml version='1.0' encoding='GBK'?><svg><text>头</text></svg>".to_owned(),
            "<?xml version='1.0' encoding='UTF-8'?><svg><text>頭</text></svg>".to_owned(),
        ),
        (
            Format::Po,
            header("GB2312") + "msgid \"a\"\nmsgstr \"头\"\n",
            header("UTF-8") + "msgid \"a\"\nmsgstr \"頭\"\n",
        ),
    ] {
        let converted = common::converted(source.as_bytes(), format, &common::options("s2t"));
        assert_eq!(String::from_utf8(converted).unwrap(), expected);
    }
}

/// Lines of content folded after so many bytes, wherever characters end.
fn folded(lines: &[&str], width: usize, fold: &str) -> Vec<u8> {
    let fold_line = |line: &&str| {
        let parts: Vec<_> = line.as_bytes().chunks(width).collect();
        [&parts.join(fold.as_bytes()), fold.trim_end_matches([' ', '\t']).as_bytes()].concat()
    };
    lines.iter().flat_map(fold_line).collect()
}

#[test]
fn content_lines_may_be_folded_within_characters() {
    let lines = |text: &str, name: &str| [format!("BEGIN:{name}"), text.to_owned(), format!("END:{name}")];
    for fold in ["\r\n ", "\n ", "\r\n\t"] {
        for width in 1..40 {
            let (summary, uid) = ("SUMMARY:她的头发\\n很干𠮷，😀 abc\\, def", "UID:头发😀-头发");
            let converted_summary = "SUMMARY:她的頭髮\\n很乾𠮷，😀 abc\\, def";
            // The first line has to be known.
            let calendar = |text: &str| {
                let [begin, text, end] = lines(text, "VCALENDAR");
                [folded(&[&begin], 99, fold), folded(&[&text, uid, &end], width, fold)].concat()
            };
            let bytes = common::converted(&calendar(summary), Format::Ics, &common::options("s2t"));
            let text = String::from_utf8(bytes).unwrap();
            let unfolded = text.replace(fold, "");
            let [begin, converted, end] = lines(converted_summary, "VCALENDAR");
            assert_eq!(unfolded.lines().collect::<Vec<_>>(), [&begin, &converted, uid, &end], "{width}");
            // What does not change stays as it is.
            let left = calendar("X-NAME:头发");
            assert_eq!(common::converted(&left, Format::Ics, &common::options("s2t")), left);
            let texts = groups(&calendar(summary), Format::Ics, &common::options("s2t")).unwrap();
            assert!(texts[0].text.starts_with("她的头发"), "{}", texts[0].text);
        }
    }
    // In an archive.
    let card = |text: &str, width| folded(&["BEGIN:VCARD", text, "END:VCARD"], width, "\r\n ");
    let zip = archive(&[("a.vcf", &card("FN:头发", 11))]);
    let converted =
        common::converted(&archive(&[("a.vcf", &card("NOTE:abcd头发", 11))]), Format::Zip, &common::options("s2t"));
    assert_eq!(part(&converted, "a.vcf"), "BEGIN:VCARD\r\nNOTE:abcd\r\n 頭髮\r\nEND:VCARD\r\n".as_bytes());
    assert!(convert(&zip, Format::Zip, &common::options("s2t")).is_ok());
    // Other bytes that are not UTF-8 are errors, wherever lines are folded.
    for wrong in [
        b"BEGIN:VCARD\r\nFN:\xe5\r\n \xe5\r\n".as_slice(),
        b"BEGIN:VCARD\r\nFN:\xe5\r\n\xa4\xb4",
        b"BEGIN:VCARD\nFN:\xe5\n ",
    ] {
        assert_eq!(convert(wrong, Format::Vcard, &common::options("s2t")).unwrap_err().kind(), ErrorKind::InvalidUtf8);
    }
}

#[test]
fn a_character_that_the_encoding_lacks_is_an_error() {
    let page = encoded("<meta charset=big5>\n<p>頭髮", BIG5);
    let error = convert(&page, Format::Html, &common::options("t2s")).unwrap_err();
    assert_eq!((error.kind(), error.line()), (ErrorKind::Unsupported, Some(2)), "{error}");
    let error = convert(&archive(&[("a/b.html", &page)]), Format::Zip, &common::options("t2s")).unwrap_err();
    assert!(error.to_string().starts_with("a/b.html:2: the converted text is not in Big5"), "{error}");
}

#[test]
fn the_encoding_of_texts_in_archives_can_be_given() {
    let (old, new) = ("1\n00:00:01,000 --> 00:00:02,000\n头发\n", "1\n00:00:01,000 --> 00:00:02,000\n頭髮\n");
    let inner = archive(&[("c.srt", &encoded(old, GBK))]);
    let utf_16 = encoded(&format!("\u{feff}{old}"), UTF_16LE);
    let zip = archive(&[("a/b.srt", &encoded(old, GBK)), ("inner.zip", &inner), ("utf-16.srt", &utf_16)]);
    let error = convert(&zip, Format::Zip, &common::options("s2t")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidUtf8);
    assert!(error.to_string().starts_with("a/b.srt: not UTF-8"), "{error}");
    let options = common::options("s2t").find_encoding(|_| Ok("gb2312".to_owned()));
    let converted = common::converted(&zip, Format::Zip, &options);
    assert_eq!(part(&converted, "a/b.srt"), encoded(new, GBK));
    assert_eq!(part(&part(&converted, "inner.zip"), "c.srt"), encoded(new, GBK));
    assert_eq!(part(&converted, "utf-16.srt"), encoded(&format!("\u{feff}{new}"), UTF_16LE));
    assert_eq!(groups(&zip, Format::Zip, &options).unwrap()[1].text, "头发");
    // Where it is not known, what a text states counts.
    let page = encoded("<meta charset=gbk><p>头发", GBK);
    let zip = archive(&[("a.html", &page), ("b.srt", &encoded(old, GBK))]);
    let unknown = common::options("s2t").find_encoding(|_| Err("not certain".to_owned()));
    assert_eq!(convert(&zip, Format::Zip, &unknown).unwrap_err().to_string(), "b.srt: not certain");
    assert!(convert(&page, Format::Html, &unknown).is_ok());
    let wrong = common::options("s2t").find_encoding(|_| Ok("utf-9".to_owned()));
    assert_eq!(convert(&zip, Format::Zip, &wrong).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn catalogues_in_other_languages_stay() {
    let (old, new) = (r#"{"a": "国学"}"#, r#"{"a": "國學"}"#);
    let names = ["ja.json", "zh-CN.json", "app/values-ja/strings.json", "ko/a.json", "page.ja.html"];
    let parts: Vec<_> = names.iter().map(|name| (*name, old.as_bytes())).collect();
    let converted = common::converted(&archive(&parts), Format::Zip, &common::options("s2t"));
    let changed: Vec<_> = names.into_iter().filter(|name| part(&converted, name) == new.as_bytes()).collect();
    // A page is no catalogue.
    assert_eq!(changed, ["zh-CN.json", "page.ja.html"]);
    for (path, expected) in [("ja.json", old), ("zh.json", new)] {
        let options = common::options("s2t").path(path);
        assert_eq!(common::converted(old.as_bytes(), Format::Json, &options), expected.as_bytes());
        assert_eq!(groups(old.as_bytes(), Format::Json, &options).unwrap().is_empty(), expected == old);
    }
}

/// Parts of books and Office documents state their encoding as XML does.
#[test]
fn parts_stay_in_the_encoding_that_they_state() {
    let container = "<container><rootfiles><rootfile full-path='a.opf'/></rootfiles></container>";
    let package = "<?xml version='1.0' encoding='GBK'?><package xmlns='http://www.idpf.org/2007/opf' \
                   xmlns:dc='http://purl.org/dc/elements/1.1/'><metadata><dc:title>头发</dc:title></metadata><manifest><item \
                   id='a' href='a.xhtml' media-type='application/xhtml+xml'/></manifest></package>";
    let page =
        "<?xml version='1.0' encoding='GBK'?><html xmlns='http://www.w3.org/1999/xhtml'><p>头<b>发</b></p></html>";
    let book = archive(&[
        ("META-INF/container.xml", container.as_bytes()),
        ("a.opf", &encoded(package, GBK)),
        ("a.xhtml", &encoded(page, GBK)),
    ]);
    // The encoding of texts in zip archives is not that of books.
    let options = common::options("s2t").find_encoding(|_| Ok("big5".to_owned()));
    let converted = common::converted(&book, Format::Epub, &options);
    let expected = |text: &str| encoded(&text.replace('头', "頭").replace('发', "髮"), GBK);
    assert_eq!(part(&converted, "a.opf"), expected(package));
    assert_eq!(part(&converted, "a.xhtml"), expected(page));
    let content = "<?xml version='1.0' encoding='GBK'?><office:document-content \
                   xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' \
                   xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'><office:body><office:text><text:p>头发</text:p>\
                   </office:text></office:body></office:document-content>";
    let text = archive(&[("content.xml", &encoded(content, GBK))]);
    let converted = common::converted(&text, Format::Odt, &options);
    assert_eq!(part(&converted, "content.xml"), expected(content));
}
