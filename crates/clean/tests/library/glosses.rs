//! Glosses: simulated pages, with glosses inserted by bytes of GBK, and texts that must not change.

use std::collections::BTreeSet;

use fanjian::builtin_dictionaries;
use fanjian_clean::{Thresholds, glosses};

use crate::simulator::{Decoder, Numbers, Page, gbk, site};

/// Traditional words that GBK has.
fn words() -> Vec<String> {
    let phrases = builtin_dictionaries().find(|dictionary| dictionary.name() == "STPhrases").unwrap();
    let entries = phrases.to_entries();
    let values = entries.iter().map(|(_, values)| values[0].clone());
    values.filter(|value| gbk(value).is_some()).collect()
}

/// A title, and paragraphs of some sentences. One word in twenty has ASCII behind it.
fn article(words: &[String], numbers: &mut Numbers) -> String {
    let mut article = String::new();
    let clause = |numbers: &mut Numbers, article: &mut String| {
        for _ in 0..2 + numbers.below(4) {
            article.push_str(&words[numbers.below(words.len())]);
            article.push_str(["", "", "的", "", "在"][numbers.below(5)]);
            article.push_str(if numbers.below(20) == 0 { ["2022", " "][numbers.below(2)] } else { "" });
        }
    };
    clause(numbers, &mut article);
    article.push_str("\n\n");
    for _ in 0..4 + numbers.below(6) {
        for _ in 0..1 + numbers.below(5) {
            for _ in 0..1 + numbers.below(3) {
                clause(numbers, &mut article);
                article.push('，');
            }
            clause(numbers, &mut article);
            article.push_str(["。", "。", "。", "？", "！"][numbers.below(5)]);
        }
        article.push('\n');
    }
    article
}

/// A thousand pages lose all glosses, and nothing else; and damage is restored, or left unchanged.
#[test]
fn simulated_pages_become_their_articles_again() {
    let words = words();
    let mut numbers = Numbers(1);
    let (mut intact, mut right, mut removed) = (0, 0, 0);
    let (mut torn, mut restored, mut restored_but_for_the_end) = (0, 0, 0);
    for page in 0..1000 {
        let article = article(&words, &mut numbers);
        let percent = [90, 90, 60, 30][numbers.below(4)];
        let site = site(&article, percent, &mut numbers);
        let page = Page::new(&article, &site, [Decoder::Eats, Decoder::Keeps][page % 2]);
        let found = glosses(&page.text, &Thresholds::default());
        let spans: BTreeSet<_> = found.glosses.iter().map(|gloss| (gloss.span.start, gloss.span.end)).collect();
        let truth: BTreeSet<_> = page.intact.iter().map(|span| (span.start, span.end)).collect();
        removed += spans.len();
        right += spans.intersection(&truth).count();
        intact += truth.len();
        torn += page.torn;
        for damage in &found.damages {
            let Some(mended) = &damage.original else { continue };
            match page.original(&damage.span) {
                Some(original) => {
                    assert_eq!(*mended, original, "from {}", &page.text[damage.span.clone()]);
                    restored += 1;
                }
                // The span ends within a character, which is lost with the ASCII behind it.
                None => {
                    let lost = found.damages.iter().find(|lost| lost.span.start == damage.span.end).unwrap();
                    assert_eq!(lost.original, None);
                    let original = page.original(&(damage.span.start..lost.span.end)).unwrap();
                    let (before, _) = original.split_at(mended.len());
                    assert_eq!(before, mended, "from {}", &page.text[damage.span.clone()]);
                    restored_but_for_the_end += 1;
                }
            }
        }
    }
    assert!(right as f64 >= 0.99 * intact as f64, "{right} of {intact} glosses");
    assert!(right as f64 >= 0.999 * removed as f64, "{right} of {removed} that were removed");
    assert!(restored as f64 >= 0.9 * torn as f64, "{restored} of {torn} damages");
    assert!(restored_but_for_the_end > 0, "no damage that reaches to the end of a line");
}

