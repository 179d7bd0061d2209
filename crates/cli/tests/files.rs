//! The command on files and folders, as the real binary, in a temporary tree that holds one case of each kind.

mod tree;

use std::{
    fs,
    io::Write,
    os::unix::{
        ffi::OsStrExt,
        fs::{FileTypeExt, PermissionsExt},
        process::CommandExt,
    },
    path::Path,
    process::{Output, Stdio},
    time::{Duration, SystemTime},
};

use snapbox::cmd::{Command, cargo_bin};
use tree::Tree;

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn encoded(encoding: &'static encoding_rs::Encoding, text: &str) -> Vec<u8> {
    let (bytes, _, has_lost) = encoding.encode(text);
    assert!(!has_lost);
    bytes.into_owned()
}

const BOOK: [(&str, &[u8]); 6] = [
    ("book/a.txt", "头发\n一\n里面\n".as_bytes()),
    ("book/same.txt", "一二三\n".as_bytes()),
    ("book/image.bin", b"\x89PNG\0\0"),
    ("book/sub/b.md", "后来".as_bytes()),
    ("book/sub/.hidden.txt", "后".as_bytes()),
    ("book/.gitignore", b"ignored.txt\n"),
];

#[test]
fn files_are_written_to_standard_output_in_order() {
    let tree = Tree::new(&BOOK);
    tree.write("book/ignored.txt", "后".as_bytes());
    tree.run(&["-c", "s2t", "book"]).success().stdout_eq("頭髮\n一\n裏面\n一二三\n後來").stderr_eq("");
    tree.run(&["-c", "s2tw", "book/sub", "book/a.txt"]).success().stdout_eq("後來頭髮\n一\n裡面\n");
    tree.run(&["-c", "s2t", "book/image.bin"])
        .success()
        .stdout_eq("")
        .stderr_eq("fanjian: book/image.bin: skipped: binary (--text converts it as text)\n");
    let passed = tree.run(&["-c", "s2t", "-a", "book/image.bin", "--invalid-utf8", "pass"]).success();
    assert_eq!(passed.get_output().stdout, b"\x89PNG\0\0");
}

#[test]
fn standard_input_can_be_one_of_the_paths() {
    let tree = Tree::new(&BOOK);
    let run = |arguments: &[&str]| {
        Command::new(cargo_bin!("fanjian")).args(arguments).current_dir(tree.path("")).stdin("头发").assert()
    };
    run(&["-c", "s2t", "book/sub/b.md", "-"]).success().stdout_eq("後來頭髮");
    run(&["-c", "s2t", "--in-place", "-"])
        .code(2)
        .stderr_eq("error: - (standard input) cannot be combined with --in-place[..]\n...");
    run(&["-c", "s2t", "--check"]).code(1).stdout_eq("-:1:1: 头发 → 頭髮 [script]\n");
    run(&["-c", "s2t", "--diff"]).success().stdout_eq("--- -\n+++ - (converted)\n@@ -1 +1 @@\n-头发\n/ No newline at end of file\n+頭髮\n/ No newline at end of file\n");
    run(&["--check", "-i", "book/same.txt"]).success().stdout_eq("");
}

#[test]
fn in_place_replaces_what_changes_and_keeps_mode_and_times() {
    let tree = Tree::new(&BOOK);
    let path = tree.path("book/a.txt");
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    for name in ["book/a.txt", "book/same.txt"] {
        fs::File::options().write(true).open(tree.path(name)).unwrap().set_modified(time).unwrap();
    }
    tree.run(&["-c", "s2t", "--in-place", "book"])
        .success()
        .stdout_eq("")
        .stderr_eq("4 files: 2 changed, 1 unchanged, 1 skipped, 0 failed\n");
    tree.has("book/a.txt", "頭髮\n一\n裏面\n");
    tree.has("book/sub/b.md", "後來");
    tree.has("book/sub/.hidden.txt", "后");
    let metadata = fs::metadata(&path).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o640);
    assert_eq!(metadata.modified().unwrap(), time);
    let mut expected: Vec<_> = BOOK.iter().map(|(path, _)| path.to_string()).collect();
    expected.sort();
    assert_eq!(tree.files(), expected);
    tree.run(&["-c", "s2t", "--in-place", "book"])
        .success()
        .stderr_eq("4 files: 0 changed, 3 unchanged, 1 skipped, 0 failed\n");
}

#[test]
fn a_backup_keeps_the_old_contents() {
    let tree = Tree::new(&BOOK);
    tree.run(&["-c", "s2t", "--in-place", "--backup", ".orig", "book/a.txt", "book/same.txt"]).success();
    tree.has("book/a.txt", "頭髮\n一\n裏面\n");
    tree.has("book/a.txt.orig", "头发\n一\n里面\n");
    assert!(!tree.path("book/same.txt.orig").exists());
    // What is kept is not converted in its turn.
    tree.run(&["--in-place", "--backup", ".orig", "-c", "t2s", "book"]).success();
    tree.has("book/a.txt.orig", "頭髮\n一\n裏面\n");
    assert!(!tree.path("book/a.txt.orig.orig").exists());
}

#[test]
fn links_are_followed_if_given_and_in_folders_if_asked_for() {
    let tree = Tree::new(&[("a.txt", "头".as_bytes()), ("other/b.txt", "发".as_bytes())]);
    std::os::unix::fs::symlink("../a.txt", tree.path("other/link.txt")).unwrap();
    tree.run(&["-c", "s2t", "other"]).success().stdout_eq("發");
    tree.run(&["-c", "s2t", "-L", "other"]).success().stdout_eq("發頭");
    // A file that two paths lead to is converted once.
    tree.run(&["-c", "s2t", "-L", "--in-place", "a.txt", "other"]).success().stderr_eq("2 files: 2 changed[..]\n");
    tree.run(&["--in-place", "-c", "t2s", "other/link.txt"]).success();
    tree.has("a.txt", "头");
    assert!(tree.path("other/link.txt").is_symlink());

    // Another name of the file keeps the old contents.
    fs::hard_link(tree.path("a.txt"), tree.path("hard.txt")).unwrap();
    tree.run(&["-c", "s2t", "--in-place", "a.txt"]).success();
    tree.has("a.txt", "頭");
    tree.has("hard.txt", "头");
}

