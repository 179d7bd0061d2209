//! The command on records, as the real binary.

mod tree;

use std::{
    fs,
    io::{Read, Write},
    process::{Output, Stdio},
    time::{Duration, SystemTime},
};

use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};
use snapbox::cmd::{Command, cargo_bin};
use tree::Tree;

const IN: &str = concat!(
    "{\"id\": 1, \"text\": \"这里的头发\", \"meta\": {\"title\": \"软件\"}}\n",
    "{\"id\": 2, \"text\": \"皇后的頭髮\"}\n",
    "no record\r\n",
    "\n",
    "{\"id\": 3.0, \"text\": null}\n",
    "{\"id\": 4, \"text\": \"ひらがな\"}",
);
const OUT: &str = concat!(
    "{\"id\": 1, \"text\": \"這裡的頭髮\", \"meta\": {\"title\": \"软件\"}}\n",
    "{\"id\": 2, \"text\": \"皇后的頭髮\"}\n",
    "\n",
    "{\"id\": 3.0, \"text\": null}\n",
    "{\"id\": 4, \"text\": \"ひらがな\"}",
);
const JSONL: [&str; 6] = ["--to", "zh-TW", "--jsonl", "--field", "text", "--no-progress"];

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    JSONL.iter().chain(more).copied().collect()
}

fn pipe(arguments: &[&str], input: impl AsRef<[u8]>) -> snapbox::cmd::OutputAssert {
    Command::new(cargo_bin!("fanjian")).args(arguments).stdin(input.as_ref()).assert()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    MultiGzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
    plain
}

#[cfg(feature = "zstd")]
fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

/// Many records, of which each ninth is broken, and no two of one length follow each other.
fn many(records: usize) -> String {
    let record = |at: usize| match at % 9 {
        8 => "{\"text\":\n".to_owned(),
        _ => format!("{{\"n\": {at}, \"text\": \"{}后来的头发\"}}\n", "汉字".repeat(at % 50)),
    };
    (0..records).map(record).collect()
}

#[test]
fn records_pass_through_a_pipe_and_broken_ones_stop_it() {
    let output = pipe(&JSONL, IN).code(3);
    let output = output.get_output();
    assert_eq!(String::from_utf8_lossy(&output.stdout), OUT.split_inclusive('\n').take(2).collect::<String>());
    let message = "fanjian: standard input: line 3: not JSON: syntax error at byte 2 (--errors FILE collects such records, \
                   and goes on)\n";
    assert_eq!(stderr(output), message);
}

#[test]
fn broken_records_go_to_a_file_and_the_rest_goes_on() {
    let tree = Tree::new(&[("in.jsonl", IN.as_bytes())]);
    let output = tree.run(&with(&["--errors", "bad.jsonl", "-i", "in.jsonl"])).success().stdout_eq(OUT);
    let counts = "5 records: 4 kept, 1 changed, 0 dropped, 1 broken\n1 record without text at 'text'\n";
    assert_eq!(stderr(output.get_output()), counts);
    let path = fs::canonicalize(tree.path("in.jsonl")).unwrap();
    let bad = format!(
        "{{\"input\":\"in.jsonl\",\"path\":{path:?},\"line\":3,\"reason\":\"not JSON: syntax error at byte 2\",\"record\":\"no record\"}}\n"
    );
    tree.has("bad.jsonl", &bad);
    // Once more: they are there once.
    tree.run(&with(&["--errors", "bad.jsonl", "-i", "in.jsonl", "-q"])).success().stderr_eq("");
    tree.has("bad.jsonl", &bad);
    // It is no place for anything else.
    tree.write("other.jsonl", b"{\"mine\":1}\n");
    let message = "fanjian: other.jsonl has a line that is no broken record: --errors needs a new file, or one that it has written\n";
    tree.run(&with(&["--errors", "other.jsonl", "-i", "in.jsonl"])).code(3).stderr_eq(message);
    tree.has("other.jsonl", "{\"mine\":1}\n");
}

