//! Tests of the catalogues: each language has each text of the code and of the help, and nothing else.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use regex::Regex;

use crate::{
    args::{help, localized},
    messages::{Language, file},
};

/// The English texts, and where each is.
fn english() -> BTreeMap<String, String> {
    let mut texts: BTreeMap<_, _> =
        localized::texts(help::command()).into_iter().map(|text| (text, "help".to_owned())).collect();
    // The first literal behind these is a text. Formats have other braces than names only as `{{`, which no message needs.
    let calls = r#"(?s)\b(?:message!\(|conflict\([^"]*?|Failure::usage\(|Failure::failed\(|Failure::io\(|translatable\(|\btext\()\s*&?"((?:[^"\\]|\\.)*)""#;
    let calls = Regex::new(calls).unwrap();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.ends_with("messages/mod.rs") || path.ends_with("args/catalogues.rs") {
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            let source = source.split("#[cfg(test)]").next().unwrap_or_default();
            for found in calls.captures_iter(source) {
                texts.insert(unescaped(&found[1]), path.display().to_string());
            }
        }
    }
    texts
}

/// A literal as the compiler reads it.
fn unescaped(literal: &str) -> String {
    let continued = Regex::new(r"\\\n\s*").unwrap().replace_all(literal, "").into_owned();
    continued.replace("\\n", "\n").replace("\\\"", "\"").replace("\\'", "'").replace("\\\\", "\\")
}

fn translations(language: Language) -> BTreeMap<String, String> {
    let file = file(language).unwrap();
    let catalogue = polib::po_file::parse_from_reader(file.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    let mut translations = BTreeMap::new();
    for message in catalogue.messages() {
        let earlier = translations.insert(message.msgid().to_owned(), message.msgstr().unwrap_or_default().to_owned());
        assert!(earlier.is_none(), "{language}: twice: {:?}", message.msgid());
    }
    translations
}

/// What a translation has to repeat: `{name}`, `--option`, names in backticks or quotation marks.
fn parts(text: &str) -> BTreeSet<String> {
    let parts = Regex::new(r"\{[a-z_]+\}|--[a-z0-9]+(?:-[a-z0-9]+)*|`[^`]+`|fanjian\.toml").unwrap();
    parts.find_iter(text).map(|part| part.as_str().to_owned()).collect()
}

/// An entry of a catalogue, to be filled in.
fn entry(text: &str) -> String {
    let quoted = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("msgid \"{quoted}\"\nmsgstr \"\"\n")
}

#[test]
fn each_language_has_each_text_and_nothing_else() {
    let english = english();
    let mut wrong = String::new();
    for language in [Language::Taiwan, Language::Mainland] {
        let translations = translations(language);
        let lacks = |text: &&String| translations.get(*text).is_none_or(String::is_empty);
        let missing: Vec<_> = english.keys().filter(lacks).map(|text| entry(text)).collect();
        let unused: Vec<_> =
            translations.keys().filter(|text| !english.contains_key(*text)).map(|text| entry(text)).collect();
        for (what, entries) in [("lacks", missing), ("has, and nothing needs", unused)] {
            if !entries.is_empty() {
                wrong += &format!("messages/{language}.po {what} {} texts:\n\n{}\n", entries.len(), entries.join("\n"));
            }
        }
        for (text, translation) in translations.iter().filter(|(_, translation)| !translation.is_empty()) {
            if parts(text) != parts(translation) {
                wrong +=
                    &format!("messages/{language}.po has other names in the translation:\n{text}\n{translation}\n\n");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Words of the one region that are others in the other one.
#[test]
fn each_language_has_its_own_words() {
    const WORDS: [(&str, &str); 12] = [
        ("檔案", "文件"),
        ("設定", "设置"),
        ("預設", "默认"),
        ("字元", "字符"),
        ("選項", "选项"),
        ("資料夾", "文件夹"),
        ("轉換", "转换"),
        ("標準輸入", "标准输入"),
        ("位元組", "字节"),
        ("指令", "命令"),
        ("程式", "程序"),
        ("支援", "支持"),
    ];
    let taiwan = translations(Language::Taiwan).into_values().collect::<String>();
    let mainland = translations(Language::Mainland).into_values().collect::<String>();
    for (of_taiwan, of_mainland) in WORDS {
        assert!(!mainland.contains(of_taiwan), "zh-CN has {of_taiwan}");
        assert!(!taiwan.contains(of_mainland) || of_mainland == "文件", "zh-TW has {of_mainland}");
    }
}
