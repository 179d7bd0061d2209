//! Formats of dictionaries, and dictionaries of releases, by the real binary.

use std::{
    fs::{self, File},
    io::Write,
};

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use snapbox::cmd::{Command, OutputAssert, cargo_bin};
use tempfile::TempDir;
use zip::{ZipWriter, write::SimpleFileOptions};

const WORDS: &str = "头\t頭\n头发\t頭髮\n干\t幹 乾 干\n";
const CONFIG: &str = r#"{ // of a release
    "conversion_chain": [{"dict": {"type": "ocd2", "file": "Words.ocd2"}}]
}"#;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, contents) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }
    folder
}

/// Runs the command in a folder, whose user has no other data.
fn run_in(folder: &TempDir, arguments: &[&str]) -> OutputAssert {
    let command = Command::new(cargo_bin!("fanjian")).args(arguments).current_dir(folder.path());
    command.env("XDG_DATA_HOME", folder.path().join("data")).env("LC_ALL", "C").stdin("头发\n").assert()
}

fn read(folder: &TempDir, name: &str) -> Vec<u8> {
    fs::read(folder.path().join(name)).unwrap()
}

fn records(assert: &OutputAssert) -> Vec<Value> {
    let output = str::from_utf8(&assert.get_output().stdout).unwrap();
    output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_dictionary_goes_through_all_formats() {
    let folder = folder(&[("words.txt", WORDS)]);
    for (from, to, options) in [
        ("words.txt", "words.ocd2", &[][..]),
        ("words.ocd2", "words.bin", &["--to-format", "fanjian"]),
        ("words.bin", "again.ocd2", &["-f", "fanjian", "-t", "ocd2"]),
        ("again.ocd2", "again", &["--from", "ocd2", "--to", "text"]),
    ] {
        run_in(&folder, &[&["dict", "convert", from, "-o", to], options].concat())
            .success()
            .stdout_eq("")
            .stderr_eq("");
    }
    assert_eq!(read(&folder, "again"), WORDS.as_bytes());
    assert_eq!(read(&folder, "again.ocd2"), read(&folder, "words.ocd2"));
    for dict in ["words.ocd2", "words.bin"] {
        run_in(&folder, &["-c", "t2s", "--dict", dict]).success().stdout_eq("頭髮\n");
    }
    run_in(&folder, &["dict", "check", "words.ocd2"]).code(3).stderr_eq("[..]words.ocd2 is compiled: [..]\n");
}

#[test]
fn what_cannot_be_converted_leaves_the_old_file() {
    let folder =
        folder(&[("words.txt", WORDS), ("old.ocd2", "old"), ("wrong.txt", "no tab\n"), ("nul.txt", "a\0\tb\n")]);
    let damaged = run_in(&folder, &["dict", "convert", "words.txt", "-o", "cut.ocd2"]).success();
    damaged.stdout_eq("");
    fs::write(folder.path().join("cut.ocd2"), &read(&folder, "cut.ocd2")[..200]).unwrap();
    for (arguments, code, said) in [
        (&["wrong.txt", "-o", "old.ocd2"][..], 3, "wrong.txt:1: no tab"),
        (&["nul.txt", "-o", "old.ocd2"], 3, "nul.txt: the key 'a\\0' holds the character U+0000"),
        (&["words.txt", "-o", "old.ocd2", "-t", "ocd"], 3, "the format ocd is read, not written: write ocd2"),
        (
            &["words.txt", "-o", "old.ocd2", "-f", "ocd2"],
            3,
            "words.txt: not a dictionary in the format ocd2, but in the format text",
        ),
        (&["cut.ocd2", "-o", "new.txt"], 3, "cut.ocd2: not a sound binary dictionary of OpenCC's: at offset "),
        (
            &["words.txt", "-o", "new"],
            2,
            "the name new does not say its format: use --to-format with one of text, ocd2, fanjian",
        ),
        (&["words.txt", "-o", "./words.txt"], 2, "name another file to write"),
    ] {
        let assert = run_in(&folder, &[&["dict", "convert"], arguments].concat()).code(code).stdout_eq("");
        let error = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
        assert!(error.contains(said), "{error}");
    }
    assert_eq!(read(&folder, "old.ocd2"), b"old");
    assert!(!folder.path().join("new.txt").exists() && !folder.path().join("new").exists());
}

/// A release whose words are other ones: as a folder, as a wheel, and as a tarball.
fn release() -> TempDir {
    let folder = folder(&[
        ("opencc-0.9/data/Words.txt", "头\t首\n发\t髮\n"),
        ("opencc-0.9/data/LICENSE.txt", "no dictionary"),
        ("opencc-0.9/config/s2t.json", CONFIG),
    ]);
    let files = [("Words.txt", "data"), ("LICENSE.txt", "data"), ("s2t.json", "config")];
    let path = |(name, inside): (&str, &str)| format!("opencc-0.9/{inside}/{name}");
    let mut wheel = ZipWriter::new(File::create(folder.path().join("opencc-0.9-py3-none-any.whl")).unwrap());
    for file in files {
        wheel.start_file(path(file), SimpleFileOptions::default()).unwrap();
        wheel.write_all(&read(&folder, &path(file))).unwrap();
    }
    wheel.finish().unwrap();
    let tarball = File::create(folder.path().join("release.tgz")).unwrap();
    let mut tarball = tar::Builder::new(GzEncoder::new(tarball, Compression::default()));
    for file in files {
        tarball.append_path_with_name(folder.path().join(path(file)), path(file)).unwrap();
    }
    tarball.into_inner().unwrap().finish().unwrap();
    folder
}

#[test]
fn a_release_is_imported_and_used() {
    let folder = release();
    for source in ["opencc-0.9", "opencc-0.9-py3-none-any.whl", "release.tgz"] {
        run_in(&folder, &["dict", "import", source, "-o", "opencc-0.9.fjd"])
            .success()
            .stdout_eq("opencc-0.9: 1 dictionaries with 2 entries, 1 configurations\n")
            .stderr_eq("");
        for name in ["opencc-0.9.fjd", "./opencc-0.9"] {
            run_in(&folder, &["-c", "s2t", "--dictionaries", name]).success().stdout_eq("首髮\n");
        }
    }
    run_in(&folder, &["-c", "s2t", "--dictionaries", "built-in"]).success().stdout_eq("頭髮\n");
    let assert = run_in(&folder, &["configs", "--dictionaries", "opencc-0.9.fjd", "--format", "json"]).success();
    let [config] = &records(&assert)[..] else { panic!() };
    assert_eq!((&config["name"], &config["dictionaries"]), (&json!("s2t"), &json!("opencc-0.9")));

    // In the folder of a fanjian.toml, and for reports.
    fs::create_dir(folder.path().join("texts")).unwrap();
    fs::write(folder.path().join("texts/a.txt"), "头发\n").unwrap();
    fs::write(folder.path().join("texts/fanjian.toml"), "config = \"s2t\"\ndictionaries = \"opencc-0.9\"\n").unwrap();
    let check = ["--check", "--format", "json", "texts"];
    let missing = run_in(&folder, &check).code(2);
    let error = String::from_utf8_lossy(&missing.get_output().stderr).into_owned();
    assert!(error.contains("no dictionaries 'opencc-0.9': there is none of "), "{error}");
    assert!(error.contains("texts/opencc-0.9.fjd") && error.contains("data/fanjian/opencc-0.9.fjd"), "{error}");
    for place in ["data/fanjian", "texts"] {
        fs::create_dir_all(folder.path().join(place)).unwrap();
        fs::copy(folder.path().join("opencc-0.9.fjd"), folder.path().join(place).join("opencc-0.9.fjd")).unwrap();
        let found = records(&run_in(&folder, &check).code(1));
        assert_eq!((&found[0]["config"], &found[0]["dictionaries"]), (&json!("s2t"), &json!("opencc-0.9")));
        assert_eq!(found[0]["changes"][0]["output"], "首髮");
        // What is shown can be read back: the file that was found, wherever that was.
        let shown = run_in(&folder, &["--show-config", "texts"]).success().get_output().stdout.clone();
        let shown = String::from_utf8(shown).unwrap();
        assert!(shown.contains(&format!("{place}/opencc-0.9.fjd\"\n")), "{shown}");
    }
    run_in(&folder, &["--to", "zh-TW", "texts/a.txt"]).success().stdout_eq("頭髮\n");
}

#[test]
fn reports_have_the_release() {
    let folder = release();
    run_in(&folder, &["dict", "import", "opencc-0.9", "-o", "opencc-0.9.fjd"]).success();
    fs::create_dir(folder.path().join("texts")).unwrap();
    fs::write(folder.path().join("texts/a.txt"), "头发\n").unwrap();
    let conversion = ["-c", "s2t", "--dictionaries", "opencc-0.9"];
    let check = |more: &[&str]| run_in(&folder, &[&conversion, &["--check", "texts"][..], more].concat()).code(1);
    check(&[])
        .stderr_eq("1 file: 1 would change, 0 unchanged, 0 skipped, 0 failed; with the dictionaries of opencc-0.9\n");
    let log: Value = serde_json::from_slice(&check(&["--format", "sarif"]).get_output().stdout).unwrap();
    assert_eq!(log["runs"][0]["tool"]["driver"]["properties"], json!({ "dictionaries": ["opencc-0.9"] }));
    run_in(&folder, &["--version", "--dictionaries", "opencc-0.9"])
        .success()
        .stdout_eq("fanjian [..]\nwith the dictionaries [..]\nin place of them, by --dictionaries: opencc-0.9\n");
    run_in(&folder, &["--version", "--dictionaries=built-in"]).success().stdout_eq("fanjian [..]\nwith [..]\n");
}

/// What is finished with other dictionaries is done again.
#[test]
fn finished_inputs_are_those_of_the_same_dictionaries() {
    let folder = release();
    fs::create_dir(folder.path().join("shards")).unwrap();
    fs::write(folder.path().join("shards/a.jsonl"), "{\"text\": \"头发\"}\n").unwrap();
    let convert = |expected: &str, finished: bool| {
        let line = ["-c", "s2t", "--dictionaries", "mine", "--jsonl", "--field", "text", "-O", "out", "shards"];
        let assert = run_in(&folder, &line).success();
        assert_eq!(
            String::from_utf8(read(&folder, "out/shards/a.jsonl")).unwrap(),
            format!("{{\"text\": \"{expected}\"}}\n")
        );
        let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
        assert_eq!(said.contains("1 finished before"), finished, "{said}");
    };
    let import = || run_in(&folder, &["dict", "import", "opencc-0.9", "--name", "mine", "-o", "mine.fjd"]).success();
    import();
    convert("首髮", false);
    convert("首髮", true);
    fs::write(folder.path().join("opencc-0.9/data/Words.txt"), "头\t頁\n发\t髮\n").unwrap();
    import();
    convert("頁髮", false);
    convert("頁髮", true);
    // Of the same name, but in a place that is searched first.
    fs::write(folder.path().join("opencc-0.9/data/Words.txt"), "头\t豆\n发\t髮\n").unwrap();
    run_in(&folder, &["dict", "import", "opencc-0.9", "--name", "mine", "-o", "mine"]).success();
    convert("豆髮", false);
}

#[test]
fn a_configuration_of_another_name_is_left_out() {
    let folder = release();
    fs::write(folder.path().join("opencc-0.9/config/mine.json"), CONFIG).unwrap();
    fs::write(folder.path().join("opencc-0.9/package.json"), "{}").unwrap();
    run_in(&folder, &["dict", "import", "opencc-0.9", "-o", "opencc-0.9.fjd"])
        .success()
        .stdout_eq("opencc-0.9: 1 dictionaries with 2 entries, 1 configurations\n")
        .stderr_eq("fanjian: config/mine.json is left out: this program has no configuration of that name\n");
}

#[test]
fn what_is_wrong_with_a_release_is_said() {
    let folder = release();
    fs::write(folder.path().join("other.fjd"), "x").unwrap();
    fs::create_dir(folder.path().join("empty-0")).unwrap();
    for (arguments, code, said) in [
        (&["dict", "import", "1.1.9", "-o", "x"][..], 2, "no release at 1.1.9: name a folder or a file"),
        (&["dict", "import", "other.fjd", "-o", "x"], 2, "other.fjd is no release of OpenCC's data"),
        (&["dict", "import", "empty-0", "-o", "x"], 2, "empty-0 does not say which release it is: use --name"),
        (
            &["dict", "import", "empty-0", "--name", "n", "-o", "x"],
            3,
            "empty-0: n: no configuration is among the files",
        ),
        (&["--dictionaries", "none"], 2, "tip: `fanjian dict import RELEASE -o none.fjd`"),
        (&["--dictionaries", "none/opencc-1"], 2, "no dictionaries 'none/opencc-1': there is none of none/opencc-1, "),
        (&["--version", "--dictionaries", "none"], 2, "no dictionaries 'none'"),
        (&["--dictionaries", "other.fjd"], 2, "other.fjd has no dictionaries of a release"),
        (&["--to", "zh-TW", "--dictionaries", "x"], 2, "cannot be used with"),
    ] {
        let assert = run_in(&folder, arguments).code(code).stdout_eq("");
        let error = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
        assert!(error.contains(said), "{error}");
    }
    assert!(!folder.path().join("x").exists());
    // A path is not looked for by its name alone.
    fs::create_dir_all(folder.path().join("data/fanjian")).unwrap();
    fs::copy(folder.path().join("other.fjd"), folder.path().join("data/fanjian/mine.fjd")).unwrap();
    let data = |name: &str| {
        let assert = run_in(&folder, &["--dictionaries", name]).code(2);
        String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
    };
    assert!(data("mine").contains("data/fanjian/mine.fjd has no dictionaries of a release"));
    assert!(data("none/mine").contains("there is none of none/mine, none/mine.fjd\n"));
    run_in(&folder, &["dict", "import", "opencc-0.9", "-o", "opencc-0.9.fjd"]).success();
    let assert = run_in(&folder, &["-c", "t2s", "--dictionaries", "opencc-0.9"]).code(2);
    let error = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(error.contains("the dictionaries 'opencc-0.9' have no configuration t2s, but s2t"), "{error}");
    let mut bytes = read(&folder, "opencc-0.9.fjd");
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(folder.path().join("opencc-0.9.fjd"), bytes).unwrap();
    let assert = run_in(&folder, &["--dictionaries", "opencc-0.9.fjd"]).code(3);
    assert!(String::from_utf8_lossy(&assert.get_output().stderr).contains("opencc-0.9.fjd: not a sound file"));
}

#[test]
fn a_comparison_lists_entries_or_places_in_texts() {
    let folder = folder(&[
        ("opencc-1.0/Words.txt", "头发\t頭髮\n干\t幹\n里\t裡\n"),
        ("opencc-1.0/s2t.json", CONFIG),
        ("opencc-2.0/Words.txt", "头发\t頭髮\n干\t乾 幹\n面\t麵\n"),
        ("opencc-2.0/s2t.json", CONFIG),
        ("opencc-2.0/t2s.json", CONFIG),
        ("texts/a.txt", "头发\n头发干了，面里\n"),
        ("texts/b.txt", "头发\n"),
    ]);
    run_in(&folder, &["dict", "import", "opencc-1.0", "-o", "opencc-1.0.fjd"]).success();
    let arguments = ["dict", "diff", "opencc-1.0.fjd", "opencc-2.0"];
    run_in(&folder, &arguments).code(1).stderr_eq("").stdout_eq(
        "+ configuration t2s
~ Words: 干: 幹 → 乾 幹
- Words: 里 → 裡
+ Words: 面 → 麵
opencc-1.0 → opencc-2.0: 1 entries added, 1 removed, 1 changed
",
    );
    run_in(&folder, &[&arguments[..], &["texts"]].concat()).code(1).stderr_eq("").stdout_eq(
        "+ configuration t2s
texts/a.txt:2:3: 干: 幹 → 乾
texts/a.txt:2:6: 面: 面 → 麵
texts/a.txt:2:7: 里: 裡 → 里
opencc-1.0 → opencc-2.0: 1 entries added, 1 removed, 1 changed; 3 places change in 1 of 2 files
",
    );
    let found = records(&run_in(&folder, &[&arguments[..], &["--format", "json", "texts"]].concat()).code(1));
    assert_eq!(found.len(), 8);
    assert_eq!(
        found[1],
        json!({ "type": "entry", "dictionary": "Words", "change": "changed", "key": "干", "before": ["幹"], "after": ["乾", "幹"] })
    );
    assert_eq!((&found[7]["type"], &found[7]["places"]), (&json!("summary"), &json!(3)));
    let same = ["dict", "diff", "built-in", "built-in", "texts"];
    let assert = run_in(&folder, &same).success();
    assert!(String::from_utf8_lossy(&assert.get_output().stdout).contains("(built in)"));
}
