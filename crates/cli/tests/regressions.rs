//! Faults that were found once, each with its test.

mod tree;

use std::{
    fs,
    process::{Output, Stdio},
};

use snapbox::cmd::cargo_bin;
use tree::Tree;

fn command() -> std::process::Command {
    std::process::Command::new(cargo_bin!("fanjian"))
}

/// Runs a line of a shell, in which `$0` is the command, and prints the exit status of its first part at the end.
fn pipe(tree: &Tree, line: &str) -> (String, String) {
    let script = format!("{line}; echo ${{PIPESTATUS[0]}}");
    let mut bash = std::process::Command::new("bash");
    let output = bash.args(["-c", &script]).arg(cargo_bin!("fanjian")).current_dir(tree.path("")).output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// It used to be a panic, with exit status 101.
#[test]
fn renames_are_listed_to_a_closed_pipe_and_not_when_quiet() {
    let names: Vec<_> = (0..2000).map(|number| format!("many/{}后{number}.txt", "长".repeat(50))).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let tree = Tree::new(&files);
    let (out, err) = pipe(&tree, "\"$0\" -c s2t --in-place --rename --dry-run many | head -1");
    assert!(out.lines().next().unwrap().ends_with(": would be renamed"), "{out}");
    assert_eq!((out.lines().last(), err.as_str()), (Some("0"), ""));
    assert_eq!(pipe(&tree, "\"$0\" -q -c s2t --in-place --rename --dry-run many"), ("0\n".to_owned(), String::new()));
}

/// It used to be a panic, with exit status 101.
#[cfg(target_os = "linux")]
#[test]
fn messages_that_cannot_be_written_are_no_panic() {
    let glossed = "中國(guó)臺(tái)灣網(wǎng)，國(guó)際(jì)網(wǎng)臺(tái)";
    let tree = Tree::new(&[("a.txt", "头".as_bytes()), ("page.txt", glossed.as_bytes())]);
    for (arguments, status) in [
        (&["detect", "none.txt", "a.txt"][..], 3),
        (&["clean", "--gloss", "drop", "-i", "page.txt"], 0),
        (&["-c", "s2t", "--in-place", "--dry-run", "a.txt", "none.txt"], 3),
        (&["--nonsense"], 2),
        (&["-c", "nonsense"], 2),
    ] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = command();
        command.args(arguments).current_dir(tree.path("")).stdout(Stdio::null()).stderr(full);
        assert_eq!(command.status().unwrap().code(), Some(status), "{arguments:?}");
    }
    // Of standard output, it is a failure.
    for arguments in [
        &["-c", "s2t", "--check", "a.txt"][..],
        &["detect", "a.txt"],
        &["-c", "s2t", "--dry-run", "--format", "json", "a.txt"],
    ] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command().args(arguments).current_dir(tree.path("")).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        assert!(stderr(&output).contains("cannot write standard output: No space left on device"), "{arguments:?}");
    }
}

/// The second run used to say "finished before", and to leave the output of the first one.
#[test]
fn every_option_that_affects_records_is_noticed_by_the_next_run() {
    let tree = Tree::new(&[("s/a.jsonl", b"{\"text\":\"a\xff\"}\n{\"text\":\"b\"}\n")]);
    let run = |more: &[&str]| {
        let fixed = ["--jsonl", "--field", "text", "--detect", "script", "--errors", "bad.jsonl", "-O", "out", "s"];
        let output = tree.run(&[&fixed[..], more].concat()).success().get_output().clone();
        stderr(&output).lines().next().unwrap().to_owned()
    };
    let (new, old) = ("1 file: 1 changed, 0 unchanged, 0 skipped, 0 failed", "0 failed, 1 finished before");
    assert_eq!(run(&[]), new);
    assert!(run(&[]).ends_with(old));
    assert_eq!(run(&["--invalid-utf8", "replace"]), new);
    assert!(String::from_utf8(tree.read("out/s/a.jsonl")).unwrap().contains("a\u{fffd}"));
    assert!(run(&["--invalid-utf8", "replace"]).ends_with(old));
    assert_eq!(run(&["--invalid-utf8", "replace", "--max-record", "1M"]), new);
}

