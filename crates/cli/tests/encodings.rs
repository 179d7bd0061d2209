//! Encodings of files, as the command detects, names and keeps them.

mod tree;

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS, WINDOWS_1251};
use tree::Tree;

const SIMPLIFIED: &str = "后来，他的头发里面有一只蝴蝶。\n";
const TRADITIONAL: &str = "後來，他的頭髮裏面有一隻蝴蝶。\n";
const AUTO: [&str; 2] = ["--from-encoding", "auto"];

fn encoded(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    let (bytes, _, has_lost) = encoding.encode(text);
    assert!(!has_lost, "{text}");
    bytes.into_owned()
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// It used to become windows-1252 in most cases, or to be skipped as binary where it has a NUL.
#[test]
fn utf_16_without_a_mark_is_detected() {
    for text in [SIMPLIFIED, "后来，他的头发里面有一只蝴蝶。", "<p>头发 title</p>\n"] {
        let tree =
            Tree::new(&[("le.txt", &utf_16(text, u16::to_le_bytes)), ("be.txt", &utf_16(text, u16::to_be_bytes))]);
        tree.run(
            &[&["-c", "s2t"][..], &AUTO[..], &["-v", "--in-place", "--to-encoding", "utf-8", "le.txt", "be.txt"]]
                .concat(),
        )
        .success()
        .stderr_eq(
            "le.txt: changed, UTF-16LE (detected, [..])\nbe.txt: changed, UTF-16BE (detected, [..])\n\
                 2 files (1 in UTF-16LE, 1 in UTF-16BE): 2 changed, 0 unchanged, 0 skipped, 0 failed\n",
        );
        let converted = text.replace(SIMPLIFIED.trim(), TRADITIONAL.trim()).replace("头发", "頭髮");
        tree.has("le.txt", &converted);
        tree.has("be.txt", &converted);
    }
}

/// The hint used to be `--text`, which leads nowhere.
#[test]
fn utf_16_without_a_mark_is_named_where_nothing_is_detected() {
    let text = utf_16("头发 title\n", u16::to_le_bytes);
    let tree =
        Tree::new(&[("a/le.txt", &text), ("a/image.bin", b"\x7fELF\x02\x01\x01\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0")]);
    tree.run(&["-c", "s2t", "--in-place", "a"]).success().stderr_eq(
        "fanjian: a/le.txt: skipped: it looks like UTF-16LE without a byte order mark (--from-encoding utf-16le, or auto, \
         converts it)\n2 files: 0 changed, 0 unchanged, 2 skipped, 0 failed\n",
    );
    assert_eq!(tree.read("a/le.txt"), text);
    tree.run(&[&["-c", "s2t"][..], &AUTO[..], &["--in-place", "a"]].concat())
        .success()
        .stderr_eq("2 files (1 in UTF-16LE): 1 changed, 0 unchanged, 1 skipped, 0 failed\n");
    assert_eq!(tree.read("a/le.txt"), utf_16("頭髮 title\n", u16::to_le_bytes));
}

/// They used to become windows-1251, EUC-KR and the like, and short ones mojibake with exit status 0.
#[test]
fn what_is_not_certain_is_left_and_counted() {
    let files = [
        ("in/short.txt", encoded(GBK, "乖乖")),
        ("in/russian.txt", encoded(WINDOWS_1251, "Столица России")),
        ("in/korean.txt", encoded(EUC_KR, "대한민국의 수도는 서울이다.")),
        ("in/sure.txt", encoded(GBK, SIMPLIFIED)),
    ];
    let files: Vec<_> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let tree = Tree::new(&files);
    let to = [&AUTO[..], &["--to-encoding", "utf-8"]].concat();
    let messages = "fanjian: in/korean.txt: it is not Chinese or Japanese text in a known encoding; --from-encoding names one\n\
        fanjian: in/russian.txt: it is not Chinese or Japanese text in a known encoding; --from-encoding names one\n\
        fanjian: in/short.txt: the encoding is not certain[..]: it looks like EUC-JP ([..]; --from-encoding names it\n\
        4 files (1 in GBK): 1 changed, 0 unchanged, 0 skipped, 3 failed\n";
    tree.run(&[&["-c", "s2t"][..], &to[..], &["-O", "out", "in"]].concat()).code(3).stderr_eq(messages);
    assert!(tree.path("out/in/sure.txt").exists() && !tree.path("out/in/short.txt").exists());
    tree.run(&[&["-c", "s2t"][..], &to[..], &["--in-place", "in"]].concat()).code(3).stderr_eq(messages);
    for (name, bytes) in files.iter().filter(|(name, _)| *name != "in/sure.txt") {
        assert_eq!(&tree.read(name), bytes, "{name}");
    }
    tree.run(&[&["-c", "s2t"][..], &AUTO[..], &["-i", "in/short.txt"]].concat()).code(3).stderr_eq(
        "fanjian: in/short.txt: the encoding is not certain[..]: it looks like EUC-JP ([..]; --from-encoding names it\n",
    );
    tree.run(&["detect", "in/short.txt"]).code(3);
    tree.run(&["detect", "--from-encoding", "gbk", "in/short.txt"])
        .success()
        .stdout_eq("in/short.txt: [..] (2 Chinese[..])\n");
}

#[test]
fn json_has_how_sure_a_guess_is() {
    let tree = Tree::new(&[
        ("a.txt", &encoded(SHIFT_JIS, "これはテストです。あれもテストですか。")),
        ("b.txt", SIMPLIFIED.as_bytes()),
    ]);
    let json = ["-c", "t2s", "--check", "--format", "json"];
    tree.run(&[&AUTO[..], &json, &["a.txt"]].concat()).success().stdout_eq(
        "{\"type\":\"file\",\"path\":\"a.txt\",\"state\":\"unchanged\",\"config\":\"t2s\",\"encoding\":\"Shift_JIS\",\"detected\":true,\"confidence\":1.0}\n...",
    );
    tree.run(&[&json[..], &["b.txt"]].concat()).success().stdout_eq(
        "{\"type\":\"file\",\"path\":\"b.txt\",\"state\":\"unchanged\",\"config\":\"t2s\",\"encoding\":\"UTF-8\",\"detected\":false}\n...",
    );
}

/// It used to be windows-1252, and every character of the text two of that.
#[test]
fn a_damaged_text_is_an_error_in_its_own_encoding() {
    let damaged = [TRADITIONAL.as_bytes(), b"\xff\n"].concat();
    let tree = Tree::new(&[("utf8.txt", &damaged), ("gbk.txt", &[&encoded(GBK, SIMPLIFIED)[..], b"\xff\n"].concat())]);
    let run = [&AUTO[..], &["-c", "s2t", "--in-place", "--to-encoding", "utf-8", "utf8.txt", "gbk.txt"]].concat();
    tree.run(&run).code(3).stderr_eq(
        "fanjian: utf8.txt: not UTF-8: invalid byte 0xFF at offset 46 ([..])\n\
         fanjian: gbk.txt: not GBK: invalid bytes at offset 31 ([..])\n2 files ([..]2 failed\n",
    );
    assert_eq!(tree.read("utf8.txt"), damaged);
}

/// There used to be no word about it.
#[test]
fn traditional_text_that_stays_in_gbk_is_warned_of() {
    let gbk = encoded(GBK, SIMPLIFIED);
    let tree = Tree::new(&[("a.txt", &gbk), ("b.txt", &gbk), ("c.txt", &encoded(BIG5, TRADITIONAL))]);
    let warning = "2 files (2 in GBK): 2 changed, 0 unchanged, 0 skipped, 0 failed\n\
        fanjian: 2 files are Traditional and stay in GBK, which Windows in Taiwan and Hong Kong reads as Big5: \
        --to-encoding utf-8 writes UTF-8\n";
    let named = ["--from-encoding", "gbk"];
    tree.run(&[&named[..], &["-c", "s2t", "-O", "out", "a.txt", "b.txt"]].concat()).success().stderr_eq(warning);
    tree.run(&[&AUTO[..], &["--to", "zh-TW", "-O", "out", "a.txt", "b.txt"]].concat()).success().stderr_eq(warning);
    for quiet in [&["-c", "s2t", "--to-encoding", "gbk"][..], &["-c", "s2t", "--to-encoding", "utf-8"], &["-c", "jp2t"]]
    {
        let run = [&named[..], quiet, &["-O", "out", "a.txt"]].concat();
        tree.run(&run).success().stderr_eq("1 file (1 in GBK): 1 changed, 0 unchanged, 0 skipped, 0 failed\n");
    }
    tree.run(&[&AUTO[..], &["-c", "s2t", "-O", "out", "c.txt"]].concat())
        .success()
        .stderr_eq("1 file (1 in Big5): 0 changed, 1 unchanged, 0 skipped, 0 failed\n");
}

/// The box characters of Big5 have two codes. A file without anything to convert used to be rewritten for them.
#[test]
fn a_character_with_two_codes_is_no_change() {
    let big5 = [&encoded(BIG5, "一二三"), &b"\xa2\xa4\xa2\xa4\n"[..]].concat();
    let tree =
        Tree::new(&[("a.txt", &big5), ("b.txt", &encoded(GB18030, "头𠮷")), ("c.txt", &encoded(EUC_JP, "日本"))]);
    tree.run(&["-c", "s2t", "--from-encoding", "big5", "--in-place", "a.txt"])
        .success()
        .stderr_eq("1 file (1 in Big5): 0 changed, 1 unchanged, 0 skipped, 0 failed\n");
    assert_eq!(tree.read("a.txt"), big5);
    tree.run(&["-c", "s2t", "--from-encoding", "gb18030", "--in-place", "-q", "b.txt"]).success();
    assert_eq!(tree.read("b.txt"), encoded(GB18030, "頭𠮷"));
    tree.run(&["-c", "s2t", "--from-encoding", "euc-jp", "--check", "c.txt"]).success();
}

/// UTF-8 with control characters used to be uncertain, also for `fanjian detect`: its escapes were those of ISO-2022-JP, or
/// it was taken for bytes of any kind.
#[test]
fn control_characters_are_in_utf_8_too() {
    let texts = [
        ("bell.txt", "头\u{1b}[0m\u{7}\n"),
        ("log.txt", "\u{1b}[31merror\u{1b}[0m: x\n\u{1b}(B\u{1b}[m"),
        ("rfc.txt", "RFC 1  [Page 1]\n\u{c}\nRFC 1\n"),
        ("only.txt", "\u{1}\u{2}\u{3}\u{4}"),
        ("dots.txt", &"\u{1b}[32m.\u{1b}[0m".repeat(300)),
    ];
    let files: Vec<_> = texts.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let tree = Tree::new(&files);
    for (name, text) in texts {
        tree.run(&[&["-c", "s2t"][..], &AUTO[..], &[name]].concat())
            .success()
            .stdout_eq(text.replace('头', "頭"))
            .stderr_eq("");
        tree.run(&["detect", name]).success().stderr_eq("");
    }
    // Real ISO-2022-JP is valid UTF-8, too.
    let (bytes, _, _) = encoding_rs::ISO_2022_JP.encode("日本国は、東京都と京都府があります。");
    tree.write("jp.txt", &bytes);
    let run = tree.run(&[&["-c", "s2t"][..], &AUTO[..], &["--check", "--format", "json", "jp.txt"]].concat());
    assert!(String::from_utf8_lossy(&run.get_output().stdout).contains("ISO-2022-JP"));
}

/// The mark of UTF-16 is the beginning of that of UTF-32: each character was one of a word alone, behind a NUL.
#[test]
fn utf_32_is_not_taken_for_utf_16() {
    let text = |bytes: fn(u32) -> [u8; 4]| "\u{feff}头发".chars().flat_map(|c| bytes(c.into())).collect::<Vec<u8>>();
    for bytes in [text(u32::to_le_bytes), text(u32::to_be_bytes)] {
        let tree = Tree::new(&[("a.txt", &bytes)]);
        for options in [&["--to", "zh-TW", "--in-place", "a.txt"][..], &["--to", "zh-TW", "--in-place", "."]] {
            let run = tree.run(options);
            let message = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
            assert!(
                message.contains("a.txt: skipped: it is UTF-32, which is not read (convert it to UTF-8"),
                "{message}"
            );
        }
        tree.run(&["--to", "zh-TW", "--from-encoding", "auto", "-i", "a.txt"]).code(3).stdout_eq("");
        // What a document states itself does not help either.
        let page = "\u{feff}<meta charset=\"utf-8\"><p>头发</p>";
        let page: Vec<u8> = page.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        tree.write("x.html", &page);
        tree.run(&["--to", "zh-TW", "--in-place", "x.html"]).success();
        assert_eq!(tree.read("x.html"), page);
        assert_eq!(tree.read("a.txt"), bytes);
    }
}
