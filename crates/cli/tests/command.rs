//! The command, as the real binary: `tests/library` tests what it does, this tests how it is asked and answers.

use std::{
    fs,
    io::{Read, Write},
    path::Path,
    process::{Child, ChildStdin, Stdio},
};

use snapbox::cmd::{Command, cargo_bin};
use tempfile::TempDir;

fn fanjian(arguments: &[&str]) -> Command {
    Command::new(cargo_bin!("fanjian")).args(arguments).env("LC_ALL", "C")
}

/// A folder to run in, with a file `in.txt`.
fn folder(contents: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("in.txt"), contents).unwrap();
    folder
}

/// Starts the command with pipes at both ends.
fn start(arguments: &[&str]) -> (Child, ChildStdin) {
    let mut child = std::process::Command::new(cargo_bin!("fanjian"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdin = child.stdin.take().unwrap();
    (child, stdin)
}

#[track_caller]
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn standard_input_to_standard_output_by_s2t() {
    fanjian(&[]).stdin("头发\n").assert().success().stdout_eq("頭髮\n").stderr_eq("");
    fanjian(&["-c", "s2twp"]).stdin("鼠标").assert().success().stdout_eq("滑鼠");
    fanjian(&[]).stdin("").assert().success().stdout_eq("");
    fanjian(&["-i", "-", "-o", "-"]).stdin("头发").assert().success().stdout_eq("頭髮");
}

/// The first thing that a reader of each README sees.
#[test]
fn the_readmes_first_example_is_true() {
    for name in ["README.md", "README.zh-TW.md", "README.zh-CN.md"] {
        let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)).unwrap();
        let (_, block) = readme.split_once("```console\n").unwrap();
        let lines: Vec<_> = block.split("```").next().unwrap().lines().collect();
        // A target, and OpenCC's configuration beside it.
        assert_eq!(lines.len(), 4, "{name}");
        for example in lines.chunks(2) {
            let [command, output] = example else { unreachable!("an even number") };
            let command = command.split("  #").next().unwrap().trim();
            let (input, arguments) = command.strip_prefix("$ echo '").unwrap().split_once("' | fanjian ").unwrap();
            let arguments: Vec<_> = arguments.split(' ').collect();
            fanjian(&arguments).stdin(input).assert().success().stdout_eq(*output);
        }
    }
}

#[test]
fn configurations_are_named_as_upstream_names_them() {
    for arguments in [&["-c", "t2s"], &["-c", "t2s.json"], &["--config", "t2s"], &["--config", "t2s.json"]] {
        fanjian(arguments).stdin("頭髮").assert().success().stdout_eq("头发");
    }
    fanjian(&["--config=t2s"]).stdin("頭髮").assert().success().stdout_eq("头发");
    let hint = |config: &str, tip: &str| {
        let assert = fanjian(&["-c", config]).stdin("").assert().code(2).stdout_eq("");
        assert.stderr_eq(format!(
            "error: no configuration '{config}': no such file; [..]\n\n{tip}For more information, try '--help'.\n"
        ));
    };
    hint("nonsense", "");
    hint("s2tv", "  tip: did you mean 's2tw'?\n\n");
    hint("zh-TW", "  tip: 'zh-TW' is a target: use --to zh-TW\n\n");
}

#[test]
fn a_configuration_file_and_its_dictionaries_are_found_by_path() {
    let folder = folder("头发".as_bytes());
    let conf = folder.path().join("conf");
    fs::create_dir(&conf).unwrap();
    fs::create_dir(folder.path().join("s2t.json")).unwrap();
    let json = r#"{"conversion_chain": [{"dict": {"type": "text", "file": "words.txt"}}]}"#;
    fs::write(conf.join("mine.json"), json).unwrap();
    fs::write(conf.join("words.txt"), "头发\t毛髮\n").unwrap();
    let run = |arguments: &[&str]| fanjian(arguments).arg("-i").arg("in.txt").current_dir(folder.path()).assert();
    run(&["-c", "conf/mine.json"]).success().stdout_eq("毛髮");
    run(&["-c", "mine.json", "--path", "conf"]).success().stdout_eq("毛髮");
    run(&["-c", "mine", "--path", "none", "--path", "conf"]).success().stdout_eq("毛髮");
    run(&["-c", "s2t.json"]).success().stdout_eq("頭髮");
    run(&["-c", "mine.json", "--path", "none"])
        .code(2)
        .stderr_eq("error: no configuration 'mine.json': no such file, nor in none; the built-in ones are [..]\n...");
    fs::copy(conf.join("mine.json"), conf.join("mine")).unwrap();
    fanjian(&["-c", "mine"]).current_dir(&conf).stdin("头发").assert().success().stdout_eq("毛髮");

    fs::write(conf.join("words.txt"), "头发\t毛髮\n头发 x\n").unwrap();
    run(&["-c", "conf/mine.json"])
        .code(3)
        .stderr_eq("fanjian: conf/words.txt:2: no tab between key and value in '头发 x'\n");
}

