//! Cleaning of whole pages: a Simplified title and footer, an article badly converted and glossed, and any text at all.

use std::{borrow::Cow, collections::HashMap};

use fanjian::{Converter, Script, Target, builtin_dictionaries, detect};
use fanjian_clean::{Cleaned, GlossMode, Options, Thresholds, clean, glosses};
use proptest::{collection::vec, prelude::*, sample::select};

use crate::simulator::{Decoder, Numbers, Page, gbk, site};

const TITLE: &str = "县城新闻网-首页推荐-网络视频-下载专区\n\n";
const FOOTER: &str = "友情链接: 龙门县| 乐业县| 广宁县| 陆丰市| 东莞市|";
/// The article before it was converted.
const ARTICLE: &str = "党员干部走进小区，把群众的事放在心里。志愿者们跑完了最后一公里，大家都说这份热情发自内心。\n\
    这是一场特殊的战斗，情况复杂，任务繁重。他们带着干粮冲锋在前，率先垂范，用行动说话，让居民们很感动。\n\
    老书记说：“于无声处听惊雷，我们要听到群众的声音。”后来，邻居们写来了感谢信，贴在门边的墙上。\n\
    运动会结束后，县里的医生和学生一起清理场地，把垃圾运走，还为老人送去了热汤和面条。\n\
    难题总会解决，时间会证明一切。愿这样的脚步声多些、再多些，让温暖传进每个人的心里。\n";

/// Converts Simplified text as a machine does, character by character: those that are also Traditional are kept.
fn badly_converted(text: &str) -> String {
    let characters = builtin_dictionaries().find(|dictionary| dictionary.name() == "STCharacters").unwrap();
    let entries = characters.to_entries();
    let candidates: HashMap<&str, &[String]> = entries.iter().collect();
    let convert = |character: char| match character {
        '复' => "復".to_owned(),
        '冲' => "沖".to_owned(),
        _ => {
            let itself = character.to_string();
            let of = candidates.get(itself.as_str()).filter(|of| !of.contains(&itself));
            of.map_or(itself.clone(), |of| of[0].clone())
        }
    };
    text.chars().map(convert).collect()
}

/// The page, and its article before it was glossed.
fn page(decoder: Decoder) -> (String, String) {
    let article = badly_converted(ARTICLE);
    assert!(gbk(&article).is_some(), "the article has characters that GBK lacks");
    let page = Page::new(&article, &site(&article, 100, &mut Numbers(7)), decoder);
    assert!(page.intact.len() > 50 && page.torn > 0, "{} glosses, {} torn", page.intact.len(), page.torn);
    (format!("{TITLE}{}{FOOTER}", page.text), article)
}

fn options(glosses: GlossMode, target: Option<Target>) -> Options {
    Options::default().glosses(glosses).converter(target.map(Converter::for_target))
}

fn cleaned(text: &str, options: &Options) -> String {
    clean(text, options).text.unwrap().into_owned()
}

#[test]
fn a_page_becomes_its_article_again() {
    for decoder in [Decoder::Eats, Decoder::Keeps] {
        let (page, article) = page(decoder);
        assert_eq!(cleaned(&page, &options(GlossMode::Repair, None)), format!("{TITLE}{article}{FOOTER}"));
        assert_eq!(cleaned(&page, &options(GlossMode::Report, None)), page);
        assert_eq!(cleaned(&page, &options(GlossMode::Off, None)), page);
        let Cleaned { text, found, .. } = clean(&page, &options(GlossMode::Drop, None));
        assert_eq!(text, None);
        assert!(found.glosses.len() > 50 && found.unrepaired().next().is_none());
        // Only damage is left.
        let stripped = cleaned(&page, &options(GlossMode::Strip, None));
        assert_eq!(
            stripped.matches(')').count(),
            found.damages.iter().map(|damage| page[damage.span.clone()].matches(')').count()).sum::<usize>()
        );
    }
}

#[test]
fn a_page_becomes_correct_text_of_a_region() {
    let (page, _) = page(Decoder::Eats);
    for (target, script, words) in [
        (Target::Taiwan, Script::Taiwan, ["心裡", "麵條"]),
        (Target::HongKong, Script::HongKong, ["心裏", "麵條"]),
        (Target::Traditional, Script::Traditional, ["心裡", "熱情"]),
    ] {
        let options = options(GlossMode::Repair, Some(target));
        let result = cleaned(&page, &options);
        let right = ["黨員幹部", "志願者", "最後一公里", "戰鬥", "垂範", "乾糧", "衝鋒", "複雜", "於無聲處", "廣寧縣"];
        for word in right.into_iter().chain(words) {
            assert!(result.contains(word), "{word} is not in {result}");
        }
        // As if it had never been converted.
        assert_eq!(result, Converter::for_target(target).convert(&format!("{TITLE}{ARTICLE}{FOOTER}")), "{target:?}");
        assert!(detect(&result).script() == script || target == Target::Traditional, "{:?}", detect(&result));
        assert!(!detect(&result).is_machine_converted());
        assert_eq!(cleaned(&result, &options), result);

        let keeping = options.keep_simplified(true);
        let result = cleaned(&page, &keeping);
        assert!(result.starts_with(TITLE) && result.ends_with(FOOTER) && result.contains("黨員幹部"));
        assert_eq!(cleaned(&result, &keeping), result);
    }
}

