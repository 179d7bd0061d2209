//! `explain`, `lookup` with a target, own words and preferred characters, as the real binary.

mod tree;

use serde_json::Value;
use snapbox::cmd::OutputAssert;

use crate::tree::Tree;

fn stdout(output: &OutputAssert) -> String {
    String::from_utf8_lossy(&output.get_output().stdout).into_owned()
}

fn stderr(output: &OutputAssert) -> String {
    String::from_utf8_lossy(&output.get_output().stderr).into_owned()
}

fn records(assert: &OutputAssert) -> Vec<Value> {
    stdout(assert).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_line_has_the_place_the_word_the_probability_and_the_reason() {
    let tree = Tree::new(&[]);
    let explained = stdout(&tree.run(&["explain", "--to", "zh-TW", "他的头发"]).success());
    assert_eq!(explained, "1:4: 头发 → 頭髮  >99.9 %  ▇▇▇▇▇▇▇▇▇▇  頭髮 is a word; next: 發\n");
    // Right already.
    let explained = stdout(&tree.run(&["explain", "--to", "zh-TW", "--all", "這位皇后來了"]).success());
    assert!(explained.contains(" stays  "), "{explained}");
    let colored = stdout(&tree.run(&["explain", "--to", "zh-TW", "--color", "always", "头发"]).success());
    assert!(colored.contains("\u{1b}[") && colored.contains("頭髮"), "{colored}");
    // What is left out of a longer list is all that there is.
    tree.run(&["explain", "--to", "zh-TW", "国"])
        .success()
        .stdout_eq("1:1: 国 → 國  the one form in zh-TW\n")
        .stderr_eq("");
    let many = tree.run(&["explain", "--to", "zh-TW", "国国国国国国国国国国"]).success();
    assert_eq!(stdout(&many).lines().count(), 8);
    assert_eq!(
        stderr(&many),
        "fanjian: left out: characters with one form alone, or that stay for certain: 2 (--all lists them)\n"
    );
    let beside = stdout(&tree.run(&["explain", "--to", "zh-TW", "国的头发"]).success());
    assert!(!beside.contains('国'), "{beside}");
    for text in ["一二", "abc", ""] {
        let nothing = tree.run(&["explain", "--to", "zh-TW", text]).success().stdout_eq("");
        assert!(stderr(&nothing).starts_with("fanjian: nothing to explain: "), "{}", stderr(&nothing));
    }
    tree.run(&["explain", "--to", "zh-TW", "--all", "国"]).success().stdout_eq("1:1: 国 → 國  the one form in zh-TW\n");
}

/// `explain 内存` used to say nothing of why the word stays.
#[test]
fn a_word_that_stays_has_a_reason() {
    let tree = Tree::new(&[("names", "川普\n".as_bytes())]);
    let local = ["explain", "--to", "zh-TW", "--vocabulary", "local"];
    let run = |arguments: &[&str]| stdout(&tree.run(&[&local, arguments].concat()).success());
    for (arguments, expected) in [
        (&["這個視頻"][..], "1:3: 視頻 kept  text of zh-TW has it itself; in the other script it becomes 影片"),
        (&["境內存放的"], "内存"),
        (&["--keep-words", "persons", "特朗普的话"], "1:1: 特朗普 kept  --keep-words; otherwise 川普"),
        (&["程序正义的法院"], "程序 kept"),
    ] {
        let explained = run(arguments);
        let expected = expected.replace("内存", "內存 kept  no word here");
        assert!(explained.contains(&expected), "{arguments:?}: {explained}");
    }
    let record = &records(&tree.run(&[&local[..], &["--format", "json", "視頻"]].concat()).success())[0];
    let kept = &record["kept"];
    assert_eq!((&kept["value"], &kept["why"]), (&Value::from("影片"), &Value::from("shared")));
    // An own word does not stay.
    let tree = Tree::new(&[("own", "視頻\t影像\n".as_bytes())]);
    let explained = stdout(&tree.run(&[&local[..], &["--dict", "own", "這個視頻"]].concat()).success());
    assert!(explained.contains("視頻 → 影像  own word, in own") && !explained.contains("kept"), "{explained}");
}

/// The name of a file used to be explained, with nothing to say.
/// What decided is shown as it was decided, and not as what a later step made of it.
#[test]
fn a_preferred_character_does_not_appear_as_evidence() {
    let tree = Tree::new(&[]);
    let explained = stdout(&tree.run(&["explain", "--to", "zh-TW", "--prefer", "臺", "平台"]).success());
    assert!(explained.contains("texts write 平台; next: 臺") && explained.contains("平台 → 平臺"), "{explained}");
}

#[test]
fn files_are_explained_with_their_own_settings() {
    let gbk = encoding_rs::GBK.encode("干了\n头发\n").0.into_owned();
    let tree = Tree::new(&[
        ("a/fanjian.toml", b"to = \"zh-TW\"\nprefer = [\"\xe8\x87\xba\"]".as_slice()),
        ("a/in.txt", "台湾\n# fanjian:off\n头发\n# fanjian:on\n`头`发\n".as_bytes()),
        ("gbk.txt", &gbk),
        ("page.html", "<p>头<b>发</b>\n<p title='干了'>里".as_bytes()),
    ]);
    let run = |arguments: &[&str]| stdout(&tree.run(&[&["explain"], arguments].concat()).success());
    let explained = run(&["-i", "a/in.txt", "--protect-regex", "`[^`]*`"]);
    assert!(explained.contains("臺灣") && explained.contains("protected by a pattern or by marks"), "{explained}");
    assert!(!explained.contains("頭髮"), "{explained}");
    let by_name = tree.run(&["explain", "a/in.txt", "--protect-regex", "`[^`]*`"]).success();
    assert_eq!(stdout(&by_name), explained);
    assert!(stderr(&by_name).contains("a/in.txt is a file, whose text is explained"));
    assert!(run(&["--to", "zh-TW", "-i", "gbk.txt"]).contains("2:2: 头发 → 頭髮"));
    let page = run(&["--to", "zh-TW", "-i", "page.html"]);
    assert!(page.contains("1:8: 头发 → 頭髮") && page.contains("2:11: 干了 → 幹了"), "{page}");
    let missing = tree.run(&["explain", "-i", "none.txt"]).code(3);
    assert!(stderr(&missing).contains("none.txt"));
    tree.run(&["explain", "-i", "gbk.txt", "头"]).code(2);
}

/// Of texts and documents, also behind a mark and in an archive's texts; with what became of the decisions.
#[test]
fn what_a_person_decided_is_explained_and_has_a_kind() {
    let tree = Tree::new(&[
        ("a.txt", "头发\n# fanjian:off\n周朴\n# fanjian:on\n叫周朴\n".as_bytes()),
        ("b.html", "<p>她叫<b>周</b>朴，头发</p>".as_bytes()),
        (
            "d.json",
            r#"{"fanjian_decisions":1,"options":{"to":"zh-TW"},"decisions":[
                {"scope":"word","source":"朴","before":"周","output":"樸"},
                {"scope":"here","path":"a.txt","source":"发","before":"白","output":"發","line":9}]}"#
                .as_bytes(),
        ),
    ]);
    let explained = tree.run(&["explain", "--decisions", "d.json", "-i", "a.txt"]).code(3);
    let line = "5:3: 朴 → 樸  decided by a person\n";
    assert!(stdout(&explained).contains(line), "{}", stdout(&explained));
    assert!(
        stderr(&explained).contains("the place of this decision is not there: 白[发→發]"),
        "{}",
        stderr(&explained)
    );
    let page = records(&tree.run(&["explain", "--decisions", "d.json", "-i", "b.html", "--format", "json"]).success());
    let decided = page.iter().find(|record| record["source"] == "朴").unwrap();
    assert_eq!((&decided["column"], &decided["offset"], &decided["output"]), (&14.into(), &19.into(), &"樸".into()));
    assert_eq!(decided["decisions"][0]["step"], "fixed");
    tree.run(&["explain", "--decisions", "d.json", "--to", "zh-TW", "周朴"]).success();
    tree.run(&["--decisions", "d.json", "--check", "b.html"])
        .code(1)
        .stdout_eq("b.html:1:14: 朴 → 樸 [decision]\nb.html:1:16: 头发 → 頭髮 [script]\n");
    tree.run(&["explain", "--decisions", "d.json", "-c", "s2t", "头"]).code(2);
}