#[test]
fn tofu_risk_is_off_and_can_be_switched() {
    let include = "--include-tofu-risk-dictionaries";
    let exclude = "--exclude-tofu-risk-dictionaries";
    fanjian(&["-c", "t2s"]).stdin("㑮").assert().success().stdout_eq("㑮");
    fanjian(&["-c", "t2s", include]).stdin("㑮").assert().success().stdout_eq("𫝈");
    fanjian(&["-c", "t2s", include, exclude]).stdin("㑮").assert().success().stdout_eq("㑮");
    fanjian(&["-c", "t2s", exclude, include]).stdin("㑮").assert().success().stdout_eq("𫝈");
}

#[test]
fn line_endings_byte_order_mark_and_nul_survive() {
    fanjian(&[]).stdin("\u{feff}头发\r\n\0后\n\r").assert().success().stdout_eq_raw("\u{feff}頭髮\r\n\0後\n\r");
}

trait Raw {
    fn stdout_eq_raw(self, expected: &str);
}

impl Raw for snapbox::cmd::OutputAssert {
    /// Compares without snapbox's normalization of line endings.
    fn stdout_eq_raw(self, expected: &str) {
        assert_eq!(self.get_output().stdout, expected.as_bytes());
    }
}

#[test]
fn files_are_read_and_written() {
    let folder = folder("头发".as_bytes());
    fanjian(&["-i", "in.txt", "-o", "out.txt"]).current_dir(folder.path()).assert().success().stdout_eq("");
    assert_eq!(fs::read(folder.path().join("out.txt")).unwrap(), "頭髮".as_bytes());
    assert_eq!(names(folder.path()), ["in.txt", "out.txt"]);
}

#[test]
fn missing_and_unreadable_files_are_named() {
    let folder = folder(b"");
    let run = |arguments: &[&str]| fanjian(arguments).current_dir(folder.path()).stdin("头发").assert().code(3);
    run(&["-i", "none.txt"]).stderr_eq("fanjian: cannot read none.txt: no such file or folder\n");
    run(&["-i", "."]).stderr_eq("fanjian: cannot read .: it is a folder\n");
    run(&["-o", "none/out.txt"]).stderr_eq("fanjian: cannot write none/out.txt: [..]\n");
    run(&["-o", "."]).stderr_eq("fanjian: cannot write .: it is a folder\n");
    assert_eq!(names(folder.path()), ["in.txt"]);
}

#[test]
fn one_file_is_input_and_output_only_on_request() {
    let folder = folder("头发".as_bytes());
    let path = folder.path().join("in.txt");
    let run = |arguments: &[&str]| fanjian(arguments).current_dir(folder.path()).assert();
    for same in ["in.txt", "./in.txt"] {
        run(&["-i", "in.txt", "-o", same])
            .code(2)
            .stderr_eq("error: in.txt is both input and output: --in-place allows that\n...");
    }
    assert_eq!(fs::read(&path).unwrap(), "头发".as_bytes());
    run(&["-i", "in.txt", "-o", "in.txt", "--in-place"]).success();
    assert_eq!(fs::read(&path).unwrap(), "頭髮".as_bytes());
    assert_eq!(names(folder.path()), ["in.txt"]);
}