#[test]
fn records_are_cleaned_reported_and_chosen() {
    let page = "{\"text\":\"中國(guó)臺(tái)灣網(wǎng)，國(guó)際(jì)網(wǎng)臺(tái)發(fā)自?xún)?nèi)心\"}\n";
    let arguments = ["--jsonl", "--field", "text", "--gloss", "repair", "--detect", "script,han=n,glosses"];
    let clean = "{\"text\":\"中國臺灣網，國際網臺發自內心\",\"script\":\"taiwan\",\"n\":12,\"glosses\":8}\n";
    let output = pipe(&arguments, page).success().stdout_eq(clean);
    assert_eq!(stderr(output.get_output()), "1 record: 1 kept, 1 changed, 0 dropped, 0 broken, 1 with glosses\n");
    let texts = "{\"text\":\"头发\"}\n{\"text\":\"頭髮裡\"}\n{\"text\":\"頭發头发\"}\n{\"text\":\"a\"}\n";
    let kept = |condition: &str, expected: &[usize]| {
        let lines: Vec<_> = texts.split_inclusive('\n').collect();
        let expected: String = expected.iter().map(|&at| lines[at]).collect();
        pipe(&["--jsonl", "--field", "text", "-q", "--keep-if", condition], texts).success().stdout_eq(expected);
    };
    kept("script=hant", &[1]);
    kept("script=hans,mixed", &[0, 2]);
    kept("script!=hant", &[0, 2, 3]);
    kept("han>2", &[1, 2]);
    let scores = pipe(&["--jsonl", "--field", "text", "-q", "--detect", "scores"], "{\"text\":\"头\"}\n").success();
    assert!(String::from_utf8_lossy(&scores.get_output().stdout).contains("\"simplified\":1,\"traditional\":0,"));
}

#[test]
fn a_field_without_text_is_reported() {
    let absent = ["--to", "zh-TW", "--jsonl", "--field", "txt", "--missing", "keep"];
    let output = pipe(&absent, "{\"text\":\"头\"}\n").success();
    assert!(stderr(output.get_output()).ends_with("fanjian: no record has text at 'txt'\n"));
    pipe(&with(&["--missing", "error"]), "{\"t\":\"头\"}\n").code(3).stdout_eq("");
    pipe(&with(&["--missing", "drop", "-q"]), "{\"t\":\"头\"}\n{\"text\":\"头\"}")
        .success()
        .stdout_eq("{\"text\":\"頭\"}");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let input = many(20_000);
    let tree = Tree::new(&[("in.jsonl", input.as_bytes()), ("shards/in.jsonl", input.as_bytes())]);
    let run = |threads: &str| {
        tree.run(&with(&["-i", "in.jsonl", "-o", "out.jsonl", "--errors", "bad.jsonl", "-j", threads])).success();
        (tree.read("out.jsonl"), tree.read("bad.jsonl"))
    };
    let one = run("1");
    assert_eq!(one.1.split(|&byte| byte == b'\n').count() - 1, 20_000 / 9);
    assert_eq!(run("2"), one);
    assert_eq!(run("7"), one);
    tree.run(&with(&["-O", "out", "--errors", "more.jsonl", "-j", "3", "shards"])).success();
    assert_eq!(tree.read("out/shards/in.jsonl"), one.0);
    // Without --errors, what stands before the first broken one, and the same message.
    let first = |threads: &str| {
        let output = tree.run(&with(&["-i", "in.jsonl", "-j", threads])).code(3);
        (output.get_output().stdout.clone(), stderr(output.get_output()))
    };
    assert_eq!(first("1"), first("4"));
    assert_eq!(first("1").0.iter().filter(|&&byte| byte == b'\n').count(), 8);
}

/// A build without zstd says so, and writes nothing.
#[cfg(not(feature = "zstd"))]
#[test]
fn a_build_without_zstd_says_so() {
    let tree = Tree::new(&[("a.jsonl.zst", b"not read"), ("b.jsonl", b"{\"text\":\"a\"}\n")]);
    for (input, output) in [("a.jsonl.zst", "x.jsonl"), ("b.jsonl", "x.jsonl.zst")] {
        let output = tree.run(&with(&["-i", input, "-o", output])).code(3);
        let message = stderr(output.get_output());
        assert!(message.contains("built without zstd (feature `zstd` of fanjian-cli)"), "{message}");
        assert_eq!(tree.files(), ["a.jsonl.zst", "b.jsonl"]);
    }
}

