//! `-h`, `--help`, completions, and what is said to somebody at a terminal.
//!
//! The help is compared with the files of `help/`. After a change of an option, `SNAPSHOTS=overwrite cargo test -p fanjian-cli
//! --test help` writes them anew.

mod tree;

use std::{
    fs,
    path::Path,
    process::{Command as Process, Output},
};

use snapbox::{
    Data,
    cmd::{Command, cargo_bin},
};
use tree::Tree;

/// The subcommands, and the name of the files with their help.
const COMMANDS: [(&[&str], &str); 12] = [
    (&[], "fanjian"),
    (&["explain"], "explain"),
    (&["lookup"], "lookup"),
    (&["detect"], "detect"),
    (&["text"], "text"),
    (&["fill"], "fill"),
    (&["clean"], "clean"),
    (&["configs"], "configs"),
    (&["dict"], "dict"),
    (&["dict", "check"], "dict-check"),
    (&["dict", "compile"], "dict-compile"),
    (&["man"], "man"),
];

fn snapshot(name: &str) -> Data {
    Data::read_from(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/help").join(name), None)
}

#[test]
fn the_help_is_as_it_is_written() {
    for (arguments, name) in COMMANDS {
        for (flag, suffix) in [("-h", "short"), ("--help", "long")] {
            let command = Command::new(cargo_bin!("fanjian")).args(arguments).arg(flag).env("COLUMNS", "80");
            command.assert().success().stdout_eq(snapshot(&format!("{name}.{suffix}.txt")));
        }
    }
}

/// All subcommands are among them but those whose help names shells, and `help` itself.
#[test]
fn each_subcommand_has_a_snapshot() {
    let help = Command::new(cargo_bin!("fanjian")).args(["help"]).assert().success();
    let help = String::from_utf8(help.get_output().stdout.clone()).unwrap();
    let (_, list) = help.split_once("\nCommands:\n").unwrap();
    let (list, _) = list.split_once("\n\n").unwrap();
    let names = list.lines().filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    for name in names.filter(|name| !["completions", "help"].contains(name)) {
        assert!(COMMANDS.iter().any(|(arguments, _)| arguments.first() == Some(&name)), "no snapshot of {name}");
    }
}

/// What bash would offer for a command line whose last word is not complete, by the script that the command writes.
fn completions(line: &[&str]) -> Vec<String> {
    let tree = Tree::new(&[]);
    let script = tree.run(&["completions", "bash"]).success().get_output().stdout.clone();
    tree.write("fanjian.bash", &script);
    let words: Vec<_> = line.iter().map(|word| format!("'{word}'")).collect();
    let (last, before) = (words.last().unwrap(), &words[words.len() - 2]);
    let shell = format!(
        "source ./fanjian.bash; COMP_WORDS=({}); COMP_CWORD={}; _fanjian fanjian {last} {before}; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.join(" "),
        words.len() - 1,
    );
    let output = Process::new("bash").args(["--norc", "-c", &shell]).current_dir(tree.path("")).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_values() {
    for (line, expected) in [
        (&["fanjian", "--to", ""][..], &["zh-Hans", "zh-CN", "zh-Hant", "zh-TW", "zh-HK"][..]),
        (&["fanjian", "--to", "zh-T"], &["zh-TW"]),
        (&["fanjian", "-c", "s2tw"], &["s2tw", "s2twp"]),
        (&["fanjian", "--config", "jp"], &["jp2t"]),
        (&["fanjian", "--from-encoding", "a"], &["auto"]),
        (&["fanjian", "--to-encoding", "gb"], &["gbk", "gb18030"]),
        (&["fanjian", "--as", "po"], &["po"]),
        (&["fanjian", "--format", "s"], &["sarif"]),
        (&["fanjian", "--vocabulary", ""], &["keep", "local"]),
        (&["fanjian", "--keep-words", "p"], &["persons", "places"]),
        (&["fanjian", "explain", "--to", "zh-H"], &["zh-Hans", "zh-Hant", "zh-HK"]),
        (&["fanjian", "clean", "--to", "zh-C"], &["zh-CN"]),
        (&["fanjian", "fill", "-c", "t2"], &["t2s", "t2tw", "t2hk", "t2jp"]),
        (&["fanjian", "detect", "--from-encoding", "big5"], &["big5", "big5-hkscs"]),
        (&["fanjian", "expl"], &["explain"]),
    ] {
        assert_eq!(completions(line), expected, "{line:?}");
    }
}

/// The scripts of the other shells have the values, too.
#[test]
fn other_shells_know_the_values() {
    for shell in ["zsh", "fish", "powershell", "elvish"] {
        let script = Command::new(cargo_bin!("fanjian")).args(["completions", shell]).assert().success();
        let script = String::from_utf8(script.get_output().stdout.clone()).unwrap();
        assert!(script.contains("fanjian"), "{shell}");
        // The static scripts of PowerShell and Elvish complete options, not their values.
        if ["zsh", "fish"].contains(&shell) {
            for value in ["zh-TW", "s2twp", "big5-hkscs", "persons", "sarif", "xcstrings"] {
                assert!(script.contains(value), "{shell} lacks {value}");
            }
        }
    }
}

/// Runs a line at a terminal, of which the command reads its end at once.
#[cfg(target_os = "linux")]
fn at_terminal(arguments: &str) -> Output {
    let line = format!("{} {arguments} 2>&1", cargo_bin!("fanjian").display());
    let mut script = Process::new("script");
    script.args(["-qec", &line, "/dev/null"]).stdin(fs::File::open("/dev/null").unwrap());
    script.output().unwrap_or_else(|error| panic!("script of util-linux is needed: {error}"))
}

#[cfg(target_os = "linux")]
#[test]
fn a_command_that_waits_for_a_terminal_says_so() {
    for arguments in ["", "--to zh-TW", "explain", "detect", "text --as html"] {
        let output = at_terminal(arguments);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let hint = "fanjian: reading text from the terminal; Ctrl-D ends it; fanjian -h for help";
        assert_eq!(said.matches(hint).count(), 1, "{arguments}: {said}");
    }
}

/// It used to be OpenCC's own standard form, which looks wrong to readers of every region.
#[test]
fn files_need_a_target() {
    let tree = Tree::new(&[("in.txt", "头发里面\n".as_bytes()), ("in.jsonl", "{\"a\":\"头\"}\n".as_bytes())]);
    for arguments in
        [&["in.txt"][..], &["--in-place", "."], &["-O", "out", "in.txt"], &["--check", "."], &["--diff", "."]]
    {
        tree.run(arguments).code(2).stdout_eq("").stderr_eq(
            "error: files need a target: neither --to nor --config is given, nor is there one in a fanjian.toml\n\n  \
             tip: fanjian --to zh-TW file.txt, or zh-HK or zh-CN in its place\n\nFor more information, try '--help'.\n",
        );
    }
    assert_eq!(tree.files(), ["in.jsonl", "in.txt"]);
    // As OpenCC's command has it.
    tree.run(&["-i", "in.txt"]).success().stdout_eq("頭髮裏面\n");
    tree.run(&["--check", "-i", "in.txt"]).code(1);
    tree.write("fanjian.toml", b"to = \"tw\"");
    tree.run(&["in.txt"]).success().stdout_eq("頭髮裡面\n");
    tree.run(&["--show-config", "in.txt"])
        .success()
        .stdout_eq("# for in.txt, from [..]/fanjian.toml and the command line\nto = \"zh-TW\"\nmarks = true\n");
}