#[cfg(unix)]
#[test]
fn mode_and_links_of_a_replaced_file_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder("头发".as_bytes());
    let path = |name: &str| folder.path().join(name);
    fs::write(path("real.txt"), "old").unwrap();
    fs::set_permissions(path("real.txt"), fs::Permissions::from_mode(0o640)).unwrap();
    fs::create_dir(path("links")).unwrap();
    symlink("../real.txt", path("links/one.txt")).unwrap();
    symlink("one.txt", path("links/two.txt")).unwrap();
    fanjian(&["-i", "in.txt", "-o", "links/two.txt"]).current_dir(folder.path()).assert().success();
    assert_eq!(fs::read_to_string(path("real.txt")).unwrap(), "頭髮");
    assert_eq!(fs::metadata(path("real.txt")).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(path("links/two.txt")).unwrap().is_symlink());
    assert!(fs::symlink_metadata(path("links/one.txt")).unwrap().is_symlink());
    assert_eq!(names(&path("links")), ["one.txt", "two.txt"]);

    // A link whose target is not there yet.
    symlink("new.txt", path("dangling.txt")).unwrap();
    fanjian(&["-i", "in.txt", "-o", "dangling.txt"]).current_dir(folder.path()).assert().success();
    assert_eq!(fs::read_to_string(path("new.txt")).unwrap(), "頭髮");

    symlink("loop.txt", path("loop.txt")).unwrap();
    let looped = fanjian(&["-i", "in.txt", "-o", "loop.txt"]).current_dir(folder.path()).assert();
    looped.code(3).stderr_eq("fanjian: cannot write loop.txt: too many levels of symbolic links\n");
}

/// As any program's new files: readable as the user's mask says, not for the owner alone as temporary files are.
#[cfg(unix)]
#[test]
fn new_files_have_the_usual_mode() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(b"");
    let path = |name: &str| folder.path().join(name);
    let mode = |name: &str| fs::metadata(path(name)).unwrap().permissions().mode();
    fanjian(&["-i", "in.txt", "-o", "out.txt"]).current_dir(folder.path()).assert().success();
    assert_eq!(mode("out.txt"), mode("in.txt"));
}

#[cfg(unix)]
#[test]
fn devices_are_written_to_not_replaced() {
    use std::os::unix::fs::FileTypeExt;
    fanjian(&["-o", "/dev/null"]).stdin("头发").assert().success();
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
}

#[test]
fn bad_bytes_leave_the_output_file_as_it_was() {
    let mut contents = "头发\n".repeat(100_000).into_bytes();
    contents.extend_from_slice(b"\xff");
    contents.extend("头发\n".repeat(10).into_bytes());
    let folder = folder(&contents);
    let out = folder.path().join("out.txt");
    fs::write(&out, "old").unwrap();
    let run = |arguments: &[&str]| fanjian(&["-i", "in.txt"]).args(arguments).current_dir(folder.path()).assert();
    let message = "fanjian: in.txt: not UTF-8: invalid byte 0xFF at offset 700000 \
                   (--from-encoding auto detects the encoding; --invalid-utf8 replace or pass converts the rest)\n";
    run(&["-o", "out.txt"]).code(3).stderr_eq(message);
    assert_eq!(fs::read(&out).unwrap(), b"old");
    assert_eq!(names(folder.path()), ["in.txt", "out.txt"]);
    // On a pipe, what stands before the bad byte has gone out, and the exit code tells that it is not all.
    let output = run(&[]).code(3).stderr_eq(message).get_output().stdout.clone();
    assert_eq!(String::from_utf8(output).unwrap(), "頭髮\n".repeat(100_000));

    run(&["-o", "out.txt", "--invalid-utf8", "replace"]).success();
    let expected = format!("{}\u{fffd}{}", "頭髮\n".repeat(100_000), "頭髮\n".repeat(10));
    assert_eq!(fs::read_to_string(&out).unwrap(), expected);
    run(&["-o", "out.txt", "--invalid-utf8", "pass"]).success();
    let expected = ["頭髮\n".repeat(100_000).as_bytes(), b"\xff", "頭髮\n".repeat(10).as_bytes()].concat();
    assert_eq!(fs::read(&out).unwrap(), expected);
}

/// What a shell has put behind standard output has contents and a position: it is written to, never replaced.
#[cfg(unix)]
#[test]
fn standard_output_by_its_path_is_not_replaced() {
    let folder = folder("头发\n".as_bytes());
    let shell = |line: &str| {
        let line = line.replace("fanjian", &cargo_bin!("fanjian").display().to_string());
        Command::new("sh").args(["-c", &line]).current_dir(folder.path()).assert().success()
    };
    shell("(echo 1; fanjian -i in.txt -o /dev/stdout; echo 2) > out.txt");
    assert_eq!(fs::read_to_string(folder.path().join("out.txt")).unwrap(), "1\n頭髮\n2\n");
    shell("fanjian -i in.txt -o /dev/stdout | cat").stdout_eq("頭髮\n");
    shell("fanjian -i in.txt -o /dev/stderr 2>&1 | cat").stdout_eq("頭髮\n");
    shell("mkfifo pipe; cat pipe & fanjian -i in.txt -o pipe; wait").stdout_eq("頭髮\n");
    assert_eq!(names(folder.path()), ["in.txt", "out.txt", "pipe"]);
}

