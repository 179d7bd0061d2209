//! Names of files: converted, found in a tree that somebody else may have written, and shown.

mod tree;

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink},
    process::Command,
};

use tree::Tree;

fn stderr(output: &snapbox::cmd::OutputAssert) -> String {
    String::from_utf8_lossy(&output.get_output().stderr).into_owned()
}

fn stdout(output: &snapbox::cmd::OutputAssert) -> String {
    String::from_utf8_lossy(&output.get_output().stdout).into_owned()
}

/// A dictionary used to make the path of any file of a name: `-O` replaced that file, `--in-place` made it.
#[test]
fn a_name_never_becomes_a_path() {
    let tree = Tree::new(&[("other/f", b"original"), ("u/\u{554a}", b"new"), ("u/\u{540e}", b"1")]);
    for (value, flaw) in [
        (tree.path("other/f").to_str().unwrap(), "which is a path"),
        ("../other/f", "which is a path"),
        ("..", "which is a folder's own name"),
        (".bashrc", "which is a hidden one"),
        ("a\u{1b}]0;x", "which has a control character"),
    ] {
        tree.write("u/d.tsv", format!("\u{554a}\t{value}\n").as_bytes());
        tree.write("u/fanjian.toml", b"dict = [\"d.tsv\"]");
        for arguments in [&["-O", "out"][..], &["--in-place"]] {
            let run = tree.run(&[&["-c", "s2t"][..], arguments, &["--rename", "-g", "\u{554a}", "u"]].concat()).code(3);
            let message = stderr(&run);
            assert!(message.contains("u/\u{554a}: the name '\u{554a}' would become '"), "{message}");
            assert!(message.contains(flaw) && message.ends_with("1 failed\n"), "{message}");
        }
        tree.has("other/f", "original");
        tree.has("u/\u{554a}", "new");
    }
    // The others are done.
    let run = tree.run(&["-c", "s2t", "--rename", "--in-place", "-v", "u"]).code(3);
    assert!(stderr(&run).contains("u/\u{540e} -> u/\u{5f8c}: renamed\n"), "{}", stderr(&run));
    assert_eq!(tree.files(), ["other/f", "u/d.tsv", "u/fanjian.toml", "u/\u{554a}", "u/\u{5f8c}"]);
}

/// Links in the output folder used to be followed out of it, whatever made the name.
#[test]
fn a_converted_name_stays_in_the_output_folder() {
    let tree = Tree::new(&[("in/后/a", "头".as_bytes()), ("in/里", b"1"), ("in/b", b"2"), ("away/f", b"original")]);
    fs::create_dir_all(tree.path("out/in")).unwrap();
    symlink("../../away", tree.path("out/in/後")).unwrap();
    symlink("../../away/f", tree.path("out/in/裏")).unwrap();
    for link in ["out/in/後", "out/in/裏"] {
        let message = stderr(&tree.run(&["-c", "s2t", "--rename", "-O", "out", "in"]).code(3));
        assert!(message.contains(&format!("{link} is a symbolic link")), "{message}");
        assert!(message.ends_with("nothing was done\n") && !tree.path("out/in/b").exists(), "{message}");
        assert_eq!(fs::read_dir(tree.path("away")).unwrap().count(), 1);
        tree.has("away/f", "original");
        fs::remove_file(tree.path(link)).unwrap();
    }
    // A second run replaces what the first one wrote.
    for _ in 0..2 {
        tree.run(&["-c", "s2t", "--rename", "-O", "out", "in"]).success();
        tree.has("out/in/後/a", "頭");
        tree.has("out/in/裏", "1");
    }
}

/// A run that was stopped between the new name and the old one used to be refused for ever.
#[test]
fn a_stopped_rename_is_taken_up() {
    let tree = Tree::new(&[("a/头", b"1"), ("a/后", b"2"), ("a/里", b"3")]);
    tree.run(&["-c", "s2t", "--in-place", "--rename", "-g", "后", "a"]).success();
    fs::hard_link(tree.path("a/头"), tree.path("a/頭")).unwrap();
    let run = tree.run(&["-c", "s2t", "--in-place", "--rename", "a"]).success();
    assert!(stderr(&run).ends_with("; 2 renamed\n"), "{}", stderr(&run));
    assert_eq!(tree.files(), ["a/後", "a/裏", "a/頭"]);
    // Another file of the new name is not touched.
    tree.write("a/头", b"other");
    tree.run(&["-c", "s2t", "--in-place", "--rename", "a"]).code(3);
    tree.has("a/头", "other");
    tree.has("a/頭", "1");
}