#[test]
fn a_tree_is_mirrored_into_another_folder() {
    let tree = Tree::new(&BOOK);
    tree.run(&["-c", "s2t", "-O", "out", "book", "./book/a.txt"])
        .success()
        .stderr_eq("4 files: 2 changed, 1 unchanged, 1 skipped, 0 failed\n");
    tree.has("out/book/a.txt", "頭髮\n一\n裏面\n");
    tree.has("out/book/same.txt", "一二三\n");
    tree.has("out/book/sub/b.md", "後來");
    tree.has("book/a.txt", "头发\n一\n里面\n");
    // What is in the output folder is no input.
    tree.run(&["-c", "s2t", "-O", "out", "-v", "."])
        .success()
        .stderr_eq("book/a.txt -> out/book/a.txt: changed, UTF-8\n...");
    assert!(!tree.path("out/out").exists());

    let absolute = tree.path("book/sub");
    tree.run(&["-c", "s2t", "-O", "abs", absolute.to_str().unwrap()]).success();
    tree.has("abs/sub/b.md", "後來");
    tree.run(&["-c", "s2t", "-O", ".", "book"]).code(2).stderr_eq("error: ./book is both input and output[..]\n...");
    tree.write("x/a.txt", b"");
    let other = tree.path("x/../book/a.txt");
    tree.run(&["-c", "s2t", "-O", "same", other.to_str().unwrap(), tree.path("x/a.txt").to_str().unwrap()])
        .code(3)
        .stderr_eq("fanjian: [..] would both be written to same/a.txt: name only one of them; nothing was done\n");
    assert!(!tree.path("same").exists());
}

#[test]
fn one_file_is_written_where_output_says() {
    let tree = Tree::new(&[("a.html", "<p title='后'>头</p>".as_bytes()), ("b.txt", "后面\n".as_bytes())]);
    tree.run(&["--to", "zh-TW", "b.txt", "-o", "out.txt"])
        .success()
        .stdout_eq("")
        .stderr_eq("1 file: 1 changed, 0 unchanged, 0 skipped, 0 failed\n");
    tree.has("out.txt", "後面\n");
    // As a PATH it is a document by its name.
    tree.run(&["--to", "zh-TW", "--quiet", "-o", "out.txt", "a.html"]).success().stderr_eq("");
    tree.has("out.txt", "<p title='後'>頭</p>");
    tree.run(&["--to", "zh-TW", "b.txt", "-o", "-"]).success().stdout_eq("後面\n");
    tree.run(&["clean", "--to", "zh-TW", "b.txt", "-o", "clean.txt"]).success();
    tree.has("clean.txt", "後面\n");
    // A device was refused, and so was a link, as if somebody else had laid it below an output folder.
    tree.run(&["--to", "zh-TW", "--quiet", "b.txt", "-o", "/dev/null"]).success();
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    std::os::unix::fs::symlink("out.txt", tree.path("link.txt")).unwrap();
    tree.run(&["--to", "zh-TW", "--quiet", "a.html", "-o", "link.txt"]).success();
    tree.has("out.txt", "<p title='後'>頭</p>");
    assert!(tree.path("link.txt").is_symlink());
    for arguments in [&["b.txt", "-o", "b.txt"][..], &["b.txt", "a.html", "-o", "x"], &[".", "-o", "x"]] {
        tree.run(&[&["--to", "zh-TW"], arguments].concat()).code(2);
    }
    tree.has("b.txt", "后面\n");
}

#[test]
fn names_are_converted_on_request() {
    let tree = Tree::new(&[("书/头发.txt", "头发".as_bytes()), ("书/一.txt", b"1"), ("书/后/里.md", b"2")]);
    tree.run(&["-c", "s2t", "--rename", "-O", "out", "书"]).success();
    tree.has("out/書/頭髮.txt", "頭髮");
    tree.has("out/書/後/裏.md", "2");
    tree.run(&["-c", "s2t", "--rename", "--dry-run", "--in-place", "书"])
        .success()
        .stdout_eq("书/头发.txt: would change\n书/后/里.md -> 书/后/裏.md: would be renamed\n书/头发.txt -> 书/頭髮.txt: would be renamed\n书/后 -> 书/後: would be renamed\n");
    tree.run(&["-c", "s2t", "--rename", "--in-place", "书"]).success();
    tree.has("书/頭髮.txt", "頭髮");
    tree.has("书/後/裏.md", "2");
    tree.has("书/一.txt", "1");

    let tree = Tree::new(&[("后.txt", "后".as_bytes()), ("後.txt", b"other")]);
    tree.run(&["-c", "s2t", "--rename", "--in-place", "."])
        .code(3)
        .stderr_eq("fanjian: 后.txt would be renamed, but 後.txt exists already: nothing was done\n");
    tree.has("后.txt", "后");
    let tree = Tree::new(&[("发.txt", b"1"), ("發.txt", b"2")]);
    tree.run(&["-c", "s2t", "--rename", "-O", "out", "."])
        .code(3)
        .stderr_eq("fanjian: [..] would both be written to out/發.txt: name only one of them; nothing was done\n");
}

#[test]
fn globs_extensions_and_ignore_files_choose() {
    let tree = Tree::new(&BOOK);
    tree.write("book/ignored.txt", "头".as_bytes());
    tree.run(&["-c", "s2t", "-g", "*.md", "book"]).success().stdout_eq("後來");
    tree.run(&["-c", "s2t", "-g", "!*.md", "book"]).success().stdout_eq("頭髮\n一\n裏面\n一二三\n");
    tree.run(&["-c", "s2t", "-g", "book/sub/b*", "book"]).success().stdout_eq("後來");
    // As with other tools, a glob that matches takes hidden files, too.
    tree.run(&["-c", "s2t", "-g", "book/sub/*", "book"]).success().stdout_eq("後後來");
    tree.run(&["-c", "s2t", "-g", "{", "book"]).code(2).stderr_eq("error: --glob '{': [..]\n...");
    tree.run(&["-c", "s2t", "-e", "MD,rst", "book"]).success().stdout_eq("後來");
    tree.run(&["-c", "s2t", "-e", "md", "--hidden", "--no-ignore", "-e", "txt", "book"])
        .success()
        .stdout_eq("頭髮\n一\n裏面\n頭一二三\n後後來");
    // What is given is taken in any case.
    tree.run(&["-c", "s2t", "-e", "rst", "book/ignored.txt"]).success().stdout_eq("頭");
    tree.write("book/.fanjianignore", b"a.txt\n");
    tree.run(&["-c", "s2t", "-e", "txt", "book"]).success().stdout_eq("一二三\n");
}

#[test]
fn paths_come_from_a_list() {
    let tree = Tree::new(&BOOK);
    tree.write("list", b"book/sub\r\n\nbook/same.txt\n");
    tree.write("list0", b"book/same.txt\0book/sub/b.md\0");
    tree.run(&["-c", "s2t", "--files-from", "list"]).success().stdout_eq("後來一二三\n");
    tree.run(&["-c", "s2t", "-0", "--files-from", "list0"]).success().stdout_eq("一二三\n後來");
    tree.write("empty", b"");
    tree.run(&["-c", "s2t", "--files-from", "empty", "--in-place", "--allow-empty"])
        .success()
        .stderr_eq("0 files: [..]\n");
    tree.run(&["-c", "s2t", "--files-from", "none"]).code(3).stderr_eq("fanjian: cannot read none: [..]\n");
}

