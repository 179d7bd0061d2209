//! `fanjian fill`: catalogues that are filled from their sibling in the other script.

use encoding_rs::{BIG5, GB18030, GBK};

use crate::tree::Tree;

mod tree;

const SOURCE: &str = "msgid \"\"\nmsgstr \"Language: zh_CN\\n\"\n\nmsgid \"hair\"\nmsgstr \"头发\"\n\nmsgid \"software\"\nmsgstr \"软件\"\n";
const TARGET: &str =
    "msgid \"\"\nmsgstr \"Language: zh_TW\\n\"\n\nmsgid \"hair\"\nmsgstr \"秀髮\"\n\nmsgid \"gone\"\nmsgstr \"不見\"\n";
const FILLED: &str = "msgid \"\"\nmsgstr \"Language: zh_TW\\n\"\n\nmsgid \"hair\"\nmsgstr \"秀髮\"\n\n#, fuzzy\nmsgid \"software\"\nmsgstr \"軟件\"\n\nmsgid \"gone\"\nmsgstr \"不見\"\n";

fn tree() -> Tree {
    Tree::new(&[("zh_TW.po", TARGET.as_bytes()), ("zh_CN.po", SOURCE.as_bytes())])
}

#[test]
fn a_catalogue_is_filled_to_standard_output_or_in_place() {
    let tree = tree();
    let note = "fanjian: zh_TW.po: 1 added; 1 not in zh_CN.po (--check lists them)\n";
    let assert = tree.run(&["fill", "zh_TW.po", "--from", "zh_CN.po"]).success().stderr_eq(note);
    assert_eq!(assert.get_output().stdout, FILLED.as_bytes());
    tree.has("zh_TW.po", TARGET);
    tree.run(&["fill", "zh_TW.po", "--from", "zh_CN.po", "-q", "-o", "new.po"]).success().stdout_eq("").stderr_eq("");
    tree.has("new.po", FILLED);
    tree.run(&["fill", "zh_TW.po", "--from", "zh_CN.po", "--in-place"]).success().stdout_eq("").stderr_eq(note);
    tree.has("zh_TW.po", FILLED);
    let again = "fanjian: zh_TW.po: 0 added; 1 not in zh_CN.po (--check lists them)\n";
    tree.run(&["fill", "zh_TW.po", "--from", "zh_CN.po", "--in-place"]).success().stderr_eq(again);
    tree.has("zh_TW.po", FILLED);
    assert_eq!(tree.files(), ["new.po", "zh_CN.po", "zh_TW.po"]);
}

#[test]
fn a_check_lists_what_is_missing_and_what_is_stale() {
    let tree = tree();
    let check = ["fill", "zh_TW.po", "--from", "zh_CN.po", "--check"];
    tree.run(&check).code(1).stdout_eq("zh_TW.po:5: missing: software\nzh_TW.po:7: stale: gone\n").stderr_eq("");
    let json = "{\"key\":\"software\",\"kind\":\"missing\",\"line\":5,\"path\":\"zh_TW.po\"}\n\
                {\"key\":\"gone\",\"kind\":\"stale\",\"line\":7,\"path\":\"zh_TW.po\"}\n";
    let objects = |text: &str| -> Vec<serde_json::Value> {
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let output = tree.run(&[&check[..], &["--format", "json"]].concat()).code(1).get_output().stdout.clone();
    assert_eq!(objects(&String::from_utf8(output).unwrap()), objects(json));
    tree.run(&["fill", "zh_CN.po", "--from", "zh_CN.po", "--check"]).code(2);
    tree.write("same.po", SOURCE.as_bytes());
    tree.run(&["fill", "same.po", "--from", "zh_CN.po", "--check"]).success().stdout_eq("");
    tree.has("zh_TW.po", TARGET);
    tree.run(&["fill", "none_zh_TW.po", "--from", "zh_CN.po", "--check"])
        .code(1)
        .stdout_eq("none_zh_TW.po: missing: the file\n");
}

#[test]
fn what_was_added_is_reported_as_json() {
    let tree = tree();
    let assert = tree.run(&["fill", "zh_TW.po", "--from", "zh_CN.po", "--in-place", "--format", "json"]).success();
    let text = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    let kinds: Vec<_> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["added", "stale"]);
    tree.has("zh_TW.po", FILLED);
}

#[test]
fn a_catalogue_that_is_not_there_is_made() {
    let tree = tree();
    let note = "fanjian: new/zh_HK.po: there was no such file: it is zh_CN.po, converted as a whole\n";
    tree.write("new/keep", b"");
    tree.run(&["fill", "new/zh_HK.po", "--from", "zh_CN.po", "--in-place"]).success().stderr_eq(note);
    tree.has("new/zh_HK.po", &SOURCE.replace("zh_CN", "zh_HK").replace("头发", "頭髮").replace("软件", "軟件"));
}

