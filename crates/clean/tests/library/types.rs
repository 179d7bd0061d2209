//! Properties of the public types: threads, unwinding, names, serialization.

use std::panic::{RefUnwindSafe, UnwindSafe};

use fanjian_clean::{Cleaned, Damage, Gloss, GlossMode, Glosses, Options, Thresholds};

#[test]
fn all_types_can_be_shared_and_survive_unwinding() {
    fn assert<T: Send + Sync + UnwindSafe + RefUnwindSafe>() {}
    assert::<(Cleaned<'_>, Damage, Gloss, GlossMode, Glosses, Options, Thresholds)>();
}

#[test]
fn an_unknown_mode_is_an_error_with_all_names() {
    let error = "frobnicate".parse::<GlossMode>().unwrap_err();
    let message = "unknown gloss mode 'frobnicate'; expected one of off, report, strip, drop, repair";
    assert_eq!(error.to_string(), message);
}

#[cfg(feature = "serde")]
#[test]
fn data_is_serialized_and_read_back() {
    let page = "中國(guó)臺(tái)灣網(wǎng)，國(guó)際(jì)網(wǎng)臺(tái)發(fā)自?xún)?nèi)心";
    let cleaned = fanjian_clean::clean(page, &Options::default().glosses(GlossMode::Repair));
    let json = serde_json::to_string(&cleaned).unwrap();
    assert_eq!(serde_json::from_str::<Cleaned<'_>>(&json).unwrap(), cleaned);
    let thresholds: Thresholds = serde_json::from_str(r#"{"share":0.5}"#).unwrap();
    assert_eq!(thresholds, Thresholds::default().share(0.5));
    assert_eq!(serde_json::to_string(&GlossMode::Drop).unwrap(), r#""drop""#);
}