#[test]
fn encodings_are_read_written_kept_and_detected() {
    let simplified = "后来，他的头发里面有一只蝴蝶。\n软件和程序都在电脑里。\r\n最后";
    let gbk = encoded(encoding_rs::GBK, simplified);
    let traditional = "後來，他的頭髮裏面有一隻蝴蝶。\n軟件和程序都在電腦裏。\r\n最後";
    let big5 = encoded(encoding_rs::BIG5, traditional);
    let utf_16: Vec<u8> = [0xfeff].into_iter().chain("头发".encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let euc = encoded(encoding_rs::EUC_JP, "日本の国会は、東京にあります。");
    let tree = Tree::new(&[("gbk.txt", &gbk), ("big5.txt", &big5), ("utf16.txt", &utf_16), ("euc.txt", &euc)]);

    tree.run(&["-c", "s2t", "--from-encoding", "gbk", "gbk.txt"]).success().stdout_eq(traditional);
    let auto = ["--from-encoding", "auto"];
    tree.run(&[&auto[..], &["-c", "t2s", "big5.txt", "-v"]].concat())
        .success()
        .stdout_eq(simplified)
        .stderr_eq("big5.txt: changed, Big5 (detected, 1.00)\n");
    tree.run(&[&auto[..], &["-c", "jp2t", "euc.txt"]].concat()).success().stdout_eq("日本の國會は、東京にあります。");
    tree.run(&["-c", "s2t", "utf16.txt"]).success().stdout_eq("頭髮");

    // A file keeps its encoding, and its byte order mark.
    tree.run(&[&["-c", "s2t"][..], &auto[..], &["--in-place", "gbk.txt", "utf16.txt"]].concat())
        .success()
        .stderr_eq("2 files (1 in GBK, 1 in UTF-16LE): 2 changed, 0 unchanged, 0 skipped, 0 failed\nfanjian: 1 file is Traditional [..]\n");
    assert_eq!(tree.read("gbk.txt"), encoded(encoding_rs::GBK, traditional));
    let utf_16: Vec<u8> = [0xfeff].into_iter().chain("頭髮".encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(tree.read("utf16.txt"), utf_16);
    tree.run(&["-c", "s2t", "--from-encoding", "gbk", "--to-encoding", "utf-8", "-O", "out", "gbk.txt"]).success();
    tree.has("out/gbk.txt", traditional);
    tree.run(&["-i", "gbk.txt", "--from-encoding", "auto", "-c", "t2s"]).success().stdout_eq(simplified);
}

#[test]
fn what_an_encoding_lacks_is_an_error_or_replaced() {
    let tree = Tree::new(&[("a.txt", "一\n頭髮 后".as_bytes())]);
    let to = ["--to-encoding", "big5", "-c", "t2s", "-O", "out", "a.txt"];
    tree.run(&to).code(3).stderr_eq(
        "fanjian: a.txt: Big5 has no 头 (U+5934) (HKSCS characters are read, but not all are written), in line 2 of the converted text, \
         character 1 (--replacement TEXT writes TEXT instead; --to-encoding utf-8 has all characters)\n\
         1 file: 0 changed, 0 unchanged, 0 skipped, 1 failed\n",
    );
    assert!(!tree.path("out/a.txt").exists());
    tree.run(&[&to[..], &["--replacement", "?"]].concat()).success();
    assert_eq!(tree.read("out/a.txt"), encoded(encoding_rs::BIG5, "一\n?? 后"));
    tree.run(&[&to[..], &["--replacement", "头"]].concat())
        .code(2)
        .stderr_eq("error: the replacement '头' cannot be written as Big5 either\n...");
}

#[test]
fn bad_bytes_are_reported_replaced_or_passed() {
    let tree =
        Tree::new(&[("bad.txt", b"\xe5\xa4\xb4\xff\n"), ("bad.gbk", b"a\xff\xffb"), ("good.txt", "发".as_bytes())]);
    tree.run(&["-c", "s2t", "--in-place", "bad.txt", "good.txt"]).code(3).stderr_eq(
        "fanjian: bad.txt: not UTF-8: invalid byte 0xFF at offset 3 (--from-encoding auto detects the encoding; \
         --invalid-utf8 replace or pass converts the rest)\n2 files: 1 changed, 0 unchanged, 0 skipped, 1 failed\n",
    );
    assert_eq!(tree.read("bad.txt"), b"\xe5\xa4\xb4\xff\n");
    tree.has("good.txt", "發");
    tree.run(&["-c", "s2t", "--invalid-utf8", "replace", "bad.txt"]).success().stdout_eq("頭\u{fffd}\n");
    let passed = tree.run(&["-c", "s2t", "--invalid-utf8", "pass", "bad.txt"]).success();
    assert_eq!(passed.get_output().stdout, ["頭".as_bytes(), b"\xff\n"].concat());
    tree.run(&["-c", "s2t", "--from-encoding", "gbk", "bad.gbk"])
        .code(3)
        .stderr_eq("fanjian: bad.gbk: not GBK: invalid bytes at offset 1 (--invalid-utf8 replace converts the rest)\n");
    tree.run(&["-c", "s2t", "--from-encoding", "gbk", "--invalid-utf8", "replace", "bad.gbk"])
        .success()
        .stdout_eq("a\u{fffd}\u{fffd}b");
}

#[test]
fn check_and_diff_tell_and_write_nothing() {
    let tree = Tree::new(&BOOK);
    tree.run(&["-c", "s2t", "--check", "book"])
        .code(1)
        .stdout_eq(
            "book/a.txt:1:1: 头发 → 頭髮 [script]\nbook/a.txt:3:1: 里 → 裏 [script]\n\
             book/sub/b.md:1:1: 后来 → 後來 [script]\n",
        )
        .stderr_eq("4 files: 2 would change, 1 unchanged, 1 skipped, 0 failed\n");
    tree.run(&["-c", "s2t", "--check", "-q", "book"]).code(1).stdout_eq("").stderr_eq("");
    tree.run(&["--check", "-c", "t2s", "book"]).success().stdout_eq("");
    tree.run(&["-c", "s2t", "--check", "--in-place", "book/a.txt"]).code(1);
    let diff = "--- book/a.txt\n+++ book/a.txt (converted)\n@@ -1,3 +1,3 @@\n-头发\n+頭髮\n 一\n-里面\n+裏面\n";
    tree.run(&["-c", "s2t", "--diff", "-q", "book/a.txt"]).success().stdout_eq(diff).stderr_eq("");
    tree.run(&["-c", "s2t", "--diff", "--check", "book/a.txt"]).code(1).stdout_eq(diff);
    let coloured = tree.run(&["-c", "s2t", "--diff", "--color", "always", "book/a.txt"]).success();
    let coloured = String::from_utf8(coloured.get_output().stdout.clone()).unwrap();
    assert!(coloured.contains("\u{1b}[32m+\u{1b}[0m\u{1b}[7m\u{1b}[32m頭髮"), "{coloured:?}");
    assert!(coloured.contains("\u{1b}[31m-\u{1b}[0m\u{1b}[7m\u{1b}[31m头发"), "{coloured:?}");
    tree.run(&["-c", "s2t", "--dry-run", "-O", "out", "book/a.txt", "book/same.txt"])
        .success()
        .stdout_eq("book/a.txt -> out/book/a.txt: would change\nbook/same.txt -> out/book/same.txt: would be copied\n");
    tree.has("book/a.txt", "头发\n一\n里面\n");
    assert!(!tree.path("out").exists());
}

#[test]
fn findings_are_reported_as_json_and_sarif() {
    let tree = Tree::new(&BOOK);
    tree.write("book/头 发.txt", "一\n的里".as_bytes());
    let json = tree.run(&["-c", "s2t", "--check", "--format", "json", "book"]).code(1);
    let lines = String::from_utf8(json.get_output().stdout.clone()).unwrap();
    let records: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records.len(), 6);
    let changes = serde_json::json!([
        { "line": 1, "column": 1, "source": "头发", "output": "頭髮", "kind": "script" },
        { "line": 3, "column": 1, "source": "里", "output": "裏", "kind": "script" },
    ]);
    assert_eq!(records[0]["changes"], changes);
    assert_eq!(records[1]["state"], "skipped");
    let summary = &records[5];
    assert_eq!((&summary["files"], &summary["changed"], &summary["failed"]), (&5.into(), &3.into(), &0.into()));

    let sarif = tree.run(&["-c", "s2t", "--check", "--format", "sarif", "book"]).code(1);
    let sarif: serde_json::Value = serde_json::from_slice(&sarif.get_output().stdout).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let place = &results.last().unwrap()["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "book/%E5%A4%B4%20%E5%8F%91.txt");
    assert_eq!(place["region"], serde_json::json!({ "startLine": 2, "startColumn": 2, "endColumn": 3 }));
    assert_eq!(results.last().unwrap()["message"]["text"], "'里' should be '裏'");
}

#[test]
fn own_words_protected_terms_and_patterns() {
    let tree = Tree::new(&[
        ("words.txt", "云原生\t雲端原生\n".as_bytes()),
        ("names.txt", "钉钉\n\n范冰冰\n".as_bytes()),
        ("a.txt", "钉钉的云原生，`头发`和头发\n".as_bytes()),
    ]);
    let words = ["--dict", "words.txt", "--protect", "names.txt", "--protect-regex", "`[^`]*`"];
    tree.run(&[&["-c", "s2t"][..], &words[..], &["a.txt"]].concat())
        .success()
        .stdout_eq("钉钉的雲端原生，`头发`和頭髮\n");
    tree.run(&[&["-c", "s2t"][..], &words[..], &["-i", "a.txt"]].concat())
        .success()
        .stdout_eq("钉钉的雲端原生，`头发`和頭髮\n");
    tree.run(&["-c", "s2t", "--dict", "none.txt", "a.txt"]).code(3).stderr_eq("fanjian: cannot read none.txt: [..]\n");
    tree.run(&["-c", "s2t", "--protect", "none.txt", "a.txt"])
        .code(3)
        .stderr_eq("fanjian: cannot read none.txt: [..]\n");
}

#[test]
fn marks_switch_conversion_off_and_on() {
    let text = "头\n// fanjian:off 头\n发\n<!-- fanjian:on --> 发\n发 # fanjian:on\n后\n里 # fanjian:off\n# fanjian:on";
    let expected =
        "頭\n// fanjian:off 头\n发\n<!-- fanjian:on --> 发\n發 # fanjian:on\n後\n里 # fanjian:off\n# fanjian:on";
    let tree = Tree::new(&[("a.txt", text.as_bytes())]);
    tree.run(&["-c", "s2t", "a.txt"]).success().stdout_eq(expected);
    tree.run(&["-c", "s2t", "--no-marks", "a.txt"])
        .success()
        .stdout_eq(text.replace('头', "頭").replace('发', "發").replace('后', "後").replace('里', "裏"));
    // OpenCC's way knows no marks, unless they are asked for.
    tree.run(&["-i", "a.txt", "--marks"]).success().stdout_eq(expected);
    tree.run(&["-i", "a.txt"]).success().stdout_eq("頭\n// fanjian:off 頭\n...");
}

#[test]
fn a_project_file_is_found_above_each_file() {
    let tree = Tree::new(&BOOK);
    tree.write("fanjian.toml", b"config = \"s2twp\"\nextension = [\"txt\"]\n");
    tree.write("book/sub/fanjian.toml", "config = \"t2s\"\nprotect-regex = [\"後\"]\n".as_bytes());
    tree.write("book/sub/c.txt", "後來頭髮".as_bytes());
    tree.run(&["book"]).success().stdout_eq("頭髮\n一\n裡面\n一二三\n后来後来头发");
    tree.run(&["-c", "s2t", "--isolated", "book/a.txt"]).success().stdout_eq("頭髮\n一\n裏面\n");
    tree.run(&["-c", "s2t", "book/a.txt"]).success().stdout_eq("頭髮\n一\n裏面\n");
    tree.run(&["--isolated", "book/a.txt"]).code(2).stdout_eq("");
    tree.run(&["-i", "book/a.txt"]).success().stdout_eq("頭髮\n一\n裏面\n");
    tree.run(&["--show-config", "--protect-regex", "a+", "book/a.txt"]).success().stdout_eq(
        "# for book/a.txt, from [..]/fanjian.toml and the command line\nconfig = \"s2twp\"\nprotect-regex = [\"a+\"]\n\
         marks = true\nextension = [\"txt\"]\n",
    );
    tree.write("fanjian.toml", b"config = \"s2twp\"\ncolour = 1\n");
    let failed = tree.run(&["-c", "s2t", "book/a.txt"]).code(2);
    let message = stderr(failed.get_output());
    assert!(message.contains("fanjian.toml") && message.contains("colour"), "{message}");
}

#[test]
fn a_bad_file_is_reported_and_the_rest_goes_on() {
    let tree = Tree::new(&BOOK);
    fs::create_dir(tree.path("s2t")).unwrap();
    let name = std::ffi::OsStr::from_bytes(b"book/\xff.txt");
    fs::write(tree.path("").join(name), "头").unwrap();
    tree.run(&["-c", "s2t", "none.txt", "book/sub", "--in-place"]).code(3).stderr_eq(
        "fanjian: none.txt: cannot read it: no such file or folder\n\
         2 files: 1 changed, 0 unchanged, 0 skipped, 1 failed\n",
    );
    // A name that is not UTF-8 is a name; it is not converted.
    tree.run(&["-c", "s2t", "--in-place", "--rename", "book"]).success();
    assert_eq!(fs::read(tree.path("").join(name)).unwrap(), "頭".as_bytes());
}

/// Root may read and write all: whoever tests as root needs another user for this.
#[test]
fn what_may_not_be_read_or_written_is_reported() {
    let tree =
        Tree::new(&[("ro/a.txt", "头".as_bytes()), ("secret.txt", "头".as_bytes()), ("rw/b.txt", "头".as_bytes())]);
    let binary = tree.path("fanjian");
    fs::copy(cargo_bin!("fanjian"), &binary).unwrap();
    let mode = |path: &str, mode| fs::set_permissions(tree.path(path), fs::Permissions::from_mode(mode)).unwrap();
    let is_root =
        fs::metadata("/proc/self").map(|metadata| std::os::unix::fs::MetadataExt::uid(&metadata) == 0).unwrap();
    let mut command = std::process::Command::new(&binary);
    command.args(["-c", "s2t", "--in-place", "ro", "rw", "secret.txt"]).current_dir(tree.path(""));
    if is_root {
        command.uid(65534).gid(65534);
        std::os::unix::fs::chown(tree.path("rw"), Some(65534), Some(65534)).unwrap();
        std::os::unix::fs::chown(tree.path("rw/b.txt"), Some(65534), Some(65534)).unwrap();
    }
    mode("", 0o755);
    mode("ro/a.txt", 0o666);
    mode("ro", 0o555);
    mode("secret.txt", 0o000);
    let output = command.output().unwrap();
    let reported = stderr(&output);
    mode("ro", 0o755);
    assert_eq!(output.status.code(), Some(3), "{reported}");
    assert!(
        reported.contains("fanjian: ro/a.txt: cannot write it: no temporary file in ro: permission denied"),
        "{reported}"
    );
    assert!(reported.contains("fanjian: secret.txt: cannot read it: permission denied"), "{reported}");
    assert!(reported.ends_with("3 files: 1 changed, 0 unchanged, 0 skipped, 2 failed\n"), "{reported}");
    tree.has("ro/a.txt", "头");
    tree.has("rw/b.txt", "頭");
}

/// A full disk, as a limit of the length of files.
#[test]
fn a_full_disk_leaves_the_old_file_and_no_other() {
    let long = "头发".repeat(200_000);
    let tree = Tree::new(&[("long.txt", long.as_bytes()), ("short.txt", "头".as_bytes())]);
    let script = "trap '' XFSZ; ulimit -f 100; exec \"$0\" -c s2t --in-place long.txt short.txt";
    let output = std::process::Command::new("sh")
        .args(["-c", script])
        .arg(cargo_bin!("fanjian"))
        .current_dir(tree.path(""))
        .output()
        .unwrap();
    let reported = stderr(&output);
    assert_eq!(output.status.code(), Some(3), "{reported}");
    assert!(reported.starts_with("fanjian: long.txt: cannot write it: File too large"), "{reported}");
    tree.has("long.txt", &long);
    tree.has("short.txt", "頭");
    assert_eq!(tree.files(), ["long.txt", "short.txt"]);
}

#[test]
fn a_file_that_changes_while_it_is_read_is_reported() {
    let text = "一".repeat(2_000_000);
    let tree = Tree::new(&[("growing.txt", text.as_bytes())]);
    let mut child = std::process::Command::new(cargo_bin!("fanjian"))
        .args(["-c", "s2t", "growing.txt"])
        .current_dir(tree.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It has begun, and cannot go on as long as nobody reads what it writes.
    let mut stdout = child.stdout.take().unwrap();
    let mut first = [0; 3];
    std::io::Read::read_exact(&mut stdout, &mut first).unwrap();
    fs::File::options().append(true).open(tree.path("growing.txt")).unwrap().write_all(b"more").unwrap();
    std::io::copy(&mut stdout, &mut std::io::sink()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(stderr(&output), "fanjian: growing.txt: it changed while it was read, and is left as it is\n");
}

/// No more is held of a line than may be needed.
#[cfg(target_os = "linux")]
#[test]
fn a_line_without_end_is_converted_in_bounded_memory() {
    let line = "头发".repeat(8_000_000);
    let tree = Tree::new(&[("line.txt", line.as_bytes())]);
    let mut child = std::process::Command::new(cargo_bin!("fanjian"))
        .args(["-c", "s2t", "line.txt"])
        .current_dir(tree.path(""))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut converted = vec![0; line.len() - 1_000_000];
    std::io::Read::read_exact(&mut stdout, &mut converted).unwrap();
    // It cannot end before the rest is read.
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak: usize = peak.trim().trim_end_matches(" kB").parse().unwrap();
    // Unoptimized, the program itself takes up to 28 MB, for a short line, too.
    assert!(peak < 40 * 1024, "{peak} kB for a line of {} bytes", line.len());
    std::io::Read::read_to_end(&mut stdout, &mut converted).unwrap();
    assert!(child.wait().unwrap().success());
    assert!(converted == "頭髮".repeat(8_000_000).as_bytes());
}

#[test]
fn an_interrupted_command_leaves_the_old_file_and_no_other() {
    let tree = Tree::new(&[]);
    let fifo = tree.path("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    tree.write("out.txt", b"old");
    let mut child = std::process::Command::new(cargo_bin!("fanjian"))
        .args(["-i", "fifo", "-o", "out.txt"])
        .current_dir(tree.path(""))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut writer = fs::File::options().write(true).open(&fifo).unwrap();
    writer.write_all("头发".repeat(100_000).as_bytes()).unwrap();
    // The temporary file is there: it has begun to write.
    while tree.files().len() < 3 {
        std::thread::sleep(Duration::from_millis(5));
    }
    // Not SIGINT, which shells have what runs in the background ignore: the tests, perhaps.
    let signal = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(signal.success());
    assert_eq!(child.wait().unwrap().code(), Some(143));
    assert_eq!(tree.files(), ["fifo", "out.txt"]);
    tree.has("out.txt", "old");
    drop(writer);
}

#[test]
fn a_pipe_with_a_name_can_be_read_but_not_replaced() {
    let tree = Tree::new(&[]);
    let fifo = tree.path("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let writer = std::thread::spawn(move || fs::write(fifo, "头发").unwrap());
    tree.run(&["-c", "s2t", "fifo"]).success().stdout_eq("頭髮").stderr_eq("");
    writer.join().unwrap();
    tree.run(&["-c", "s2t", "--in-place", "fifo"]).code(3).stderr_eq(
        "fanjian: fifo: it is not a regular file, and cannot be replaced\n1 file: 0 changed, 0 unchanged, 0 skipped, 1 failed\n",
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let text = "头发".repeat(500_000);
    let tree = Tree::new(&[("a.txt", text.as_bytes()), ("b.txt", text.as_bytes())]);
    for arguments in ["-c s2t a.txt b.txt", "-c s2t --diff a.txt b.txt"] {
        let script = format!("\"$0\" {arguments} | head -c 3; echo ${{PIPESTATUS[0]}}");
        let output = std::process::Command::new("bash")
            .args(["-c", &script])
            .arg(cargo_bin!("fanjian"))
            .current_dir(tree.path(""))
            .output()
            .unwrap();
        assert_eq!(stderr(&output), "", "{arguments}");
        assert!(output.stdout.ends_with(b"0\n"), "{arguments}");
    }
}

#[test]
fn threads_do_not_change_what_is_reported() {
    let files: Vec<_> = (0..200).map(|number| (format!("many/{number:03}.txt"), "头发".repeat(number))).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_bytes())).collect();
    let tree = Tree::new(&files);
    let reported = |threads: &str| {
        let output = tree.run(&["-c", "s2t", "--check", "-j", threads, "many"]).code(1).get_output().clone();
        (String::from_utf8(output.stdout.clone()).unwrap(), stderr(&output))
    };
    let alone = reported("1");
    assert_eq!(alone.0.lines().count(), 199);
    assert_eq!(reported("8"), alone);
}

#[test]
fn scripts_are_detected() {
    let tree = Tree::new(&BOOK);
    tree.write("big5.txt", &encoded(encoding_rs::BIG5, "這是一個關於頭髮的故事，後來大家都很喜歡。"));
    tree.write("lines.txt", "我们的头发\n我們心裡\n日本の国会は\nhello\n黨員干部的軟件".as_bytes());
    tree.run(&["detect", "book", "big5.txt"]).success().stdout_eq(
        "book/a.txt: simplified 0.99 (5 Chinese, 2 only Simplified)\nbook/image.bin: binary\n\
         book/same.txt: undecided (3 Chinese)\nbook/sub/b.md: simplified 0.98 (2 Chinese, 1 only Simplified)\n\
         big5.txt: traditional 1.00 (19 Chinese, 8 only Traditional)\n",
    );
    tree.run(&["detect", "--lines", "lines.txt"]).success().stdout_eq(
        "lines.txt:1: simplified 0.99 (5 Chinese, 3 only Simplified)\n\
         lines.txt:2: taiwan 0.85 (4 Chinese, 2 only Traditional, 1 form of Taiwan)\n\
         lines.txt:3: japanese 1.00 (4 Chinese, 2 kana)\nlines.txt:4: not-chinese\n\
         lines.txt:5: hong-kong 0.85, machine-converted (7 Chinese, 3 only Traditional, 1 word of Hong Kong, 1 word converted by characters)\n",
    );
    tree.run(&["detect", "--spans", "lines.txt"]).success().stdout_eq(
        "lines.txt:1: bytes 0-16: simplified 0.99 (5 Chinese, 3 only Simplified)\n\
         lines.txt:2: bytes 16-29: taiwan 0.85 (4 Chinese, 2 only Traditional, 1 form of Taiwan)\n\
         lines.txt:3: bytes 29-54: japanese 1.00 (4 Chinese, 2 kana)\n\
         lines.txt:5: bytes 54-75: hong-kong 0.85, machine-converted (7 Chinese, 3 only Traditional, 1 word of Hong Kong, 1 word converted by characters)\n",
    );
    let json = tree.run(&["detect", "--format", "json", "lines.txt", "none.txt"]).code(3);
    let record: serde_json::Value = serde_json::from_slice(&json.get_output().stdout).unwrap();
    assert_eq!((&record["script"], &record["simplified"]), (&"mixed".into(), &5.into()));
    assert_eq!((&record["machine_converted"], &record["scores"]["japanese"]), (&true.into(), &0.0.into()));
    assert_eq!(stderr(json.get_output()), "fanjian: none.txt: cannot read it: no such file or folder\n");
    let spans = tree.run(&["detect", "--format", "json", "--spans", "lines.txt"]).success();
    let spans = String::from_utf8(spans.get_output().stdout.clone()).unwrap();
    let spans: Vec<serde_json::Value> = spans.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&spans[1]["line"], &spans[1]["start"], &spans[1]["end"]), (&2.into(), &16.into(), &29.into()));
    tree.run(&["detect", "--lines", "--spans", "lines.txt"]).code(2);
    Command::new(cargo_bin!("fanjian"))
        .arg("detect")
        .stdin("头发")
        .assert()
        .success()
        .stdout_eq("-: simplified 0.99 (2 Chinese, 2 only Simplified)\n");
}

/// A text is read in pieces, and its words and lines may begin in one and end in the next.
#[test]
fn long_texts_are_detected_as_short_ones() {
    let line = "黨員干部的腳步聲，在最后一公里。\n";
    let tree = Tree::new(&[
        ("long.txt", line.repeat(50_000).as_bytes()),
        ("line.txt", line.replace('\n', "").repeat(50_000).as_bytes()),
    ]);
    for (path, lines) in [("long.txt", 50_000), ("line.txt", 1)] {
        let json = tree.run(&["detect", "--format", "json", path]).success();
        let record: serde_json::Value = serde_json::from_slice(&json.get_output().stdout).unwrap();
        assert_eq!((&record["han"], &record["converted"]), (&700_000.into(), &100_000.into()), "{path}");
        let reported = tree.run(&["detect", "--lines", path]).success();
        assert_eq!(reported.get_output().stdout.iter().filter(|&&byte| byte == b'\n').count(), lines);
        let reported = tree.run(&["detect", "--spans", path]).success();
        assert_eq!(reported.get_output().stdout.iter().filter(|&&byte| byte == b'\n').count(), 1);
    }
}

/// The commands that people use most, as the READMEs and the help have them, do what they say.
#[test]
fn the_examples_run_as_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let help = Command::new(cargo_bin!("fanjian")).arg("--help").assert().success();
    let help = String::from_utf8(help.get_output().stdout.clone()).unwrap();
    let bin = cargo_bin!("fanjian").parent().unwrap().to_owned();
    let path = std::env::join_paths([bin].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())));
    let path = path.unwrap();
    for readme in ["README.md", "README.zh-TW.md", "README.zh-CN.md"] {
        let readme = fs::read_to_string(root.join(readme)).unwrap();
        let (_, block) = readme.split_once("```console\n$ fanjian -c s2twp < in.txt").unwrap();
        let block = format!("$ fanjian -c s2twp < in.txt{block}");
        let (block, _) = block.split_once("```").unwrap();
        let commands: Vec<_> = block.lines().map(|line| line[2..].split(" # ").next().unwrap().trim()).collect();
        assert_eq!(commands.len(), 10);

        let tree = Tree::new(&BOOK);
        tree.write("in.txt", "头发".as_bytes());
        tree.write("words.txt", "头\t首\n".as_bytes());
        tree.write("names.txt", "发".as_bytes());
        tree.write("old/a.txt", &encoded(encoding_rs::BIG5, "頭髮"));
        tree.write("big.txt", "鼠标".repeat(1_000_000).as_bytes());
        for command in commands {
            assert!(help.contains(command), "--help lacks {command}");
            let output = std::process::Command::new("sh")
                .args(["-c", command])
                .current_dir(tree.path(""))
                .env("PATH", &path)
                .output();
            let output = output.unwrap();
            assert_eq!(output.status.code(), Some(0), "{command}: {}", stderr(&output));
            let expected = match command {
                _ if command.ends_with("s2tw in.txt") => "頭髮",
                _ if command.contains("--protect") => "首发",
                _ => "",
            };
            assert_eq!(String::from_utf8(output.stdout).unwrap(), expected, "{command}");
        }
        tree.has("big.tw.txt", &"滑鼠".repeat(1_000_000));
        tree.has("utf8/old/a.txt", "头发");
        tree.has("hk/book/a.txt", "頭髮\n一\n裡面\n");
        tree.has("book/a.txt.bak", "头发\n一\n里面\n");
        tree.has("out.txt", "头发");
    }
}