/// It had `zh-TW`, with which the tools of Flutter stop: `@@locale` has to be what is in the name.
#[test]
fn a_catalogue_that_is_made_has_the_language_of_its_name() {
    let arb = |locale: &str, text: &str| format!("{{\"@@locale\": \"{locale}\", \"a\": \"{text}\"}}");
    let yaml = |locale: &str, text: &str| format!("{locale}:\n  a: {text}\n");
    let tree = Tree::new(&[
        ("app_zh.arb", arb("zh", "头发").as_bytes()),
        ("app_zh_CN.arb", arb("zh_CN", "头发").as_bytes()),
        ("zh.yml", yaml("zh", "头发").as_bytes()),
        ("res/values-b+zh+Hans/strings.xml", "<resources><string name=\"a\">头发</string></resources>".as_bytes()),
    ]);
    for (path, source, expected) in [
        ("app_zh_TW.arb", "app_zh.arb", arb("zh_TW", "頭髮")),
        ("app_zh_Hant.arb", "app_zh_CN.arb", arb("zh_Hant", "頭髮")),
        ("zh-TW.yml", "zh.yml", yaml("zh-TW", "頭髮")),
        ("zh-Hant.yml", "zh.yml", yaml("zh-Hant", "頭髮")),
        (
            "res/values-b+zh+Hant+TW/strings.xml",
            "res/values-b+zh+Hans/strings.xml",
            "<resources><string name=\"a\">頭髮</string></resources>".to_owned(),
        ),
    ] {
        std::fs::create_dir_all(tree.path(path).parent().unwrap()).unwrap();
        tree.run(&["fill", path, "--from", source, "--in-place", "-q"]).success();
        tree.has(path, &expected);
    }
}

#[test]
fn the_target_is_that_of_the_name_or_of_the_settings() {
    let source = "{\"a\": \"里面的软件\"}";
    let tree = Tree::new(&[("zh-CN.json", source.as_bytes())]);
    let filled = |path: &str, more: &[&str]| {
        tree.write(path, b"{}");
        let assert = tree.run(&[&["fill", path, "--from", "zh-CN.json", "-q"], more].concat()).success().stderr_eq("");
        String::from_utf8(assert.get_output().stdout.clone()).unwrap()
    };
    assert_eq!(filled("zh-Hant-HK.json", &[]), "{\"a\": \"裏面的軟件\"}");
    assert_eq!(filled("zh_TW/app.json", &[]), "{\"a\": \"裡面的軟件\"}");
    assert_eq!(filled("app.json", &["--to", "zh-TW", "--vocabulary", "local"]), "{\"a\": \"裡面的軟體\"}");
    assert_eq!(filled("zh_TW/app.json", &["-c", "s2twp"]), "{\"a\": \"裡面的軟體\"}");
    assert_eq!(filled("zh_TW/app.json", &["--vocabulary", "local"]), "{\"a\": \"裡面的軟體\"}");
    tree.write("words", "里面\t裡頭\n".as_bytes());
    assert_eq!(filled("zh_TW/app.json", &["--dict", "words"]), "{\"a\": \"裡頭的軟件\"}");
    tree.write("terms", "软件\n".as_bytes());
    assert_eq!(filled("zh_TW/app.json", &["--protect", "terms"]), "{\"a\": \"裡面的软件\"}");
    let message = "error: app.json: neither its name nor its language names a target: --to does, as in --to zh-TW\n\n\
                   For more information, try '--help'.\n";
    tree.run(&["fill", "app.json", "--from", "zh-CN.json"]).code(2).stderr_eq(message);
    tree.write("fanjian.toml", b"config = \"s2twp\"\n");
    assert_eq!(filled("app.json", &[]), "{\"a\": \"裡面的軟體\"}");
    assert_eq!(filled("zh_TW/app.json", &[]), "{\"a\": \"裡面的軟體\"}");
    // A configuration for another region is none for this name.
    assert_eq!(filled("zh-HK.json", &[]), "{\"a\": \"裏面的軟件\"}");
    assert_eq!(filled("app.json", &["--isolated", "--to", "zh-TW"]), "{\"a\": \"裡面的軟件\"}");
}

