//! Faults that were found in use, each with what it was.

mod tree;

use std::fs;

use snapbox::cmd::OutputAssert;
use tree::Tree;

fn said(run: &OutputAssert) -> String {
    String::from_utf8_lossy(&run.get_output().stderr).into_owned()
}

const OLD: &[u8] = "头发".as_bytes();

/// It used to rename, and then to fail, as no text was found.
#[test]
fn new_names_alone_are_success() {
    let tree = Tree::new(&[]);
    fs::create_dir_all(tree.path("书/后")).unwrap();
    let run = tree.run(&["-c", "s2t", "--rename", "--in-place", "--dry-run", "书"]).success();
    assert!(said(&run).ends_with("; 1 would be renamed\n"), "{}", said(&run));
    tree.run(&["-c", "s2t", "--rename", "--in-place", "--check", "书"]).code(1);
    let run = tree.run(&["-c", "s2t", "--rename", "--in-place", "书"]).success();
    assert_eq!(said(&run), "0 files: 0 changed, 0 unchanged, 0 skipped, 0 failed; 1 renamed\n");
    assert!(tree.path("书/後").is_dir());
    // Without anything to rename, there is nothing at all.
    tree.run(&["-c", "s2t", "--rename", "--in-place", "书"]).code(3);
}

/// What a run had left that was killed used to be converted by the next one, with `--hidden` or a glob.
#[test]
fn temporary_files_of_killed_runs_are_no_input() {
    const LEFT: &str = "book/.fanjian-tmp-aB3xyZaB3xyZ";
    let note = format!("fanjian: {LEFT}: a temporary file, left by a run that was killed; delete it");
    for more in [&["--hidden", "book"][..], &["-g", ".*", "book"], &["--no-ignore", "--hidden", "."], &[LEFT]] {
        let tree = Tree::new(&[(LEFT, OLD), ("book/.a.txt", OLD), ("book/.fanjian-notes.txt", OLD)]);
        let run = tree.run(&[&["-c", "s2t"][..], &["--in-place", "-v"], more].concat());
        let run = if more == [LEFT] { run.code(3) } else { run.success() };
        assert_eq!(said(&run).matches(&note).count(), 1, "{more:?}: {}", said(&run));
        assert_eq!(tree.read(LEFT), OLD, "{more:?}");
        if more != [LEFT] {
            tree.has("book/.a.txt", "頭髮");
            tree.has("book/.fanjian-notes.txt", "頭髮");
        }
    }
    // Named with --verbose alone, unless it is given; also where it is hidden, and in the output folder.
    let tree = Tree::new(&[("book/a.txt", OLD), (LEFT, OLD), ("out/book/.fanjian-tmp-000000000000", b"")]);
    let run = tree.run(&["-c", "s2t", "-O", "out", "book"]).success();
    assert_eq!(said(&run), "1 file: 1 changed, 0 unchanged, 0 skipped, 0 failed\n");
    let run = tree.run(&["-c", "s2t", "-O", "out", "-v", "book"]).success();
    assert!(
        said(&run).contains(&note) && said(&run).contains("fanjian: out/book/.fanjian-tmp-000000000000: "),
        "{}",
        said(&run)
    );
    let run = tree.run(&["-c", "s2t", "-O", "out", "book/a.txt", LEFT]).success();
    let skipped =
        format!("fanjian: {LEFT}: skipped: it looks like a temporary file of fanjian (if it is yours, rename it)");
    assert!(said(&run).contains(&skipped) && said(&run).contains("1 skipped"), "{}", said(&run));
    assert!(!tree.path("out").join(LEFT).exists());
    // Records take neither it nor the list of finished inputs.
    let tree = Tree::new(&[(LEFT, b"{\"t\":1}"), ("book/a.jsonl", b"{\"t\":\"x\"}\n")]);
    let records = ["-c", "s2t", "--jsonl", "--field", "t", "--hidden"];
    for (folder, input) in [("one", "book"), ("two", "one")] {
        let run = tree.run(&[&records[..], &["-O", folder, input]].concat()).success();
        assert!(said(&run).starts_with("1 file: "), "{}", said(&run));
    }
}

