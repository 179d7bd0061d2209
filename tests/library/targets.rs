//! Targets: the challenge sentences, and what holds for every text.

use std::{collections::BTreeSet, fs, path::Path};

use fanjian::{
    Config, Converter, Dictionary, ErrorKind, InvalidUtf8, Punctuation, Replacement, ScriptHistory, Step, Target,
    Vocabulary,
};
use proptest::prelude::*;

use crate::{ways::WAYS, words::words};

/// A sentence of `tests/challenge/`.
struct Challenge {
    target: String,
    input: String,
    expected: String,
}

fn challenges() -> Vec<Challenge> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/challenge");
    let mut challenges = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "tsv") {
            for line in fs::read_to_string(&path).unwrap().lines().skip(1) {
                let [target, input, expected, reason] = line.split('\t').collect::<Vec<_>>()[..] else {
                    panic!("{}: four columns, not '{line}'", path.display());
                };
                assert!(!reason.is_empty(), "{}: no reason for '{line}'", path.display());
                let [target, input, expected] = [target, input, expected].map(str::to_owned);
                challenges.push(Challenge { target, input, expected });
            }
        }
    }
    assert!(challenges.len() >= 250, "{} sentences", challenges.len());
    challenges
}

/// `zh-TW` or `zh-TW+local`.
fn converter(target: &str) -> Converter {
    let (tag, vocabulary) = target.split_once('+').unwrap_or((target, "keep"));
    let builder = Converter::builder().target(tag.parse().unwrap());
    builder.vocabulary(vocabulary.parse().unwrap()).build().unwrap()
}

/// Every converter to a target that there is.
fn converters() -> impl Iterator<Item = (Target, Vocabulary, Converter)> {
    let pairs =
        Target::ALL.iter().flat_map(|&target| Vocabulary::ALL.iter().map(move |&vocabulary| (target, vocabulary)));
    pairs.map(|(target, vocabulary)| {
        let converter = Converter::builder().target(target).vocabulary(vocabulary).build().unwrap();
        (target, vocabulary, converter)
    })
}

/// At least nine of ten sentences are right, and the others are those that `known-failures.txt` has.
#[cfg(feature = "model")]
#[test]
fn the_challenge_sentences_are_right() {
    let challenges = challenges();
    let mut failures = BTreeSet::new();
    for Challenge { target, input, expected } in &challenges {
        let converted = converter(target).convert(input).into_owned();
        if converted != *expected {
            failures.insert(format!("{target}\t{input}\t{converted}"));
        }
    }
    let known = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/challenge/known-failures.txt");
    let known = fs::read_to_string(known).unwrap();
    let known: BTreeSet<String> = known.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    assert_eq!(failures, known, "the failures, and those that tests/challenge/known-failures.txt has");
    assert!(10 * failures.len() <= challenges.len(), "{} of {} wrong", failures.len(), challenges.len());
}

/// A whole text, pieces of any size, and the explanation agree; and a second conversion changes nothing.
#[track_caller]
fn check(converter: &Converter, text: &str) {
    let converted = converter.convert(text);
    assert_eq!(converter.convert(&converted), converted, "again, after '{text}'");
    for (name, way) in WAYS {
        assert_eq!(way(converter, text), converted, "{name} on '{text}'");
    }
}

#[test]
fn every_way_gives_the_same_and_nothing_changes_again() {
    let challenges = challenges();
    let mut lines: Vec<&str> = challenges.iter().flat_map(|one| [one.input.as_str(), one.expected.as_str()]).collect();
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/crawled.txt")).unwrap();
    lines.extend(page.split_inclusive("\n\n"));
    // All on one line, too: longer than a segment.
    let joined = lines.concat().replace('\n', "");
    let middle = joined.floor_char_boundary(20_000);
    for (.., converter) in converters() {
        for line in &lines {
            check(&converter, line);
        }
        check(&converter, &joined[..middle]);
    }
}

/// OpenCC itself changes a thousand of its own values again.
#[test]
fn no_word_of_any_dictionary_changes_again() {
    let words = words().join("\n");
    for (target, vocabulary, converter) in converters() {
        let once = converter.convert(&words);
        let again = converter.convert(&once);
        let changed: Vec<_> = once.lines().zip(again.lines()).filter(|(once, again)| once != again).collect();
        assert!(changed.is_empty() && once.len() == again.len(), "{target}, {vocabulary}: {changed:?}");
    }
}