#[test]
fn marks_and_line_ends_stay() {
    let utf_16 = |text: &str| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    let tree = Tree::new(&[
        ("zh_TW.po", &*utf_16("msgid \"a\"\r\nmsgstr \"\"\r\n")),
        ("zh_CN.po", "\u{feff}msgid \"a\"\nmsgstr \"头\"\n".as_bytes()),
    ]);
    tree.run(&["fill", "zh_TW.po", "--from", "zh_CN.po", "--in-place"]).success();
    assert_eq!(tree.read("zh_TW.po"), utf_16("#, fuzzy\r\nmsgid \"a\"\r\nmsgstr \"頭\"\r\n"));
}

#[test]
fn other_catalogues_are_filled() {
    let utf_16 = |text: &str| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect()
    };
    let catalogue = |more: &str| {
        let localization = |name: &str, state: &str, value: &str| {
            format!("\"{name}\" : {{ \"stringUnit\" : {{ \"state\" : \"{state}\", \"value\" : \"{value}\" }} }}")
        };
        let more =
            if more.is_empty() { String::new() } else { format!(", {}", localization("zh-Hant", more, "頭髮")) };
        let hans = localization("zh-Hans", "translated", "头发");
        format!("{{ \"strings\" : {{ \"hair\" : {{ \"localizations\" : {{ {hans}{more} }} }} }} }}\n")
    };
    let bytes = |text: &str| text.as_bytes().to_vec();
    let cases = [
        (
            "values-zh-rTW/strings.xml",
            b"<resources/>".to_vec(),
            "values-zh-rCN/strings.xml",
            bytes("<resources>\n    <string name=\"a\">里面</string>\n</resources>\n"),
            bytes("<resources>\n    <string name=\"a\">裡面</string>\n</resources>"),
        ),
        (
            "zh-HK.lproj/a.strings",
            utf_16("\"a\" = \"\";\n"),
            "zh-Hans.lproj/a.strings",
            bytes("\"a\" = \"里面\";\n"),
            utf_16("\"a\" = \"裏面\";\n"),
        ),
        (
            "zh-TW.yml",
            bytes("zh-TW:\n  a: 甲\n"),
            "zh-CN.yml",
            bytes("zh-CN:\n  a: 头\n  b: 里面\n"),
            bytes("zh-TW:\n  a: 甲\n  b: 裡面\n"),
        ),
        (
            "messages_zh_TW.properties",
            b"".to_vec(),
            "messages_zh_CN.properties",
            bytes("a = 里面\n"),
            bytes("a = 裡面\n"),
        ),
        (
            "zh-TW.toml",
            bytes("a = '甲'\n"),
            "zh-CN.toml",
            bytes("a = '头'\n[b]\nc = '里面'\n"),
            bytes("a = '甲'\n\n[b]\nc = '裡面'\n"),
        ),
        (
            "a.zh-TW.resx",
            bytes("<root>\n</root>\n"),
            "a.zh-CN.resx",
            bytes("<root>\n  <data name='a'><value>里面</value></data>\n</root>\n"),
            bytes("<root>\n  <data name='a'><value>裡面</value></data>\n</root>\n"),
        ),
        ("zh-TW/a.ftl", bytes("a = 甲\n"), "zh-CN/a.ftl", bytes("b = 里面\na = 头\n"), bytes("b = 裡面\na = 甲\n")),
    ];
    for (target, old, source, new, expected) in cases {
        let tree = Tree::new(&[(target, &*old), (source, &*new)]);
        tree.run(&["fill", target, "--from", source, "--in-place", "-q"]).success().stderr_eq("");
        assert_eq!(String::from_utf8_lossy(&tree.read(target)), String::from_utf8_lossy(&expected), "{target}");
        tree.run(&["fill", target, "--from", source, "--check"]).success().stdout_eq("");
    }
    // So are files with all languages.
    let tree = Tree::new(&[("all.yml", "zh-CN:\n  a: 里面\nzh-TW:\n  b: 甲\n".as_bytes())]);
    let fill = ["fill", "all.yml", "--from", "all.yml", "--to", "zh-TW"];
    let found = "all.yml:4: missing: /zh-TW/a\nall.yml:4: stale: /zh-TW/b\n";
    tree.run(&[&fill[..], &["--check"]].concat()).code(1).stdout_eq(found);
    tree.run(&[&fill[..], &["--in-place", "-q"]].concat()).success();
    tree.has("all.yml", "zh-CN:\n  a: 里面\nzh-TW:\n  a: 裡面\n  b: 甲\n");
    // A string catalogue is its own sibling.
    let tree = Tree::new(&[("a.xcstrings", catalogue("").as_bytes())]);
    let fill = ["fill", "a.xcstrings", "--from", "a.xcstrings", "--to", "zh-TW"];
    tree.run(&[&fill[..], &["--check"]].concat()).code(1).stdout_eq("a.xcstrings:1: missing: hair\n");
    tree.run(&[&fill[..], &["--in-place", "-q"]].concat()).success();
    tree.has("a.xcstrings", &catalogue("needs_review"));
    tree.run(&[&fill[..], &["--check"]].concat()).success().stdout_eq("");
}