/// Folders without a chosen file used to be renamed, and no name was counted.
#[test]
fn folders_are_renamed_with_the_chosen_files_and_counted() {
    let tree = Tree::new(&[("片/后/a.srt", b"1"), ("片/里/a.mkv", b"2"), ("片/里/头.mkv", b"3")]);
    tree.run(&["-c", "s2t", "--check", "--in-place", "--rename", "-e", "srt", "片"])
        .code(1)
        .stdout_eq("片/后 -> 片/後: would be renamed\n")
        .stderr_eq("1 file: 0 would change, 1 unchanged, 0 skipped, 0 failed; 1 would be renamed\n");
    let run = tree.run(&["-c", "s2t", "--in-place", "--rename", "-e", "srt", "--format", "json", "片"]).success();
    assert!(stdout(&run).contains(r#"{"type":"rename","path":"片/后","destination":"片/後"}"#), "{}", stdout(&run));
    assert_eq!(tree.files(), ["片/後/a.srt", "片/里/a.mkv", "片/里/头.mkv"]);
}

/// Names used to reach a terminal as they are; what is no terminal lost their control characters, and those of a diff.
#[test]
fn control_characters_are_shown_in_names_and_kept_in_diffs() {
    let name = "a\u{1b}]0;x\u{7}头\n\u{9b}.sh";
    let tree = Tree::new(&[(name, "头发\u{1b}[0m\n".as_bytes())]);
    let shown = "a\\u{1b}]0;x\\u{7}头\\n\\u{9b}.sh";
    assert_eq!(
        stdout(&tree.run(&["-c", "s2t", "--check", "."]).code(1)),
        format!("{shown}:1:1: 头发 → 頭髮 [script]\n")
    );
    let detected = stdout(&tree.run(&["detect", "."]).success());
    assert!(detected.starts_with(&format!("{shown}: ")), "{detected}");
    let run = tree.run(&["-c", "s2t", "--check", "--format", "json", "."]).code(1);
    let first: serde_json::Value = serde_json::from_str(stdout(&run).lines().next().unwrap()).unwrap();
    assert_eq!(first["path"], name);
    assert!(!stdout(&run).contains(['\u{1b}', '\u{9b}']));
    for arguments in
        [&["-c", "s2t", "--in-place", "-v", "."][..], &["--in-place", "-c", "t2s", "--to-encoding", "gbk", "-v", "."]]
    {
        let run = tree.run(arguments);
        assert!(stderr(&run).contains(shown) && !stderr(&run).contains(['\u{1b}', '\u{9b}']), "{}", stderr(&run));
    }
}

/// A shell makes an option of the name of a file.
#[test]
fn wrong_usage_does_not_repeat_control_characters() {
    let mut command = Command::new(snapbox::cmd::cargo_bin!("fanjian"));
    let output = command.args(["--in-place", "--x\u{1b}]0;title\u{7}"]).env("CLICOLOR_FORCE", "1").output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("unexpected argument '--x") && !message.contains(['\u{1b}', '\u{7}']), "{message}");
}

/// Escape, bell and NUL used to be missing from the patch.
#[test]
fn a_diff_in_a_file_can_be_applied() {
    let old = "#!/bin/sh\necho '\u{1b}[31m头发\u{1b}[0m\u{7}\u{0}'\r\n里\n";
    let tree = Tree::new(&[("d.sh", old.as_bytes())]);
    for color in ["auto", "never"] {
        let diff = tree.run(&["-c", "s2t", "-a", "--diff", "--color", color, "d.sh"]).success();
        let new = "echo '\u{1b}[31m頭髮\u{1b}[0m\u{7}\u{0}'\r\n";
        assert!(stdout(&diff).contains(&format!("\n+{new}")), "{}", stdout(&diff));
        assert!(stdout(&diff).contains("\n-echo '\u{1b}[31m头发\u{1b}[0m\u{7}\u{0}'\r\n"), "{}", stdout(&diff));
    }
}

/// Without a tab, the name ended at its first space, or had the note in its quotation marks.
#[test]
fn a_diff_of_any_name_can_be_applied() {
    let names = ["plain.txt", "my file.txt", "new\nline.txt", "頭 髮.txt", "\"lead.txt", "back\\slash.txt"];
    let tree = Tree::new(&names.map(|name| (name, "头发\n".as_bytes())));
    let diff = stdout(&tree.run(&["-c", "s2t", "--diff", "."]).success());
    for header in [
        "--- plain.txt\n+++ plain.txt (converted)\n",
        "--- my file.txt\t\n+++ my file.txt\t(converted)\n",
        "--- \"new\\nline.txt\"\t\n+++ \"new\\nline.txt\"\t(converted)\n",
        "--- 頭 髮.txt\t\n+++ 頭 髮.txt\t(converted)\n",
        "--- \"\\\"lead.txt\"\t\n",
        "--- \"back\\\\slash.txt\"\t\n",
    ] {
        assert!(diff.contains(header), "{diff}");
    }
}

/// A `fanjian.toml` in a folder like /tmp used to change the words of everybody's files below it. Later, one that was not
/// trusted was ignored, and the files were converted by the default. What a test without root cannot make, a file of another
/// user, has unit tests beside the search.
#[test]
fn a_project_file_counts_by_its_owner_and_not_by_the_mode_of_its_folder() {
    let tree = Tree::new(&[("shared/fanjian.toml", b"config = \"t2s\""), ("shared/mine/in.txt", "头髮\n".as_bytes())]);
    let allow = |name: &str, mode| fs::set_permissions(tree.path(name), fs::Permissions::from_mode(mode)).unwrap();
    tree.run(&["shared/mine/in.txt"]).success().stdout_eq("头发\n").stderr_eq("");
    allow("shared", 0o777);
    tree.run(&["shared/mine/in.txt"]).success().stdout_eq("头发\n").stderr_eq("");
    // As /tmp.
    allow("shared", 0o1777);
    tree.run(&["-c", "s2t", "shared/mine/in.txt"]).success().stdout_eq("頭髮\n").stderr_eq("");
    tree.run(&["-c", "s2t", "--isolated", "shared/mine/in.txt"]).success().stdout_eq("頭髮\n").stderr_eq("");
    // Root alone can make a file of another user.
    if fs::metadata(tree.path("shared")).unwrap().uid() == 0 {
        let toml = tree.path("shared/fanjian.toml");
        chown(&toml, Some(4711), None).unwrap();
        allow("shared", 0o777);
        for arguments in [&["shared/mine/in.txt"][..], &["--quiet", "--in-place", "shared"]] {
            let run = tree.run(arguments).code(2).stdout_eq("");
            let message = stderr(&run);
            assert!(message.contains("/shared/fanjian.toml belongs to another user (number 4711)"), "{message}");
            assert!(message.contains("--settings ") && message.contains("--isolated"), "{message}");
        }
        tree.has("shared/mine/in.txt", "头髮\n");
        chown(&toml, Some(0), None).unwrap();
        allow("shared", 0o1777);
    }
    // What the command line names is read, also for a single input.
    for arguments in [&["shared/mine/in.txt"][..], &["-i", "shared/mine/in.txt"]] {
        let arguments = [&["--settings", "shared/fanjian.toml"], arguments].concat();
        tree.run(&arguments).success().stdout_eq("头发\n").stderr_eq("");
    }
    // The search ends at a repository.
    allow("shared", 0o755);
    fs::create_dir(tree.path("shared/mine/.git")).unwrap();
    tree.run(&["-c", "s2t", "shared/mine/in.txt"]).success().stdout_eq("頭髮\n").stderr_eq("");
}

/// These used to be waited for, or read until memory ended.
#[test]
fn files_of_words_have_an_end() {
    let tree = Tree::new(&[("a/in.txt", "头\n".as_bytes())]);
    let fifo = |name: &str| assert!(Command::new("mkfifo").arg(tree.path(name)).status().unwrap().success());
    fifo("a/fifo");
    symlink("/dev/zero", tree.path("a/zero")).unwrap();
    for toml in ["dict = [\"/dev/zero\"]", "dict = [\"zero\"]", "protect = [\"fifo\"]", "dict = [\"fifo\"]"] {
        tree.write("a/fanjian.toml", toml.as_bytes());
        let message = stderr(&tree.run(&["-c", "s2t", "--check", "a/in.txt"]).code(2));
        assert!(message.contains("fanjian.toml: ") && message.contains(" is not a regular file"), "{message}");
    }
    let json = r#"{"conversion_chain": [{"dict": {"type": "text", "file": "FILE"}}]}"#;
    for file in ["/dev/zero", tree.path("a/fifo").to_str().unwrap()] {
        tree.write("a/own.json", json.replace("FILE", file).as_bytes());
        tree.write("a/fanjian.toml", b"config = \"own\"");
        let message = stderr(&tree.run(&["--check", "a/in.txt"]).code(3));
        assert!(message.contains(&format!("the dictionary {file} is not a regular file")), "{message}");
    }
    fs::remove_file(tree.path("a/fanjian.toml")).unwrap();
    fifo("a/fanjian.toml");
    let message = stderr(&tree.run(&["-c", "s2t", "--check", "a/in.txt"]).code(2));
    assert!(message.contains("a/fanjian.toml is not a regular file"), "{message}");
    fs::remove_file(tree.path("a/fanjian.toml")).unwrap();
    fs::remove_file(tree.path("a/own.json")).unwrap();
    // Ignore files, in the folder, in one of it, and above it.
    fs::create_dir_all(tree.path("a/b/c")).unwrap();
    tree.write("a/b/c/in.txt", b"1");
    fifo("a/b/.gitignore");
    tree.run(&["-c", "s2t", "--in-place", "a"]).code(3).stderr_eq(
        "fanjian: a/b: a/b/.gitignore is not a regular file\n2 files: 1 changed, 0 unchanged, 0 skipped, 1 failed\n",
    );
    for path in ["a/b", "a/b/c"] {
        assert!(
            stderr(&tree.run(&["-c", "s2t", "--check", path]).code(3)).contains(".gitignore is not a regular file")
        );
        tree.run(&["-c", "s2t", "--check", "--no-ignore", path]).success();
    }
    fs::remove_file(tree.path("a/b/.gitignore")).unwrap();
    symlink("/dev/null", tree.path("a/b/.gitignore")).unwrap();
    tree.run(&["-c", "s2t", "--check", "a/b"]).success();
}

/// A pipe of the shell is a file of words as any other.
#[test]
fn words_and_lists_come_from_pipes() {
    let tree = Tree::new(&[("in.txt", "头发\n".as_bytes())]);
    let line = "\"$0\" -c s2t --dict <(printf '头发\\tA\\n') --files-from <(echo in.txt) && \"$0\" -c s2t --protect <(echo 头) in.txt";
    let mut bash = Command::new("bash");
    bash.args(["-c", line]).arg(snapbox::cmd::cargo_bin!("fanjian")).current_dir(tree.path(""));
    let output = bash.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "A\n头發\n", "{output:?}");
}