/// Wrong usage used to have the exit status of a failure.
#[test]
fn an_output_that_is_an_input_by_the_arguments_is_wrong_usage() {
    let line = "{\"t\":\"头发\"}\n".as_bytes();
    let tree = Tree::new(&[("book/a.txt", OLD), ("out/book/a.txt", OLD), ("s/a.jsonl", line), ("out/s/a.jsonl", line)]);
    let records = ["-c", "s2t", "--jsonl", "--field", "t"];
    for (more, status) in [
        (&["-O", ".", "book"][..], 2),
        (&["-O", ".", "."], 2),
        (&["-O", "book/..", "book/a.txt"], 2),
        (&["-c", "s2t", "-O", "out", "book/a.txt", "out/book/a.txt"], 2),
        (&["-i", "book/a.txt", "-o", "book/a.txt"], 2),
        (&["clean", "--gloss", "strip", "-i", "book/a.txt", "-o", "book/a.txt"], 2),
        // What is in folders is known when they have been walked.
        (&["-c", "s2t", "-O", "out", "book", "out/book"], 3),
        (&["-c", "s2t", "-O", "out", "book/a.txt", "out/book"], 3),
    ] {
        let run = tree.run(more).code(status);
        assert!(said(&run).contains(" is both input and output: "), "{more:?}: {}", said(&run));
    }
    for (more, status) in [
        (&["-O", ".", "s"][..], 2),
        (&["-O", "out", "s/a.jsonl", "out/s/a.jsonl"], 2),
        (&["-O", "out", "s", "out/s"], 3),
    ] {
        let run = tree.run(&[&records[..], more].concat()).code(status);
        assert!(said(&run).contains(" is both input and output: "), "{more:?}: {}", said(&run));
    }
    for file in ["book/a.txt", "out/book/a.txt"] {
        assert_eq!(tree.read(file), OLD);
    }
    assert_eq!(tree.files().len(), 4);
    // Under other names, the same folder is no contradiction.
    let tree = Tree::new(&[("书/a.txt", OLD)]);
    tree.run(&["-c", "s2t", "--rename", "-O", ".", "书"]).success();
    tree.has("書/a.txt", "頭髮");
}