#[test]
fn failures_name_the_file_and_leave_it() {
    let tree = tree();
    tree.write("zh_TW.json", b"{");
    tree.write("zh_CN.json", b"{\"a\": 1}");
    let fill = |target: &str, source: &str| {
        let assert = tree.run(&["fill", target, "--from", source, "--in-place"]);
        let output = assert.get_output().clone();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, message) = fill("zh_TW.json", "zh_CN.json");
    assert!(code == 3 && message.starts_with("fanjian: zh_TW.json: "), "{message}");
    let (code, message) = fill("zh_CN.json", "zh_TW.json");
    assert!(code == 3 && message.starts_with("fanjian: zh_TW.json: "), "{message}");
    let (code, message) = fill("zh_TW.po", "none.po");
    assert!(code == 3 && message.starts_with("fanjian: none.po: there is no such file"), "{message}");
    let (code, message) = fill("zh_TW.srt", "zh_CN.po");
    assert!(code == 2 && message.contains("--as names its format: json"), "{message}");
    let (code, message) = fill("-", "zh_CN.po");
    assert!(code == 2 && message.contains("TARGET has to be a file"), "{message}");
    tree.run(&["fill", "zh_TW.po", "--from", "zh_CN.po", "--format", "json"]).code(2);
    tree.run(&["fill", "zh_TW.po", "--from", "zh_CN.po", "-o", "zh_CN.po"]).code(2);
    tree.write("zh_TW.po", b"\xff\xfe\xfd");
    let (code, message) = fill("zh_TW.po", "zh_CN.po");
    assert!(code == 3 && message.starts_with("fanjian: zh_TW.po: "), "{message}");
    assert_eq!(tree.read("zh_TW.po"), b"\xff\xfe\xfd");
    tree.has("zh_TW.json", "{");
    tree.has("zh_CN.po", SOURCE);
}

/// UTF-8 was written below the name of another encoding, which gettext does not read, or takes for other characters.
#[test]
fn a_filled_catalogue_states_its_encoding() {
    let header = |charset: &str| format!("msgid \"\"\nmsgstr \"Content-Type: text/plain; charset={charset}\\n\"\n\n");
    let entry = |key: &str, text: &str| format!("msgid \"{key}\"\nmsgstr \"{text}\"\n");
    let source = header("UTF-8") + &entry("a", "看着头发");
    let tree = Tree::new(&[("zh_CN.po", source.as_bytes())]);
    let fill = |to| tree.run(&["fill", "t.po", "--from", "zh_CN.po", "--to", to, "--in-place", "-q"]);
    let filled = |charset: &str, text: &str| header(charset) + "#, fuzzy\n" + &entry("a", text);
    for charset in ["Big5", "ASCII", "GB2312", "CHARSET", "utf-8"] {
        let target = header(charset) + &entry("a", "");
        tree.write("t.po", target.as_bytes());
        fill("zh-TW").success();
        tree.has("t.po", &filled(if charset == "utf-8" { charset } else { "UTF-8" }, "看著頭髮"));
    }
    // Nothing is added: it stays.
    let target = header("CHARSET") + &entry("a", "hair");
    tree.write("t.po", target.as_bytes());
    fill("zh-TW").success();
    tree.has("t.po", &target);
    // What has characters already stays in its encoding, or in a wider one of its kind.
    for (encoding, stated, becomes, to, text) in [
        (BIG5, "Big5", "Big5", "zh-TW", "看著頭髮"),
        (BIG5, "Big5", "Big5-HKSCS", "zh-HK", "看着頭髮"),
        (GBK, "GB2312", "GBK", "zh-TW", "看著頭髮"),
    ] {
        let encoded = |a: String| encoding.encode(&(a + "\n" + &entry("b", "中"))).0.into_owned();
        tree.write("t.po", &encoded(header(stated) + &entry("a", "")));
        fill(to).success();
        assert_eq!(tree.read("t.po"), encoded(filled(becomes, text)), "{stated}");
    }
    let rare = |charset: &str, text: &str| {
        GB18030.encode(&(header(charset) + &entry("a", text) + &entry("b", "𠮷"))).0.into_owned()
    };
    tree.write("t.po", &rare("GBK", ""));
    fill("zh-TW").success();
    let filled = header("gb18030") + "#, fuzzy\n" + &entry("a", "看著頭髮") + &entry("b", "𠮷");
    assert_eq!(tree.read("t.po"), *GB18030.encode(&filled).0);
    // A name that is not that of its encoding, too.
    tree.write("t.po", (header("GB2312") + &entry("a", "") + "\n" + &entry("b", "頭")).as_bytes());
    fill("zh-TW").success();
    tree.has("t.po", &(header("UTF-8") + "#, fuzzy\n" + &entry("a", "看著頭髮") + "\n" + &entry("b", "頭")));
    // What has ASCII alone states what it did.
    tree.write("ascii.po", (header("UTF-8") + &entry("a", "hair")).as_bytes());
    tree.write("t.po", (header("Big5") + &entry("a", "")).as_bytes());
    tree.run(&["fill", "t.po", "--from", "ascii.po", "--to", "zh-TW", "--in-place", "-q"]).success();
    tree.has("t.po", &(header("Big5") + "#, fuzzy\n" + &entry("a", "hair")));
    // A catalogue that is made of its sibling, too.
    tree.write("zh_CN.po", &GBK.encode(&(header("GB2312") + &entry("a", "头发"))).0);
    tree.run(&["fill", "new.po", "--from", "zh_CN.po", "--to", "zh-TW", "-o", "new.po", "-q"]).success();
    assert_eq!(tree.read("new.po"), *GBK.encode(&(header("GBK") + &entry("a", "頭髮"))).0);
    let strings = |encoding: &str, text: &str| {
        format!(
            "<?xml version='1.0' encoding='{encoding}'?>\n<resources>\n  <string name=\"a\">{text}</string>\n</resources>\n"
        )
    };
    tree.write("zh.xml", strings("utf-8", "头发").as_bytes());
    tree.write("t.xml", strings("gbk", "").as_bytes());
    tree.run(&["fill", "t.xml", "--from", "zh.xml", "--to", "zh-TW", "--in-place", "-q"]).success();
    tree.has("t.xml", &strings("utf-8", "頭髮"));
}