/// A space behind a term used to belong to it, so that it was silently not protected.
#[test]
fn terms_have_no_spaces_around_them_and_comments_are_none() {
    let tree = Tree::new(&[("in.txt", "云中月 # 后 里\n".as_bytes())]);
    tree.write("names.txt", "\u{feff}# 后\r\n  云中月 \u{3000}\t\r\n\n里".as_bytes());
    tree.run(&["-c", "s2t", "--protect", "names.txt", "in.txt"]).success().stdout_eq("云中月 # 後 里\n");
}

/// These used to end with success, so that a check with a wrong path was green for ever.
#[test]
fn a_run_without_a_file_fails() {
    let tree = Tree::new(&[("a/in.txt", "头\n".as_bytes()), ("list", b"")]);
    fs::create_dir(tree.path("empty")).unwrap();
    for arguments in [
        &["--check", "-g", "*.nothing", "a"][..],
        &["-c", "s2t", "--in-place", "-e", "md", "a"],
        &["-O", "out", "empty"],
        &["empty"],
        &["--check", "--files-from", "list"],
        &["--jsonl", "--field", "text", "--check", "a"],
        &["detect", "-e", "md", "a"],
    ] {
        let message = stderr(&tree.run(arguments).code(3).stdout_eq(""));
        assert!(message.contains("(with --allow-empty, that is no failure)"), "{arguments:?}: {message}");
        let subcommands = arguments.iter().take_while(|argument| **argument == "detect").count();
        let (first, rest) = arguments.split_at(subcommands);
        tree.run(&[first, &["--allow-empty"], rest].concat()).success();
    }
    let message = stderr(&tree.run(&["-c", "s2t", "--check", "-e", "md", "-g", "*.x", "a"]).code(3));
    assert!(
        message.ends_with(
            "no file of a was taken by --glob '*.x' --extension md (with --allow-empty, that is no failure)\n"
        )
    );
    // Standard input has nothing here.
    for arguments in [&["--check"][..], &["--diff"], &["--dry-run"], &["clean", "--check"], &["--in-place"]] {
        let message = stderr(&tree.run(arguments).code(2));
        assert!(message.contains("name them as PATH"), "{arguments:?}: {message}");
    }
    tree.run(&["-c", "s2t", "--check", "-"]).success();
}