#[test]
fn a_target_takes_any_text_and_its_files() {
    let tree = Tree::new(&[("a.txt", "不是只有一只猫，頭发".as_bytes()), ("b/c.txt", "软件".as_bytes())]);
    tree.run(&["--to", "zh-TW", "a.txt"]).success().stdout_eq("不是只有一隻貓，頭髮");
    tree.run(&["--to", "zh-hk", "-i", "a.txt"]).success().stdout_eq("不是只有一隻貓，頭髮");
    tree.run(&["--to", "zh-TW", "--in-place", "a.txt"]).success();
    tree.run(&["--to", "zh-TW", "--check", "a.txt"]).success();
    tree.write("fanjian.toml", b"to = \"zh-TW\"\nvocabulary = \"local\"\n");
    tree.run(&["b"]).success().stdout_eq("軟體");
    tree.run(&["--vocabulary", "keep", "b"]).success().stdout_eq("軟件");
    tree.run(&["-c", "s2t", "b"]).success().stdout_eq("軟件");
    tree.run(&["--show-config", "b"])
        .success()
        .stdout_eq("[..]\nto = \"zh-TW\"\nvocabulary = \"local\"\nmarks = true\n");
    tree.run(&["--to", "zh-XX", "a.txt"]).code(2);
    tree.run(&["--from", "zh-CN", "-c", "s2t", "a.txt"]).code(2);
    tree.write("short.txt", "制".as_bytes());
    tree.run(&["--to", "zh-TW", "short.txt"]).success().stdout_eq("制");
    tree.run(&["--to", "zh-TW", "--from", "zh-CN", "short.txt"]).success().stdout_eq("製");
    tree.run(&["--to", "zh-TW", "-c", "s2t", "a.txt"]).code(2);
    tree.write("fanjian.toml", b"to = \"zh-TW\"\nconfig = \"s2t\"\n");
    tree.run(&["b"]).code(2).stderr_eq("error: [..]fanjian.toml: config cannot be combined with to\n...");
}