/// A folder of memory below /dev holds files like any other: they used to be appended to, which never ended in place.
#[cfg(target_os = "linux")]
#[test]
fn files_in_shared_memory_are_replaced() {
    let folder = tempfile::tempdir_in("/dev/shm").unwrap();
    let path = folder.path().join("in.txt");
    fs::write(&path, "头发").unwrap();
    let path = path.display().to_string();
    fanjian(&["-i", &path, "-o", &path, "--in-place"]).assert().success();
    assert_eq!(fs::read_to_string(&path).unwrap(), "頭髮");
    assert_eq!(names(folder.path()), ["in.txt"]);
}

/// It used to be a panic.
#[cfg(target_os = "linux")]
#[test]
fn an_error_that_cannot_be_reported_still_has_its_exit_code() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = std::process::Command::new(cargo_bin!("fanjian"));
    assert_eq!(command.args(["-i", "/none"]).stderr(full).status().unwrap().code(), Some(3));
}

/// It used to be a success.
#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_written_is_a_failure() {
    for argument in ["--help", "-h", "--version"] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = std::process::Command::new(cargo_bin!("fanjian"));
        assert_eq!(command.arg(argument).stdout(full).status().unwrap().code(), Some(3), "{argument}");
    }
}

/// Each line of explanations took time and memory by the square of its length.
#[test]
fn long_lines_are_explained_in_linear_time() {
    for line in ["头发的皇后在这里用鼠标".repeat(30_000), "\u{f900}".repeat(200_000), "头".repeat(200_000)]
    {
        for flag in ["--segmentation", "--inspect", "--ambiguities"] {
            let assert = fanjian(&["-c", "s2twp", flag]).stdin(line.clone()).assert().success();
            assert!(assert.get_output().stdout.len() > line.len() / 2);
        }
    }
}

/// A full disk, as far as one can be had without being root: the device that is always full.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_reported() {
    let full = "fanjian: cannot write /dev/full: No space left on device (os error 28); free some space, and run the same again\n";
    fanjian(&["-o", "/dev/full"]).stdin("头发").assert().code(3).stderr_eq(full);
}

#[test]
fn wrong_usage_is_reported_with_exit_code_2() {
    for arguments in [
        &["--nonsense"][..],
        &["text.txt", "-i", "in.txt"],
        &["--backup", ".bak", "text.txt"],
        &["--in-place"],
        &["--in-place", "-O", "out", "text.txt"],
        &["-O", "out"],
        &["-0", "text.txt"],
        &["--check", "-o", "out.txt"],
        &["--protect-regex", "("],
        &["--from-encoding", "utf-9"],
        &["--from-encoding", "gbk", "--invalid-utf8", "pass"],
        &["--inspect", "text.txt"],
        &["--format", "xml", "text.txt"],
        &["-c"],
        &["-c", "s2t", "-c", "t2s"],
        &["--noflush", "maybe"],
        &["--inspect", "--segmentation"],
        &["--invalid-utf8", "ignore"],
        &["-j", "x"],
        &["-j", "-1"],
        &["-j", "1025"],
        &["-j", "2", "--inspect"],
        &["-j", "0", "--segmentation"],
        &["-j", "2", "--ambiguities"],
    ] {
        let assert = fanjian(arguments).stdin("").assert().code(2).stdout_eq("");
        let stderr = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
        assert!(stderr.starts_with("error: ") && stderr.contains("--help"), "{stderr}");
    }
}

#[test]
fn version_and_help_are_reported() {
    let version = concat!("fanjian ", env!("CARGO_PKG_VERSION"), "\n");
    fanjian(&["-V"]).assert().success().stdout_eq(version);
    let long = format!("{version}with the dictionaries and configurations of OpenCC {}\n", fanjian::OPENCC_VERSION);
    fanjian(&["--version"]).assert().success().stdout_eq(long);
    for (flag, words) in [
        ("-h", &["Examples:", "--to <TAG>", "--in-place", "--threads", "fanjian --help"][..]),
        ("--help", &["s2twp", "--in-place", "--threads", "--ambiguities", "Exit status", "2    wrong usage"]),
    ] {
        let assert = fanjian(&[flag]).assert().success();
        let stdout = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
        for word in words {
            assert!(stdout.contains(word), "{flag} does not tell {word}");
        }
    }
}