/// All that is written for a text, with every option, is its conversion.
#[test]
fn an_explanation_is_of_what_the_conversion_does() {
    let tree = Tree::new(&[
        ("own", "内存\t記憶\n".as_bytes()),
        ("terms", "钉钉\n".as_bytes()),
        ("in.txt", "台湾的`内存`和內存，钉钉“看着”\n# fanjian:off\n头发\n# fanjian:on\n里面的鼠标".as_bytes()),
    ]);
    for by in [&["--to", "zh-TW", "--vocabulary", "local"][..], &["-c", "s2twp"], &["--to", "zh-HK"]] {
        let options = [
            by,
            &["--dict", "own", "--dict-both-scripts", "--protect", "terms", "--protect-regex", "`[^`]*`"],
            &["--prefer", "臺,裏", "--punctuation", "local"],
        ]
        .concat();
        let converted = stdout(&tree.run(&[&["in.txt"], &options[..]].concat()).success());
        assert!(
            converted.contains('臺') && converted.contains("和記憶") && converted.contains("`内存`"),
            "{converted}"
        );
        let explained = tree.run(&[&["explain", "--all", "--format", "json", "-i", "in.txt"], &options[..]].concat());
        let outputs = records(&explained.success()).into_iter().filter(|record| record.get("kept").is_none());
        let outputs = outputs.map(|record| record["output"].as_str().unwrap().to_owned());
        assert_eq!(outputs.collect::<String>(), converted, "{by:?}");
    }
}

