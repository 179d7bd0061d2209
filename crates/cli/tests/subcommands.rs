//! The subcommands, as the real binary.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    process::{Output, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use fanjian::Dictionary;
use serde_json::{Value, json};
use snapbox::cmd::{Command, OutputAssert, cargo_bin};
use tempfile::TempDir;

fn fanjian(arguments: &[&str]) -> Command {
    Command::new(cargo_bin!("fanjian")).args(arguments)
}

/// A folder to run in, with these files.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, contents) in files {
        fs::write(folder.path().join(name), contents).unwrap();
    }
    folder
}

fn run_in(folder: &TempDir, arguments: &[&str]) -> OutputAssert {
    fanjian(arguments).current_dir(folder.path()).stdin("").assert()
}

/// The lines of standard output, each as JSON.
fn records(output: &Output) -> Vec<Value> {
    str::from_utf8(&output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn explain_tells_each_decision_of_what_changes() {
    fanjian(&["explain", "-v", "-c", "s2twp", "皇后的头发里有鼠标"]).assert().success().stderr_eq("").stdout_eq(
        "1:4: 头发 → 頭髮
    STPhrases  头发 → 頭髮
1:6: 里 → 裡
    STCharacters  里 → 裏  also: 里 哩
    TWVariants    裏 → 裡
1:8: 鼠标 → 滑鼠
    STCharacters  标 → 標
    TWPhrases     鼠標 → 滑鼠
",
    );
    fanjian(&["explain", "-c", "s2twp", "皇后的头发里有鼠标"]).assert().success().stderr_eq("").stdout_eq(
        "1:4: 头发 → 頭髮  entry of STPhrases
1:6: 里 → 裡  里 → 裏: entry of STCharacters; also: 里 哩, 裏 → 裡: entry of TWVariants
1:8: 鼠标 → 滑鼠  标 → 標: entry of STCharacters, 鼠標 → 滑鼠: entry of TWPhrases
",
    );
    let note = "fanjian: nothing to explain: no character of the text has another form\n";
    fanjian(&["explain", "-c", "s2t", "一二"]).assert().success().stdout_eq("").stderr_eq(note);
    fanjian(&["explain", "-c", "s2t", ""]).assert().success().stdout_eq("").stderr_eq(note);
}

#[test]
fn explain_tells_the_scores_of_a_targets_choices() {
    let arguments = ["explain", "--to", "zh-TW", "--format", "json", "他的头发"];
    let assert = fanjian(&arguments).assert().success().stderr_eq("");
    let lines = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    let records: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let decision = &records.last().unwrap()["decisions"][0];
    assert_eq!(
        (&decision["step"], &decision["value"], &decision["margin"]),
        (&"choice".into(), &"髮".into(), &0.into())
    );
    for candidate in decision["candidates"].as_array().unwrap() {
        let features = candidate["features"].as_array().unwrap();
        let sum: i64 = features.iter().map(|feature| feature["weight"].as_i64().unwrap()).sum();
        assert_eq!(sum, candidate["score"].as_i64().unwrap());
    }
    assert!(decision["probability"].as_f64().unwrap() > 0.99 && decision["reason"] == "頭髮 is a word; next: 發");
    let assert = fanjian(&["explain", "--to", "zh-TW", "-v", "他的头发"]).assert().success();
    let text = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    assert!(text.contains("1:4: 发 → 髮\n    zh-TW  发 → 髮  also: 發\n        >99.9 %: "), "{text}");
    assert!(text.contains("\n        髮 "), "{text}");
    assert!(text.contains("phrase 头发 +"), "{text}");
}

#[test]
fn explain_takes_each_text_as_a_line_of_its_own() {
    let expected = "1:2: 头 → 頭\n    STCharacters  头 → 頭\n3:1: 发 → 發\n    STCharacters  发 → 發  also: 髮\n";
    fanjian(&["explain", "-v", "一头\n二", "发"]).assert().success().stdout_eq(expected);
    // Side by side they would be a word.
    let expected = "1:1: 头 → 頭\n    STCharacters  头 → 頭\n2:1: 发 → 發\n    STCharacters  发 → 發  also: 髮\n";
    fanjian(&["explain", "-v", "头", "发"]).assert().success().stdout_eq(expected);
}

#[test]
fn explain_reads_standard_input() {
    let run = |input: &str| fanjian(&["explain", "--format", "json"]).stdin(input.to_owned()).assert().success();
    let records = records(run("头发\r\na干了\n\n后").get_output());
    let decisions = json!([
        { "step": "conversion", "stage": 1, "dictionary": "STPhrases", "key": "干了", "value": "幹了",
          "alternatives": ["乾了"], "reason": "entry of STPhrases; also: 乾了", "probability": null },
    ]);
    let expected =
        json!({ "line": 2, "column": 2, "offset": 9, "source": "干了", "output": "幹了", "decisions": decisions });
    assert_eq!(records[1], expected);
    let places: Vec<_> = records.iter().map(|record| (&record["line"], &record["column"], &record["offset"])).collect();
    let number = |number: u64| Value::from(number);
    assert_eq!(
        places,
        [
            (&number(1), &number(1), &number(0)),
            (&number(2), &number(2), &number(9)),
            (&number(4), &number(1), &number(17))
        ]
    );
    run("").stdout_eq("");
}

#[test]
fn explain_all_covers_the_whole_text() {
    let text = "皇后\u{f900}的头发，\n里abc面\n⿰头发\n干";
    for config in ["s2t", "s2twp", "t2s"] {
        let run = |arguments: &[&str]| {
            let assert =
                fanjian(&["explain", "-c", config, "--all", "--format", "json"]).args(arguments).stdin(text).assert();
            records(assert.success().get_output())
        };
        let records = run(&[]);
        assert_eq!(records, run(&[text]), "{config}: from standard input, and as an argument");
        let joined = |field: &str| records.iter().map(|record| record[field].as_str().unwrap()).collect::<String>();
        assert_eq!(joined("source"), text);
        let converter = fanjian::Converter::new(config.parse().unwrap());
        assert_eq!(joined("output"), converter.convert(text));
        for record in &records {
            let offset = record["offset"].as_u64().unwrap() as usize;
            assert!(text[offset..].starts_with(record["source"].as_str().unwrap()));
            let before: Vec<_> = text[..offset].split('\n').collect();
            assert_eq!(record["line"], before.len());
            assert_eq!(record["column"], 1 + before.last().unwrap().chars().count());
        }
    }
    let assert = fanjian(&["explain", "--all", "a\tb\nc"]).assert().success();
    // Not by `stdout_eq`, which takes backslashes for those of paths.
    let stdout = str::from_utf8(&assert.get_output().stdout).unwrap();
    assert_eq!(stdout, "1:1: a\\tb\\n stays\n2:1: c stays\n");
}

#[test]
fn explain_takes_own_words_configurations_and_tofu() {
    let json = br#"{"conversion_chain": [{"dict": {"type": "text", "file": "own.txt"}}]}"#;
    let own: &[(&str, &[u8])] =
        &[("own.txt", "头发\t毛 髮\n".as_bytes()), ("other.txt", "头发\t头\n后\t\n".as_bytes()), ("mine.json", json)];
    let folder = folder(own);
    run_in(&folder, &["explain", "-v", "--dict", "own.txt", "--dict", "other.txt", "头发后"]).success().stdout_eq(
        "1:1: 头发 → 毛
    own.txt  头发 → 毛  also: 髮
1:3: 后 → (nothing)
    other.txt  后 → (nothing)
",
    );
    let assert = run_in(&folder, &["explain", "-c", "s2twp", "--dict", "own.txt", "--format", "json", "头发"]);
    let decision = &records(assert.success().get_output())[0]["decisions"][0];
    assert_eq!((&decision["step"], &decision["stage"]), (&json!("own"), &Value::Null));
    let expected = "1:1: 头发 → 毛\n    own.txt  头发 → 毛  also: 髮\n";
    run_in(&folder, &["explain", "-v", "-c", "mine.json", "头发"]).success().stdout_eq(expected);
    let path = folder.path().display().to_string();
    let assert = fanjian(&["explain", "-v", "-c", "mine", "--path", &path, "头发"]).assert().success();
    assert!(assert.get_output().stdout.starts_with("1:1: 头发 → 毛\n".as_bytes()));

    let tofu = ["explain", "-v", "-c", "t2s", "--include-tofu-risk-dictionaries", "㑮"];
    fanjian(&tofu).assert().success().stdout_eq("1:1: 㑮 → 𫝈\n    TSCharactersExt  㑮 → 𫝈\n");
    fanjian(&tofu).arg("--exclude-tofu-risk-dictionaries").assert().success().stdout_eq("");
}

#[test]
fn explain_tells_what_it_cannot_read() {
    fanjian(&["explain", "-c", "s2t"])
        .stdin("头发\nab\u{0}".bytes().chain([0xff]).collect::<Vec<u8>>())
        .assert()
        .code(3)
        .stderr_eq("fanjian: standard input: not UTF-8: invalid byte 0xFF at offset 10; only UTF-8 can be explained (-i reads other encodings)\n");
    // A character that is cut off.
    fanjian(&["explain", "-c", "s2t"]).stdin(b"a\xe5\xa4".to_vec()).assert().code(3).stderr_eq(
        "fanjian: standard input: not UTF-8: invalid bytes 0xE5A4 at offset 1; only UTF-8 can be explained (-i reads other encodings)\n",
    );
    fanjian(&["explain", "--dict", "none.txt", "头"])
        .assert()
        .code(3)
        .stdout_eq("")
        .stderr_eq("fanjian: cannot read none.txt: no such file or folder\n");
    let folder = folder(&[("bad.txt", "头\t頭\n头 x\n".as_bytes())]);
    run_in(&folder, &["explain", "--dict", "bad.txt", "头"])
        .code(3)
        .stderr_eq("fanjian: bad.txt:2: no tab between key and value in '头 x'\n");
    fanjian(&["explain", "-c", "s2x", "头"]).assert().code(2).stderr_eq("error: no configuration 's2x': [..]\n...");
}

/// Lines of a live pipe are explained when they come, and a reader that goes away is no error.
#[test]
fn explain_answers_at_once_and_quietly_to_pipes() {
    let mut child = std::process::Command::new(cargo_bin!("fanjian"))
        .args(["explain", "-v", "-c", "s2twp"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().take(6) {
            sender.send(line.unwrap()).unwrap();
        }
    });
    for line in 1..4 {
        stdin.write_all("后来\n".as_bytes()).unwrap();
        for expected in [format!("{line}:1: 后来 → 後來"), "    STPhrases  后来 → 後來".to_owned()] {
            assert_eq!(lines.recv_timeout(Duration::from_secs(60)).as_ref(), Ok(&expected));
        }
    }
    // Nobody reads any more.
    assert!(lines.recv().is_err());
    // The command may be gone already.
    let _ = stdin.write_all("后来\n".repeat(100).as_bytes());
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn lookup_finds_keys_and_values() {
    fanjian(&["lookup", "--exact", "髮"]).assert().success().stderr_eq("").stdout_eq(
        "髮 as a key:
    JPShinjitaiCharactersRev  髮 → 髪
    TSCharacters              髮 → 发
髮 as a value:
    JPShinjitaiCharacters  髪 → 髮
    STCharacters           发 → 發  also: 髮
",
    );
    let assert = fanjian(&["lookup", "--exact", "--format", "json", "髮", "头发"]).assert().success();
    let entry = |dictionary: &str, key: &str, candidates: &[&str]| json!({ "dictionary": dictionary, "key": key, "candidates": candidates });
    assert_eq!(
        records(assert.get_output()),
        [
            json!({
                "word": "髮",
                "as_key": [entry("JPShinjitaiCharactersRev", "髮", &["髪"]), entry("TSCharacters", "髮", &["发"])],
                "as_value":
                    [entry("JPShinjitaiCharacters", "髪", &["髮"]), entry("STCharacters", "发", &["發", "髮"])],
            }),
            json!({ "word": "头发", "as_key": [entry("STPhrases", "头发", &["頭髮"])], "as_value": [] }),
        ]
    );
}

#[test]
fn lookup_searches_own_dictionaries_first() {
    let folder = folder(&[("own.txt", "头发\t毛 髮\n".as_bytes())]);
    run_in(&folder, &["dict", "compile", "own.txt", "-o", "own.bin"]).success();
    run_in(&folder, &["lookup", "--dict", "own.txt", "--dict", "own.bin", "头发", "毛"]).success().stdout_eq(
        "头发 as a key:
    own.txt    头发 → 毛    also: 髮
    own        头发 → 毛    also: 髮
    STPhrases  头发 → 頭髮
毛 as a value:
    own.txt  头发 → 毛  also: 髮
    own      头发 → 毛  also: 髮
",
    );
}

#[test]
fn lookup_says_what_it_did_not_find() {
    let message =
        "fanjian: no dictionary contains 'xyz', '一二三', neither as a key nor as a value, in either script\n";
    let assert = fanjian(&["lookup", "xyz", "头发", "一二三"]).assert().code(1).stderr_eq(message);
    assert.stdout_eq("头发 as a key:\n    STPhrases  头发 → 頭髮\n");
    let assert = fanjian(&["lookup", "xyz", "--format", "json"]).assert().code(1);
    assert.stdout_eq("{\"word\":\"xyz\",\"as_key\":[],\"as_value\":[]}\n");
    fanjian(&["lookup", "--dict", "none.txt", "头发"])
        .assert()
        .code(3)
        .stdout_eq("")
        .stderr_eq("fanjian: cannot read none.txt: no such file or folder\n");
}

#[test]
fn configs_are_listed_with_their_dictionaries() {
    let assert = fanjian(&["configs"]).assert().success().stderr_eq("");
    let lines = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    assert_eq!(lines.lines().count(), fanjian::Config::ALL.len());
    assert!(lines.contains("\nt2s    Traditional (OpenCC's standard) to Simplified\n"), "{lines}");

    let records = records(fanjian(&["configs", "--format", "json"]).assert().success().get_output());
    for (record, &config) in records.iter().zip(fanjian::Config::ALL) {
        assert_eq!((&record["name"], &record["description"]), (&json!(config.name()), &json!(config.description())));
        // It is a configuration, and the same one.
        let converter = fanjian::Converter::builder().config_json(record.to_string()).build().unwrap();
        let text = "后面的头发裡的鼠標髪";
        assert_eq!(converter.convert(text), fanjian::Converter::new(config).convert(text), "{config}");
    }
    assert_eq!(records.len(), fanjian::Config::ALL.len());
    assert_eq!(records[5]["conversion_chain"][0]["dict"]["dicts"][0]["file"], "TSPhrases.txt");
}

#[test]
fn a_sound_dictionary_passes_the_check() {
    let files: &[(&str, &[u8])] =
        &[("a.txt", "\u{feff}# mine\r\n云原生\t雲端原生\r\n\r\n丢包\t掉包".as_bytes()), ("empty.txt", b"")];
    let folder = folder(files);
    run_in(&folder, &["dict", "check", "a.txt", "empty.txt"]).success().stdout_eq("").stderr_eq("");
}

#[test]
fn the_check_tells_every_line_that_is_no_entry() {
    let text = ["头发\t毛\n坏行\n\t空\n头发\t毛\nab".as_bytes(), b"\xff\tx\n# \xe5\n\xe5\n", "头发\t髮\n毛".as_bytes()];
    let folder = folder(&[("a.txt", &text.concat())]);
    run_in(&folder, &["dict", "check", "a.txt"]).code(1).stderr_eq("").stdout_eq(
        "a.txt:2: syntax: no tab between key and value in '坏行'
a.txt:3: empty-key: nothing before the tab: a key needs at least one character
a.txt:4: duplicate: line 1 already has the key '头发'
a.txt:5: not-utf8: invalid byte 0xFF at offset 36
a.txt:6: not-utf8: invalid byte 0xE5 at offset 42
a.txt:7: not-utf8: invalid byte 0xE5 at offset 44
a.txt:8: duplicate: line 1 already has the key '头发'
a.txt:9: syntax: no tab between key and value in '毛'
",
    );
    let records = records(run_in(&folder, &["dict", "check", "--format", "json", "a.txt"]).code(1).get_output());
    let message = "no tab between key and value in '坏行'";
    assert_eq!(records[0], json!({ "path": "a.txt", "line": 2, "kind": "syntax", "message": message }));
    assert_eq!(records.len(), 8);
}

#[test]
fn the_check_finds_dead_entries() {
    let text = "头发\t頭髮\n鼠标\t滑鼠\n云\t云\n\u{f900}\tx\n软\t軟\n软件\t軟件\n件云\t件云\n";
    let folder = folder(&[("a.txt", text.as_bytes())]);
    run_in(&folder, &["dict", "check", "a.txt"]).code(1).stdout_eq(
        "a.txt:1: dead: s2t converts '头发' to '頭髮' without this entry, too
a.txt:4: dead: '\u{f900}' never matches: s2t normalizes it to '\u{8c48}' first; write that
a.txt:5: dead: s2t converts '软' to '軟' without this entry, too
a.txt:6: dead: s2t converts '软件' to '軟件' without this entry, too
a.txt:7: dead: s2t converts '件云' to '件云' without this entry, too
",
    );
    // 软 is an own entry, too, and its value stays as it is: only 软件 makes 軟體 of it.
    run_in(&folder, &["dict", "check", "-c", "s2twp", "a.txt"]).code(1).stdout_eq(
        "a.txt:1: dead: s2twp converts '头发' to '頭髮' without this entry, too
a.txt:2: dead: s2twp converts '鼠标' to '滑鼠' without this entry, too
a.txt:4: dead: '\u{f900}' never matches: s2twp normalizes it to '\u{8c48}' first; write that
a.txt:5: dead: s2twp converts '软' to '軟' without this entry, too
a.txt:6: dead: s2twp converts '软件' to '軟件' without this entry, too
a.txt:7: dead: s2twp converts '件云' to '件云' without this entry, too
",
    );
    // What the other entries break, an entry repairs: it is not dead.
    fs::write(folder.path().join("b.txt"), "头\tX\n头云\t頭雲\n").unwrap();
    run_in(&folder, &["dict", "check", "b.txt"]).success().stdout_eq("");
}

/// By the definition: each entry is taken out, and its key converted.
#[test]
fn dead_entries_are_those_that_can_be_left_out() {
    let characters = ['头', '发', '后', '里'];
    let mut keys: Vec<String> = characters.iter().map(|&character| character.into()).collect();
    keys.extend(characters.iter().flat_map(|first| characters.iter().map(move |second| format!("{first}{second}"))));
    keys.extend(["头发里", "皇后", "后头发", "一里", "头发后里"].map(str::to_owned));
    for (config, kept) in [("s2t", 2), ("s2t", 3), ("s2twp", 3), ("s2twp", 5)] {
        let all = fanjian::Converter::new(config.parse().unwrap());
        // Some entries give what the configuration gives, some give what it gives for each character, some another
        // value.
        let entries: Vec<(&str, String)> = keys
            .iter()
            .enumerate()
            .filter(|(index, _)| index % kept != 1)
            .map(|(index, key)| match index % 4 {
                0 => (key.as_str(), format!("x{index}")),
                1 => (
                    key.as_str(),
                    key.chars().map(|character| all.convert(&character.to_string()).into_owned()).collect(),
                ),
                _ => (key.as_str(), all.convert(key).into_owned()),
            })
            .collect();
        let text = |entries: &[(&str, String)]| {
            entries.iter().map(|(key, value)| format!("{key}\t{value}\n")).collect::<String>()
        };
        let mut dead = Vec::new();
        for (index, (key, value)) in entries.iter().enumerate() {
            let others = [&entries[..index], &entries[index + 1..]].concat();
            let others = Dictionary::from_text("others", &text(&others)).unwrap();
            let without = fanjian::Converter::builder().config_name(config).dictionary(others).build().unwrap();
            if without.convert(key) == *value {
                dead.push(Value::from(index + 1));
            }
        }
        assert!(!dead.is_empty() && dead.len() < entries.len());
        let folder = folder(&[("own.txt", text(&entries).as_bytes())]);
        let assert = run_in(&folder, &["dict", "check", "-c", config, "--format", "json", "own.txt"]).code(1);
        let found = records(assert.get_output()).into_iter().filter(|record| record["kind"] == "dead");
        assert_eq!(found.map(|record| record["line"].clone()).collect::<Vec<_>>(), dead, "{config} {kept}");
    }
}

#[test]
fn the_check_finds_what_earlier_files_shadow() {
    let files: &[(&str, &[u8])] = &[
        ("a.txt", "# one\n头\tX\n云\tY\n".as_bytes()),
        ("b.txt", "头云\tZ\n云\tQ\n发\tR\n".as_bytes()),
        ("c.txt", "发发\tS\n皇头\tT\n".as_bytes()),
    ];
    let folder = folder(files);
    run_in(&folder, &["dict", "check", "a.txt", "b.txt", "c.txt"]).code(1).stdout_eq(
        "b.txt:1: shadowed: '头云' never matches: '头', its beginning, is in a.txt:2, and earlier files have precedence
b.txt:2: shadowed: '云' never matches: it is in a.txt:3, and earlier files have precedence
c.txt:1: shadowed: '发发' never matches: '发', its beginning, is in b.txt:3, and earlier files have precedence
",
    );
    // The conversion agrees.
    let arguments = ["explain", "-v", "--dict", "a.txt", "--dict", "b.txt", "--dict", "c.txt", "头云"];
    run_in(&folder, &arguments).success().stdout_eq("1:1: 头 → X\n    a.txt  头 → X\n1:2: 云 → Y\n    a.txt  云 → Y\n");
    run_in(&folder, &["dict", "check", "c.txt", "b.txt", "a.txt"])
        .code(1)
        .stdout_eq("a.txt:3: shadowed: '云' never matches: it is in b.txt:2, and earlier files have precedence\n");
}

#[test]
fn the_check_finds_cycles_and_chains() {
    let files: &[(&str, &[u8])] =
        &[("a.txt", "甲\t乙\n云\t云朵\nab\txcdx\n".as_bytes()), ("b.txt", "乙\t甲\ncd\tef\nef\tef\n".as_bytes())];
    let folder = folder(files);
    run_in(&folder, &["dict", "check", "a.txt", "b.txt"]).code(1).stdout_eq(
        "a.txt:1: cycle: '甲' becomes '乙', which becomes '甲' when it is converted again
a.txt:2: chain: '云' becomes '云朵', which becomes '云朵朵' when it is converted again
a.txt:3: chain: 'ab' becomes 'xcdx', which becomes 'xefx' when it is converted again
b.txt:1: cycle: '乙' becomes '甲', which becomes '乙' when it is converted again
b.txt:3: dead: s2t converts 'ef' to 'ef' without this entry, too
",
    );
}

#[test]
fn the_check_tells_what_it_cannot_check() {
    let folder =
        folder(&[("a.txt", "云\tx\n".as_bytes()), ("long.txt", format!("{}\tb", "a".repeat(5000)).as_bytes())]);
    run_in(&folder, &["dict", "compile", "a.txt", "-o", "a.bin"]).success();
    for (arguments, message) in [
        (&["a.txt", "none.txt"][..], "cannot read none.txt: no such file or folder"),
        (&["a.bin"], "a.bin is compiled: check the text that it was made from"),
        (&["long.txt"], "long.txt: a key of 5000 bytes is too long: at most 4096 are supported"),
    ] {
        let assert = run_in(&folder, &[&["dict", "check"], arguments].concat()).code(3).stdout_eq("");
        assert.stderr_eq(format!("fanjian: {message}\n"));
    }
}

#[cfg(unix)]
#[test]
fn the_check_reads_files_of_any_name() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let folder = folder(&[]);
    let name = OsStr::from_bytes(b"own\xff.txt");
    fs::write(folder.path().join(name), "云\n").unwrap();
    let assert = fanjian(&["dict", "check"]).arg(name).current_dir(folder.path()).assert().code(1);
    assert.stderr_eq("").stdout_eq("own\u{fffd}.txt:1: syntax: no tab between key and value in '云'\n");
}

#[test]
fn a_compiled_dictionary_is_what_the_text_was() {
    let folder = folder(&[("own.words.txt", "# mine\n头发\t毛 髮\n后\t\n".as_bytes())]);
    run_in(&folder, &["dict", "compile", "own.words.txt", "-o", "own.bin"]).success().stdout_eq("").stderr_eq("");
    let path = |name: &str| folder.path().join(name);
    let (text, compiled) =
        (Dictionary::from_path(path("own.words.txt")).unwrap(), Dictionary::from_path(path("own.bin")).unwrap());
    assert_eq!(compiled.to_entries(), text.to_entries());
    assert_eq!(compiled.name(), "own.words");
    // The same wherever the file lies, and to standard output.
    fs::create_dir(path("folder")).unwrap();
    fs::copy(path("own.words.txt"), path("folder/own.words.txt")).unwrap();
    let assert = run_in(&folder, &["dict", "compile", "folder/own.words.txt", "-o", "-"]).success();
    assert_eq!(assert.get_output().stdout, fs::read(path("own.bin")).unwrap());
}

#[test]
fn compiling_replaces_a_file_as_a_whole_or_not_at_all() {
    let folder = folder(&[
        ("own.txt", "头发\t毛\n".as_bytes()),
        ("bad.txt", "头发\t毛\n头发\t毛\n".as_bytes()),
        ("bytes.txt", b"a\tb\n\xff\tc\n"),
        ("out.bin", b"old"),
    ]);
    for (file, out, message) in [
        ("bad.txt", "out.bin", "bad.txt:2: duplicate key '头发', first given on line 1"),
        ("bytes.txt", "out.bin", "bytes.txt:2: not UTF-8: invalid byte 0xFF at offset 4"),
        ("none.txt", "out.bin", "cannot read none.txt: no such file or folder"),
        ("own.txt", "none/out.bin", "cannot write none/out.bin: [..]"),
        ("own.txt", ".", "cannot write .: it is a folder"),
    ] {
        let assert = run_in(&folder, &["dict", "compile", file, "-o", out]).code(3).stdout_eq("");
        assert.stderr_eq(format!("fanjian: {message}\n"));
    }
    let assert = run_in(&folder, &["dict", "compile", "own.txt", "-o", "./own.txt"]).code(2).stdout_eq("");
    assert.stderr_eq("error: own.txt is both input and output: name another file to write\n...");
    let path = |name: &str| folder.path().join(name);
    assert_eq!(fs::read(path("out.bin")).unwrap(), b"old");
    assert_eq!(fs::read_to_string(path("own.txt")).unwrap(), "头发\t毛\n");
    run_in(&folder, &["dict", "compile", "own.txt", "-o", "out.bin"]).success();
    assert_eq!(Dictionary::from_path(path("out.bin")).unwrap().len(), 1);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4, "no temporary file is left");
}

#[test]
fn completions_are_written_for_each_shell() {
    for (shell, word) in [
        ("bash", "complete -F _fanjian"),
        ("zsh", "#compdef fanjian"),
        ("fish", "complete -c fanjian"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let assert = fanjian(&["completions", shell]).assert().success().stderr_eq("");
        let script = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
        for word in [word, "lookup", "invalid-utf8", "no-sync"] {
            assert!(script.contains(word), "{shell}: no {word}");
        }
    }
}

/// The shell itself takes the script, and completes by it.
#[cfg(unix)]
#[test]
fn bash_completes_by_its_script() {
    let script = fanjian(&["completions", "bash"]).assert().success().get_output().stdout.clone();
    let folder = folder(&[("fanjian.bash", &script)]);
    let ask = "source ./fanjian.bash; COMP_WORDS=(fanjian loo); COMP_CWORD=1; _fanjian fanjian loo fanjian; echo ${COMPREPLY[@]}";
    let assert = Command::new("bash").args(["--norc", "-c", ask]).current_dir(folder.path()).assert().success();
    assert.stdout_eq("lookup\n");
}

/// Read as the search engines do it: escapes are units of UTF-16, and no key comes twice.
#[test]
fn exported_mappings_are_those_of_the_fold() {
    let expected: std::collections::BTreeMap<_, _> = fanjian::fold_mappings().collect();
    for (format, quote) in [("elasticsearch", ""), ("solr", "\"")] {
        let assert = fanjian(&["dict", "export", "--format", format]).assert().success().stderr_eq("");
        let file = str::from_utf8(&assert.get_output().stdout).unwrap();
        let text = |side: &str| {
            let side = side.trim().strip_prefix(quote).unwrap().strip_suffix(quote).unwrap();
            let mut units = Vec::new();
            let mut rest = side;
            while let Some(character) = rest.chars().next() {
                if let Some(escape) = rest.strip_prefix("\\u") {
                    units.push(u16::from_str_radix(&escape[..4], 16).unwrap());
                    rest = &escape[4..];
                } else {
                    assert!(character.is_alphanumeric(), "{side}");
                    units.extend_from_slice(character.encode_utf16(&mut [0; 2]));
                    rest = &rest[character.len_utf8()..];
                }
            }
            String::from_utf16(&units).unwrap()
        };
        let mut read = std::collections::BTreeMap::new();
        for line in file.lines() {
            let (key, value) = line.split_once("=>").unwrap();
            assert!(!line.starts_with('#') && read.insert(text(key), text(value)).is_none(), "{line}");
        }
        assert!(read == expected, "{} and {} mappings", read.len(), expected.len());
    }
    let first = |format| fanjian(&["dict", "export", "--format", format]).assert().get_output().stdout.clone();
    assert!(str::from_utf8(&first("elasticsearch")).unwrap().contains("\n發 => 发\n"));
    assert!(str::from_utf8(&first("solr")).unwrap().contains("\n\"甚麼\" => \"什么\"\n"));
}

#[test]
fn manual_pages_are_written() {
    for (commands, words) in [
        (&[][..], [".TH fanjian 1 ", "fanjian\\-lookup(1)", ".SH \"EXIT STATUS\"\n.nf\n  0    success"]),
        (&["lookup"], [".TH fanjian-lookup 1 ", "candidates", "WORD"]),
        (&["dict", "check"], [".TH fanjian-dict-check 1 ", "shadowed", "FILE"]),
    ] {
        let assert = fanjian(&["man"]).args(commands).assert().success().stderr_eq("");
        let page = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
        let version = concat!("\"fanjian ", env!("CARGO_PKG_VERSION"), "\"");
        for word in words.into_iter().chain([version]) {
            assert!(page.contains(word), "{commands:?}: no {word} in\n{page}");
        }
    }
    fanjian(&["man", "dict", "cook"])
        .assert()
        .code(2)
        .stdout_eq("")
        .stderr_eq("error: unknown subcommand 'cook' of fanjian dict; expected one of check, compile, convert, import, diff, export\n...");
}

#[test]
fn manual_pages_of_all_commands_are_written_into_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("man/man1");
    fanjian(&["man", "--lang", "en", "--output-dir"]).arg(&folder).assert().success().stdout_eq("").stderr_eq("");
    let names = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    // Each page names those of its subcommands, and these are all that there are.
    let mut expected = vec!["fanjian.1".to_owned()];
    for name in &names {
        let page = fs::read_to_string(folder.join(name)).unwrap();
        let named = page.lines().filter_map(|line| line.strip_prefix("fanjian\\-")?.strip_suffix("(1)"));
        expected.extend(named.map(|name| format!("fanjian-{}.1", name.replace("\\-", "-"))));
    }
    expected.retain(|name| !name.ends_with("-help.1"));
    expected.sort();
    assert_eq!(names, expected);
    let page = fanjian(&["man", "dict", "check", "--lang", "en"]).assert().get_output().stdout.clone();
    assert!(fs::read(folder.join("fanjian-dict-check.1")).unwrap() == page);
    let page = fanjian(&["man", "--lang", "en"]).assert().get_output().stdout.clone();
    assert!(fs::read(folder.join("fanjian.1")).unwrap() == page);
}

#[test]
fn wrong_usage_is_reported_with_exit_code_2() {
    for arguments in [
        &["lookup"][..],
        &["lookup", ""],
        &["lookup", "头", "--format", "xml"],
        &["explain", "--nonsense"],
        &["configs", "s2t"],
        &["man", "dict", "--output-dir", "man"],
        &["dict"],
        &["dict", "check"],
        &["dict", "compile", "a.txt"],
        &["dict", "export"],
        &["dict", "export", "--format", "lucene"],
        &["dict", "compile", "-o", "a.bin"],
        &["dict", "compile", "a.txt", "b.txt", "-o", "a.bin"],
        &["completions"],
        &["completions", "tcl"],
        &["-c", "s2t", "explain", "头"],
    ] {
        let assert = fanjian(arguments).stdin("").assert().code(2).stdout_eq("");
        let stderr = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
        assert!(stderr.contains("--help") || stderr.contains("Usage: "), "{arguments:?}: {stderr}");
    }
    #[cfg(unix)]
    {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
        fanjian(&["explain"]).arg(OsStr::from_bytes(b"\xff")).assert().code(2);
    }
}

#[test]
fn each_subcommand_tells_its_help() {
    for (arguments, short, long) in [
        (&["explain"][..], "--dict", "line:column"),
        (&["lookup"], "<WORD>", "Exit status"),
        (&["configs"], "--format", "conversion_chain"),
        (&["dict"], "compile", "check"),
        (&["dict", "check"], "<FILE>", "shadowed: "),
        (&["dict", "compile"], "--output", "without folders"),
        (&["dict", "export"], "--format", "elasticsearch: for"),
        (&["completions"], "<SHELL>", "powershell"),
        (&["man"], "COMMAND", "fanjian-dict-check(1)"),
    ] {
        for (flag, word) in [("-h", short), ("--help", short), ("--help", long)] {
            let assert = fanjian(arguments).arg(flag).assert().success();
            let stdout = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
            assert!(stdout.contains(word), "{arguments:?} {flag} does not tell {word}:\n{stdout}");
        }
    }
}