#[test]
fn a_broken_pipe_is_quiet() {
    for arguments in [&[][..], &["-j", "2"]] {
        let (mut child, mut stdin) = start(arguments);
        let mut stdout = child.stdout.take().unwrap();
        let text = "头发\n".repeat(1000);
        // The command ends while there is more to write to it.
        let writer = std::thread::spawn(move || while stdin.write_all(text.as_bytes()).is_ok() {});
        stdout.read_exact(&mut [0; 3]).unwrap();
        drop(stdout);
        writer.join().unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    }
}

#[test]
fn a_live_pipe_gets_each_line_at_once() {
    for arguments in [&[][..], &["--noflush", "0"]] {
        let (mut child, mut stdin) = start(arguments);
        let mut stdout = child.stdout.take().unwrap();
        for _ in 0..3 {
            stdin.write_all("头发\n".as_bytes()).unwrap();
            let mut line = [0; 7];
            stdout.read_exact(&mut line).unwrap();
            assert_eq!(line, "頭髮\n".as_bytes());
        }
        drop(stdin);
        assert!(child.wait().unwrap().success());
    }
    fanjian(&["--noflush", "1"]).stdin("头发\n后").assert().success().stdout_eq("頭髮\n後");
}

#[test]
fn a_long_stream_needs_little_memory() {
    let (mut child, mut stdin) = start(&["-c", "s2twp"]);
    let mut stdout = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let (mut buffer, mut read) = (vec![0; 1 << 16], 0);
        loop {
            match stdout.read(&mut buffer).unwrap() {
                0 => break read,
                len => read += len,
            }
        }
    });
    // No line break, and but one segment.
    let piece = "一".repeat(1 << 16);
    for _ in 0..100 {
        stdin.write_all(piece.as_bytes()).unwrap();
    }
    #[cfg(target_os = "linux")]
    {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let kib = |name: &str| -> usize {
            let value = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            value.trim().strip_suffix(" kB").unwrap().parse().unwrap()
        };
        // Without the pages of the program itself, which has a hundred times its size in a debug build.
        let peak = kib("VmHWM:") - kib("RssFile:");
        assert!(peak < 8 * 1024, "peak memory of {peak} KiB for 19 MiB of text");
    }
    drop(stdin);
    assert_eq!(reader.join().unwrap(), 100 * piece.len());
    assert!(child.wait().unwrap().success());
}

#[test]
fn segmentation_is_shown_as_upstream_shows_it() {
    fanjian(&["-c", "s2twp", "--segmentation"])
        .stdin("头发干燥abc鼠标\n\n后面的余先生里面")
        .assert()
        .success()
        .stdout_eq(
            r#"{"input":"头发干燥abc鼠标","segments":["头发","干燥","abc鼠标"]}
{"input":"","segments":[]}
{"input":"后面的余先生里面","segments":["后面","的余先生","里面"]}
"#,
        );
    fanjian(&["-c", "s2t", "--segmentation"])
        .stdin("")
        .assert()
        .code(2)
        .stderr_eq("error: --segmentation cannot be combined with s2t, which has none\n...");
    fanjian(&["--to", "zh-TW", "--segmentation"])
        .stdin("")
        .assert()
        .code(2)
        .stderr_eq("error: --segmentation cannot be combined with zh-TW, which has none\n...");
}

#[test]
fn each_step_is_shown_as_upstream_shows_it() {
    let line = [
        r#"{"input":"头发鼠标","segments":[],"stages":[],"pipelineStages":["#,
        r#"{"input":"头发鼠标","segments":["头发鼠标"],"stages":[{"index":1,"segments":["头发鼠标"]}],"#,
        r#""pipelineStages":[],"output":"头发鼠标"},"#,
        r#"{"input":"头发鼠标","segments":["头发","鼠标"],"stages":[{"index":1,"segments":["頭髮","鼠標"]},"#,
        r#"{"index":2,"segments":["頭髮","滑鼠"]}],"pipelineStages":[],"output":"頭髮滑鼠"}],"output":"頭髮滑鼠"}"#,
        "\n",
    ];
    fanjian(&["-c", "s2twp", "--inspect"]).stdin("头发鼠标\n").assert().success().stdout_eq(line.concat());
}

