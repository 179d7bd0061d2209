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
    let calls = r#"(?s)\b(?:message!\(|conflict\([^";]*?|Failure::usage\(|Failure::failed\(|Failure::io\(|translatable\(|\btext\()\s*&?"((?:[^"\\]|\\.)*)""#;
    let calls = Regex::new(calls).unwrap();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let is_code = path.extension().is_some_and(|extension| extension == "rs");
            if !is_code || path.ends_with("messages/mod.rs") || path.ends_with("args/catalogues.rs") {
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            let source = source.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
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

/// A catalogue that is made of the other one by characters has the words of the other region.
#[test]
fn each_language_has_its_own_words() {
    const OF_TAIWAN: &str = "檔案 档案 設定 设定 預設 预设 字元 選項 資料夾 资料夹 位元組 位元组 字串 程式 支援 效能 终端机 列印 执行绪 \
         记忆体 档名 指令 储存 网路";
    const OF_MAINLAND: &str = "默認 默认 設置 设置 字符 字節 字节 文件夾 文件夹 文件名 程序 信息 數據 数据 終端上 線程 线程 用戶 用户 \
         保存 打印 屏幕 運行 網絡";
    for (language, foreign) in [(Language::Mainland, OF_TAIWAN), (Language::Taiwan, OF_MAINLAND)] {
        for (text, translation) in translations(language) {
            let found = foreign.split(' ').find(|word| translation.contains(word));
            assert_eq!(found, None, "messages/{language}.po: {text}: {translation}");
        }
    }
}
