//! Formats of documents that are known by what is in them.

mod tree;

use std::{
    collections::BTreeSet,
    io::{Cursor, Read, Write},
};

use encoding_rs::{BIG5, Encoding, GB18030, GBK};
use tree::Tree;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

fn encoded(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    let (bytes, _, is_lossy) = encoding.encode(text);
    assert!(!is_lossy, "{text}");
    bytes.into_owned()
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn stderr(output: &snapbox::cmd::OutputAssert) -> String {
    String::from_utf8_lossy(&output.get_output().stderr).into_owned()
}

fn part(archive: &[u8], name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    ZipArchive::new(Cursor::new(archive)).unwrap().by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

const FEED: &str = "<?xml version='1.0'?>\n<!-- 头发 -->\n<rss version='2.0'><channel><title>头发</title>\
                    <link>http://头发.example/</link></channel></rss>\n";
const FEED_CONVERTED: &str = "<?xml version='1.0'?>\n<!-- 头发 -->\n<rss version='2.0'><channel><title>頭髮</title>\
                              <link>http://头发.example/</link></channel></rss>\n";

#[test]
fn xml_is_known_by_its_root() {
    let utf_16 = |text: &str| -> Vec<u8> {
        let text = format!("\u{feff}{text}");
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    let other = "<other><!-- 头发 --></other>";
    let tree = Tree::new(&[
        ("feed.XML", FEED.as_bytes()),
        ("utf-16.xml", &utf_16(FEED)),
        ("other.xml", other.as_bytes()),
        ("feed.txt", FEED.as_bytes()),
        ("page", "<!DOCTYPE html><html><p title=头发>头<b>发<br><script>头发</script>".as_bytes()),
    ]);
    tree.run(&["-c", "s2t", "--in-place", "."]).success();
    tree.has("feed.XML", FEED_CONVERTED);
    assert!(std::fs::read(tree.path("utf-16.xml")).unwrap() == utf_16(FEED_CONVERTED));
    tree.has("other.xml", "<other><!-- 頭髮 --></other>");
    tree.has("feed.txt", &FEED.replace("头发", "頭髮"));
    tree.has("page", "<!DOCTYPE html><html><p title=頭髮>頭<b>髮<br><script>头发</script>");
}

/// A transcript, whose words are parts of one text; other JSON with the same keys is none.
#[test]
fn transcripts_are_known_by_their_segments() {
    let transcript = |head: &str, tail: &str| {
        format!(
            r#"{{"text": "头发", "segments": [{{"id": 0, "start": 0.0, "end": 1.0, "text": "头发",
 "words": [{{"word": "{head}", "start": 0.0, "end": 0.5}}, {{"word": "{tail}", "start": 0.5, "end": 1.0}}]}}], "language": "zh"}}"#
        )
    };
    let tree = Tree::new(&[
        ("a.json", transcript("头", "发").as_bytes()),
        ("b.json", r#"{"segments": ["头", "发"]}"#.as_bytes()),
    ]);
    tree.run(&["-c", "s2t", "--in-place", "."]).success();
    tree.has("a.json", &transcript("頭", "髮").replace("头发", "頭髮"));
    tree.has("b.json", r#"{"segments": ["頭", "發"]}"#);
    // What is named counts.
    tree.write("a.json", transcript("头", "发").as_bytes());
    tree.run(&["-c", "s2t", "--in-place", "--as", "json", "a.json"]).success();
    tree.has("a.json", &transcript("頭", "發").replace("头发", "頭髮").replace("\"zh\"", "\"zh-Hant\""));
}

#[test]
fn new_formats_are_known_by_their_extension() {
    let tree = Tree::new(&[
        (
            "a.vcf",
            "BEGIN:VCARD\r\nFN;ENCODING=QUOTED-PRINTABLE:=E5=A4=B4=E5=8F=91\r\nUID:头发\r\nEND:VCARD\r\n".as_bytes(),
        ),
        ("a.ics", "BEGIN:VCALENDAR\r\nSUMMARY:头\r\n 发\r\nUID:头发\r\nEND:VCALENDAR\r\n".as_bytes()),
        ("a.css", "p { font-family: \"头发\" } p::after { content: \"头发\" }\n".as_bytes()),
    ]);
    tree.run(&["-c", "s2t", "--in-place", "."]).success();
    tree.has("a.vcf", "BEGIN:VCARD\r\nFN;ENCODING=QUOTED-PRINTABLE:=E9=A0=AD=E9=AB=AE\r\nUID:头发\r\nEND:VCARD\r\n");
    tree.has("a.ics", "BEGIN:VCALENDAR\r\nSUMMARY:頭\r\n 髮\r\nUID:头发\r\nEND:VCALENDAR\r\n");
    tree.has("a.css", "p { font-family: \"头发\" } p::after { content: \"頭髮\" }\n");
}

#[test]
fn content_lines_may_be_folded_within_characters() {
    let calendar = |name: &str| {
        let lines =
            [b"BEGIN:VCALENDAR\r\n", name.as_bytes(), b":\xe5\xa4\r\n \xb4\xe5\r\n \x8f\x91\r\nEND:VCALENDAR\r\n"];
        lines.concat()
    };
    let tree = Tree::new(&[("a.ics", &calendar("SUMMARY")), ("b.ics", &calendar("UID"))]);
    tree.run(&["text", "a.ics"]).success().stdout_eq("头发\n");
    // Cleaned, they are read as they are to be converted.
    let clean = |arguments: &[&str]| tree.run(&[&["clean"], arguments].concat()).success();
    for policy in ["strict", "replace"] {
        clean(&["--to", "zh-TW", "--invalid-utf8", policy, "a.ics"])
            .stdout_eq("BEGIN:VCALENDAR\r\nSUMMARY:\r\n 頭\r\n 髮\r\nEND:VCALENDAR\r\n");
        for (arguments, name) in [(&["--gloss", "strip"][..], "SUMMARY"), (&["--to", "zh-TW"], "UID")] {
            let file = if name == "UID" { "b.ics" } else { "a.ics" };
            let run = clean(&[arguments, &["--invalid-utf8", policy, file]].concat());
            assert_eq!(run.get_output().stdout, calendar(name), "{arguments:?} {policy}");
        }
    }
    // In another encoding there is no half of a character, also where nothing else changes.
    let moved = encoded(GBK, "BEGIN:VCALENDAR\r\nUID:\r\n 头\r\n 发\r\nEND:VCALENDAR\r\n");
    for command in [&["--to", "zh-TW"][..], &["clean", "--to", "zh-TW"]] {
        let run = tree.run(&[command, &["--to-encoding", "gbk", "b.ics"]].concat()).success();
        assert_eq!(run.get_output().stdout, moved, "{command:?}");
    }
    tree.run(&["review", "--to", "zh-TW", "."]).success();
    tree.run(&["-c", "s2t", "--from-encoding", "auto", "a.ics"])
        .success()
        .stdout_eq("BEGIN:VCALENDAR\r\nSUMMARY:\r\n 頭\r\n 髮\r\nEND:VCALENDAR\r\n");
    tree.run(&["-c", "s2t", "--in-place", "."]).success().stderr_eq("...\n2 files: 1 changed, 1 unchanged[..]\n");
    tree.has("a.ics", "BEGIN:VCALENDAR\r\nSUMMARY:\r\n 頭\r\n 髮\r\nEND:VCALENDAR\r\n");
    assert_eq!(tree.read("b.ics"), calendar("UID"));
    tree.run(&["-c", "s2t", "--invalid-utf8", "replace", "b.ics"]).success();
}

#[test]
fn documents_are_in_the_encoding_that_they_state() {
    let page = |charset: &str, text: &str| format!("<!DOCTYPE html>\n<meta charset={charset}>\n<p>{text}\n");
    let feed = FEED.replace("'1.0'", "'1.0' encoding='GBK'");
    let messages = |text: &str| {
        format!("msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=GBK\\n\"\n\nmsgid \"a\"\nmsgstr \"{text}\"\n")
    };
    let tree = Tree::new(&[
        ("gbk.html", &encoded(GBK, &page("gb2312", "头<b>发</b>"))),
        ("feed.xml", &encoded(GBK, &feed)),
        ("zh.po", &encoded(GBK, &messages("头发"))),
        ("wrong.html", page("gb2312", "头发").as_bytes()),
        ("big5.html", &encoded(BIG5, &page("big5", "頭髮"))),
    ]);
    tree.run(&["-c", "s2t", "--in-place", "."]).success();
    assert_eq!(tree.read("gbk.html"), encoded(GBK, &page("gbk", "頭<b>髮</b>")));
    assert_eq!(tree.read("feed.xml"), encoded(GBK, &FEED_CONVERTED.replace("'1.0'", "'1.0' encoding='GBK'")));
    assert_eq!(tree.read("zh.po"), encoded(GBK, &messages("頭髮")));
    tree.has("wrong.html", &page("utf-8", "頭髮"));
    // What is not in the encoding is an error; standard output, and what is asked for, is in another one.
    let message = "fanjian: big5.html: Big5 has no 头 (U+5934)[..] in line 3 [..]\n...";
    tree.run(&["-c", "t2s", "--in-place", "big5.html"]).code(3).stderr_eq(message);
    tree.run(&["-c", "t2s", "big5.html"]).success().stdout_eq(page("utf-8", "头发"));
    tree.run(&["-c", "t2s", "--in-place", "--to-encoding", "gbk", "big5.html"]).success();
    assert_eq!(tree.read("big5.html"), encoded(GBK, &page("gbk", "头发")));
    tree.run(&["-c", "s2t", "--as", "html", "-i", "big5.html"]).success().stdout_eq(page("utf-8", "頭髮"));
    // Plain text is not looked at.
    tree.run(&["-c", "s2t", "-i", "big5.html"]).code(3);
    tree.run(&["text", "big5.html"]).success().stdout_eq("头发\n");
    // What is given counts.
    tree.write("given.html", &encoded(GBK, &page("big5", "头发")));
    tree.run(&["text", "--from-encoding", "gbk", "given.html"]).success().stdout_eq("头发\n");
    tree.run(&["-c", "s2t", "--in-place", "--from-encoding", "gbk", "given.html"]).success();
    assert_eq!(tree.read("given.html"), encoded(GBK, &page("big5", "頭髮")));
}

/// Such pages were refused, as GBK has no such characters.
#[test]
fn what_states_gbk_may_be_in_gb_18030() {
    let page = |charset: &str, text: &str| format!("<!DOCTYPE html>\n<meta charset={charset}>\n<p>{text}\n");
    // The character is behind what is read at once.
    let long = format!("头发<!--{}-->𠮷", "-a".repeat(600_000));
    let tree = Tree::new(&[
        ("a.html", &encoded(GB18030, &page("gbk", "头发 𠮷"))),
        ("long.html", &encoded(GB18030, &page("gb2312", &long))),
        ("b.html", &encoded(GB18030, &page("gbk", "头发 𠮷"))),
        ("clean.html", &encoded(GB18030, &page("gbk", "头发 𠮷"))),
    ]);
    tree.run(&["-c", "s2t", "--in-place", "a.html", "long.html"]).success();
    assert_eq!(tree.read("a.html"), encoded(GB18030, &page("gb18030", "頭髮 𠮷")));
    assert_eq!(tree.read("long.html"), encoded(GB18030, &page("gb18030", &long.replace("头发", "頭髮"))));
    tree.run(&["clean", "--to", "zh-TW", "--in-place", "clean.html"]).success();
    assert_eq!(tree.read("clean.html"), encoded(GB18030, &page("gb18030", "頭髮 𠮷")));
    // What is asked for is not changed.
    tree.run(&["-c", "s2t", "--in-place", "--to-encoding", "gbk", "b.html"]).code(3);
}

/// They were refused, with the advice to pass them.
#[test]
fn invalid_bytes_of_documents_are_passed() {
    let cases: [(&str, &[u8], &[u8]); 4] = [
        (
            "a.html",
            b"<p title='\xff'>\xe5\xa4\xb4<b>\xe5\x8f\x91</b>\xff\xfe",
            b"<p title='\xff'>\xe9\xa0\xad<b>\xe9\xab\xae</b>\xff\xfe",
        ),
        ("a.json", b"{\"a\xff\": \"\xe5\xa4\xb4\xe5\xa4\"}", b"{\"a\xff\": \"\xe9\xa0\xad\xe5\xa4\"}"),
        ("a.md", b"# \xe5\xa4\xb4 \x80\n", b"# \xe9\xa0\xad \x80\n"),
        (
            "a.srt",
            b"1\n00:00:01,000 --> 00:00:02,000\n\xe5\xa4\xb4\xff\n",
            b"1\n00:00:01,000 --> 00:00:02,000\n\xe9\xa0\xad\xff\n",
        ),
    ];
    let tree = Tree::new(&cases.map(|(name, source, _)| (name, source)));
    tree.run(&["-c", "s2t", "--in-place", "."]).code(3);
    tree.run(&["-c", "s2t", "--in-place", "--invalid-utf8", "pass", "."]).success();
    for (name, _, expected) in cases {
        assert_eq!(tree.read(name), expected, "{name}");
    }
}

#[test]
fn the_encoding_of_texts_in_archives_is_that_of_the_option() {
    let subtitles = |text: &str| format!("1\n00:00:01,000 --> 00:00:02,000\n{text}\n");
    let (old, new) = (subtitles("后来，他的头发里面有一只蝴蝶。"), subtitles("後來，他的頭髮裏面有一隻蝴蝶。"));
    let japanese = r#"{"a": "国学"}"#;
    let zip = archive(&[("a/b.srt", &encoded(GBK, &old)), ("c.srt", old.as_bytes()), ("ja.json", japanese.as_bytes())]);
    let tree = Tree::new(&[("a.zip", &zip)]);
    tree.run(&["-c", "s2t", "--in-place", "a.zip"]).code(3).stderr_eq(
        "fanjian: a.zip: a/b.srt: not UTF-8: [..] (--from-encoding names the encoding of texts in it, or is auto)\n...",
    );
    assert_eq!(tree.read("a.zip"), zip);
    tree.run(&["text", "a.zip"]).success();
    tree.run(&["-c", "s2t", "--in-place", "--from-encoding", "auto", "a.zip"]).success();
    let converted = tree.read("a.zip");
    assert_eq!(part(&converted, "a/b.srt"), encoded(GBK, &new));
    assert_eq!(part(&converted, "c.srt"), new.as_bytes());
    assert_eq!(part(&converted, "ja.json"), japanese.as_bytes());
    tree.write("b.zip", &archive(&[("b.srt", &encoded(GBK, &old))]));
    tree.run(&["-c", "s2t", "--in-place", "--from-encoding", "gb18030", "b.zip"]).success();
    assert_eq!(part(&tree.read("b.zip"), "b.srt"), encoded(GBK, &new));
}

#[test]
fn a_single_archive_needs_its_format() {
    let tree = Tree::new(&[("a.docx", &archive(&[("a", b"\xff\xfe"), ("b", b"\xff")]))]);
    let message =
        "fanjian: a.docx: a document, and no text: --as docx converts it; or give the file as PATH, without -i\n";
    tree.run(&["-i", "a.docx"]).code(3).stderr_eq(message);
    tree.run(&["-i", "a.docx", "--from-encoding", "gbk"]).code(3).stderr_eq(message);
}

#[test]
fn subtitles_of_some_styles_can_be_left() {
    let script = |text: &str| {
        let dialogue = |style: &str, text: &str| format!("Dialogue: 0,0:00:01.00,0:00:02.00,{style},,0,0,0,,{text}\n");
        format!("[Events]\n{}{}{}", dialogue("OPJP", "国学"), dialogue("EDJP", "国学"), dialogue("Default", text))
    };
    let tree = Tree::new(&[("a.ass", script("国学").as_bytes())]);
    tree.run(&["-c", "s2t", "--without-styles", "OPJP,EDJP", "a.ass"]).success().stdout_eq(script("國學"));
    tree.write("fanjian.toml", b"config = \"s2t\"\nwithout-styles = [\"OPJP\", \"EDJP\"]\n");
    tree.run(&["--in-place", "a.ass"]).success();
    tree.has("a.ass", &script("國學"));
    tree.run(&["--without-styles", "OPJP", "--jsonl", "--field", "a"]).code(2);
}

/// The text of a part that follows in its tag used to be missing from what became of it: all changes stood at wrong places.
#[test]
fn changes_of_an_archive_are_those_of_its_texts_also_where_its_tags_follow() {
    let page = "<html lang=zh-CN><title>头发</title><p>软<b>件</b><p lang=zh-TW>頭髮";
    let book =
        archive(&[("a.html", page.as_bytes()), ("b.srt", "1\n00:00:01,000 --> 00:00:02,000\n后来\n".as_bytes())]);
    let tree = Tree::new(&[("a.zip", &book)]);
    let expected = "a.zip: a.html: 头发 → 頭髮 [script]: 头发\n\
                    a.zip: a.html: 软件 → 軟體 [vocabulary]: 软件\n\
                    a.zip: b.srt: 后来 → 後來 [script]: 后来\n";
    tree.run(&["-c", "s2twp", "--check", "a.zip"]).code(1).stdout_eq(expected);
    let expected = "--- a.zip\n+++ a.zip (converted)\n@@ -1,3 +1,3 @@\n-头发\n-软件\n-后来\n+頭髮\n+軟體\n+後來\n";
    tree.run(&["-c", "s2twp", "--diff", "a.zip"]).success().stdout_eq(expected);
}

/// `--check` said that an archive would change, and not why; `--diff` said nothing.
#[test]
fn an_archive_of_which_only_tags_change_is_named_with_the_reason() {
    let tree = Tree::new(&[("a.zip", &archive(&[("a.html", "<html lang=zh-CN><p>頭髮".as_bytes())]))]);
    let run = |preview: &str| tree.run(&["--to", "zh-TW", preview, "a.zip"]);
    let reason = "a.zip: would change: only its language tags (1)";
    run("--check").code(1).stdout_eq(format!("{reason}\n"));
    let message = stderr(&run("--diff").success().stdout_eq(""));
    assert!(message.contains(reason), "{message}");
}

/// By its name with `.json`, as OpenCC's command has it, the languages of a configuration were not known; and a file with the name of a
/// built-in configuration was taken for that one, so that text of the script that it converts stayed.
#[test]
fn languages_are_those_of_the_configuration_that_is_found() {
    let own = br#"{"conversion_chain": [{"dict": {"type": "inline", "entries": {"\u982d": "\u5934"}}}]}"#;
    let pages: [(&str, &[u8]); 2] =
        [("a.html", "<html lang=\"zh-CN\"><p>头".as_bytes()), ("b.html", "<html lang=\"zh-TW\"><p>頭".as_bytes())];
    let tree = Tree::new(&[pages[0], pages[1], ("own/s2tw.json", own)]);
    tree.run(&["-c", "s2tw.json", "a.html"]).success().stdout_eq("<html lang=\"zh-TW\"><p>頭");
    tree.run(&["-c", "s2tw", "--path", "own", "b.html"]).success().stdout_eq("<html lang=\"zh-TW\"><p>头");
}

/// What people had written used to be lost.
#[test]
fn what_stands_beside_a_file_is_not_replaced() {
    let tree = Tree::new(&[("b/zh_CN.json", "{\"a\": \"软件\"}".as_bytes())]);
    let run = |arguments: &[&str]| tree.run(&[&["--to", "zh-TW", "--beside", "."], arguments].concat());
    let srt = "1\n00:00:01,000 --> 00:00:02,000\n";
    tree.write("a.zh-CN.srt", format!("{srt}头发\n").as_bytes());
    run(&[]).success();
    tree.has("a.zh-TW.srt", &format!("{srt}頭髮\n"));
    tree.has("b/zh_TW.json", "{\"a\": \"軟件\"}");
    // A second run finds them as it would write them.
    run(&[]).success();
    for other in ["軟體", "軟件\", \"b\": \"", ""] {
        let json = format!("{{\"a\": \"{other}\"}}");
        tree.write("b/zh_TW.json", json.as_bytes());
        // The preview says so, too.
        for preview in [&["--dry-run"][..], &[]] {
            let message = stderr(&run(preview).code(3));
            let refused = "zh_TW.json exists already with other contents: --force replaces it";
            assert!(message.contains(refused), "{message}");
        }
        tree.has("b/zh_TW.json", &json);
    }
    tree.write("b/zh_TW.json", "{\"a\": \"軟件\"}\n".as_bytes());
    run(&[]).code(3);
    run(&["--force"]).success();
    tree.has("b/zh_TW.json", "{\"a\": \"軟件\"}");
}

/// A second run named the copy as input and output, and nothing at all was done.
#[test]
fn what_has_been_written_beside_a_file_is_known_by_its_mark() {
    let srt = |text: &str| format!("1\n00:00:01,000 --> 00:00:02,000\n{text}\n");
    let names = ["a.chs.srt", "b.sc.srt", "c.CHS&eng.srt", "[d][SC].srt"];
    let tree = Tree::new(&names.map(|name| (name, srt("头发"))).each_ref().map(|(name, srt)| (*name, srt.as_bytes())));
    for _ in 0..2 {
        tree.run(&["--to", "zh-TW", "--beside", "."]).success();
        assert_eq!(tree.files().len(), 2 * names.len());
    }
    for name in ["a.cht.srt", "b.tc.srt", "c.CHT&eng.srt", "[d][TC].srt"] {
        tree.has(name, &srt("頭髮"));
    }
    tree.write("new.md", "头发\n".as_bytes());
    tree.run(&["--to", "zh-TW", "--beside", "."]).success();
    tree.has("new.zh-TW.md", "頭髮\n");
}

/// Android, Flutter and gettext refused, or did not find, what was made: `values-zh-TW`, `strings.zh-TW.xml`, `zh-TW/LC_MESSAGES`.
#[test]
fn names_get_the_form_that_the_tools_of_the_format_read() {
    let strings = "<resources><string name=\"a\">头发</string></resources>".as_bytes();
    let files: [(&str, &[u8]); 9] = [
        ("_locales/zh/messages.json", "{\"a\": \"头发\"}".as_bytes()),
        ("helm/values-zh.yaml", "a: 头发\n".as_bytes()),
        ("ios/zh.lproj/a.strings", "a = \"头发\";".as_bytes()),
        ("l10n/app_zh.arb", "{\"@@locale\": \"zh\", \"a\": \"头发\"}".as_bytes()),
        ("locale/zh/LC_MESSAGES/a.po", "msgid \"a\"\nmsgstr \"头发\"\n".as_bytes()),
        ("locales/zh.yml", "zh:\n  a: 头发\n".as_bytes()),
        ("po/zh.po", "msgid \"a\"\nmsgstr \"头发\"\n".as_bytes()),
        ("res/values-b+zh+Hans+CN/strings.xml", strings),
        ("res/values-zh-night/strings.xml", strings),
    ];
    let new = [
        "_locales/zh_TW/messages.json",
        "helm/values-zh-TW.yaml",
        "ios/zh-Hant.lproj/a.strings",
        "l10n/app_zh_TW.arb",
        "locale/zh_TW/LC_MESSAGES/a.po",
        "locales/zh-TW.yml",
        "po/zh_TW.po",
        "res/values-b+zh+Hant+TW/strings.xml",
        "res/values-zh-rTW-night/strings.xml",
    ];
    let (beside, renamed) = (Tree::new(&files), Tree::new(&files));
    let all: BTreeSet<_> = files.iter().map(|(name, _)| *name).chain(new).collect();
    // A second run finds them as it would write them.
    for _ in 0..2 {
        beside.run(&["--to", "zh-TW", "--beside", "."]).success();
        assert!(beside.files().iter().eq(&all), "{:?}", beside.files());
    }
    beside.has("l10n/app_zh_TW.arb", "{\"@@locale\": \"zh_TW\", \"a\": \"頭髮\"}");
    beside.has("locales/zh-TW.yml", "zh-TW:\n  a: 頭髮\n");
    renamed.run(&["--to", "zh-TW", "--in-place", "--rename", "."]).success();
    assert_eq!(renamed.files(), new);
    let copied = Tree::new(&files);
    copied.run(&["--to", "zh-TW", "-O", "out", "--rename", "locale", "res"]).success();
    for name in ["out/locale/zh_TW/LC_MESSAGES/a.po", "out/res/values-b+zh+Hant+TW/strings.xml"] {
        assert!(copied.path(name).exists(), "{name}: {:?}", copied.files());
    }
}

/// A shell's `*` names what an earlier run has written, which made the next run wrong usage; and a.zh-TW.zh-TW.md was made.
#[test]
fn what_stands_beside_a_file_is_left_out_where_it_is_given_too() {
    let tree = Tree::new(&[("a.md", "头发\n".as_bytes()), ("b.chs.md", "后来\n".as_bytes())]);
    let run = |arguments: &[&str]| tree.run(&[&["--to", "zh-TW", "--beside"], arguments].concat());
    run(&["a.md", "b.chs.md"]).success();
    let message = stderr(&run(&["a.md", "./a.zh-TW.md", "b.chs.md", "b.cht.md"]).success());
    for copy in ["a.zh-TW.md", "b.cht.md"] {
        assert!(message.contains(&format!("{copy}: skipped: its name is that of a conversion")), "{message}");
    }
    run(&["a.zh-TW.md"]).success();
    // What would be replaced is still none to be given.
    run(&["--force", "a.md", "a.zh-TW.md"]).code(2);
    let names = |folder: &str| {
        let mut names: Vec<_> = tree
            .path(folder)
            .read_dir()
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(""), ["a.md", "a.zh-TW.md", "b.chs.md", "b.cht.md"]);
    // Of a name alone: a folder's tag does not matter, nor one of another region.
    for file in ["zh-TW/c.md", "zh-TW/d.zh-CN.md", "zh-TW/e.zh-Hant.md"] {
        tree.write(file, "头发\n".as_bytes());
        run(&[file]).success();
    }
    let expected = ["c.md", "c.zh-TW.md", "d.zh-CN.md", "d.zh-TW.md", "e.zh-Hant.md", "e.zh-Hant.zh-TW.md"];
    assert_eq!(names("zh-TW"), expected);
}

/// The bytes of an archive used to be written between the texts.
#[test]
fn an_archive_is_not_written_between_texts() {
    let book = archive(&[("a.srt", "1\n00:00:01,000 --> 00:00:02,000\n头发\n".as_bytes())]);
    let tree = Tree::new(&[("book/a.txt", "头发\n".as_bytes()), ("book/b.zip", &book)]);
    let run = tree.run(&["-c", "s2t", "book/a.txt", "book/b.zip"]).code(3).stdout_eq("頭髮\n");
    assert!(stderr(&run).contains("b.zip: an archive is no part of a text: name it alone"), "{}", stderr(&run));
    let alone = tree.run(&["-c", "s2t", "book/b.zip"]).success();
    assert_eq!(part(&alone.get_output().stdout, "a.srt"), "1\n00:00:01,000 --> 00:00:02,000\n頭髮\n".as_bytes());
    tree.run(&["-c", "s2t", "--check", "book/a.txt", "book/b.zip"]).code(1);
}

/// Documents used to be cleaned as plain text, with their links, scripts and keys.
#[test]
fn documents_are_cleaned_in_their_formats() {
    const PAGE: &str = "<html lang=\"zh-CN\"><script>var 头发;</script><p class=\"國(guó)\">中國(guó)<i>臺(tái)</i>灣\
        <b>網(wǎng)</b>，國(guó)際(jì)網(wǎng)臺(tái)</p>\n<p title=\"復雜\">黨員干部<a href=\"國(guó)网.html\">發(fā)自\
        ?xún)?nèi)心</a></p>\n<p>中国<b>台湾</b>头<i>发</i></p><code>國(guó)头</code></html>\n";
    const STRIPPED: &str = "<html lang=\"zh-CN\"><script>var 头发;</script><p class=\"國(guó)\">中國<i>臺</i>灣\
        <b>網</b>，國際網臺</p>\n<p title=\"復雜\">黨員干部<a href=\"國(guó)网.html\">發自\
        ?xún)?nèi)心</a></p>\n<p>中国<b>台湾</b>头<i>发</i></p><code>國(guó)头</code></html>\n";
    const KEPT: &str = "<html lang=\"zh-TW\"><script>var 头发;</script><p class=\"國(guó)\">中國<i>臺</i>灣\
        <b>網</b>，國際網臺</p>\n<p title=\"複雜\">黨員幹部<a href=\"國(guó)网.html\">發自\
        內心</a></p>\n<p>中国<b>台湾</b>头<i>发</i></p><code>國(guó)头</code></html>\n";
    let for_taiwan = KEPT.replace("中国<b>台湾</b>头<i>发", "中國<b>台灣</b>頭<i>髮");
    let data =
        "{\"头发\": \"头发\", \"a\": \"中國(guó)臺(t\\u00e1i)灣網(wǎng)，國(guó)際(jì)網(wǎng)臺(tái)發(fā)\"}\n";
    let tree = Tree::new(&[("web/a.html", PAGE.as_bytes()), ("web/b.json", data.as_bytes())]);
    tree.run(&["clean", "--gloss", "strip", "web/a.html"]).success().stdout_eq(STRIPPED);
    tree.run(&["clean", "--to", "zh-TW", "--keep-simplified", "web/a.html"]).success().stdout_eq(KEPT);
    tree.run(&["clean", "--to", "zh-TW", "--as", "html", "-i", "web/a.html"]).success().stdout_eq(&*for_taiwan);
    tree.run(&["clean", "--gloss", "drop", "-O", "out", "web/a.html"]).success();
    assert!(!tree.path("out/web/a.html").exists());
    let json = tree.run(&["clean", "--format", "json", "web/a.html"]).success();
    let record: serde_json::Value =
        serde_json::from_slice(json.get_output().stdout.split(|byte| *byte == b'\n').next().unwrap()).unwrap();
    assert_eq!(
        (&record["gloss_count"], &record["damage_count"], &record["format"]),
        (&8.into(), &1.into(), &"html".into())
    );
    for place in record["glosses"].as_array().unwrap() {
        let span = place["start"].as_u64().unwrap() as usize..place["end"].as_u64().unwrap() as usize;
        assert_eq!(PAGE[span], *place["text"].as_str().unwrap());
    }
    tree.run(&["clean", "--to", "zh-TW", "--in-place", "web"]).success();
    tree.has("web/a.html", &for_taiwan);
    tree.has("web/b.json", "{\"头发\": \"頭髮\", \"a\": \"中國臺灣網，國際網臺發\"}\n");
    tree.run(&["clean", "--to", "zh-TW", "--check", "web"]).success();
    let plain = tree.run(&["clean", "--to", "zh-TW", "--plain", "web/b.json"]).success();
    assert!(plain.get_output().stdout.starts_with("{\"頭髮\"".as_bytes()));
    // An archive is one document, with one decision about its parts.
    let parts = [
        ("a.html", "<p>中國(guó)臺(tái)灣網(wǎng)</p>\n"),
        ("b.srt", "1\n00:00:01,000 --> 00:00:02,000\n國(guó)際(jì)<i>網(wǎng)</i>干部\n"),
    ];
    tree.write("a.zip", &archive(&parts.map(|(name, text)| (name, text.as_bytes()))));
    let cleaned = tree.run(&["clean", "--to", "zh-TW", "a.zip"]).success();
    let cleaned = &cleaned.get_output().stdout;
    assert_eq!(part(cleaned, "a.html"), "<p>中國臺灣網</p>\n".as_bytes());
    assert_eq!(part(cleaned, "b.srt"), "1\n00:00:01,000 --> 00:00:02,000\n國際<i>網</i>幹部\n".as_bytes());
    tree.run(&["clean", "--to", "zh-TW", "--diff", "a.zip"]).success().stdout_eq(
        "--- a.zip\n+++ a.zip (converted)\n@@ -1,2 +1,2 @@\n-中國(guó)臺(tái)灣網(wǎng)\n-國(guó)際(jì)網(wǎng)干部\n\
         +中國臺灣網\n+國際網幹部\n",
    );
}

/// What the steps of cleaning do, and undo, used to be counted.
#[test]
fn cleaning_is_reported_as_one_change() {
    let container = "<container><rootfiles><rootfile full-path='a.opf'/></rootfiles></container>";
    let package = "<package xmlns='http://www.idpf.org/2007/opf' xmlns:dc='http://purl.org/dc/elements/1.1/'>\
                   <metadata><dc:title>中國(guó)網(wǎng)</dc:title></metadata><manifest>\
                   <item id='a' href='a.xhtml' media-type='application/xhtml+xml'/>\
                   <item id='font' href='font.woff2' media-type='font/woff2'/></manifest><spine><itemref idref='a'/></spine></package>";
    let page = |text: &str| format!("<html xmlns='http://www.w3.org/1999/xhtml'><body><p>{text}</p></body></html>");
    let book = |text: &str| {
        archive(&[
            ("mimetype", b"application/epub+zip"),
            ("META-INF/container.xml", container.as_bytes()),
            ("a.opf", package.as_bytes()),
            ("a.xhtml", page(text).as_bytes()),
            ("font.woff2", b"wOF2"),
        ])
    };
    // The second value becomes an identifier.
    let data = r#"{"a": "國(guó)際(jì)網(wǎng)臺(tái)", "b": "user_網(wǎng)際(jì)", "c": "甲", "d": "乙", "e": "丙"}"#;
    let tree = Tree::new(&[
        ("a.epub", &book("國(guó)際(jì)網(wǎng)臺(tái)")),
        ("b.epub", &book("國(guó)際(jì)网臺(tái)的内<b>存</b>")),
        ("c.json", data.as_bytes()),
    ]);
    let record = |arguments: &[&str]| -> serde_json::Value {
        let run = tree.run(&[&["clean", "--format", "json", "--dry-run"], arguments].concat()).success();
        serde_json::from_slice(run.get_output().stdout.split(|byte| *byte == b'\n').next().unwrap()).unwrap()
    };
    // No character is new, in whichever script the text is on the way.
    let traditional = record(&["--to", "zh-TW", "a.epub"]);
    assert_eq!((traditional["fonts"].to_string(), &traditional["changed_parts"]), ("[]".to_owned(), &2.into()));
    let mixed = record(&["--to", "zh-TW", "--vocabulary", "local", "b.epub"]);
    assert_eq!((mixed["fonts"].as_array().map(Vec::len), &mixed["moved"]), (Some(1), &1.into()));
    let data = record(&["--gloss", "strip", "c.json"]);
    assert_eq!(&data["changed_groups"], &2, "{data}");
}

/// The message used to offer --plain, which converts the keys, too.
#[test]
fn json_lines_under_the_name_of_json_are_named() {
    let tree = Tree::new(&[
        ("a.json", "{\"t\":\"头\"}\n\n{\"t\":\"发\"}\n".as_bytes()),
        ("b.json", "{\"t\":\n\"头\"}\n{\"t\":\"发\"}\n".as_bytes()),
    ]);
    let message =
        "a.json: JSON lines, and not one document of JSON (fanjian --jsonl --field NAME converts a field of each line";
    for arguments in [&["--to", "zh-TW", "a.json"][..], &["clean", "a.json"], &["text", "a.json"]] {
        let run = tree.run(arguments).code(3);
        assert!(stderr(&run).contains(message), "{}", stderr(&run));
    }
    let run = tree.run(&["--to", "zh-TW", "b.json"]).code(3);
    assert!(stderr(&run).contains("--plain converts it as plain text"), "{}", stderr(&run));
}

/// A page becomes what its text alone becomes, with each option.
#[test]
fn a_cleaned_page_has_the_text_that_its_text_becomes() {
    const TEXT: &str = "中国台湾网\n中國(guó)臺(tái)灣網(wǎng)，國(guó)際(jì)網(wǎng)臺(tái)：黨員干部發(fā)自?xún)?nèi)心\n\
        这里是「简体」的标题，头发和皇后\n復雜的沖鋒，“軟件”和程序，一只貓在路上\nこれは日本の国学です、黨員干部\n\
        視頻的質量，系統里面\n";
    let split = |line: &str| -> String {
        let characters: Vec<_> = line.chars().collect();
        let part = |range: &[char]| range.iter().collect::<String>();
        format!("<p>{}<b>{}</b>{}</p>\n", part(&characters[..3]), part(&characters[3..7]), part(&characters[7..]))
    };
    let without_tags =
        |page: &str| ["<p>", "</p>", "<b>", "</b>"].iter().fold(page.to_owned(), |page, tag| page.replace(tag, ""));
    let page: String = TEXT
        .lines()
        .map(|line| if line.chars().count() < 7 { format!("<p>{line}</p>\n") } else { split(line) })
        .collect();
    let tree = Tree::new(&[("a.html", page.as_bytes()), ("a.txt", TEXT.as_bytes())]);
    for options in [
        "--gloss strip",
        "--to zh-TW",
        "--to zh-HK --gloss strip",
        "--to zh-CN",
        "--to zh-TW --keep-simplified",
        "--to zh-TW --vocabulary local",
        "--to zh-TW --vocabulary local --punctuation local --keep-simplified",
    ] {
        let arguments = format!("clean {options}");
        let clean = |file: &str| {
            let run = tree.run(&arguments.split(' ').chain([file]).collect::<Vec<_>>()).success();
            String::from_utf8(run.get_output().stdout.clone()).unwrap()
        };
        let page = clean("a.html");
        assert_eq!(without_tags(&page), clean("a.txt"), "{options}: {page}");
    }
}

/// What is found in a paragraph takes a small multiple of its size, however much markup is in it.
#[cfg(target_os = "linux")]
#[test]
fn a_paragraph_full_of_markup_is_converted_in_bounded_memory() {
    let text: Vec<char> = "用户界面软件在里面头发干了后台数据库默认的程序".chars().collect();
    let part = |at: usize| format!("{}<b>{}</b>", text[at % text.len()], text[(at * 7 + 3) % text.len()]);
    let page = format!("<p>{}</p>", (0..150_000).map(part).collect::<String>());
    let tree = Tree::new(&[("a.html", page.as_bytes())]);
    for options in [&["--to", "zh-TW", "--vocabulary", "local"][..], &["-c", "s2twp"]] {
        let mut child = std::process::Command::new(snapbox::cmd::cargo_bin!("fanjian"))
            .args(options)
            .arg("a.html")
            .current_dir(tree.path(""))
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = child.stdout.take().unwrap();
        // It cannot end before the rest is read.
        std::io::Read::read_exact(&mut stdout, &mut [0; 1 << 10]).unwrap();
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let kib = |name: &str| -> usize {
            let value = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            value.trim().trim_end_matches(" kB").parse().unwrap()
        };
        // Without the pages of the program itself.
        let peak = (kib("VmHWM:") - kib("RssFile:")) * 1024;
        assert!(peak < 40 * page.len(), "{options:?}: {peak} bytes for a page of {}", page.len());
        std::io::copy(&mut stdout, &mut std::io::sink()).unwrap();
        assert!(child.wait().unwrap().success());
    }
}