#[cfg(feature = "zstd")]
#[test]
fn compressed_shards_are_read_in_full_and_written_alike() {
    let halves = IN.split_at(IN.find("no record").unwrap());
    let members = [gzip(halves.0.as_bytes()), gzip(halves.1.as_bytes())].concat();
    let frames = [zstd(halves.0.as_bytes()), zstd(halves.1.as_bytes())].concat();
    let tree =
        Tree::new(&[("s/a.jsonl.gz", &members), ("s/b.jsonl.zst", &frames), ("s/c.txt", b"{}"), ("s/d.gz", b"x")]);
    tree.run(&with(&["-O", "out", "--errors", "bad.jsonl", "s"])).success();
    assert_eq!(
        tree.files(),
        [
            "bad.jsonl",
            "out/.fanjian-finished.jsonl",
            "out/s/a.jsonl.gz",
            "out/s/b.jsonl.zst",
            "s/a.jsonl.gz",
            "s/b.jsonl.zst",
            "s/c.txt",
            "s/d.gz"
        ]
    );
    assert_eq!(gunzip(&tree.read("out/s/a.jsonl.gz")), OUT.as_bytes());
    assert_eq!(zstd::decode_all(&tree.read("out/s/b.jsonl.zst")[..]).unwrap(), OUT.as_bytes());
    // The same from one file to another, and through a pipe.
    tree.run(&with(&["-i", "s/a.jsonl.gz", "-o", "x.jsonl.zst", "--errors", "bad.jsonl"])).success();
    assert_eq!(zstd::decode_all(&tree.read("x.jsonl.zst")[..]).unwrap(), OUT.as_bytes());
    tree.run(&with(&["-q", "--errors", "bad.jsonl", "s/b.jsonl.zst"])).success().stdout_eq(OUT);
    let arguments = ["--from-compression", "gzip", "--to-compression", "gzip", "-q", "--compression-level", "1"];
    let output = pipe(&with(&arguments), gzip(OUT.as_bytes())).success();
    assert_eq!(gunzip(&output.get_output().stdout), OUT.as_bytes());
}

#[test]
fn a_compressed_file_that_is_cut_or_damaged_gives_no_output() {
    let input = many(3000).replace("{\"text\":\n", "");
    let files = [
        ("a.jsonl.gz", gzip(input.as_bytes())),
        #[cfg(feature = "zstd")]
        ("a.jsonl.zst", zstd(input.as_bytes())),
    ];
    for (name, bytes) in files {
        let mut damaged = bytes.clone();
        let middle = damaged.len() / 2;
        damaged[middle] ^= 0xff;
        let longer = [bytes.as_slice(), b"more"].concat();
        for wrong in [&bytes[..bytes.len() - 1], &bytes[..20], &bytes[..3], &[], &damaged, &longer] {
            let tree = Tree::new(&[(name, wrong)]);
            let output = tree.run(&with(&["-O", "out", name])).code(3);
            let reported = stderr(output.get_output());
            assert!(reported.starts_with(&format!("fanjian: {name}: cannot read ")), "{reported}");
            assert_eq!(tree.files(), [name]);
            tree.run(&with(&["-i", name, "-o", "out.jsonl"])).code(3);
            assert_eq!(tree.files(), [name]);
        }
    }
}