#[test]
fn readings_by_people_are_left_unchanged() {
    let poem = "白(bái)日(rì)依(yī)山(shān)盡(jìn)，黃(huáng)河(hé)入(rù)海(hǎi)流(liú)。\n欲(yù)窮(qióng)千(qiān)里(lǐ)目(mù)，更(gèng)上(shàng)一(yī)層(céng)樓(lóu)。";
    let explained = "數(shù)→書(shū)，龍(lóng)→籠(lóng)，馬(mǎ)→媽(mā)。一(yī)、二(èr)、三(sān)";
    let once = "著名的龔(gōng)先生說，龔家、龔氏與龔村都是龔先生的。";
    let wide = "中國（guó）臺（tái）灣網（wǎng）際（jì）門（mén）戶";
    let english = "網絡(network)、軟件(software)、門(gate)、書(book)、電腦(PC)、國(country)";
    let spaced = "國( guó )臺 (tái)網(wǎng )門(mén 2)";
    for text in [poem, explained, once, wide, english, spaced, "", "(guó)", "?xún)"] {
        let found = glosses(text, &Thresholds::default());
        assert_eq!((found.glosses.len(), found.damages.len()), (0, 0), "{text}");
        assert_eq!(found.strip(text, true), text);
    }
}

#[test]
fn thresholds_can_be_set() {
    let text = "國(guó)門(mén)和門";
    assert_eq!(glosses(text, &Thresholds::default()).glosses.len(), 0);
    let mut thresholds = Thresholds::default();
    (thresholds.share, thresholds.characters, thresholds.glosses) = (0.5, 2, 2);
    let found = glosses(text, &thresholds);
    assert_eq!((found.glosses.len(), found.characters), (2, 2));
    assert_eq!(found.share, 0.5);
    assert_eq!(found.strip(text, false), "國門和門");
    thresholds.share = 0.9;
    assert_eq!(glosses(text, &thresholds).glosses.len(), 0);
}

/// Each threshold on its own rejects a page that the others accept.
#[test]
fn each_threshold_decides() {
    let page = "國(guó)門(mén)書(shū)國(guó)門(mén)書(shū)";
    let count = |text: &str, set: &dyn Fn(&mut Thresholds)| {
        let mut thresholds = Thresholds::default();
        set(&mut thresholds);
        glosses(text, &thresholds).glosses.len()
    };
    let as_it_is = |_: &mut Thresholds| {};
    assert_eq!(count(page, &as_it_is), 6);
    // Traditional characters.
    let simplified = format!("{page}一(yī)一(yī)");
    assert_eq!(count(&simplified, &|thresholds| thresholds.traditional = 0.7), 6);
    assert_eq!(
        count(&simplified, &|thresholds| (thresholds.traditional, thresholds.only_traditional) = (0.7, false)),
        8
    );
    // Readings.
    let wrong = format!("{page}馬(guó)馬(guó)");
    assert_eq!(count(&wrong, &as_it_is), 6);
    assert_eq!(count(&wrong, &|thresholds| thresholds.only_readings = false), 8);
    // Parentheses.
    let spaced = page.replace('(', "（ ").replace(')', "）");
    assert_eq!(count(&spaced, &as_it_is), 0);
    assert_eq!(count(&spaced, &|thresholds| thresholds.only_touching = false), 6);
    assert_eq!(
        glosses(&spaced, &{
            let mut thresholds = Thresholds::default();
            thresholds.only_touching = false;
            thresholds
        })
        .strip(&spaced, false),
        "國門書國門書"
    );
    // Share of a character's occurrences.
    let half = format!("{page}書書");
    assert_eq!(count(&half, &|thresholds| thresholds.characters = 2), 0);
    assert_eq!(count(&half, &|thresholds| thresholds.share = 0.5), 6);
    // Characters and glosses.
    assert_eq!(count(page, &|thresholds| thresholds.characters = 4), 0);
    assert_eq!(count(page, &|thresholds| thresholds.glosses = 7), 0);
    // Share of all glosses.
    assert_eq!(count(&simplified, &as_it_is), 0);
}

#[test]
fn readings_may_be_decomposed_and_capital() {
    let text = "中國(guo\u{301})臺(Tái)灣(wān)網(wǎng)國(guó)臺(tái)";
    assert_eq!(glosses(text, &Thresholds::default()).strip(text, true), "中國臺灣網國臺");
}