/// A temporary file used to stay where a conflict was found after the output was opened.
#[test]
fn wrong_usage_leaves_no_file() {
    let tree = Tree::new(&[("in.txt", "头\n".as_bytes()), ("sub/in.jsonl", b"{}\n")]);
    let before = tree.files();
    for arguments in [
        &["--parquet", "--column", "a", "-c", "s2t", "-o", "out.parquet"][..],
        &["--parquet", "--column", "a", "-c", "s2t", "-i", "-", "-o", "out.parquet"],
        &["--parquet", "--column", "a", "-c", "s2t", "in.txt"],
        &["--jsonl", "--field", "a", "-i", "in.txt", "-o", "out.jsonl"],
        &["--jsonl", "--field", "a", "-O", "out", "--errors", "bad.jsonl", "sub"],
        &["--segmentation", "-c", "s2t", "-i", "in.txt", "-o", "out.txt"],
        &["-c", "nonsense", "-i", "in.txt", "-o", "out.txt"],
        &["--vocabulary", "local", "-i", "in.txt", "-o", "out.txt"],
        &["--check", "-o", "out.txt"],
        &["clean", "-i", "in.txt", "-o", "out.txt"],
    ] {
        let output = tree.run(arguments).code(2).stdout_eq("");
        assert!(stderr(output.get_output()).starts_with("error: "), "{arguments:?}");
        assert_eq!(tree.files(), before, "{arguments:?}");
    }
}

/// These used to end with status 1, or to name all values and no way out.
#[test]
fn wrong_names_are_wrong_usage_and_get_a_hint() {
    let tree = Tree::new(&[("in.txt", "头\n".as_bytes())]);
    for (arguments, hint) in [
        (&["-c", "s2wtp", "in.txt"][..], "did you mean 's2twp'?"),
        (&["-c", "zh-TW", "in.txt"], "use --to zh-TW"),
        (&["--to", "zh-TV", "in.txt"], "did you mean 'zh-TW'?"),
        (&["--to", "zh-TW", "--from", "gbk", "in.txt"], "use --from-encoding gbk"),
        (&["--vocabulary", "local", "in.txt"], "use --to"),
        (&["--from", "zh-CN", "in.txt"], "use --to"),
        (&["explian", "头发"], "did you mean the subcommand 'explain'?"),
        (&["explain", "-c", "s2wtp", "头"], "did you mean 's2twp'?"),
        (&["explain", "--from", "zh-CN", "头"], "use --to"),
        (&["dict", "check", "-c", "zh-TW", "in.txt"], "use --to zh-TW"),
        (&["--invalid-utf8", "replce", "in.txt"], "did you mean 'replace'?"),
        (&["--format", "jsn", "--check", "in.txt"], "did you mean 'json'?"),
    ] {
        let output = tree.run(arguments).code(2).stdout_eq("");
        let reported = stderr(output.get_output());
        assert!(
            reported.starts_with("error: ") && reported.contains(hint) && reported.contains("--help"),
            "{arguments:?}: {reported}"
        );
    }
    for (toml, hint) in [("to = \"zh-TV\"", "did you mean 'zh-TW'?"), ("colour = 1", "unknown field `colour`")] {
        tree.write("fanjian.toml", toml.as_bytes());
        let reported = stderr(tree.run(&["in.txt"]).code(2).get_output());
        assert!(
            reported.starts_with("error: ") && reported.contains("fanjian.toml: ") && reported.contains(hint),
            "{reported}"
        );
    }
}

/// Files that were not chosen used to be renamed, too.
#[test]
fn only_chosen_files_are_renamed() {
    let tree = Tree::new(&[("a/后.srt", "后".as_bytes()), ("a/后.mkv", b"\0"), ("a/后.ass", "后".as_bytes())]);
    tree.run(&["-c", "s2t", "--in-place", "--rename", "-e", "srt", "a"]).success();
    assert_eq!(tree.files(), ["a/后.ass", "a/后.mkv", "a/後.srt"]);
    tree.has("a/後.srt", "後");
}

/// JSON used to be mixed with the converted text.
#[test]
fn json_is_not_mixed_with_text() {
    let tree = Tree::new(&[("in.txt", "头\n".as_bytes())]);
    for format in ["json", "sarif"] {
        tree.run(&["-c", "s2t", "--format", format, "in.txt"]).code(2).stdout_eq("");
    }
    tree.run(&["-c", "s2t", "--format", "json", "--in-place", "in.txt"]).success();
    tree.has("in.txt", "頭\n");
}