/// A page that a machine has glossed; its damage; and what it becomes.
const GLOSSED: &str =
    "中国台湾网\n中國(guó)臺(tái)灣網(wǎng)，國(guó)際(jì)網(wǎng)臺(tái)：黨員干部發(fā)自?xún)?nèi)心\n";
const STRIPPED: &str = "中国台湾网\n中國臺灣網，國際網臺：黨員干部發自?xún)?nèi)心\n";
const REPAIRED: &str = "中国台湾网\n中國臺灣網，國際網臺：黨員干部發自內心\n";
const FOR_TAIWAN: &str = "中國台灣網\n中國臺灣網，國際網臺：黨員幹部發自內心\n";

#[test]
fn pages_are_cleaned() {
    let tree = Tree::new(&[("web/page.txt", GLOSSED.as_bytes()), ("web/plain.txt", "一(yī)二(èr)\n".as_bytes())]);
    // Without more, it only tells.
    tree.run(&["clean", "web"]).success().stdout_eq(
        "web/page.txt: 8 glosses of 5 characters, on 38.1 % of the Chinese ones; damage in 1 place, which can be repaired\n\
         web/plain.txt: no machine-made glosses\n",
    );
    tree.has("web/page.txt", GLOSSED);
    tree.run(&["clean", "--gloss", "strip", "web/page.txt"]).success().stdout_eq(STRIPPED);
    tree.run(&["clean", "--gloss", "repair", "-i", "web/page.txt"]).success().stdout_eq(REPAIRED);
    tree.run(&["clean", "--gloss", "off", "web/page.txt"]).success().stdout_eq(GLOSSED);
    tree.run(&["clean", "--to", "zh-TW", "web/page.txt"]).success().stdout_eq(FOR_TAIWAN);
    let kept = format!("中国台湾网\n{}", FOR_TAIWAN.split_once('\n').unwrap().1);
    tree.run(&["clean", "--to", "zh-TW", "--keep-simplified", "web/page.txt"]).success().stdout_eq(&kept);
    tree.run(&["clean", "--gloss", "drop", "web"]).success().stdout_eq("一(yī)二(èr)\n");
    tree.run(&["clean", "--gloss", "strip", "-i", "web/page.txt", "-o", "one.txt"]).success().stdout_eq("");
    tree.has("one.txt", STRIPPED);
    tree.run(&["clean", "--gloss", "drop", "-i", "web/page.txt", "-o", "one.txt"]).success().stdout_eq("");
    tree.has("one.txt", STRIPPED);
    let pipe = Command::new(cargo_bin!("fanjian")).args(["clean", "--gloss", "repair"]).stdin(GLOSSED).assert();
    pipe.success().stdout_eq(REPAIRED);

    // Files.
    tree.run(&["clean", "--gloss", "repair", "--check", "web"]).code(1).stdout_eq("web/page.txt: would change\n");
    tree.run(&["clean", "--gloss", "drop", "-O", "out", "web"])
        .success()
        .stderr_eq("2 files: 0 changed, 1 unchanged, 1 left out, 0 skipped, 0 failed\n");
    assert!(!tree.path("out/web/page.txt").exists() && tree.path("out/web/plain.txt").exists());
    tree.run(&["clean", "--to", "zh-TW", "--in-place", "--backup", ".bak", "web"]).success();
    tree.has("web/page.txt", FOR_TAIWAN);
    tree.has("web/page.txt.bak", GLOSSED);
    tree.run(&["clean", "--to", "zh-TW", "--check", "web/page.txt"]).success();
}