/// Characters that ask for decisions, and what stands between them.
fn random_text() -> impl Strategy<Value = String> {
    let characters: Vec<char> =
        "后後里裡裏干乾幹发發髮只隻台臺面麵麪复復複覆系係繫划劃畫画着著于於余餘范範制製云雲松鬆\
        谷穀征徵游遊布佈周週占佔了瞭借藉准準钟鍾鐘斗鬥么麼幺嘅咗系佢唔喺皇头頭有是一不衞枱敍粧綫鋭説睪痺的人国國年历曆歷床牀温溫说說説\
        软软件軟件体體的士兵程序鼠标竈牀岩讬馀坯の会社でした発。，、\n ⿰a1𠮶嗰\u{f907}"
            .chars()
            .collect();
    let pieces =
        characters.into_iter().map(String::from).chain(["{n}", "${n}", "{{ n }}", "{", "}"].map(str::to_owned));
    prop::collection::vec(prop::sample::select(pieces.collect::<Vec<_>>()), 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn random_texts_change_once_and_alike(text in random_text()) {
        for (.., converter) in converters() {
            let converted = converter.convert(&text);
            prop_assert_eq!(&converter.convert(&converted), &converted, "again, after {}", text);
            for (name, way) in WAYS {
                prop_assert_eq!(&way(&converter, &text), &converted, "{}", name);
            }
        }
    }

    #[test]
    fn any_text_is_converted(text in any::<String>()) {
        for (.., converter) in converters() {
            let converted = converter.convert(&text);
            prop_assert_eq!(&converter.convert(&converted), &converted);
        }
    }
}

/// 竈 shows that a text is Traditional, and 灶, Taiwan's form of it, does not: 岩 stayed, and became 巖 in a second conversion.
#[test]
fn a_form_that_does_not_show_the_script_changes_nothing_around_it() {
    for (.., converter) in converters() {
        for text in ["竈岩穴", "⿵竈岩穴", "牀岩穴", "馀裏", "土坯裏的坯"] {
            check(&converter, text);
        }
    }
}

/// Without the end of a sentence, a segment is cut after 192 characters: a regional word over that place was taken into a
/// segment that ended within it, which was a panic.
#[test]
fn a_regional_word_may_lie_anywhere_in_a_long_line() {
    let converter = Converter::builder().target(Target::Taiwan).vocabulary(Vocabulary::Local).build().unwrap();
    for before in 180..200 {
        let (before, behind) = ("一".repeat(before), "的人".repeat(100));
        let text = format!("{before}软件{behind}");
        assert_eq!(converter.convert(&text), format!("{before}軟體{behind}"));
        check(&converter, &text);
    }
}

/// Texts in which no sentence ends, several segments long, of what asks for decisions and of regional words that overlap; some
/// with kana and characters beyond the basic plane, with which segments are scanned in another way.
fn endless_text() -> impl Strategy<Value = String> {
    let words: Vec<&str> =
        "软件 件 軟件 程序 程序员 數據庫 数据 网络 服务器 默认 鼠标 鼠標垫 信息 资讯 人工智能 出租车 打印机 U盘 \
        内存 視頻 计算机 程序 文件 质量 菜单 設定 資料 支援 法院 餐厅 电脑 物理 硅 川普 质量守恒 消息队列 头发 干 后 里 一 一 一 的 了 是 a 1 ， 佢 國 国 ⿰ 體 台 著 着 𠮶 の した"
            .split_whitespace()
            .collect();
    let plain = words[..words.len() - 3].to_vec();
    let text = |words: Vec<&'static str>| {
        prop::collection::vec(prop::sample::select(words), 150..400).prop_map(|words| words.concat())
    };
    prop_oneof![text(words), text(plain)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn endless_texts_change_once_and_alike_whatever_they_are_said_to_be(text in endless_text()) {
        for (target, vocabulary, _) in converters() {
            for from in [None].into_iter().chain(Target::ALL.iter().copied().map(Some)) {
                let mut builder = Converter::builder().target(target).vocabulary(vocabulary);
                if let Some(from) = from {
                    builder = builder.source_script(from);
                }
                let converter = builder.build().unwrap();
                let converted = converter.convert(&text);
                for (name, way) in WAYS {
                    prop_assert_eq!(&way(&converter, &text), &converted, "{} from {:?} to {}", name, from, target);
                }
                // With other words than the text has, segments may end elsewhere.
                if vocabulary == Vocabulary::Keep && from.is_none() {
                    prop_assert_eq!(&converter.convert(&converted), &converted, "again, to {}", target);
                }
            }
        }
    }
}

/// What comes of a text if it is cut at every boundary.
fn convert_cut(converter: &Converter, text: &str, prior: ScriptHistory) -> String {
    let (mut history, mut out) = (prior, Vec::new());
    let (mut done, mut end) = (0, 0);
    for piece in text.split_inclusive('\n') {
        end += piece.len();
        if let Some(boundary) = converter.boundary(&text[done..end]) {
            let part = &text[done..done + boundary];
            let mut stream = converter.stream().with_history(history);
            stream.push(part.as_bytes(), &mut out).unwrap();
            stream.finish(&mut out).unwrap();
            history = converter.history(part, history);
            assert_eq!(stream.history(), history, "after '{part}'");
            done += boundary;
        }
    }
    let mut stream = converter.stream().with_history(history);
    stream.push(&text.as_bytes()[done..], &mut out).unwrap();
    stream.finish(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_text_can_be_cut_at_its_boundary() {
    let converter = Converter::for_target(Target::Taiwan);
    let text = "头发\n皇后来了\n后";
    let boundary = converter.boundary(text).unwrap();
    assert_eq!(&text[boundary..], "后");
    assert_eq!(convert_cut(&converter, text, ScriptHistory::default()), converter.convert(text));
}

/// A line whose characters do not show its script used to stay Simplified in a Simplified text.
#[cfg(feature = "model")]
#[test]
fn a_line_that_does_not_show_its_script_is_of_the_script_of_the_text_before_it() {
    let lines = ["制冷", "干了", "征", "布道", "面", "表", "游", "喂", "扎", "有舍就有得", "乾亮", "看著"];
    for target in [Target::Taiwan, Target::HongKong, Target::Simplified] {
        let converter = Converter::for_target(target);
        let last = |before: &str, line: &str| {
            let converted = converter.convert(&format!("{before}{line}")).into_owned();
            converted.rsplit('\n').next().unwrap().to_owned()
        };
        let mut differ = 0;
        for line in lines {
            let [simplified, traditional] = [Target::Simplified, Target::Traditional].map(|script| {
                let known = Converter::builder().target(target).source_script(script).build().unwrap();
                known.convert(line).into_owned()
            });
            let unknown = converter.convert(line).into_owned();
            differ += usize::from(simplified != traditional);
            for (before, expected) in [
                ("我们来了\n\nabc\n", &simplified),
                ("我們來了\n\nabc\n", &traditional),
                // Of both scripts alike, and of one of them mostly.
                ("我们来了\n我們來了\n", &unknown),
                ("我們來了\n我们来了\n我们来了\n我们来了\n我们来了\n", &simplified),
                ("我们来了\n我們來了\n我們來了\n我們來了\n我們來了\n", &traditional),
            ] {
                assert_eq!(last(before, line), *expected, "{line} behind {before}");
                check_document(&converter, &format!("{before}{line}\n{line}"));
            }
        }
        assert!(differ > 0, "to {target}, the script of no line matters");
    }
}

/// A text of its own has no text before it; the rest of one behind a protected term or a byte that is no text has.
#[test]
fn what_a_text_has_shown_ends_with_it() {
    let converter = Converter::for_target(Target::Simplified);
    let mut out = String::new();
    converter.convert_each(["我们来了\n", "乾亮"], &mut out, |out| out.push('|'));
    assert_eq!(out, "我们来了\n|干亮|");
    let protected = Converter::builder().target(Target::Simplified).protect(["釘釘"]).build().unwrap();
    assert_eq!(protected.convert("我们来了釘釘\n乾亮"), "我们来了釘釘\n乾亮");
    check_document(&protected, "我们来了釘釘\n乾亮\n");
    let bytes = ["我们来了".as_bytes(), b"\xff", "乾亮".as_bytes()].concat();
    assert_eq!(converter.convert_bytes(&bytes, InvalidUtf8::Pass).unwrap(), bytes);
}

/// As [`check`], and cut at every boundary.
#[track_caller]
fn check_document(converter: &Converter, text: &str) {
    check(converter, text);
    assert_eq!(convert_cut(converter, text, ScriptHistory::default()), converter.convert(text), "cut, '{text}'");
}

/// A stream of a text that begins with what the text's own beginning shows.
fn convert_with_prior(converter: &Converter, text: &str, cut: usize) -> String {
    let (mut stream, mut out) = (converter.stream().with_history(converter.prior(text)), Vec::new());
    for piece in text.as_bytes().chunks(cut) {
        stream.push(piece, &mut out).unwrap();
    }
    stream.finish(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// All ways with a prior give the same, and a second conversion with the prior of its own beginning changes nothing.
#[track_caller]
fn check_with_prior(converter: &Converter, vocabulary: Vocabulary, text: &str) {
    let prior = converter.prior(text);
    let converted = convert_with_prior(converter, text, text.len().max(1));
    for cut in [1, 7, 100] {
        assert_eq!(convert_with_prior(converter, text, cut), converted, "in pieces of {cut} bytes, '{text}'");
    }
    assert_eq!(convert_cut(converter, text, prior), converted, "cut at boundaries, '{text}'");
    let segments = converter.segments_with_history(text, &mut prior.clone());
    let joined: String = segments.into_iter().map(|segment| segment.output).collect();
    assert_eq!(joined, converted, "by segments, '{text}'");
    if vocabulary == Vocabulary::Keep {
        assert_eq!(convert_with_prior(converter, &converted, 7), converted, "again, after '{text}'");
    }
}

/// The script of the first lines used to be undecidable where they did not show it.
#[cfg(feature = "model")]
#[test]
fn the_first_lines_are_of_the_script_of_those_behind_them() {
    let lines = ["周刊", "布告", "元凶", "布道", "面", "表", "我來喂吧", "桃干 杏干", "扎", "乾亮", "看著"];
    for target in [Target::Taiwan, Target::HongKong, Target::Simplified] {
        let converter = Converter::for_target(target);
        let known = |script: Target| Converter::builder().target(target).source_script(script).build().unwrap();
        let (simplified, traditional) = (known(Target::Simplified), known(Target::Traditional));
        let mut differ = 0;
        for line in lines {
            let first = |behind: &str| {
                let text = format!("{line}\n{behind}");
                check_with_prior(&converter, Vocabulary::Keep, &text);
                convert_with_prior(&converter, &text, 1).split('\n').next().unwrap().to_owned()
            };
            let unknown = converter.convert(line).into_owned();
            let (from_simplified, from_traditional) = (simplified.convert(line), traditional.convert(line));
            differ += usize::from(from_simplified != unknown) + usize::from(from_traditional != unknown);
            let (of_simplified, of_traditional) = ("我们来了\n".repeat(16), "我們來了\n".repeat(16));
            // A line that shows its script is not decided by those behind it.
            let is_plain = converter.prior(line) == ScriptHistory::default();
            for (behind, expected) in [
                ("我们来了", &*from_simplified),
                ("我們來了", &*from_traditional),
                ("我们来了\n我們來了", &unknown),
                // Those that come first, 16 of them.
                (&format!("{of_simplified}{of_traditional}"), &*from_simplified),
                (&format!("{of_traditional}{of_simplified}"), &*from_traditional),
                ("", &unknown),
            ] {
                assert_eq!(first(behind), if is_plain { expected } else { &unknown }, "{line} before {behind}");
            }
        }
        assert!(differ > 0, "to {target}, the script of no line matters");
    }
}

#[test]
fn no_more_than_the_beginning_of_a_text_is_looked_at_for_its_prior() {
    let converter = Converter::for_target(Target::Taiwan);
    let plain = |len: usize| "一".repeat(len);
    let none = ScriptHistory::default();
    let one = converter.prior("们。");
    assert_ne!(one, none);
    // The last of the characters that are looked at, and what lies over their end.
    assert_eq!(converter.prior(&format!("{}\n们\n", plain(16_384 - 3))), one);
    assert_eq!(converter.prior(&format!("{}\n们", plain(16_384 - 2))), one);
    assert_eq!(converter.prior(&format!("{}\n们们", plain(16_384 - 2))), none);
    assert_eq!(converter.prior(&format!("{}\n们\n", plain(16_384))), none);
    let builder = || Converter::builder().target(Target::Taiwan);
    assert_eq!(builder().source_script(Target::Simplified).build().unwrap().prior("们"), none);
    assert_eq!(builder().protect(["我们"]).build().unwrap().prior("我们"), none);
    assert_eq!(builder().protect(["我们"]).build().unwrap().prior("我们他们"), one);
    assert_eq!(Converter::new(Config::S2t).prior("们"), none);
}

/// Lines of either script, of both, and of none that shows.
fn document() -> impl Strategy<Value = String> {
    let lines: Vec<&str> = "我们来了 我們來了 头髮 制冷 后面有只面包 干了 有舍就有得 牀上的干 峯后 说着温度 説著溫度 abc 乾亮 乾了一杯 钉钉。干 \
        著 妳著 裏面 裡面 里面 衞生署 台北"
        .split_whitespace()
        .collect();
    let long = ["一句我们的话没有那么长也够长了。".repeat(8), "一句制冷的干了也有只面包，了。".repeat(9)]
        .map(|line| &*line.leak());
    let lines = lines.into_iter().chain(long).chain([""]).collect::<Vec<_>>();
    prop::collection::vec(prop::sample::select(lines), 0..40).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn documents_change_once_and_alike_however_they_are_cut(text in document()) {
        for (.., converter) in converters() {
            check_document(&converter, &text);
        }
    }

    #[test]
    fn documents_with_their_prior_change_once_and_alike(text in document()) {
        for (_, vocabulary, converter) in converters() {
            check_with_prior(&converter, vocabulary, &text);
        }
        let protected = Converter::builder().target(Target::Taiwan).protect(["我们", "制冷", "后面"]).build().unwrap();
        check_with_prior(&protected, Vocabulary::Keep, &text);
    }
}

#[test]
fn characters_alone_are_what_their_dictionary_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries/targets/Alone.txt");
    let dictionary = Dictionary::from_text("Alone", &fs::read_to_string(file).unwrap()).unwrap();
    let to_taiwan = Converter::new(Config::T2tw);
    let of_simplified = Converter::builder().target(Target::Taiwan).source_script(Target::Simplified).build().unwrap();
    let mut alone = 0;
    for (character, values) in dictionary.to_entries().iter() {
        let right = to_taiwan.convert(&values[0]);
        for (before, after) in [("", ""), ("", "\n"), ("头\n", "\n头")] {
            let text = format!("{before}{character}{after}");
            let expected = format!("{before}{right}{after}").replace('头', "頭");
            assert_eq!(of_simplified.convert(&text), expected);
        }
        alone += 1;
    }
    assert!(alone > 0);
}

#[test]
fn what_the_text_is_said_to_be_holds_on_every_way() {
    for (from, text, expected) in [
        (Target::Simplified, "那只", "那隻"),
        (Target::HongKong, "那只", "那只"),
        // Of two scripts, as far as the characters tell.
        (Target::Simplified, "頭发，干净", "頭髮，乾淨"),
    ] {
        let converter = Converter::builder().target(Target::Taiwan).source_script(from).build().unwrap();
        for (name, way) in WAYS {
            assert_eq!(way(&converter, text), expected, "{name} from {from}");
        }
    }
}

#[test]
fn own_words_and_protected_terms_come_first() {
    let own = Dictionary::from_text("own", "云原生\t雲端原生\n").unwrap();
    let converter = Converter::builder().target(Target::Taiwan).dictionary(own).protect(["钉钉"]).build().unwrap();
    check(&Converter::for_target(Target::Taiwan), "钉钉的云原生软件");
    assert_eq!(converter.convert("钉钉的云原生软件"), "钉钉的雲端原生軟件");
    for (name, way) in WAYS {
        assert_eq!(way(&converter, "钉钉的云原生软件"), "钉钉的雲端原生軟件", "{name}");
    }
    let error = Converter::builder()
        .target(Target::Taiwan)
        .replace_dictionary("STPhrases", Dictionary::from_text("x", "").unwrap());
    assert!(error.build().unwrap_err().to_string().contains("zh-TW"));
}

/// 衞, 枱, 綫, 説 and others used to stay in text for Taiwan, and 衞, 枱, 敍 in Simplified.
#[test]
fn no_shape_of_hong_kong_is_left_elsewhere() {
    let [hk2t, t2tw, hk2s] = [Config::Hk2t, Config::T2tw, Config::Hk2s].map(Converter::new);
    let [taiwan, simplified] = [Target::Taiwan, Target::Simplified].map(Converter::for_target);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries/HKVariantsRev.txt");
    let text = fs::read_to_string(path).unwrap();
    let keys: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once('\t')?.0)).collect();
    assert!(keys.len() > 60 && keys.contains(&"衞"));
    for key in keys {
        // Shapes that Taiwan has, too, and 衹, which is not 只 alone.
        if !["台", "枴", "濕", "衹", "覈", "鰛"].contains(&key) {
            assert_eq!(taiwan.convert(key), t2tw.convert(&hk2t.convert(key)), "{key} to zh-TW");
            assert_eq!(simplified.convert(key), hk2s.convert(key), "{key} to zh-Hans");
        }
    }
}

#[track_caller]
fn becomes(target: Target, pairs: &str) {
    let converter = Converter::for_target(target);
    for pair in pairs.split_whitespace() {
        let (text, expected) = pair.split_once('→').unwrap_or((pair, pair));
        assert_eq!(converter.convert(text), expected, "{text} to {target}");
        check(&converter, text);
    }
}

/// Forms of the other region used to stay: 滙 in Taiwan, 着 as 著 in Hong Kong, where Simplified became the forms of the
/// schools' list (牀, 羣, 峯, 啓, 麪), and 恒 and the particle 晒 were taken for Simplified.
#[cfg(feature = "model")]
#[test]
fn a_region_has_its_own_forms_from_every_region() {
    becomes(
        Target::Taiwan,
        "衞生署→衛生署 裏面→裡面 綫路→線路 枱面→檯面 敍述→敘述 説明→說明 鋭利→銳利 閲讀→閱讀 拿着→拿著 爲何→為何 啓動→啟動 \
         牀上→床上 羣衆→群眾 峯→峰 麪包→麵包 滙豐→匯豐 著名",
    );
    becomes(
        Target::HongKong,
        "床单→床單 群众→群眾 山峰 启动→啟動 面包→麵包 里面→裏面 恒生 恒生银行→恒生銀行 牀上 羣眾 啓動 麪包 裡面 汙染→污染 \
         看著→看着 拿著說明書→拿着說明書 有著作權 有著名的山 看著名片→看着名片 名著 鲁迅著→魯迅著 顯著 過著→過着 著急→着急 \
         系呀→係呀 系咪呀→係咪呀 呢只猫好得意→呢隻貓好得意 关系呀→關係呀 \
         功课做晒→功課做晒 汇丰银行→滙豐銀行 匯豐 \
         佢哋食晒 晒太阳→曬太陽 佢去晒太阳→佢去曬太陽",
    );
}

/// Simplified used to become forms that few write: 喫飯, 嘴脣, 覈實, 剛纔, 羣衆; and 才 in Traditional text could become 纔.
#[cfg(feature = "model")]
#[test]
fn traditional_of_no_region_has_common_forms_and_keeps_those_of_every_region() {
    becomes(
        Target::Traditional,
        "吃饭→吃飯 里面→裡面 面包→麵包 嘴唇 核实→核實 刚才→剛才 群众→群眾 为了→為了 床单→床單 线路→線路 山峰 秘密 启动→啟動 \
         刚才说→剛才說 裏面 裡面 喫飯 嘴脣 覈實 剛纔 剛才 羣衆 爲何 衞生 說明 説明 綫路 牀上 枱面",
    );
}

/// Variants that OpenCC's dictionaries do not have used to stay in Simplified: 妳, 牠, 揹, 砲; and 甚麼 became 甚么, 規畫
/// 规画, 項鍊 项炼, 帳 always 帐.
#[test]
fn no_variant_is_left_in_simplified() {
    becomes(
        Target::Simplified,
        "妳好→你好 牠們→它们 祂 揹包→背包 姪子→侄子 么女→幺女 老么→老幺 什么女人 什麼女人→什么女人 罣礙→挂碍 賸餘→剩余 讎恨→仇恨 \
         校讎→校雠 大砲→大炮 記帳→记账 帳戶→账户 帳單→账单 帳篷→帐篷 營帳→营帐 蚊帳→蚊帐 甚麼→什么 甚至 規畫→规划 計畫→计划 \
         畫圖→画图 薰陶→熏陶 薰衣草 項鍊→项链 拉鍊→拉链 鐵鍊→铁链 鍛鍊→锻炼 反覆上演→反复上演 覆蓋→覆盖 錢鍾書→钱锺书 鐘錶→钟表 \
         過著作家的生活→过着作家的生活 發表過著作→发表过著作 商於之地 標凖→标准 衹是→只是 薛應旂→薛应旂 徐乾學→徐乾学 账单 帐号",
    );
}

fn with_own(target: Target, vocabulary: Vocabulary, words: &str) -> Converter {
    let own = Dictionary::from_text("own", words).unwrap();
    Converter::builder().target(target).vocabulary(vocabulary).dictionary(own).build().unwrap()
}

/// It used to be that 发 → 發 made 頭發 of 头发, and cut the text around it off from its context.
#[cfg(feature = "model")]
#[test]
fn own_words_respect_longer_ones_and_win_over_context() {
    let mut wrong = Vec::new();
    for (target, words, text, expected) in [
        ("zh-TW", "发\t發\n", "头发发现理发", "頭髮發現理髮"),
        ("zh-TW", "头\t頭\n", "头发", "頭髮"),
        ("zh-TW", "里\t裏\n", "十公里，这里，树洞里", "十公里，這裡，樹洞裏"),
        // Over context.
        ("zh-TW", "发\t发\n", "他发一封信", "他发一封信"),
        // Over words of its length.
        ("zh-TW", "头发\t毛髮\n", "头发干了", "毛髮乾了"),
        ("zh-TW", "里\t哩\n公里\t千米\n", "走了公里", "走了千米"),
        // What stands around one is decided as without it.
        ("zh-TW", "不是\t並非\n", "他不是只有一只猫，头发也干了", "他並非只有一隻貓，頭髮也乾了"),
        ("zh-TW", "国\t國\n", "制冷的中国", "製冷的中國"),
        // In Traditional text, too.
        ("zh-TW", "里\t哩\n", "十公里，頭髮", "十公里，頭髮"),
        ("zh-HK", "布\t布\n", "宣布", "宣佈"),
        ("zh-Hans", "乾\t干\n", "乾隆，乾了", "乾隆，干了"),
        // Of the region's words, longer ones win.
        ("zh-TW+local", "件\t件兒\n", "软件，一件", "軟體，一件兒"),
        ("zh-TW+local", "软件\t軟件\n", "软件工程师", "軟件工程師"),
        ("zh-TW+local", "的软\t的軟\n", "好的软件", "好的軟件"),
        // What may be deleted, and what ends with a line.
        ("zh-TW", "（完）\t\n", "头发（完）干了", "頭髮乾了"),
        ("zh-TW", "皇后来了皇后来了皇后来了\tQ\n", "后皇后来了皇后来了皇后来了后", "後Q後"),
    ] {
        let (tag, vocabulary) = target.split_once('+').unwrap_or((target, "keep"));
        let converter = with_own(tag.parse().unwrap(), vocabulary.parse().unwrap(), words);
        for (name, way) in WAYS {
            let converted = way(&converter, text);
            if converted != expected {
                wrong.push(format!("{name}, to {target}, with {words:?}: {text} becomes {converted}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// An own word may lie across the end of a segment.
#[test]
fn an_own_word_may_lie_anywhere_in_a_long_line() {
    let key = "的人一的人一的人";
    let converter = with_own(Target::Taiwan, Vocabulary::Local, &format!("{key}\tX\n"));
    for before in 170..200 {
        let (before, behind) = ("一".repeat(before), "头发".repeat(200));
        let text = format!("{before}{key}{behind}");
        let expected = format!("{before}X{}", behind.replace("头发", "頭髮"));
        for (name, way) in WAYS {
            assert_eq!(way(&converter, &text), expected, "{name}");
        }
    }
}

/// Own words that say what comes anyway.
#[test]
fn own_words_that_change_nothing_leave_what_is_around_them_alone() {
    for Challenge { target, input, .. } in challenges() {
        let plain = converter(&target);
        let expected = plain.convert(&input).into_owned();
        let (tag, vocabulary) = target.split_once('+').unwrap_or((&target, "keep"));
        for segment in plain.segments(&input) {
            let key = &input[segment.source.clone()];
            // Where the text has the key once alone, nothing else is said of it.
            if input.matches(key).count() == 1 && !key.contains(['\t', ' ', '\n']) && !segment.output.contains(' ') {
                let words = format!("{key}\t{}\n", segment.output);
                let converter = with_own(tag.parse().unwrap(), vocabulary.parse().unwrap(), &words);
                assert_eq!(converter.convert(&input), expected, "{words} to {target}");
            }
        }
    }
}

proptest! {
    #[test]
    fn texts_with_own_words_are_converted_alike(
        text in random_text(),
        keys in prop::collection::btree_map("[发头后里干只软件面的士]{1,3}", "[X发髮]{0,2}", 1..4),
    ) {
        let words: String = keys.iter().map(|(key, value)| format!("{key}\t{value}\n")).collect();
        if let Ok(own) = Dictionary::from_text("own", &words) {
            for (target, vocabulary, _) in converters() {
                let builder = Converter::builder().target(target).vocabulary(vocabulary);
                let converter = builder.dictionary(own.clone()).protect(["头有"]).build().unwrap();
                let converted = converter.convert(&text);
                for (name, way) in WAYS {
                    prop_assert_eq!(&way(&converter, &text), &converted, "{} with {}", name, words);
                }
            }
        }
    }
}

#[cfg(feature = "model")]
#[test]
fn a_decision_tells_its_candidates_and_what_spoke() {
    let segments = Converter::for_target(Target::Taiwan).segments("他的头发");
    let decision = &segments.last().unwrap().decisions[0];
    assert!(matches!(decision.step, Step::Choice { margin: 0 }));
    assert_eq!((decision.key.as_str(), decision.value.as_str(), decision.dictionary.as_str()), ("发", "髮", "zh-TW"));
    assert_eq!(decision.alternatives, ["發"]);
    for candidate in &decision.candidates {
        let sum: i32 = candidate.features.iter().map(|feature| feature.weight).sum();
        assert_eq!(sum, candidate.score, "what speaks adds up to the score");
    }
    assert!(decision.candidates[0].features.iter().any(|feature| feature.name == "phrase 头发"), "{decision:?}");
}

/// A text, and one of its characters, in bytes.
fn text_and_place() -> impl Strategy<Value = (String, std::ops::Range<usize>)> {
    (document(), any::<prop::sample::Index>()).prop_filter_map("a text without characters", |(text, index)| {
        let places: Vec<_> = text.char_indices().map(|(at, character)| at..at + character.len_utf8()).collect();
        (!places.is_empty()).then(|| (text.clone(), places[index.index(places.len())].clone()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// What the caller says of a part is there, and all around is what it was.
    #[test]
    fn what_stands_around_a_replaced_part_is_what_it_was((text, place) in text_and_place()) {
        let fixed = [Replacement { source: place.clone(), output: "換成別的".to_owned() }];
        for (_, vocabulary, converter) in converters() {
            let mut history = ScriptHistory::default();
            let replaced = converter.segments_replacing(&text, &fixed, &mut history).unwrap();
            let mut at = 0;
            for segment in &replaced {
                prop_assert_eq!(segment.source.start, at, "{}", text);
                at = segment.source.end;
            }
            prop_assert_eq!(at, text.len());
            let found = replaced.iter().find(|segment| segment.source == place).unwrap();
            prop_assert_eq!(&found.output, "換成別的");
            prop_assert_eq!(found.decisions[0].step, Step::Fixed);
            // A word of the region that the part is in gives way as a whole.
            if vocabulary == Vocabulary::Keep {
                let joined: String = replaced.iter().map(|segment| segment.output.as_str()).collect();
                let plain = converter.segments(&text);
                let output = |range: &dyn Fn(&std::ops::Range<usize>) -> bool| -> String {
                    plain.iter().filter(|segment| range(&segment.source)).map(|segment| segment.output.as_str()).collect()
                };
                // Copied text is one segment, which the part may be within.
                if plain.iter().any(|segment| segment.source == place) {
                    let (before, behind) =
                        (output(&|source| source.end <= place.start), output(&|source| source.start >= place.end));
                    prop_assert_eq!(joined, format!("{before}換成別的{behind}"), "{}", text);
                }
            }
        }
    }
}

/// Parts come one after the other, and each that was decided about is as in the segments of the whole.
#[test]
fn outputs_are_those_of_the_segments() {
    let text = "“我的头发”，他说，用户界面的软件里有鼠标。\n".repeat(200) + &"在里面的后台".repeat(1000);
    let target = Converter::builder().target(Target::Taiwan).vocabulary(Vocabulary::Local);
    let own = Dictionary::from_text("own", "里面\t裏頭\n").unwrap();
    let builders = [Converter::builder().config(Config::S2twp), target.clone(), target.dictionary(own)];
    for (number, punctuation) in (0..3).flat_map(|number| [(number, Punctuation::Keep), (number, Punctuation::Local)]) {
        let converter = builders[number].clone().punctuation(punctuation).build().unwrap();
        let (mut at, mut converted, mut parts) = (0, String::new(), BTreeSet::new());
        let mut history = ScriptHistory::default();
        converter
            .each_output(&text, &[], &mut history, |source, output| {
                assert_eq!(source.start, at);
                at = source.end;
                converted.push_str(output);
                parts.insert((source.start, source.end, output.to_owned()));
            })
            .unwrap();
        assert_eq!((at, &*converted), (text.len(), &*converter.convert(&text)), "{number} {punctuation}");
        for segment in converter.segments(&text).into_iter().filter(|segment| !segment.decisions.is_empty()) {
            let part = (segment.source.start, segment.source.end, segment.output);
            assert!(parts.contains(&part), "{number} {punctuation} {part:?}");
        }
    }
}

#[test]
fn only_parts_of_the_text_are_replaced() {
    let converter = Converter::for_target(Target::Taiwan);
    let replace = |ranges: &[(usize, usize)]| {
        let part = |&(start, end): &(usize, usize)| Replacement { source: start..end, output: "一".to_owned() };
        let fixed: Vec<_> = ranges.iter().map(part).collect();
        let segments = converter.segments_replacing("头发", &fixed, &mut ScriptHistory::default());
        segments.map(|segments| segments.into_iter().map(|segment| segment.output).collect::<String>())
    };
    assert_eq!(replace(&[(0, 3)]).unwrap(), "一髮");
    assert_eq!(replace(&[(0, 3), (3, 6)]).unwrap(), "一一");
    for wrong in [&[(0, 2)][..], &[(3, 3)], &[(3, 9)], &[(3, 6), (0, 3)], &[(0, 6), (3, 6)]] {
        assert_eq!(replace(wrong).unwrap_err().kind(), ErrorKind::Config, "{wrong:?}");
    }
    let config = Converter::new(Config::S2t);
    let fixed = [Replacement { source: 0..3, output: "一".to_owned() }];
    assert!(config.segments_replacing("头发", &fixed, &mut ScriptHistory::default()).is_err());
    // A word of the region that holds the part gives way to it.
    let local = Converter::builder().target(Target::Taiwan).vocabulary(Vocabulary::Local).build().unwrap();
    let segments = local.segments_replacing("软件", &fixed, &mut ScriptHistory::default()).unwrap();
    assert_eq!(segments.iter().map(|segment| segment.output.as_str()).collect::<String>(), "一件");
}