#[test]
fn a_clean_page_is_returned_unchanged() {
    let right = "黨員幹部走在最後一公里，心裡很高興。\n日本の国会は東京にある。\n";
    for mode in [GlossMode::Off, GlossMode::Report, GlossMode::Strip, GlossMode::Repair, GlossMode::Drop] {
        for target in [None, Some(Target::Taiwan)] {
            let options = options(mode, target);
            let result = clean(right, &options);
            assert!(matches!(result.text, Some(Cow::Borrowed(text)) if text == right), "{mode}: {result:?}");
            assert!(result.found.is_empty());
        }
    }
}

#[test]
fn japanese_lines_are_not_made_simplified() {
    let page = "黨員干部在最后一公里\n東京の國會、價値\n";
    assert_eq!(
        cleaned(page, &options(GlossMode::Repair, Some(Target::Taiwan))),
        "黨員幹部在最後一公里\n東京の國會、價値\n"
    );
}

/// Any text, often with parts of glosses and of damage.
fn text() -> impl Strategy<Value = String> {
    let pieces = "國(guó) 臺(tái) 灣(wān) 網(wǎng) 際(jì) 發(fā) 一(yī) 國 臺 網 黨員干部 最后 里 发 ( ) ? �(xún) ?xún) ?nèi) (nèi) 自 內 心 € x \u{e304} 𠮷 のカナ （guó） ( guó ) guo\u{301}) \n";
    let pieces: Vec<String> = pieces.split(' ').map(str::to_owned).chain([" ".to_owned()]).collect();
    let any = any::<char>().prop_map(String::from);
    vec(prop_oneof![8 => select(pieces), 1 => any], 0..60).prop_map(|pieces| pieces.concat())
}

fn thresholds() -> impl Strategy<Value = Thresholds> {
    let shares = (0.0..=1.0_f64, 0.0..=1.0_f64);
    (shares, 0..4_usize, 0..6_usize, any::<(bool, bool, bool)>()).prop_map(|(shares, characters, glosses, only)| {
        Thresholds::default()
            .share(shares.0)
            .traditional(shares.1)
            .characters(characters)
            .glosses(glosses)
            .only_traditional(only.0)
            .only_readings(only.1)
            .only_touching(only.2)
    })
}

proptest! {
    #[test]
    fn places_are_in_the_text_and_in_order(text in text(), thresholds in thresholds()) {
        let found = glosses(&text, &thresholds);
        let mut spans: Vec<_> = found.glosses.iter().map(|gloss| gloss.span.clone()).collect();
        spans.extend(found.damages.iter().map(|damage| damage.span.clone()));
        spans.sort_by_key(|span| span.start);
        let mut end = 0;
        for span in spans {
            prop_assert!(end <= span.start && span.start < span.end, "{span:?} behind {end}");
            prop_assert!(text.get(span.clone()).is_some(), "{span:?}");
            end = span.end;
        }
        let stripped = found.strip(&text, false);
        let removed: usize = found.glosses.iter().map(|gloss| gloss.span.len()).sum();
        prop_assert_eq!(stripped.len(), text.len() - removed);
        if found.glosses.is_empty() {
            prop_assert!(matches!(stripped, Cow::Borrowed(_)));
        }
        prop_assert!((0.0..=1.0).contains(&found.share));
    }

    // Without cleaning: glosses left because of the thresholds could count otherwise when the text is converted.
    #[test]
    fn a_second_conversion_changes_nothing(text in text(), keep_simplified in any::<bool>()) {
        for target in [Target::Taiwan, Target::HongKong, Target::Traditional] {
            let options = options(GlossMode::Off, Some(target)).keep_simplified(keep_simplified);
            let once = cleaned(&text, &options);
            prop_assert_eq!(&cleaned(&once, &options), &once);
        }
    }

    #[test]
    fn a_second_strip_changes_nothing(text in text()) {
        for mode in [GlossMode::Strip, GlossMode::Repair] {
            let once = cleaned(&text, &options(mode, None));
            prop_assert_eq!(&cleaned(&once, &options(mode, None)), &once);
        }
    }
}