#[test]
fn documents_are_named_and_counted() {
    let ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
    let tree = Tree::new(&[("b/a.txt", "头\n".as_bytes()), ("b/1.doc", ole), ("b/2.doc", ole)]);
    tree.write("b/3.pages", b"PK\x03\x04\0");
    tree.write("b/4.pdf", b"%PDF-1.7\n");
    tree.write("b/5.png", b"\x89PNG\0");
    let line = "6 files: 1 would change, 0 unchanged, 5 skipped (2 .doc, 1 .pages, 1 .pdf), 0 failed\n";
    tree.run(&["-c", "s2t", "--check", "b"]).code(1).stderr_eq(line);
    // It used to be skipped with success, and a hint to take it as text.
    let message = stderr(&tree.run(&["-c", "s2t", "b/1.doc"]).code(3));
    assert!(message.contains("b/1.doc: a document (.doc), which is not read") && !message.contains("--text"));
    let run = tree.run(&["-c", "s2t", "--check", "--format", "json", "b"]).code(1);
    assert!(stdout(&run).contains(r#""documents":{".doc":2,".pages":1,".pdf":1}"#), "{}", stdout(&run));
    // One that cannot be read is a failure, and stays.
    tree.write("c/1.docx", b"PK\x03\x04\0");
    let message = stderr(&tree.run(&["-c", "s2t", "--in-place", "c"]).code(3));
    assert!(message.contains("c/1.docx: "), "{message}");
    tree.write("c/1.docx", ole);
    let message = stderr(&tree.run(&["-c", "s2t", "--in-place", "c"]).code(3));
    assert!(message.contains("a document with a password"), "{message}");
}

/// The second name used to be an input that is missing, after the text had been written to the screen.
#[test]
fn a_text_or_an_output_in_place_of_a_path_has_a_hint() {
    let tree = Tree::new(&[("in.txt", "头\n".as_bytes())]);
    let message = stderr(&tree.run(&["in.txt", "out.txt"]).code(2).stdout_eq(""));
    assert!(
        message.contains("there is no file 'out.txt'\n\n  tip: to write it: fanjian in.txt -o out.txt"),
        "{message}"
    );
    // A preview writes nothing: there the second name is one that failed, and the other is reported.
    let message = stderr(&tree.run(&["--check", "--to", "zh-TW", "in.txt", "out.txt"]).code(3));
    assert!(message.contains("out.txt: cannot read it") && !message.contains("tip:"), "{message}");
    let message = stderr(&tree.run(&["头发"]).code(2));
    assert!(message.contains("tip: text is read from standard input: echo '头发' | fanjian"), "{message}");
}

/// It used to explain the default, whatever converted the files.
#[test]
fn explain_uses_the_settings_of_the_folder() {
    let tree =
        Tree::new(&[("fanjian.toml", b"config = \"s2tw\"\nprotect = [\"names\"]"), ("names", "头\n".as_bytes())]);
    let explained = stdout(&tree.run(&["explain", "--all", "头里"]).success());
    assert!(explained.contains("里 → 裡") && !explained.contains('頭'), "{explained}");
    let explained = stdout(&tree.run(&["explain", "--isolated", "头里"]).success());
    assert!(explained.contains('裏') && explained.contains('頭'), "{explained}");
    let explained = stdout(&tree.run(&["explain", "--isolated", "--protect", "names", "头里"]).success());
    assert!(explained.contains('裏') && !explained.contains('頭'), "{explained}");
    tree.run(&["explain", "-c", "t2s", "裡"]).success().stdout_eq("1:1: 裡 → 里  [..]\n");
}