#[test]
fn cleaning_tells_programs_what_it_found() {
    let tree = Tree::new(&[("page.txt", GLOSSED.as_bytes())]);
    let json = tree.run(&["clean", "--format", "json", "page.txt"]).success();
    let lines = String::from_utf8(json.get_output().stdout.clone()).unwrap();
    let record: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!((&record["gloss_count"], &record["glossed_characters"]), (&8.into(), &5.into()));
    assert_eq!((&record["damage_count"], &record["unrepaired_count"]), (&1.into(), &0.into()));
    for (list, texts) in [("glosses", 8), ("damages", 1)] {
        let places = record[list].as_array().unwrap();
        assert_eq!(places.len(), texts);
        for place in places {
            let span = place["start"].as_u64().unwrap() as usize..place["end"].as_u64().unwrap() as usize;
            assert_eq!(GLOSSED[span], *place["text"].as_str().unwrap());
        }
    }
    assert_eq!(record["glosses"][0]["reading"], "guó");
    assert_eq!(record["damages"][0]["original"], "內");
    // The file that is written, and what is reported.
    let json = tree.run(&["clean", "--gloss", "repair", "--format", "json", "--in-place", "page.txt"]).success();
    assert!(
        String::from_utf8(json.get_output().stdout.clone())
            .unwrap()
            .starts_with(r#"{"type":"file","path":"page.txt","state":"changed""#)
    );
    tree.has("page.txt", REPAIRED);
}

#[test]
fn gates_and_limits_of_cleaning_can_be_set() {
    let tree = Tree::new(&[("page.txt", GLOSSED.as_bytes()), ("two.txt", "國(guó)門(mén)和門".as_bytes())]);
    let strip = |more: &[&str]| tree.run(&[&["clean", "--gloss", "strip"], more].concat());
    strip(&["two.txt"]).success().stdout_eq("國(guó)門(mén)和門");
    let thresholds = ["--gate-share", "0.5", "--gate-characters", "2", "--gate-glosses", "2", "two.txt"];
    strip(&thresholds).success().stdout_eq("國門和門");
    strip(&["--gate-only-readings", "false", "--gate-only-traditional", "false", "--gate-traditional", "0", "two.txt"])
        .success();
    strip(&["--gate-share", "2", "two.txt"]).code(2);
    // It used to go through as it was, with success.
    let message =
        "fanjian: page.txt: longer than 20 bytes, which a text to be cleaned may have at most: raise --limit\n";
    strip(&["--limit", "20", "page.txt"]).code(3).stdout_eq("").stderr_eq(message);
    strip(&["--limit", "20", "--to", "zh-TW", "-i", "page.txt", "-o", "out.txt"]).code(3).stderr_eq(message);
    tree.run(&["clean", "--limit", "20", "page.txt"]).code(3).stdout_eq("").stderr_eq(format!("{message}..."));
    strip(&["--limit", "30", "--in-place", "."])
        .code(3)
        .stderr_eq(format!("{}2 files: 0 changed, 1 unchanged, 0 skipped, 1 failed\n", message.replace("20", "30")));
    tree.has("page.txt", GLOSSED);
    assert_eq!(tree.files(), ["page.txt", "two.txt"]);
    strip(&["--limit", "1k", "page.txt"]).success().stdout_eq(STRIPPED).stderr_eq("");
    strip(&["--limit", "1x", "page.txt"]).code(2);
}

#[test]
fn cleaning_refuses_what_it_cannot_do() {
    let tree =
        Tree::new(&[("page.txt", GLOSSED.as_bytes()), ("bad.txt", b"\xe4\xb8\x80\xff"), ("gbk.txt", b"\xd2\xbb")]);
    for arguments in [
        &["clean", "--in-place", "page.txt"][..],
        &["clean", "-o", "out.txt"],
        &["clean", "--gloss", "drop", "--in-place", "page.txt"],
        &["clean", "--gloss", "strip", "--format", "json", "page.txt"],
        &["clean", "--gloss", "strip", "--invalid-utf8", "pass", "page.txt"],
        &["clean", "--keep-simplified", "page.txt"],
        &["clean", "--gloss", "wash", "page.txt"],
    ] {
        tree.run(arguments).code(2);
    }
    tree.has("page.txt", GLOSSED);
    tree.run(&["clean", "--gloss", "strip", "bad.txt"]).code(3).stderr_eq(
        "fanjian: bad.txt: not UTF-8: invalid byte 0xFF at offset 3 (--from-encoding auto detects the encoding; \
         --invalid-utf8 replace writes U+FFFD instead)\n",
    );
    tree.run(&["clean", "--gloss", "strip", "--invalid-utf8", "replace", "bad.txt"]).success().stdout_eq("一\u{fffd}");
    tree.run(&["clean", "--gloss", "strip", "--from-encoding", "gbk", "gbk.txt"]).success().stdout_eq("一");
}

/// The own words were converted as any text, so that none was found any more.
#[test]
fn files_that_a_conversion_is_made_by_are_no_texts_in_a_folder() {
    let made_by = [
        ("words.txt", "内存\t記憶體\n头发\t毛髮\n"),
        ("terms/names.txt", "发财\n"),
        ("own.json", r#"{"conversion_chain": [{"dict": {"type": "inline", "entries": {"书": "書"}}}]}"#),
    ];
    let settings = "to = \"zh-TW\"\ndict = [\"words.txt\"]\nprotect = [\"terms/names.txt\"]\n";
    let texts = [("fanjian.toml", settings), ("book/a.txt", "内存和头发，发财，书\n")];
    let files: Vec<_> = made_by.into_iter().chain(texts).map(|(name, text)| (name, text.as_bytes())).collect();
    let tree = Tree::new(&files);
    tree.run(&["--check", "--quiet", "."]).code(1);
    tree.run(&["-O", "out", "."]).success();
    assert!(!tree.path("out/words.txt").exists() && !tree.path("out/terms/names.txt").exists());
    let options = ["--isolated", "-c", "own.json", "--dict", "words.txt", "--protect", "terms/names.txt"];
    tree.run(&[&options[..], &["--in-place", "book", "terms", "."]].concat()).success();
    made_by.iter().for_each(|(name, text)| tree.has(name, text));
    tree.has("book/a.txt", "記憶體和毛髮，发财，書\n");
    // By a name without its extension, with a dictionary of its own, or for another folder: no file is one of the texts.
    tree.write("own.json", br#"{"conversion_chain": [{"dict": {"type": "text", "file": "dict.txt"}}]}"#);
    tree.write("dict.txt", "书\t書\n内存\t內存\n".as_bytes());
    tree.write("fanjian.toml", b"config = \"own\"\n[[override]]\npaths = [\"book/**\"]\ndict = [\"words.txt\"]\n");
    tree.write("book/a.txt", "书和内存\n".as_bytes());
    tree.write("s2t", "内存".as_bytes());
    tree.run(&["--in-place", "."]).success();
    tree.has("dict.txt", "书\t書\n内存\t內存\n");
    tree.has("words.txt", made_by[0].1);
    tree.has("book/a.txt", "書和記憶體\n");
    // A text may be named like a configuration.
    tree.run(&["--isolated", "-c", "s2t", "--in-place", "."]).success();
    tree.has("s2t", "內存");
    tree.write("words.txt", made_by[0].1.as_bytes());
    // What is named is meant.
    tree.run(&["--isolated", "--to", "zh-TW", "--in-place", "words.txt"]).success();
    assert_ne!(tree.read("words.txt"), made_by[0].1.as_bytes());
}

/// It was skipped, with status 0 and no output.
#[test]
fn a_file_that_is_no_text_has_no_named_output() {
    let tree = Tree::new(&[("a.bin", b"\0\x01\0"), ("u.txt", &[b'a', 0, b'b', 0, 0x34, 0x59, 0xd1, 0x53])]);
    tree.run(&["--to", "zh-TW", "a.bin", "-o", "b"])
        .code(3)
        .stderr_eq("fanjian: a.bin: binary (--text converts it as text)\n...");
    tree.run(&["--to", "zh-TW", "u.txt", "-o", "b"]).code(3);
    tree.run(&["--to", "zh-TW", "--text", "a.bin", "-o", "b"]).success();
    tree.run(&["--to", "zh-TW", "a.bin"]).success().stdout_eq("");
    tree.has("b", "\0\u{1}\0");
}