#[test]
fn a_finished_shard_is_left_out_of_the_next_run() {
    let tree = Tree::new(&[("s/a.jsonl", OUT.as_bytes()), ("s/b.jsonl", IN.as_bytes())]);
    let run = |more: &[&str]| {
        let output = tree.run(&with(&[&["-O", "out", "s"], more].concat())).get_output().clone();
        (output.status.code().unwrap(), stderr(&output).lines().next().unwrap_or_default().to_owned())
    };
    let (code, reported) = run(&[]);
    assert_eq!((code, reported.starts_with("fanjian: s/b.jsonl: line 3")), (3, true));
    assert!(!tree.path("out/s/b.jsonl").exists());
    // What is done stays done, and what failed is tried again.
    tree.write("s/b.jsonl", OUT.as_bytes());
    assert_eq!(run(&[]), (0, "2 files: 0 changed, 1 unchanged, 0 skipped, 0 failed, 1 finished before".to_owned()));
    assert_eq!(run(&[]), (0, "2 files: 0 changed, 0 unchanged, 0 skipped, 0 failed, 2 finished before".to_owned()));
    // Another input, an output that is not what was written, other settings: it is done again.
    let later = SystemTime::now() + Duration::from_secs(5);
    fs::File::options().write(true).open(tree.path("s/a.jsonl")).unwrap().set_modified(later).unwrap();
    assert_eq!(run(&[]).1, "2 files: 0 changed, 1 unchanged, 0 skipped, 0 failed, 1 finished before");
    tree.write("out/s/a.jsonl", b"{");
    assert_eq!(run(&[]).1, "2 files: 0 changed, 1 unchanged, 0 skipped, 0 failed, 1 finished before");
    fs::remove_file(tree.path("out/s/a.jsonl")).unwrap();
    assert_eq!(run(&[]).1, "2 files: 0 changed, 1 unchanged, 0 skipped, 0 failed, 1 finished before");
    assert_eq!(run(&["--detect", "script"]).1, "2 files: 2 changed, 0 unchanged, 0 skipped, 0 failed");
    // Back again: what was finished with these settings is there no more.
    assert_eq!(run(&[]).1, "2 files: 0 changed, 2 unchanged, 0 skipped, 0 failed");
    tree.has("out/s/a.jsonl", OUT);
    // Words are settings, too.
    tree.write("words.txt", "頭髮\t毛\n".as_bytes());
    assert_eq!(run(&["--dict", "words.txt"]).1, "2 files: 2 changed, 0 unchanged, 0 skipped, 0 failed");
    tree.write("words.txt", "頭髮\t毛毛\n".as_bytes());
    assert_eq!(run(&["--dict", "words.txt"]).1, "2 files: 2 changed, 0 unchanged, 0 skipped, 0 failed");
}

/// Broken records are in the file once, however often and wherever work stopped; and they stay.
#[test]
fn the_file_of_broken_records_only_grows() {
    let tree = Tree::new(&[("s/a.jsonl", b"{\n"), ("s/b.jsonl", b"[\n{\"text\":\"\"}\n")]);
    let run = || {
        tree.run(&with(&["-O", "out", "--errors", "s/bad.jsonl", "s"])).success();
        let bad = String::from_utf8(tree.read("s/bad.jsonl")).unwrap();
        let lines = bad.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let mut inputs: Vec<_> = lines.map(|line| line["input"].as_str().unwrap().to_owned()).collect();
        inputs.sort();
        inputs
    };
    assert_eq!(run(), ["s/a.jsonl", "s/b.jsonl"]);
    assert_eq!(run(), ["s/a.jsonl", "s/b.jsonl"]);
    tree.write("s/b.jsonl", b"[\n[\n");
    assert_eq!(run(), ["s/a.jsonl", "s/b.jsonl", "s/b.jsonl"]);
    tree.write("s/b.jsonl", b"{\"text\":\"\"}\n");
    assert_eq!(run(), ["s/a.jsonl", "s/b.jsonl", "s/b.jsonl"]);
}

#[test]
fn work_that_is_broken_off_leaves_nothing_that_looks_finished() {
    let tree = Tree::new(&[("s/a.jsonl", many(100_000).replace("{\"text\":\n", "").as_bytes())]);
    let start = || {
        let mut command = std::process::Command::new(cargo_bin!("fanjian"));
        command.args(with(&["-O", "out", "s"])).current_dir(tree.path("")).stderr(Stdio::null());
        let child = command.spawn().unwrap();
        let begun = |name: &str| name.contains("/.fanjian-") && !name.ends_with("finished.jsonl");
        while !tree.files().iter().any(|name| begun(name)) {
            std::thread::sleep(Duration::from_millis(5));
        }
        child
    };
    let mut child = start();
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(tree.files(), ["s/a.jsonl"]);
    let mut child = start();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!tree.path("out/s/a.jsonl").exists());
    let output = tree.run(&with(&["-O", "out", "s"])).success();
    assert!(stderr(output.get_output()).starts_with("1 file: 1 changed, 0 unchanged, 0 skipped, 0 failed\n"));
    assert!(tree.path("out/s/a.jsonl").exists());
}