#[test]
fn lookup_finds_both_scripts_and_the_layers_of_a_target() {
    let tree = Tree::new(&[]);
    let run = |arguments: &[&str]| stdout(&tree.run(&[&["lookup"], arguments].concat()).success());
    for word in ["内存", "內存"] {
        assert!(run(&[word]).contains("TWPhrases  內存 → 記憶體"), "{word}");
    }
    tree.run(&["lookup", "--exact", "内存"]).code(1);
    let found = run(&["--to", "zh-TW", "视频"]);
    assert!(found.starts_with("zh-TW: 视频 → 視頻; with --vocabulary local: 影片\n"), "{found}");
    assert!(found.contains("targets/TWShared  視頻  kept in text of the target's script"), "{found}");
    assert!(run(&["--to", "zh-TW", "特朗普"]).contains("targets/TWNames  特朗普  becomes 川普"));
    assert!(run(&["--to", "zh-TW", "上签"]).contains("targets/Harmful  上签  blocked"));
    assert!(!run(&["--to", "zh-HK", "特朗普"]).contains("TWNames"));
    let record = &records(&tree.run(&["lookup", "--to", "zh-TW", "--format", "json", "钟"]).success())[0];
    assert_eq!(record["target"]["tag"], "zh-TW");
    let is_surname = |entry: &Value| entry["dictionary"] == "targets/Surnames" && entry["effect"].is_string();
    assert!(record["as_key"].as_array().unwrap().iter().any(is_surname));
}

#[test]
fn preferred_characters_are_an_option_and_a_setting() {
    let tree = Tree::new(&[
        ("fanjian.toml", "to = \"zh-TW\"\nprefer = [\"臺\", \"裏\"]\n".as_bytes()),
        ("in.txt", "台湾家里\n".as_bytes()),
    ]);
    tree.run(&["in.txt"]).success().stdout_eq("臺灣家裏\n");
    tree.run(&["in.txt", "--prefer", "台"]).success().stdout_eq("台灣家裡\n");
    tree.run(&["in.txt", "--to", "zh-Hans"]).success().stdout_eq("台湾家里\n");
    tree.run(&["--show-config", "in.txt"]).success().stdout_eq("...\nprefer = [\"臺\", \"裏\"]\n...");
    for (arguments, message) in [
        (&["in.txt", "--prefer", "头"][..], "台/臺"),
        (&["in.txt", "--prefer", "臺裏"], "is not one character"),
        (&["in.txt", "--to", "zh-Hans", "--prefer", "臺"], "conversion to Simplified"),
    ] {
        let failed = tree.run(arguments).failure();
        assert!(stderr(&failed).contains(message), "{}", stderr(&failed));
    }
    tree.write("fanjian.toml", "prefer = [\"头\"]\n".as_bytes());
    assert!(stderr(&tree.run(&["in.txt"]).code(2)).contains("prefer: '头' cannot be preferred"));
}

#[test]
fn own_words_match_in_both_scripts_on_request() {
    let tree = Tree::new(&[("own", "内存\t記憶體\n".as_bytes()), ("in.txt", "内存和內存\n".as_bytes())]);
    let run =
        |more: &[&str]| stdout(&tree.run(&[&["--to", "zh-TW", "--dict", "own", "in.txt"], more].concat()).success());
    assert_eq!(run(&[]), "記憶體和內存\n");
    assert_eq!(run(&["--dict-both-scripts"]), "記憶體和記憶體\n");
    tree.write("fanjian.toml", "dict-both-scripts = true\n".as_bytes());
    assert_eq!(run(&[]), "記憶體和記憶體\n");
}
