//! Quotation marks as a region writes them: `--punctuation`, and the key of `fanjian.toml`.

mod tree;

use tree::Tree;

const LOCAL: [&str; 2] = ["--punctuation", "local"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    more.iter().chain(&LOCAL).copied().collect()
}

#[test]
fn marks_become_those_of_the_configuration_or_the_target() {
    let tree = Tree::new(&[
        ("s.txt", "他说：“头发‘皇后’。”\n".as_bytes()),
        ("t.txt", "他說：「頭髮『皇后』。」\n".as_bytes()),
        ("set/fanjian.toml", b"to = \"zh-TW\"\npunctuation = \"local\"\n"),
        ("set/s.txt", "他说：“走”\n".as_bytes()),
    ]);
    let run = |arguments: &[&str], output: &'static str| tree.run(arguments).success().stdout_eq(output);
    run(&with(&["-c", "s2tw", "-i", "s.txt"]), "他說：「頭髮『皇后』。」\n");
    run(&with(&["--to", "zh-TW", "s.txt"]), "他說：「頭髮『皇后』。」\n");
    run(&with(&["-c", "t2s", "-i", "t.txt"]), "他说：“头发‘皇后’。”\n");
    run(&with(&["--to", "zh-CN", "t.txt"]), "他说：“头发‘皇后’。”\n");
    run(&["--to", "zh-TW", "s.txt"], "他說：“頭髮‘皇后’。”\n");
    run(&["set/s.txt"], "他說：「走」\n");
    run(&["set/s.txt", "--punctuation", "keep"], "他說：“走”\n");
    // The command line's configuration is used with the file's punctuation.
    run(&["set/s.txt", "-c", "s2t"], "他說：「走」\n");
    run(&with(&["clean", "--to", "zh-TW", "-i", "s.txt"]), "他說：「頭髮『皇后』。」\n");
    let shown = tree.run(&["--show-config", "set"]).success();
    assert!(String::from_utf8_lossy(&shown.get_output().stdout).contains("punctuation = \"local\""));
}

#[test]
fn fields_and_documents_have_them_too() {
    let tree = Tree::new(&[
        ("a.jsonl", "{\"t\": \"“头发\"}\n{\"t\": \"‘头’\"}\n".as_bytes()),
        ("a.csv", "t,u\n“头发,“头”\n‘头’,a\n".as_bytes()),
        (
            "a.srt",
            "1\n00:00:01,000 --> 00:00:02,000\n“<i>头</i>发\n\n2\n00:00:03,000 --> 00:00:04,000\n‘头’”\n".as_bytes(),
        ),
        ("a.md.txt", "“头 `“代码”` 发”\n".as_bytes()),
    ]);
    let run = |arguments: &[&str], output: &'static str| tree.run(arguments).success().stdout_eq(output);
    // Each field is a text of its own.
    let json = "{\"t\": \"「頭髮\"}\n{\"t\": \"「頭」\"}\n";
    run(&with(&["--to", "zh-TW", "--jsonl", "--field", "t", "-i", "a.jsonl"]), json);
    run(&with(&["-c", "s2tw", "--csv", "--column", "t", "-i", "a.csv"]), "t,u\n「頭髮,“头”\n「頭」,a\n");
    // And so is each subtitle.
    let srt = "1\n00:00:01,000 --> 00:00:02,000\n「<i>頭</i>髮\n\n2\n00:00:03,000 --> 00:00:04,000\n「頭」」\n";
    run(&with(&["--to", "zh-TW", "a.srt"]), srt);
    // The text between two protected regions is one, too.
    run(&with(&["-c", "s2t", "-i", "a.md.txt", "--protect-regex", "`[^`]*`"]), "「頭 `“代码”` 發」\n");
}

#[test]
fn the_number_of_threads_has_no_influence() {
    let speech = "他说：“头发长了\n　　“里面‘干了’，\n\n后来”他走了。\r\n\r\n“皇后\n";
    let tree = Tree::new(&[
        ("paragraphs.txt", speech.repeat(25_000).as_bytes()),
        ("lines.txt", "“头发\n他说‘里’。\n”皇后\n“I’m”\n".repeat(45_000).as_bytes()),
    ]);
    for name in ["paragraphs.txt", "lines.txt"] {
        for by in [["-c", "s2t"], ["--to", "zh-TW"]] {
            let output = |threads| {
                let arguments = [&LOCAL[..], &by, &["-i", name, "-j", threads]].concat();
                tree.run(&arguments).success().get_output().stdout.clone()
            };
            assert!(output("1") == output("2"), "{name}, {by:?}");
        }
    }
}

#[test]
fn explain_has_the_marks() {
    let tree = Tree::new(&[("in.txt", "他说“里\n头”\n\n‘后’\n".as_bytes())]);
    let explained = tree.run(&with(&["explain", "-c", "s2t", "--format", "json", "他说“里”"])).success();
    let output = String::from_utf8(explained.get_output().stdout.clone()).unwrap();
    let marks: Vec<_> = output.lines().filter(|line| line.contains("\"step\":\"punctuation\"")).collect();
    assert_eq!(marks.len(), 2, "{output}");
    assert!(marks[0].contains("\"source\":\"“\"") && marks[0].contains("\"column\":3"), "{output}");
}

#[test]
fn what_has_no_marks_is_refused() {
    let tree = Tree::new(&[
        ("own.json", br#"{"conversion_chain": [{"dict": {"type": "inline", "entries": {"a": "b"}}}]}"#),
        ("terms", "“头发”\n".as_bytes()),
        ("in.txt", b"a"),
    ]);
    for (arguments, message, status) in [
        (&["-c", "t2jp"][..], "punctuation 'local' cannot be combined with t2jp: Japanese", 2),
        (&["-c", "own.json"], "the configuration file own.json, which does not say what script its output is", 2),
        (&["--protect", "terms"], "the protected term '“头发”' has quotation marks", 3),
    ] {
        let run = tree.run(&with(&[&["-i", "in.txt"], arguments].concat())).code(status);
        let error = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
        assert!(error.contains(message), "{error}");
    }
    tree.run(&["--punctuation", "some", "-i", "in.txt"]).failure();
    tree.run(&with(&["clean", "-i", "in.txt"])).failure();
}
