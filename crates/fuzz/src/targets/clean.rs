use std::ops::Range;

use fanjian::Vocabulary;
use fanjian_clean::{GlossMode, Options, Thresholds, clean, glosses};

use crate::Source;

pub(super) fn run(bytes: &[u8]) {
    let mut source = Source::new(bytes);
    let mode = *source.choose(GlossMode::ALL);
    let keep_simplified = source.one_in(2);
    let thresholds = match source.byte() % 4 {
        0 => Thresholds::default(),
        // A few glosses are enough.
        kind => Thresholds::default().share(0.0).characters(1).glosses(1).traditional(0.0).only_readings(kind == 1),
    };
    let converter = (!source.one_in(4)).then(|| source.by_target(Vocabulary::Keep).0);
    let text = source.text(24);
    let found = glosses(&text, &thresholds);
    check(&text, found.glosses.iter().map(|gloss| &gloss.span));
    check(&text, found.damages.iter().map(|damage| &damage.span));
    for gloss in &found.glosses {
        assert!(text[gloss.span.clone()].contains(&gloss.reading), "{gloss:?}");
        assert!(text[..gloss.span.start].ends_with(gloss.character), "{gloss:?}");
    }
    assert!((0.0..=1.0).contains(&found.share), "a share of {}", found.share);
    let options = Options::default().glosses(mode).thresholds(thresholds).keep_simplified(keep_simplified);
    let options = options.converter(converter.cloned());
    let cleaned = clean(&text, &options);
    match &cleaned.text {
        None => assert!(mode == GlossMode::Drop && !cleaned.found.is_empty()),
        Some(_) if mode == GlossMode::Off => assert!(cleaned.found.is_empty()),
        Some(_) => assert_eq!(cleaned.found, found),
    }
}

/// Ranges are of whole characters, and in order.
fn check<'r>(text: &str, ranges: impl Iterator<Item = &'r Range<usize>>) {
    let mut at = 0;
    for range in ranges {
        assert!(range.start >= at && text.get(range.clone()).is_some(), "{range:?} of {text:?}");
        at = range.end;
    }
}
