//! The sentences of `tests/vocabulary/`: which words `Vocabulary::Local` replaces, and which ones stay.

use std::{collections::BTreeSet, fs, path::Path};

use fanjian::{Converter, Target, Vocabulary};
use proptest::prelude::*;

use crate::{
    marked::{CONFIGS, Mark, Sentence, target},
    ways::WAYS,
};

/// The conversion of a sentence, made of one that keeps words.
fn expected(sentence: &Sentence, kept: &str) -> String {
    let characters: Vec<char> = kept.chars().collect();
    let (mut expected, mut at) = (String::new(), 0);
    for Mark { places, values } in &sentence.marks {
        if let Some(value) = values.first() {
            expected.extend(&characters[at..places.start]);
            expected += value;
            at = places.end;
        }
    }
    expected.extend(&characters[at..]);
    expected
}

#[test]
fn words_are_replaced_where_they_have_the_sense_and_nowhere_else() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vocabulary");
    let mut failures = BTreeSet::new();
    let mut number = 0;
    for config in CONFIGS {
        let converter =
            |vocabulary| Converter::builder().target(target(config)).vocabulary(vocabulary).build().unwrap();
        let (keep, local) = (converter(Vocabulary::Keep), converter(Vocabulary::Local));
        for sentence in Sentence::read(&folder, config).unwrap() {
            assert!(!sentence.marks.is_empty(), "{config}: no word is marked in '{}'", sentence.text);
            number += 1;
            let expected = expected(&sentence, &keep.convert(&sentence.text));
            let converted = local.convert(&sentence.text);
            if converted != expected {
                failures.insert(format!("{config}\t{}\t{converted}", sentence.text));
            }
            let again = local.convert(&converted);
            if again != converted {
                failures.insert(format!("{config}\t{converted}\t{again}"));
            }
            for (name, way) in WAYS {
                assert_eq!(way(&local, &sentence.text), converted, "{name} on '{}'", sentence.text);
            }
        }
    }
    let known = fs::read_to_string(folder.join("known-failures.txt")).unwrap();
    let known: BTreeSet<String> = known.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    assert_eq!(failures, known, "the failures, and those that tests/vocabulary/known-failures.txt has");
    assert!(number >= 1000 && 50 * failures.len() <= number, "{} of {number} wrong", failures.len());
}

/// Where a topic of a segment decides, the segment must not depend on how a text arrives.
#[test]
fn words_with_two_senses_are_decided_alike_however_a_text_is_cut() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vocabulary");
    for config in CONFIGS {
        let local = Converter::builder().target(target(config)).vocabulary(Vocabulary::Local).build().unwrap();
        let sentences = Sentence::read(&folder, config).unwrap();
        for sentences in sentences.chunks(40) {
            // On one line, with and without ends of sentences.
            let text: String = sentences.iter().map(|sentence| sentence.text.as_str()).collect();
            for text in [text.clone(), text.replace(['。', '？'], "，")] {
                let converted = local.convert(&text);
                for (name, way) in WAYS {
                    assert_eq!(way(&local, &text), converted, "{name} on '{text}'");
                }
            }
        }
    }
}

/// Words with two senses, words of their topics in either region's form, names, and what may be between them.
fn senses_and_topics() -> impl Strategy<Value = String> {
    let words: Vec<&str> =
        "程序 程式 文件 檔案 质量 品質 菜单 選單 支持 支援 设置 設定 消息 訊息 資料 数据 运行 窗口 視窗 项目 專案 循环 变量 變數 \
        函数 代码 保存 添加 打开 查看 設備 裝置 影片 外掛 軟體 软件 電腦 电脑 手机 法院 餐厅 银行 物理 政府 列车 川普 特朗普 硅 矽 \
        纳米技术 硅片 雪梨 士多啤梨 出租车 搜索 打印 的士 兵 大数据 质量守恒 消息队列 A b 1 ， 。 ？ 在 和 不 是"
            .split_whitespace()
            .collect();
    prop::collection::vec(prop::sample::select(words), 0..120).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn senses_are_decided_once_and_alike(text in senses_and_topics()) {
        for &target in Target::ALL {
            let local = Converter::builder().target(target).vocabulary(Vocabulary::Local).build().unwrap();
            let converted = local.convert(&text);
            for (name, way) in WAYS {
                prop_assert_eq!(&way(&local, &text), &converted, "{} to {}", name, target);
            }
            // Longer text may have segments that end elsewhere, once words are replaced.
            if text.chars().count() < 96 {
                prop_assert_eq!(&local.convert(&converted), &converted, "again, to {}", target);
            }
        }
    }
}