/// Nothing used to say that such a mark had no effect.
#[test]
fn a_mark_in_the_prose_of_a_comment_is_named() {
    let text = "头\n# 以下 fanjian:off\n发\n";
    let tree = Tree::new(&[("a.txt", text.as_bytes())]);
    let message =
        "line 2: a comment with words before 'fanjian:off', which has no effect: let the comment begin with it\n";
    let run = tree.run(&["-c", "s2t", "-v", "a.txt"]).success();
    assert!(said(&run).contains(&format!("fanjian: a.txt: {message}")), "{}", said(&run));
    let run = tree.run(&["-v", "--marks", "-i", "a.txt"]).success();
    assert_eq!(said(&run), format!("fanjian: a.txt: {message}"));
    for arguments in [&["-c", "s2t", "a.txt"][..], &["-c", "s2t", "-v", "--no-marks", "a.txt"]] {
        let run = tree.run(arguments).success();
        assert!(!said(&run).contains("no effect"), "{}", said(&run));
    }
    // It used not to say which mark, and to say nothing in JSON.
    let text = "# fanjian:off\n# 到此 fanjian:on\n// 到此 fanjian:on\n";
    let tree = Tree::new(&[("a.txt", text.as_bytes())]);
    let run = tree.run(&["-c", "s2t", "-v", "a.txt"]).success();
    let message = "fanjian: a.txt: line 2 (and 1 more): a comment with words before 'fanjian:on', which has no effect";
    assert!(said(&run).contains(message), "{}", said(&run));
    let run = tree.run(&["-c", "s2t", "--check", "--format", "json", "a.txt"]).success();
    let out = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    assert!(out.contains(r#""overlooked_marks":{"line":2,"mark":"fanjian:on","more":1}"#), "{out}");
}

/// The rest of such a text used to stay as it was without a word.
#[test]
fn marks_in_records_that_are_never_closed_are_named() {
    let json = "{\"t\":\"头 // fanjian:off\\n发\"}\n{\"t\":\"发\"}\n{\"t\":\"# fanjian:off\"}\n";
    let csv = "t\n\"头 // fanjian:off\n发\"\n发\n";
    let tree = Tree::new(&[("a.jsonl", json.as_bytes()), ("a.csv", csv.as_bytes())]);
    let message = |texts: &str, example: &str| {
        format!(
            "fanjian: {texts} a 'fanjian:off' that is never closed by 'fanjian:on' in the same text: its rest was not \
             converted (as in the text that begins with '{example}')\n"
        )
    };
    let jsonl = ["-c", "s2t", "--marks", "-j", "1", "--jsonl", "--field", "t"];
    for more in [&["a.jsonl"][..], &["-i", "a.jsonl"]] {
        let run = tree.run(&[&jsonl[..], more].concat()).success();
        assert!(said(&run).contains(&message("2 texts have", "# fanjian:off")), "{}", said(&run));
        let run = tree.run(&[&jsonl[..], more, &["-q"]].concat()).success();
        assert_eq!(said(&run), "");
    }
    let run = tree.run(&["-c", "s2t", "--marks", "--csv", "--column", "t", "a.csv"]).success();
    assert!(said(&run).contains(&message("1 text has", "头 // fanjian:off\\n发")), "{}", said(&run));
}

/// The message used to be the same for a text that `--text` converts.
#[test]
fn a_document_that_is_text_names_the_option_for_it() {
    let tree = Tree::new(&[("a.pdf", "%PDF-1.7 头发\n".as_bytes()), ("b.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\0\n")]);
    let run = tree.run(&["-c", "s2t", "a.pdf"]).code(3);
    assert!(said(&run).contains("save its text as a text file; or, if it is text in spite of its name, use --text\n"));
    tree.run(&["-c", "s2t", "--text", "a.pdf"]).success().stdout_eq("%PDF-1.7 頭髮\n");
    let run = tree.run(&["-c", "s2t", "b.pdf"]).code(3);
    assert!(said(&run).contains("save its text as a text file\n"), "{}", said(&run));
}

/// `--inspect` and its like used to read all input as UTF-8.
#[test]
fn json_about_a_text_is_of_its_encoding() {
    let gbk = b"\xcd\xb7\xb7\xa2\n\xba\xf3\n";
    let utf_16: Vec<_> = "\u{feff}头发\n后\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let tree = Tree::new(&[("a.txt", "头发\n后\n".as_bytes()), ("gbk.txt", gbk), ("utf-16.txt", &utf_16)]);
    for kind in ["--inspect", "--segmentation", "--ambiguities"] {
        let run = |more: &[&str]| {
            let run = tree.run(&[&["-c", "s2twp", kind], more].concat()).success();
            String::from_utf8(run.get_output().stdout.clone()).unwrap()
        };
        let expected = run(&["-i", "a.txt"]);
        assert!(expected.contains('后'), "{expected}");
        assert_eq!(run(&["-i", "gbk.txt", "--from-encoding", "gbk"]), expected);
        assert_eq!(run(&["-i", "utf-16.txt", "--from-encoding", "auto"]), expected);
    }
    tree.write("bad.txt", b"\xcd\xb7\n\xb7\xff\n");
    // In a file of settings, these used to be ignored.
    for setting in ["to-encoding = \"gbk\"", "replacement = \"?\"", "invalid-utf8 = \"pass\""] {
        tree.write("settings.toml", setting.as_bytes());
        let run = tree.run(&["--inspect", "-i", "a.txt", "--settings", "settings.toml"]).code(2);
        assert!(said(&run).contains("cannot be combined with JSON"), "{}", said(&run));
    }
    let run = tree.run(&["--inspect", "-i", "bad.txt", "--from-encoding", "gbk"]).code(3);
    assert!(said(&run).starts_with("fanjian: bad.txt: not GBK: invalid bytes at offset 3"), "{}", said(&run));
}

/// The message used to be silent about why no file was taken.
#[test]
fn files_that_look_like_backups_are_named_with_the_option_for_them() {
    let line = "{\"t\":\"头发\"}\n".as_bytes();
    let tree = Tree::new(&[("a.old", OLD), ("b.old", OLD), ("s/a.jsonl.old", line)]);
    let run = tree.run(&["-c", "s2t", "-e", "old", "."]).code(3);
    let message = "no file of . was taken by --extension old; 3 files look like backups, which --include-backups takes";
    assert!(said(&run).contains(message), "{}", said(&run));
    let run = tree.run(&["-c", "s2t", "-g", "a.old", "."]).code(3);
    assert!(said(&run).contains("1 file looks like a backup, which --include-backups takes"), "{}", said(&run));
    let run = tree.run(&["-c", "s2t", "--jsonl", "--field", "t", "-e", "old", "s"]).code(3);
    assert!(said(&run).contains("1 file looks like a backup, which --include-backups takes"), "{}", said(&run));
    tree.run(&["-c", "s2t", "-e", "old", "--include-backups", "-g", "a.old", "."]).success().stdout_eq("頭髮");
    // Shards of another kind are no shards with that option either.
    let run = tree.run(&["-c", "s2t", "--jsonl", "--field", "t", "s"]).code(3);
    assert!(!said(&run).contains("--include-backups"), "{}", said(&run));
}

#[test]
fn without_waiting_for_the_disk_the_same_is_written() {
    let line = "{\"t\":\"头发\"}\n";
    let tree = Tree::new(&[("a.txt", OLD), ("b.txt", OLD), ("a.jsonl", format!("{line}broken\n").as_bytes())]);
    tree.run(&["-c", "s2t", "--no-sync", "--in-place", "--backup", ".bak", "a.txt", "b.txt"]).success();
    tree.has("b.txt", "頭髮");
    tree.has("b.txt.bak", "头发");
    tree.run(&["-c", "s2t", "--no-sync", "-O", "out", "b.txt.bak", "--include-backups"]).success();
    tree.has("out/b.txt.bak", "頭髮");
    tree.run(&["--no-sync", "-i", "b.txt.bak", "-o", "c.txt"]).success();
    tree.has("c.txt", "頭髮");
    let records = ["-c", "s2t", "--jsonl", "--field", "t", "--errors", "bad.jsonl", "--no-sync", "--in-place"];
    tree.run(&[&records[..], &["--backup", ".bak", "a.jsonl"]].concat()).success();
    tree.has("a.jsonl", &line.replace("头发", "頭髮"));
    tree.has("a.jsonl.bak", &format!("{line}broken\n"));
    assert!(String::from_utf8(tree.read("bad.jsonl")).unwrap().contains("\"record\":\"broken\""));
}