#[test]
fn files_are_replaced_or_looked_at() {
    let tree = Tree::new(&[("a.jsonl", "{\"text\":\"头\"}\n".as_bytes()), ("b.jsonl.gz", &gzip(b"{\"text\":\"a\"}"))]);
    let before = tree.read("b.jsonl.gz");
    tree.run(&with(&["--check", "."])).code(1).stdout_eq("a.jsonl: would change\n");
    tree.run(&with(&["--in-place", "--backup", ".bak", "."])).success();
    tree.has("a.jsonl", "{\"text\":\"頭\"}\n");
    tree.has("a.jsonl.bak", "{\"text\":\"头\"}\n");
    assert_eq!(tree.read("b.jsonl.gz"), before);
    let reported = tree.run(&with(&["--check", "--format", "json", "a.jsonl"])).success();
    let reported = String::from_utf8(reported.get_output().stdout.clone()).unwrap();
    let lines: Vec<serde_json::Value> = reported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["state"], &lines[0]["records"]["kept"]), (&"unchanged".into(), &1.into()));
    assert_eq!(lines[1]["records"]["read"], 1);
}

#[test]
fn what_holds_for_files_holds_for_their_records() {
    let tree = Tree::new(&[("a.jsonl", "{\"text\":\"头发 `头` # fanjian:off\\n头\"}\n".as_bytes())]);
    tree.write("fanjian.toml", "config = \"s2t\"\nprotect-regex = [\"`[^`]*`\"]\n".as_bytes());
    let becomes = |more: &[&str], record: &str| {
        let output = tree.run(&[&["--jsonl", "--field", "text", "a.jsonl"], more].concat()).success();
        assert_eq!(String::from_utf8_lossy(&output.get_output().stdout), record);
    };
    becomes(&[], "{\"text\":\"頭髮 `头` # fanjian:off\\n頭\"}\n");
    becomes(&["--marks"], "{\"text\":\"头发 `头` # fanjian:off\\n頭\"}\n".replace('頭', "头").as_str());
}

#[test]
fn tables_have_columns() {
    let csv = "\u{feff}id,body\r\n1,\"头\r\n发\"\r\n2,软件\r\n";
    let arguments = ["--to", "zh-TW", "--csv", "--column", "body", "-q"];
    let converted = "\u{feff}id,body\r\n1,\"頭\r\n發\"\r\n2,軟件\r\n";
    pipe(&arguments, csv).success().stdout_eq(snapbox::Data::binary(converted.as_bytes().to_vec()));
    pipe(&["-c", "s2t", "--tsv", "--column", "2", "--no-header", "-q"], "\"头\t\"头\n")
        .success()
        .stdout_eq("\"头\t\"頭\n");
    pipe(&["-c", "s2t", "--csv", "--delimiter", "TAB", "--column", "b", "-q"], "a\tb\n\"头\t\"\t头\n")
        .success()
        .stdout_eq("a\tb\n\"头\t\"\t頭\n");
    let message = "fanjian: standard input: unknown column 'text'; expected one of id, body\n";
    pipe(&["-c", "s2t", "--csv", "--column", "text"], "id,body\n1,2\n").code(3).stderr_eq(message);
    let message = "fanjian: standard input: line 2: the row has 1 field, and the first one has 2 (--errors FILE[..]\n";
    pipe(&["-c", "s2t", "--csv", "--column", "body"], "id,body\n1\n").code(3).stdout_eq("id,body\n").stderr_eq(message);
    let tree = Tree::new(&[("t/a.csv.gz", &gzip(csv.as_bytes())), ("t/b.tsv", b"body\n")]);
    tree.run(&[&arguments[..], &["-O", "out", "t"]].concat()).success();
    assert_eq!(gunzip(&tree.read("out/t/a.csv.gz")), converted.as_bytes());
    assert!(!tree.path("out/t/b.tsv").exists());
}