/// It advised options that other commands have.
#[test]
fn what_is_not_in_its_encoding_is_to_be_saved_in_another_one() {
    let header = "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=Big5\\n\"\n\n";
    let entry = |key: &str, text: &str| format!("msgid \"{key}\"\nmsgstr \"{text}\"\n\n");
    let source = entry("a", "头") + &entry("b", "头𠮷");
    let tree = Tree::new(&[("zh_CN.po", source.as_bytes())]);
    let target = BIG5.encode(&(header.to_owned() + &entry("a", "頭"))).0.into_owned();
    for (target, message) in [
        (
            target.clone(),
            "Big5 has no 𠮷 (U+20BB7) (HKSCS characters are read, but not all are written), in line 9 of the converted text, \
             character 10 (save it as UTF-8, and state that)",
        ),
        (
            [&target, &b"\xff\xff"[..]].concat(),
            "not Big5: invalid bytes at offset [..] (save it as UTF-8, and state that)",
        ),
    ] {
        tree.write("t.po", &target);
        let output = tree.run(&["fill", "t.po", "--from", "zh_CN.po", "--to", "zh-TW", "--in-place"]).failure();
        output.code(3).stderr_eq(format!("fanjian: t.po: {message}\n"));
        assert_eq!(tree.read("t.po"), target);
    }
    // What is made of its sibling is in the encoding of that.
    tree.write("zh_TW.po", &BIG5.encode(&(header.to_owned() + &entry("a", "頭"))).0);
    let output = tree.run(&["fill", "new.po", "--from", "zh_TW.po", "--to", "zh-CN", "--in-place"]).failure();
    output.code(3).stderr_eq("fanjian: zh_TW.po: Big5 has no 头 (U+5934)[..] (save it as UTF-8, and state that)\n");
}

/// It named a wrong value of another option, which has the same name in front of a subcommand.
#[test]
fn options_in_front_of_the_subcommand_are_named() {
    let tree = tree();
    let message = "error: options of the subcommand 'fill' have to follow it\n\nUsage: [..]\n...";
    for options in [&["-q"][..], &["--to", "zh-TW"], &["-csi"]] {
        let line = [options, &["fill", "zh_TW.po", "--from", "zh_CN.po"]].concat();
        tree.run(&line).code(2).stdout_eq("").stderr_eq(message);
        let message = "錯誤：子指令「fill」的選項必須寫在它後面\n\n用法：[..]\n...";
        tree.run(&[&["--lang", "zh-TW"][..], &line].concat()).code(2).stderr_eq(message);
    }
}