#[test]
fn ambiguities_are_marked_as_upstream_marks_them() {
    fanjian(&["-c", "s2t", "--ambiguities"]).stdin("里面,里,里 台").assert().success().stdout_eq(
        r#"{"def":"里"}
{"lit":"裏面,"}
{"amb":{"t":"裏","s":0}}
{"lit":","}
{"amb":{"t":"裏","s":0}}
{"def":"台"}
{"lit":" "}
{"amb":{"t":"臺","s":1}}
{"end":{"output_bytes":18,"ambiguities":3,"sources":2}}
"#,
    );
}

#[test]
fn bad_bytes_in_json_follow_the_policy() {
    let run = |policy: &str| {
        fanjian(&["-c", "s2tw", "--segmentation", "--invalid-utf8", policy]).stdin(b"a\nb\xffc\n".to_vec()).assert()
    };
    run("strict").code(3).stderr_eq(
        "fanjian: standard input: not UTF-8: invalid byte 0xFF at offset 3 (--invalid-utf8 replace converts the rest)\n",
    );
    run("replace").success().stdout_eq(
        "{\"input\":\"a\",\"segments\":[\"a\"]}\n{\"input\":\"b\u{fffd}c\",\"segments\":[\"b\u{fffd}c\"]}\n",
    );
    run("pass")
        .code(2)
        .stderr_eq("error: --invalid-utf8 pass cannot be combined with JSON: use strict or replace\n...\n");
}

/// A page again and again, up to so many bytes or a bit more, and between two pages so many spaces, which cost debug
/// builds little.
fn pages(len: usize, spaces: usize) -> Vec<u8> {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join("examples/page.txt")).unwrap();
    let mut text = String::new();
    for number in 0.. {
        if text.len() >= len {
            break;
        }
        // Of changing length, so that blocks end at other places of the page each time.
        text += &"头发干了".repeat(number % 7);
        text += &page;
        text += &" ".repeat(spaces);
    }
    text.into_bytes()
}

/// Standard output, standard error and exit status are the same with so many threads as with one.
#[track_caller]
fn check_threads(threads: &[&str], arguments: &[&str], text: &[u8]) {
    let folder = folder(text);
    let run = |threads: &str| {
        fanjian(arguments).args(["-i", "in.txt", "-j", threads]).current_dir(folder.path()).output().unwrap()
    };
    let one = run("1");
    for threads in threads {
        let several = run(threads);
        assert_eq!(several.status, one.status, "{arguments:?} -j {threads}");
        assert_eq!(String::from_utf8_lossy(&several.stderr), String::from_utf8_lossy(&one.stderr), "{arguments:?}");
        // Not all of it in a message: it is megabytes.
        let same = several.stdout.iter().zip(&one.stdout).take_while(|(left, right)| left == right).count();
        assert_eq!((several.stdout.len(), same), (one.stdout.len(), one.stdout.len()), "{arguments:?} -j {threads}");
    }
}

#[test]
fn threads_give_what_one_thread_gives() {
    check_threads(&["2", "3", "0"], &["-c", "s2twp"], &pages(4 << 20, 100));
    check_threads(&["2", "1024"], &["-c", "t2s", "--noflush", "1"], &pages(9 << 20, 4000));
    let text = pages(5 << 18, 1000);
    for &config in fanjian::Config::ALL {
        check_threads(&["2"], &["-c", config.name()], &text);
    }
    // A block that ends at each place of phrases.
    for spaces in 0..30 {
        let text = [" ".repeat((1 << 20) - spaces), "皇后头发干了，".repeat(10)].concat();
        check_threads(&["2"], &["-c", "s2twp"], text.as_bytes());
    }
    // Nothing, a bit, and exactly one block.
    for text in [&b""[..], "头发".as_bytes(), &[b'a'; 1 << 20]] {
        check_threads(&["2"], &[], text);
    }
}