#[test]
fn a_row_without_end_is_no_row() {
    let tree = Tree::new(&[("a.csv", format!("a,b\n1,\"头\n{}", "2,头\n".repeat(1000)).as_bytes())]);
    let arguments =
        ["-c", "s2t", "--csv", "--column", "b", "--max-record", "1K", "--errors", "bad.jsonl", "-O", "out", "a.csv"];
    let output = tree.run(&arguments).code(3);
    let reported = stderr(output.get_output());
    assert!(
        reported.starts_with(
            "fanjian: a.csv: line 2: the row is longer than the limit of 1024 bytes; a quotation mark may be "
        ),
        "{reported}"
    );
    assert!(!tree.path("out/a.csv").exists());
}

#[test]
fn a_long_record_is_broken_and_memory_is_bounded() {
    let long = format!("{{\"text\":\"{}\"}}\n{{\"text\":\"头\"}}\n", "头".repeat(1 << 20));
    let tree = Tree::new(&[("a.jsonl", long.as_bytes())]);
    tree.run(&with(&["-q", "--max-record", "2M", "--errors", "bad.jsonl", "-i", "a.jsonl"]))
        .success()
        .stdout_eq("{\"text\":\"頭\"}\n");
    let bad: serde_json::Value = serde_json::from_slice(&tree.read("bad.jsonl")).unwrap();
    assert_eq!(bad["reason"], "the record has 3145739 bytes, which is more than the limit of 2097152");
    tree.run(&with(&["-q", "-i", "a.jsonl"])).success().stdout_eq(long.replace('头', "頭"));
}