/// What decides about a line that does not show its script may lie in an earlier block.
#[test]
fn threads_know_the_script_of_the_text_before_them() {
    let plain = "制冷，干了。\n".repeat(100_000);
    for first in ["我们来了\n", "我們來了\n", "我们來了\n", "我们来了\n我們來了\n"] {
        check_threads(&["2"], &["--to", "zh-TW"], format!("{first}{plain}").as_bytes());
    }
    let mixed = "我们来了\n制冷\n我們來了\n干了\n\n制冷\nabc\n".repeat(50_000);
    check_threads(&["2", "3"], &["--to", "zh-TW"], mixed.as_bytes());
    check_threads(
        &["2"],
        &["--to", "zh-TW", "--invalid-utf8", "pass"],
        &[mixed.as_bytes(), b"\xff\n", "制冷".as_bytes()].concat(),
    );
}

#[test]
fn threads_take_text_that_cannot_be_cut() {
    let text = String::from_utf8(pages(3 << 19, 1000)).unwrap();
    let line = text.replace('\n', "");
    check_threads(&["2"], &["-c", "s2twp"], line.as_bytes());
    // Phrases side by side; and description sequences without end, behind blocks that can be cut.
    check_threads(&["2"], &["-c", "s2twp"], "后来面对头发".repeat(60_000).as_bytes());
    check_threads(&["2"], &["-c", "tw2sp"], format!("{line}{}", "⿰⿱".repeat(200_000)).as_bytes());

    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("mine.json");
    // The second one's key reaches across line feeds.
    for second in [r#"{"後來": "后来"}"#, r#"{"了\n": "了。\n"}"#] {
        let stage = |entries: &str| format!(r#"{{"dict": {{"type": "inline", "entries": {entries}}}}}"#);
        let (first, second) = (stage(r#"{"头发": "頭髮", "干了": "乾了"}"#), stage(second));
        fs::write(&config, format!(r#"{{"conversion_chain": [{first}, {second}]}}"#)).unwrap();
        for text in [&text, &line] {
            check_threads(&["2"], &["-c", config.to_str().unwrap()], text.as_bytes());
        }
    }
}

#[test]
fn threads_meet_bad_bytes_as_one_thread_does() {
    let text = pages(3 << 20, 8000);
    let character = text.iter().rposition(|&byte| byte >= 0xe0).unwrap();
    let insert = |at: usize, bytes: &[u8]| [&text[..at], bytes, &text[at..]].concat();
    for policy in ["strict", "replace", "pass"] {
        let check = |text: &[u8]| check_threads(&["2"], &["-c", "s2twp", "--invalid-utf8", policy], text);
        for at in [0, 1000, (3 << 19) + 1, 5 << 19, text.len()] {
            check(&insert(at, b"\xff"));
        }
        // Within a character, at the end of a block and of the text.
        for at in (1 << 20) - 3..(1 << 20) + 2 {
            check(&insert(at, b"\xe5\x8f"));
        }
        check(&text[..character + 2]);
        check(&insert(2 << 20, &[0xff; 1000]));
        // After what only the following text decides.
        check(&insert(character, "头\u{2ff0}后".as_bytes())[..character + 8]);
    }
}

#[test]
fn threads_write_files_and_stop_at_errors() {
    let text = pages(5 << 20, 1000);
    let folder = folder(&text);
    let run = |arguments: &[&str]| fanjian(&["-j", "2"]).args(arguments).current_dir(folder.path()).assert();
    let expected = fanjian(&["-i", "in.txt"]).current_dir(folder.path()).output().unwrap().stdout;
    run(&["-i", "in.txt", "-o", "in.txt", "--in-place"]).success().stdout_eq("");
    assert!(fs::read(folder.path().join("in.txt")).unwrap() == expected);
    run(&["-i", "none.txt"]).code(3).stderr_eq("fanjian: cannot read none.txt: no such file or folder\n");
    run(&["-i", "."]).code(3).stderr_eq("fanjian: cannot read .: it is a folder\n");
    #[cfg(target_os = "linux")]
    run(&["-i", "in.txt", "-o", "/dev/full"])
        .code(3)
        .stderr_eq("fanjian: cannot write /dev/full: No space left on device (os error 28); free some space, and run the same again\n");
    assert_eq!(names(folder.path()), ["in.txt"]);
    run(&["-j", "2"]).code(2);
    fanjian(&["-j", "x"])
        .stdin("")
        .assert()
        .code(2)
        .stderr_eq("error: invalid value 'x' for '--threads <N>': [..]\n...\n");
    fanjian(&["-j", "2", "--inspect"])
        .stdin("")
        .assert()
        .code(2)
        .stderr_eq("error: --threads cannot be combined with JSON\n...\n");
}