/// A record of a live pipe leaves when it is whole.
#[test]
fn records_do_not_wait_for_more_of_a_live_pipe() {
    let mut child = std::process::Command::new(cargo_bin!("fanjian"))
        .args(JSONL)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    for _ in 0..2 {
        stdin.write_all("{\"text\":\"头\"}\n{\"text\":".as_bytes()).unwrap();
        let mut line = [0; "{\"text\":\"頭\"}\n".len()];
        stdout.read_exact(&mut line).unwrap();
        assert_eq!(String::from_utf8_lossy(&line), "{\"text\":\"頭\"}\n");
        stdin.write_all("null}\n".as_bytes()).unwrap();
        let mut line = [0; "{\"text\":null}\n".len()];
        stdout.read_exact(&mut line).unwrap();
        assert_eq!(&line, b"{\"text\":null}\n");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn arguments_that_do_not_go_together_are_reported() {
    for arguments in [
        vec!["--jsonl", "--to", "zh-TW"],
        vec!["--jsonl", "--field", "text"],
        vec!["--field", "text", "--to", "zh-TW"],
        vec!["--csv", "--field", "text", "--to", "zh-TW"],
        vec!["--jsonl", "--csv", "--field", "a", "--column", "a", "--to", "zh-TW"],
        with(&["--field", "a..b"]),
        with(&["--keep-if", "script=elvish"]),
        with(&["--detect", "mood"]),
        with(&["--diff", "a.jsonl"]),
        with(&["--from-encoding", "gbk"]),
        with(&["--max-record", "many"]),
        with(&["-O", "out"]),
        with(&["--to-compression", "gzip", "-O", "out", "a.jsonl"]),
        vec!["--gloss", "strip"],
    ] {
        let output = pipe(&arguments, "").code(2);
        assert!(stderr(output.get_output()).starts_with("error: "), "{arguments:?}");
    }
}

const PAGE: &str = concat!(
    "{\"page\": \"<p lang=\\\"zh-CN\\\" class='头'>头<b>发</b><pre>头</pre>\", \"title\": \"<b 头>头发\"}\r\n",
    "{\"page\": null, \"title\": \"软件\"}\n",
);
const CONVERTED_PAGE: &str = concat!(
    "{\"page\": \"<p lang=\\\"zh-TW\\\" class='头'>頭<b>髮</b><pre>头</pre>\", \"title\": \"<b 頭>頭髮\"}\r\n",
    "{\"page\": null, \"title\": \"軟體\"}\n",
);
const PAGES: [&str; 10] =
    ["--to", "zh-TW", "--vocabulary", "local", "--jsonl", "--field", "page:as=html", "--field", "title", "-q"];

/// Compares what is printed, byte for byte: backslashes are not those of paths.
#[track_caller]
fn prints(output: &snapbox::cmd::OutputAssert, expected: &str) {
    assert_eq!(String::from_utf8_lossy(&output.get_output().stdout), expected);
}

#[test]
fn fields_are_converted_as_documents() {
    prints(&pipe(&PAGES, PAGE).success(), CONVERTED_PAGE);
    let with_code = CONVERTED_PAGE.replace("<pre>头", "<pre>頭");
    prints(&pipe(&[&PAGES[..], &["--code"]].concat(), PAGE).success(), &with_code);
    let table = "id,body\n头,\"[头](头.md)\n\n`头`, 头\"\n";
    let converted = "id,body\n头,\"[頭](头.md)\n\n`头`, 頭\"\n";
    pipe(&["-c", "s2t", "--csv", "--column", "body:as=markdown", "-q"], table).success().stdout_eq(converted);
    pipe(&["-c", "s2t", "--csv", "--column", "2:as=markdown", "-q"], table).success().stdout_eq(converted);
    // Metrics are those of what is read; without a conversion, the field stays.
    let page = "{\"page\":\"<p class=头头>頭<b>髮</b>\"}\n";
    let detected = "{\"page\":\"<p class=头头>頭<b>髮</b>\",\"script\":\"traditional\",\"han\":2}\n";
    let detect = ["--jsonl", "--field", "page:as=html", "--detect", "script,han", "-q"];
    pipe(&detect, page).success().stdout_eq(detected);
    // Terms, patterns and marks count as in files.
    let tree = Tree::new(&[("terms", "头发\n".as_bytes()), ("in.jsonl", PAGE.as_bytes())]);
    let protect = [&PAGES[..], &["--protect", "terms", "--protect-regex", "软.", "-i", "in.jsonl"]].concat();
    let kept = CONVERTED_PAGE.replace("頭<b>髮", "头<b>发");
    let kept = kept.replace("頭>頭髮", "頭>头发").replace("軟體", "软件");
    prints(&tree.run(&protect).success(), &kept);
    let marked = "{\"page\":\"头<!-- fanjian:off -->头\",\"title\":\"头\"}\n";
    let output = pipe(&[&PAGES[..9], &["--marks"]].concat(), marked).success();
    let output = output.stdout_eq("{\"page\":\"頭<!-- fanjian:off -->头\",\"title\":\"頭\"}\n");
    assert!(stderr(output.get_output()).contains("fanjian: 1 text has a 'fanjian:off' that is never closed"));
}

#[test]
fn a_field_that_is_not_in_its_format_is_a_broken_record() {
    let input = "{\"id\":1,\"data\":\"[\\\"头\\\"]\"}\n{\"data\":\"[\\n头\"}\n{\"data\":\"{\\\"头\\\":\\\"头\\\"}\"}\n";
    let output = "{\"id\":1,\"data\":\"[\\\"頭\\\"]\"}\n{\"data\":\"{\\\"头\\\":\\\"頭\\\"}\"}\n";
    let tree = Tree::new(&[("in.jsonl", input.as_bytes())]);
    let arguments = ["-c", "s2t", "--jsonl", "--field", "data:as=json", "-i", "in.jsonl"];
    let failed = tree.run(&arguments).code(3);
    let message = stderr(failed.get_output());
    assert!(message.starts_with("fanjian: in.jsonl: line 2: data: not json: line 2: "), "{message}");
    prints(&tree.run(&[&arguments[..], &["--errors", "bad.jsonl"]].concat()).success(), output);
    let bad: serde_json::Value = serde_json::from_slice(&tree.read("bad.jsonl")).unwrap();
    assert_eq!((&bad["line"], &bad["record"]), (&2.into(), &input.lines().nth(1).into()));
    assert!(bad["reason"].as_str().unwrap().starts_with("data: not json: line 2: "), "{bad}");
}

#[test]
fn documents_in_records_do_not_depend_on_threads_or_earlier_runs() {
    let input: String = (0..20_000).map(|at| PAGE.replace("头发", &"头发".repeat(at % 9))).collect();
    let tree = Tree::new(&[("in.jsonl", input.as_bytes()), ("s/a.jsonl", PAGE.as_bytes())]);
    let run = |threads: &str| {
        tree.run(&[&PAGES[..], &["-i", "in.jsonl", "-o", "out.jsonl", "-j", threads]].concat()).success();
        tree.read("out.jsonl")
    };
    let one = run("1");
    assert_eq!(run("3"), one);
    // Another format is other work: what is finished is converted again.
    tree.run(&[&PAGES[..], &["-O", "out", "s"]].concat()).success();
    tree.has("out/s/a.jsonl", CONVERTED_PAGE);
    let plain: Vec<_> = PAGES.iter().map(|argument| argument.strip_suffix(":as=html").unwrap_or(argument)).collect();
    tree.run(&[&plain[..], &["-O", "out", "s"]].concat()).success();
    assert_ne!(tree.read("out/s/a.jsonl"), CONVERTED_PAGE.as_bytes());
}

#[test]
fn formats_of_fields_that_cannot_be_are_wrong_usage() {
    let usage = |more: &[&str], message: &str| {
        let output = pipe(&[&["--to", "zh-TW"], more].concat(), "").code(2);
        let reported = stderr(output.get_output());
        assert!(reported.contains(message), "{more:?}: {reported}");
    };
    let unknown = "unknown document format 'htl': did you mean 'html'? Expected one of html, xhtml, srt, ";
    usage(&["--jsonl", "--field", "a:as=htl"], unknown);
    usage(&["--csv", "--column", "a:as=htl"], unknown);
    usage(&["--jsonl", "--field", "a:as=docx"], "a field cannot be of the format docx, which is an archive");
    usage(&["--jsonl", "--field", "a", "--field", "a:as=html"], "the field 'a' is given twice, with different formats");
    let gloss = "--gloss cannot be combined with a field that is a document";
    usage(&["--jsonl", "--field", "a:as=html", "--gloss", "repair"], gloss);
    usage(&["--jsonl", "--field", "a", "--code"], "--code needs a field that is a document");
    usage(&["--jsonl", "--field", "a", "--as", "html"], "--as and --plain cannot be combined with records");
    // A name in quotes is a name.
    let quoted = "{\"a:as=html\":\"头\"}\n";
    pipe(&["--to", "zh-TW", "--jsonl", "--field", "[\"a:as=html\"]", "-q"], quoted)
        .success()
        .stdout_eq("{\"a:as=html\":\"頭\"}\n");
}

/// The examples of the help that are about records do what they say.
#[test]
fn the_examples_run_as_written() {
    let help = Command::new(cargo_bin!("fanjian")).arg("--help").assert().success();
    let help = String::from_utf8(help.get_output().stdout.clone()).unwrap();
    let record = "{\"text\":\"头发\"}\n";
    let tree = Tree::new(&[("in.jsonl", record.as_bytes()), ("shards/a.jsonl", record.as_bytes())]);
    let bin = cargo_bin!("fanjian").parent().unwrap().to_owned();
    let path = std::env::join_paths([bin].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())));
    let commands: Vec<_> =
        help.lines().map(str::trim).filter(|line| line.starts_with("fanjian --to zh-TW --jsonl")).collect();
    assert_eq!(commands.len(), 2);
    for command in commands {
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", command]).current_dir(tree.path("")).env("PATH", path.as_ref().unwrap());
        assert!(shell.status().unwrap().success(), "{command}");
    }
    tree.has("out.jsonl", "{\"text\":\"頭髮\"}\n");
    tree.has("out/shards/a.jsonl", "{\"text\":\"頭髮\"}\n");
}
